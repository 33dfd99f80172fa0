#include "loop/decide/sample_ring.h"

#include <string.h>

#include "loop/core/limits.h"
#include "loop/core/log.h"
#include "loop/decide/decide.h"

#if ET_WITH_ARRAY

/* A slow stream has stopped when so many of its pauses have passed. */
#define PAUSES 3u
/* Samples of the own sensor in one round: a round beside a training takes a millisecond or so. */
#define OWN_SAMPLES 16u

static uint8_t *ring_bytes(const et_decide *decide) { return et_at(decide->core, decide->core->deployment.layout.array); }
static uint16_t window_of(const et_decide *decide) { return et_array_count(&decide->core->deployment.definition); }
static uint8_t channels_of(const et_decide *decide) { return et_stream_channels(&decide->core->deployment.definition); }

static bool has_stopped(const et_decide *decide) {
  const et_sample_ring *ring = &decide->ring;
  const uint32_t silence = et_now_ms(decide->core) - ring->came_ms;
  return ring->started && (ring->stopped || (silence >= ET_STREAM_PATIENCE_MS && silence / PAUSES >= ring->pause_ms));
}

void et_ring_empty(et_decide *decide) { decide->ring.at = decide->ring.held = 0; }

void et_ring_begin(et_decide *decide) { memset(&decide->ring, 0, sizeof decide->ring); }

/* Stored as an array's values are: -128 is the least value of the range, 127 the largest. The product stays below 255 * 65535 + 32767. */
static uint8_t stored(const et_feature_entry *feature, int16_t raw) {
  const uint32_t span = (uint32_t)((int32_t)feature->max - feature->min);
  const int32_t value = raw < feature->min ? feature->min : raw > feature->max ? feature->max : raw;
  return (uint8_t)(((255u * (uint32_t)(value - feature->min) + span / 2u) / span) ^ 0x80u);
}

/* One or more samples arrive now. */
static void arrive(et_decide *decide) {
  et_sample_ring *ring = &decide->ring;
  const uint32_t now = et_now_ms(decide->core);
  if (has_stopped(decide)) {
    if (ring->stopped) et_log(decide->core, ET_EVENT_STREAM_BACK, 0, 0);
    ring->stopped = false;
    et_ring_empty(decide);
  }
  ring->pause_ms = ring->started ? now - ring->came_ms : 0u;
  ring->came_ms = now;
  ring->started = true;
}

static void keep(et_decide *decide, int16_t value) {
  et_sample_ring *ring = &decide->ring;
  const uint16_t window = window_of(decide);
  ring_bytes(decide)[ring->at] = stored(&decide->core->deployment.definition.features[0], value);
  ring->at = (uint16_t)(ring->at + 1u == window ? 0u : ring->at + 1u);
  if (ring->held < window) ring->held++;
}

et_error et_ring_receive(et_decide *decide, uint16_t sequence, uint16_t count, const uint8_t *values, uint16_t registers) {
  et_core *core = decide->core;
  et_sample_ring *ring = &decide->ring;
  const uint16_t ahead = (uint16_t)(sequence - ring->next_sequence);
  const bool follows = ring->started;
  uint16_t i;
  if (count == 0u || (uint32_t)count * channels_of(decide) != registers || registers > ET_FEATURES_MAX) return ET_VALUE;
  if (follows && ahead >= 0x8000u) {
    core->repeats++; /* from the past: this frame was taken before */
    return ET_OK;
  }
  arrive(decide);
  if (follows && ahead != 0u) {
    ring->lost += ahead;
    et_ring_empty(decide);
    core->log.error = ET_SEQUENCE_GAP;
    core->log.error_detail = ahead;
  }
  for (i = 0; i < registers; i++) keep(decide, (int16_t)(uint16_t)(values[2u * i] << 8 | values[2u * i + 1u]));
  ring->next_sequence = (uint16_t)(sequence + count);
  return ET_OK;
}

static bool take_own(et_decide *decide) {
  const et_port *port = decide->core->port;
  const uint8_t channels = channels_of(decide);
  int16_t own[ET_CHANNELS_MAX];
  uint8_t taken, i;
  for (taken = 0; taken < OWN_SAMPLES && port->sample != NULL && port->sample(port->user, own, channels); taken++) {
    arrive(decide);
    for (i = 0; i < channels; i++) keep(decide, own[i]);
    decide->ring.next_sequence++;
  }
  return taken != 0u;
}

bool et_ring_slice(et_decide *decide) {
  et_sample_ring *ring = &decide->ring;
  if (decide->core->deployment.model == NULL || channels_of(decide) == 0u) return false;
  if (take_own(decide)) return true;
  if (ring->stopped || !has_stopped(decide)) return false;
  ring->stopped = true;
  et_log(decide->core, ET_EVENT_STREAM_STOPPED, 0, 0);
  return true;
}

et_error et_ring_ready(const et_decide *decide, const int16_t *named, uint16_t *detail) {
  const et_sample_ring *ring = &decide->ring;
  if (has_stopped(decide)) {
    const uint32_t seconds = (et_now_ms(decide->core) - ring->came_ms) / 1000u;
    *detail = (uint16_t)(seconds < UINT16_MAX ? seconds : UINT16_MAX);
    return ET_WINDOW_STOPPED;
  }
  *detail = et_ring_samples(decide);
  if (ring->held < window_of(decide)) return ET_WINDOW_SHORT;
  *detail = ring->next_sequence;
  if (named != NULL && (uint16_t)(et_ring_newest(decide) - *named) >= 0x8000u) return ET_WINDOW_BEHIND;
  return ET_OK;
}

void et_ring_copy(const et_decide *decide, uint8_t *to) {
  const uint16_t at = decide->ring.at, older = (uint16_t)(window_of(decide) - at);
  memcpy(to, ring_bytes(decide) + at, older);
  memcpy(to + older, ring_bytes(decide), at);
}

int16_t et_ring_newest(const et_decide *decide) { return (int16_t)(uint16_t)(decide->ring.next_sequence - 1u); }

uint16_t et_ring_samples(const et_decide *decide) {
  const uint8_t channels = channels_of(decide);
  if (channels == 0u) return 0;
  return (uint16_t)(decide->ring.held / channels);
}

#endif

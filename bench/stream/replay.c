/* Replay a stream through the echo state network on the host and print every window.
 *
 *   replay CHANNELS [name=value ...] < stream
 *
 * Input: one line per sample, CHANNELS integers (register units), or a line with one letter: G = samples are missing here,
 * L = learn, F = judge the last alarm false, C = confirm it. A learning phase is begun at the start.
 * Output per window: sample index, phase, score, threshold, baseline score, baseline threshold, alarm, pattern, seen, new,
 * residual deviation per channel, energy deviation per channel. Last line on stderr: memory and report. */
#include <stdio.h>
#include <stdlib.h>

#include "host_model.h"

static _Alignas(8) uint8_t memory[262144];

static void set(host_model *model, const char *argument) {
  const char *equals = strchr(argument, '=');
  if (equals == NULL) exit(2);
  const size_t length = (size_t)(equals - argument);
  const double value = atof(equals + 1);
  et_esn_parameters *p = &model->parameters;
#define NAME(text) (length == sizeof text - 1 && strncmp(argument, text, length) == 0)
  if (NAME("units")) p->units = (uint16_t)value;
  else if (NAME("reservoir")) p->reservoir = (uint8_t)value;
  else if (NAME("readout")) p->readout = (uint8_t)value;
  else if (NAME("cycle_weight")) p->cycle_weight = (float)value;
  else if (NAME("input_weight")) p->input_weight = (float)value;
  else if (NAME("leak")) p->leak = (float)value;
  else if (NAME("ridge")) p->ridge = (float)value;
  else if (NAME("washout")) p->washout = (uint16_t)value;
  else if (NAME("window")) p->window = (uint16_t)value;
  else if (NAME("hop")) p->hop = (uint16_t)value;
  else if (NAME("calibration")) p->calibration = (uint16_t)value;
  else if (NAME("false_alarm")) p->false_alarm = (float)value;
  else if (NAME("alarm_on")) p->alarm_on = (uint8_t)value;
  else if (NAME("alarm_off")) p->alarm_off = (uint8_t)value;
  else if (NAME("patterns")) p->patterns = (uint8_t)value;
  else if (NAME("forgetting")) p->forgetting = (float)value;
  else if (NAME("learning_samples")) p->learning_samples = (uint32_t)value;
  else if (NAME("seed")) model->core.seed = (uint32_t)value;
  else {
    fprintf(stderr, "replay: no parameter %s\n", argument);
    exit(2);
  }
}

int main(int argc, char **argv) {
  static host_model model;
  char line[256];
  uint16_t detail = 0;
  unsigned long index = 0;
  if (argc < 2) return 2;
  const int channels = atoi(argv[1]);
  host_defaults(&model, (uint8_t)channels, 64);
  for (int i = 2; i < argc; i++) set(&model, argv[i]);
  if (!host_begin(&model, memory, sizeof memory, &detail)) {
    fprintf(stderr, "replay: definition refused at byte %u, or %u bytes do not fit\n", (unsigned)detail, (unsigned)model.used);
    return 1;
  }
  (void)et_esn.stream->learn(&model.context, model.running, model.candidate, 0);
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (line[0] == 'G') et_esn.stream->gap(&model.context);
    else if (line[0] == 'L') (void)et_esn.stream->learn(&model.context, model.running, model.candidate, 0);
    else if (line[0] == 'F' || line[0] == 'C') (void)et_stream_judge(et_esn.stream, &model.context, model.running, line[0] == 'F');
    else {
      int16_t values[ET_CHANNELS_MAX];
      char *at = line;
      for (int k = 0; k < channels; k++) values[k] = (int16_t)strtol(at, &at, 10);
      index++;
      if (!host_sample(&model, values, 2048)) continue;
      const et_stream_result *r = &model.result;
      printf("%lu %d %.5g %.5g %.5g %.5g %d %u %u %d", index,
             r->calibrated ? (int)ET_STREAM_SCORING : (int)et_esn.stream->phase(&model.context), (double)r->score, (double)r->threshold,
             (double)r->baseline_score, (double)r->baseline_threshold, r->alarm, r->pattern, r->pattern_seen, r->new_pattern);
      for (int k = 0; k < channels; k++) printf(" %.3f", (double)r->residuals[k]);
      for (int k = 0; k < channels; k++) printf(" %.3f", (double)r->energies[k]);
      printf("\n");
    }
  }
  fprintf(stderr, "model %u shared %u work %u total with three generations %u; solve work %u pairs %u boosts %u result %d\n",
          (unsigned)model.need.model_bytes, (unsigned)model.need.shared_bytes, (unsigned)model.need.work_bytes, (unsigned)model.used,
          (unsigned)model.report.work, (unsigned)model.report.iterations, (unsigned)((const et_esn_block *)model.running)->boosts,
          (int)model.report.result);
  return 0;
}

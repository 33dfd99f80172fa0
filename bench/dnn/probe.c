/* Takes probes of a training, for counting it on an emulated core: at some moments the generation, and the next samples of the order;
 * board.c goes on from there and must come to the same bytes. Arguments: problem.h, and probes=N (20) samples=M (8); the probes go to
 * standard output.
 *   u32 magic, probes, samples, training samples, inputs, model bytes | labels of all training samples, filled up to 4 bytes |
 *   of each probe: u32 done, CRC-32 of the generation after M samples | generation | M times: u32 sample | its input, filled up */
#include <stdio.h>
#include <string.h>

#include "probe.h"
#include "problem.h"
#include "support/crc.h"

static uint32_t recorded[64];
static uint32_t count;
static const int8_t *(*real_input)(void *user, uint32_t sample);

static const int8_t *input(void *user, uint32_t sample) {
  if (count < 64) recorded[count++] = sample;
  return real_input(user, sample);
}

static void write_padded(const void *bytes, size_t length) {
  static const uint8_t zeros[4];
  fwrite(bytes, 1, length, stdout);
  fwrite(zeros, 1, (4u - length % 4u) % 4u, stdout);
}

/* A slice ends with a sample. */
static void train_to(et_dnn_training *training, uint32_t done) {
  while (training->done < done)
    if (et_dnn_train_step(training, UINT32_MAX) != ET_DNN_BUSY) return;
}

int main(int argc, char **argv) {
  static problem p;
  problem_read(&p, argc, argv);
  const uint32_t probes = (uint32_t)problem_setting(argc, argv, "probes", 20),
                 samples = (uint32_t)problem_setting(argc, argv, "samples", 8);
  const uint32_t head[] = {PROBE_MAGIC, probes, samples, p.train, p.inputs, p.plan.model_bytes};
  write_padded(head, sizeof head);
  write_padded(p.labels, p.train);
  real_input = p.set.input;
  p.set.input = input;
  et_dnn_training training;
  if (et_dnn_train_begin(&training, &p.net, &p.set, &p.options, 0) != ET_DNN_OK) problem_stop("the training does not begin");
  uint8_t *before = problem_memory(p.plan.model_bytes);
  for (uint32_t i = 0; i < probes; i++) {
    train_to(&training, (uint32_t)((i + 0.5) * training.total / probes));
    const uint32_t done = training.done;
    memcpy(before, p.net.model, p.plan.model_bytes);
    count = 0;
    train_to(&training, done + samples);
    const uint32_t mark[] = {done, et_crc32(0, p.net.model, p.plan.model_bytes)};
    write_padded(mark, sizeof mark);
    write_padded(before, p.plan.model_bytes);
    for (uint32_t j = 0; j < samples; j++) {
      write_padded(&recorded[j], 4);
      write_padded(p.samples + (size_t)recorded[j] * p.inputs, p.inputs);
    }
  }
  return 0;
}

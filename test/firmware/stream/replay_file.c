#include "replay_file.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

const int16_t *fan(int speed, int configuration) {
  static int16_t samples[3][FAN_SAMPLES * 3];
  static int loaded;
  if (loaded != speed) {
    char path[512], line[128];
    unsigned counts[3] = {0, 0, 0};
    snprintf(path, sizeof path, "%s/fan-vibration/speed-%03d.csv", data_folder, speed);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
      printf("FAILED: cannot open %s\n", path);
      exit(1);
    }
    while (fgets(line, sizeof line, file) != NULL) {
      int c;
      double x, y, z;
      if (sscanf(line, "%d,%lf,%lf,%lf", &c, &x, &y, &z) != 4 || counts[c - 1] == FAN_SAMPLES) continue;
      int16_t *at = samples[c - 1] + 3 * counts[c - 1]++;
      at[0] = (int16_t)lround(1000.0 * x);
      at[1] = (int16_t)lround(1000.0 * y);
      at[2] = (int16_t)lround(1000.0 * z);
    }
    fclose(file);
    loaded = speed;
  }
  return samples[configuration - 1];
}

host_model *fresh_family(void (*begin)(host_model *model, uint8_t channels), uint8_t channels, void (*change)(host_model *model)) {
  static uint64_t words[40000]; /* for its alignment */
  static host_model model;
  uint16_t detail = 0;
  memset(words, 0, sizeof words);
  begin(&model, channels);
  if (change != NULL) change(&model);
  if (!host_begin(&model, (uint8_t *)words, sizeof words, &detail)) {
    printf("FAILED: definition refused at byte %u, or %u bytes do not fit\n", (unsigned)detail, (unsigned)model.used);
    exit(1);
  }
  return &model;
}

static void esn_64(host_model *model, uint8_t channels) { host_esn(model, channels, 64); }

host_model *fresh_model(void (*change)(host_model *model)) { return fresh_family(esn_64, 3, change); }

unsigned feed(host_model *model, const int16_t *samples, unsigned count, float *scores) {
  unsigned scored = 0;
  for (unsigned i = 0; i < count; i++) {
    if (!host_sample(model, samples + i * model->core.features, 2048) || !model->result.calibrated) continue;
    if (scores != NULL) scores[scored] = model->result.score;
    scored++;
  }
  return scored;
}

host_model *learned_fan(int speed, void (*change)(host_model *model)) {
  host_model *model = fresh_model(change);
  (void)et_esn.stream->learn(&model->context, model->running, model->candidate, 0);
  (void)feed(model, fan(speed, 1), 1900, NULL);
  return model;
}

int write_scores(const char *name) {
  host_model *model = fresh_model(NULL);
  FILE *file = fopen(name, "w");
  if (file == NULL) return 1;
  (void)et_esn.stream->learn(&model->context, model->running, model->candidate, 0);
  for (int configuration = 1; configuration <= 3; configuration++) {
    const int16_t *samples = fan(60, configuration);
    for (unsigned i = 0; i < FAN_SAMPLES; i++) {
      if (!host_sample(model, samples + 3 * i, 2048) || !model->result.calibrated) continue;
      fprintf(file, "%.6g %.6g %d\n", (double)model->result.score, (double)model->result.threshold, model->result.alarm);
    }
  }
  return fclose(file) == 0 ? 0 : 1;
}

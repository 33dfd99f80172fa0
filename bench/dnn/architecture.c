#include "architecture.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  uint8_t kind;
} kinds[] = {{"dense", ET_DNN_DENSE},          {"conv", ET_DNN_CONV},
             {"depthwise", ET_DNN_DEPTHWISE},  {"max", ET_DNN_MAX_POOL},
             {"average", ET_DNN_AVERAGE_POOL}, {"global", ET_DNN_GLOBAL_AVERAGE_POOL},
             {"flatten", ET_DNN_FLATTEN},      {"add", ET_DNN_ADD},
             {"softmax", ET_DNN_SOFTMAX}};

static bool option(const char *word, et_dnn_layer *layer) {
  unsigned a, b;
  if (strcmp(word, "same") == 0) layer->padding = ET_DNN_SAME;
  else if (strcmp(word, "relu") == 0) layer->activation = ET_DNN_RELU;
  else if (strcmp(word, "relu6") == 0) layer->activation = ET_DNN_RELU6;
  else if (strcmp(word, "frozen") == 0) layer->update = ET_DNN_FROZEN;
  else if (strcmp(word, "bias") == 0) layer->update = ET_DNN_BIAS;
  else if (strcmp(word, "q8") == 0) layer->format = ET_DNN_LAYER_Q8;
  else if (strcmp(word, "f32") == 0) layer->format = ET_DNN_LAYER_F32;
  else if (sscanf(word, "rows=%u", &a) == 1) layer->trained_rows = (uint16_t)a;
  else if (sscanf(word, "from=%u", &a) == 1) layer->input = (uint8_t)a;
  else if (sscanf(word, "with=%u", &a) == 1) layer->other = (uint8_t)a;
  else if (sscanf(word, "stride=%ux%u", &a, &b) == 2) {
    layer->stride_h = (uint8_t)a;
    layer->stride_w = (uint8_t)b;
  } else {
    return false;
  }
  return true;
}

static bool numbers(const char *word, et_dnn_layer *layer) {
  unsigned h, w, n;
  const int found = sscanf(word, "%ux%ux%u", &h, &w, &n);
  if (found == 1) {
    layer->outputs = (uint16_t)h;
    return true;
  }
  if (found < 2) return false;
  layer->kernel_h = (uint8_t)h;
  layer->kernel_w = (uint8_t)w;
  layer->outputs = found == 3 ? (uint16_t)n : 1;
  return true;
}

static bool parse_layer(char *text, et_dnn_layer *layer) {
  char *rest = text, *colon;
  memset(layer, 0, sizeof *layer);
  layer->update = ET_DNN_ALL;
  for (bool first = true; rest != NULL; first = false, rest = colon == NULL ? NULL : colon + 1) {
    colon = strchr(rest, ':');
    if (colon != NULL) *colon = 0;
    if (first) {
      for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(rest, kinds[i].name) == 0) layer->kind = kinds[i].kind;
    } else if (!numbers(rest, layer) && !option(rest, layer)) {
      fprintf(stderr, "no such word: %s\n", rest);
      return false;
    }
  }
  return layer->kind != 0;
}

uint8_t architecture_parse(const char *text, et_dnn_layer layers[ET_DNN_LAYERS_MAX]) {
  static char copy[4096];
  uint8_t count = 0;
  if (strlen(text) >= sizeof copy) return 0;
  strcpy(copy, text);
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
    if (count >= ET_DNN_LAYERS_MAX) return 0;
    else {
      /* strtok keeps its place: parse_layer does not use it. */
      if (!parse_layer(word, &layers[count])) return 0;
      count++;
    }
  return count;
}

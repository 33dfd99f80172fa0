#include "loop/core/core.h"

void et_window_push(et_core *core, bool satisfied) {
  const uint16_t size = core->deployment.definition.training->accuracy_window;
  uint8_t *byte = &core->window.bits[core->window.at >> 3];
  const uint8_t bit = (uint8_t)(1u << (core->window.at & 7u));
  if (core->window.filled == size) {
    if (*byte & bit) core->window.good--;
  } else {
    core->window.filled++;
  }
  if (satisfied) {
    *byte |= bit;
    core->window.good++;
  } else {
    *byte &= (uint8_t)~bit;
  }
  core->window.at = (uint16_t)((core->window.at + 1u) % size);
}

uint16_t et_window_accuracy(const et_core *core) {
  if (core->window.filled == 0u) return 65535u;
  return (uint16_t)((1000u * (uint32_t)core->window.good + core->window.filled / 2u) / core->window.filled);
}

/* Keeps what was learned in a file of LittleFS, which survives a power cut at any time and spreads the wear:
 * LittleFS.begin(); trainer.store(edgeTrainerFile()). For ESP8266 and ESP32. */
#ifndef EDGE_TRAINER_FILE_H
#define EDGE_TRAINER_FILE_H

#include <LittleFS.h>

#include "EdgeTrainer.h"

namespace edge_trainer {
const char STORE_FILE[] = "/edge-trainer";

inline bool readFile(void *, uint32_t offset, void *bytes, uint32_t length) {
  File file = LittleFS.open(STORE_FILE, "r");
  if (!file) return false;
  const bool good = file.seek(offset) && file.read(static_cast<uint8_t *>(bytes), length) == length;
  file.close();
  return good;
}

inline bool writeFile(void *, uint32_t offset, const void *bytes, uint32_t length) {
  File file = LittleFS.open(STORE_FILE, "r+");
  if (!file) return false;
  const bool good = file.seek(offset) && file.write(static_cast<const uint8_t *>(bytes), length) == length;
  file.close();
  return good;
}

/* The file at its full length; a new one is blank. */
inline bool prepareFile(uint32_t bytes) {
  File file = LittleFS.open(STORE_FILE, "a");
  if (!file) return false;
  static const uint8_t blank[32] = {0};
  uint32_t size = static_cast<uint32_t>(file.size());
  while (size < bytes) {
    const uint32_t more = bytes - size < sizeof blank ? bytes - size : static_cast<uint32_t>(sizeof blank);
    if (file.write(blank, more) != more) break;
    size += more;
  }
  file.close();
  return size >= bytes;
}
} // namespace edge_trainer

/* A file of `bytes`, half of which hold a state; no memory when there is no room for it. */
inline et_nvm edgeTrainerFile(uint32_t bytes = 32768) {
  const et_nvm memory = {edge_trainer::prepareFile(bytes) ? bytes : 0, 1, 1, edge_trainer::readFile, edge_trainer::writeFile, nullptr, 0};
  return memory;
}

#endif

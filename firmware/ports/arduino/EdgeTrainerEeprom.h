/* Keeps what was learned in the EEPROM of an AVR: trainer.store(edgeTrainerEeprom()). A byte takes 3.4 ms to write. */
#ifndef EDGE_TRAINER_EEPROM_H
#define EDGE_TRAINER_EEPROM_H

#if defined(ESP8266) || defined(ESP32)
#error "The EEPROM of this core is a page of flash that one power cut may lose: use EdgeTrainerFile.h"
#endif

#include <EEPROM.h>

#include "EdgeTrainer.h"

namespace edge_trainer {
const uint32_t EEPROM_CYCLES = 100000; /* data sheet 2549, EEPROM endurance */

inline bool readEeprom(void *, uint32_t offset, void *bytes, uint32_t length) {
  uint8_t *to = static_cast<uint8_t *>(bytes);
  for (uint32_t at = 0; at < length; at++) to[at] = EEPROM.read(static_cast<int>(offset + at));
  return true;
}

inline bool writeEeprom(void *, uint32_t offset, const void *bytes, uint32_t length) {
  const uint8_t *from = static_cast<const uint8_t *>(bytes);
  bool good = true;
  for (uint32_t at = 0; at < length; at++) {
    const int place = static_cast<int>(offset + at);
    EEPROM.update(place, from[at]); /* a byte that has its value already is not written */
    good = good && EEPROM.read(place) == from[at];
  }
  return good;
}
} // namespace edge_trainer

/* All of the EEPROM. */
inline et_nvm edgeTrainerEeprom() {
  const et_nvm memory = {static_cast<uint32_t>(EEPROM.length()),
                         1,
                         1,
                         edge_trainer::readEeprom,
                         edge_trainer::writeEeprom,
                         nullptr,
                         edge_trainer::EEPROM_CYCLES};
  return memory;
}

#endif

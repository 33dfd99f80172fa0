/* Stand-in of the file system of the ESP cores: see Arduino.h beside it. */
#ifndef LITTLEFS_STAND_IN_H
#define LITTLEFS_STAND_IN_H

#include "Arduino.h"

class File {
public:
  explicit operator bool() const;
  bool seek(uint32_t position);
  size_t read(uint8_t *bytes, size_t count);
  size_t write(const uint8_t *bytes, size_t count);
  size_t size() const;
  void close();
};

class FileSystem {
public:
  bool begin();
  File open(const char *path, const char *mode);
};

extern FileSystem LittleFS;

#endif

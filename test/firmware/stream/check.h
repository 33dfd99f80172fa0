/* Checks that count: every case names the behaviour it protects; a failure is told with file and line and makes the run fail. */
#ifndef STREAM_CHECK_H
#define STREAM_CHECK_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

extern unsigned checks, failures;
extern const char *data_folder; /* test/data */

static inline bool check_at(bool holds, const char *text, const char *file, int line) {
  checks++;
  if (holds) return true;
  failures++;
  printf("FAILED %s:%d: %s\n", file, line, text);
  return false;
}

static inline bool near_at(double value, double expected, double tolerance, const char *text, const char *file, int line) {
  checks++;
  if (fabs(value - expected) <= tolerance) return true;
  failures++;
  printf("FAILED %s:%d: %s = %.9g, expected %.9g within %.3g\n", file, line, text, value, expected, tolerance);
  return false;
}

#define CHECK(condition) check_at(condition, #condition, __FILE__, __LINE__)
#define NEAR(value, expected, tolerance) near_at(value, expected, tolerance, #value, __FILE__, __LINE__)

#endif

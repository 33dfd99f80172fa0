#ifndef TEST_SVM_CHECK_H
#define TEST_SVM_CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* Stops with the place and what was expected. */
#define CHECK(condition, ...)                                                 \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s: ", __FILE__, __LINE__, #condition); \
      fprintf(stderr, __VA_ARGS__);                                           \
      fprintf(stderr, "\n");                                                  \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

#endif

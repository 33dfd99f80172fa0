/* Host tests of what the stream families share, and of correlation, process and autoencoder: main DATA_FOLDER. Exit code 1 when a check failed. */
#include "check.h"

void test_healthy(void);
void test_learning(void);
void test_watch(void);
void test_patterns(void);
void test_correlation(void);
void test_process(void);
void test_autoencoder(void);

unsigned checks, failures;
const char *data_folder;

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  data_folder = argv[1];
  test_healthy();
  test_learning();
  test_watch();
  test_patterns();
  test_correlation();
  test_process();
  test_autoencoder();
  printf("%u checks, %u failures\n", checks, failures);
  return failures > 0 ? 1 : 0;
}

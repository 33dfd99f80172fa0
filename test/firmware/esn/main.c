/* Host tests of the echo state network: main DATA_FOLDER [scores FILE]. Exit code 1 when a check failed.
 * With `scores FILE` it writes the window scores of one stream instead, to compare the float and the fixed-point build. */
#include <string.h>

#include "check.h"
#include "replay_file.h"

void test_reservoir(void);
void test_readout(void);
void test_rls(void);
void test_reference(void);
void test_stream(void);
void test_input(void);

unsigned checks, failures;
const char *data_folder;

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  data_folder = argv[1];
  if (argc == 4 && strcmp(argv[2], "scores") == 0) return write_scores(argv[3]);
  test_reservoir();
  test_readout();
  test_rls();
  test_reference();
  test_stream();
  test_input();
  printf("%u checks, %u failures\n", checks, failures);
  return failures > 0 ? 1 : 0;
}

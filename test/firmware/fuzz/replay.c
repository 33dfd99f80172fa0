/* Runs the inputs in the files that it is given through the fuzzer's target, without a fuzzer. */
#include <stdint.h>
#include <stdio.h>

#define INPUT_BYTES 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t input[INPUT_BYTES];

int main(int argc, char **argv) {
  int i;
  for (i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    size_t size;
    if (file == NULL) {
      fprintf(stderr, "%s cannot be read\n", argv[i]);
      return 1;
    }
    size = fread(input, 1, sizeof input, file);
    fclose(file);
    if (LLVMFuzzerTestOneInput(input, size) != 0) return 1;
  }
  printf("%d inputs\n", argc - 1);
  return 0;
}

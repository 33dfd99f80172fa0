#include "common/line.h"

#define JOINED(parity) ET_PARITY_##parity
#define PARITY(parity) JOINED(parity)

const et_line et_line_built = {ET_LINE_BAUD, PARITY(ET_LINE_PARITY), ET_LINE_STOP_BITS};

uint32_t et_line_divider(uint32_t clock_hertz, uint32_t baud, uint32_t least, uint32_t most) {
  /* Neither sum nor product wraps: the clock is at most 2^31, and the divider was made by dividing it by this rate. */
  const uint32_t divider = (clock_hertz + baud / 2u) / baud;
  const uint32_t made = divider * baud;
  const uint32_t off = made > clock_hertz ? made - clock_hertz : clock_hertz - made;
  return divider < least || divider > most || off > clock_hertz / 40u ? 0u : divider;
}

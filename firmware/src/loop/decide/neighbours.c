#include "loop/decide/neighbours.h"

uint32_t et_distance(const void *a, const void *b, uint16_t features, bool wide) {
  uint32_t sum = 0; /* below 2^32: 65 535 features of 65 535 */
  uint16_t j;
  for (j = 0; j < features; j++) {
    const int32_t left = wide ? ((const int16_t *)a)[j] : ((const int8_t *)a)[j];
    const int32_t right = wide ? ((const int16_t *)b)[j] : ((const int8_t *)b)[j];
    sum += (uint32_t)(left > right ? left - right : right - left);
  }
  return sum;
}

void et_neighbours_note(et_neighbours *neighbours, const et_neighbour *sample) {
  et_neighbour *nearest = neighbours->nearest;
  uint8_t place = neighbours->count;
  if (place == ET_NEIGHBOURS) {
    if (nearest[--place].distance < sample->distance) return;
  } else {
    neighbours->count++;
  }
  for (; place != 0u && nearest[place - 1u].distance >= sample->distance; place--) nearest[place] = nearest[place - 1u];
  nearest[place] = *sample;
}

uint16_t et_neighbours_contradict(const et_neighbours *neighbours) {
  uint16_t found = ET_NO_NEIGHBOUR;
  uint8_t i, same = 0;
  for (i = neighbours->count; i-- != 0u;) {
    const et_neighbour *neighbour = &neighbours->nearest[i];
    if (neighbour->same) same++;
    else if (!neighbour->stays) found = neighbour->at;
  }
  return 2u * same > neighbours->count ? found : ET_NO_NEIGHBOUR;
}

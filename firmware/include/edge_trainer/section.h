/* Tagged sections: how a definition travels and how a state is stored. A reader checks number, layout, length and checksum of each; it
 * skips an optional section that it does not know (number from ET_SECTION_OPTIONAL on) and refuses any other. */
#ifndef EDGE_TRAINER_SECTION_H
#define EDGE_TRAINER_SECTION_H

#include "edge_trainer/contract.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In front of a section's bytes, little-endian. */
typedef struct et_section {
  uint16_t id;
  uint16_t layout;
  uint32_t length; /* bytes behind this header, a multiple of 4 */
  uint32_t crc;    /* CRC-32 of those bytes */
} et_section;

typedef enum et_field_type { ET_FIELD_U8, ET_FIELD_U16, ET_FIELD_I16, ET_FIELD_U32, ET_FIELD_F32 } et_field_type;

/* Values that a field may have, both ends included. A field that may have every value of its type has no entry. */
typedef struct et_field_range {
  uint16_t at;  /* byte in its struct */
  uint8_t type; /* et_field_type */
  union {
    int32_t whole;
    float real;
  } min, max;
} et_field_range;

/* What a section looks like; `bytes` of one entry where it holds several. */
typedef struct et_section_format {
  uint16_t id, layout, bytes;
  uint16_t range_count;
  const et_field_range *ranges;
} et_section_format;

/* A condition on a stored struct that the compiler checks. */
#define ET_STORED(name, condition) typedef char et_stored_##name[(condition) ? 1 : -1]

/* Every field of one struct within its range? Else DEFINITION_FIELD, and `*detail` is the byte of the field. */
et_error et_section_check(const et_section_format *format, const void *bytes, uint16_t *detail);

#ifdef __cplusplus
}
#endif

#endif

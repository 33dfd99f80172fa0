/* What a definition is refused for. */
#include <string.h>

#include "../check.h"
#include "blocks.h"
#include "loop/redeploy.h"
#include "support/crc.h"

#define AT(member) (uint16_t) offsetof(definition_blob, member), (uint8_t)sizeof(((definition_blob *)0)->member)

static void refused_fields(void) {
  static const struct {
    uint16_t offset;
    uint8_t size;
    uint32_t value;
  } rows[] = {
      {AT(core.features), 0},
      {AT(core.features), ET_FEATURES_MAX + 1u},
      {AT(core.classes), ET_CLASSES_MAX + 1u},
      {AT(core.storage), 0},
      {AT(core.storage), 3},
      {AT(core.scaling), 2},
      {AT(core.out_of_range), 2},
      {AT(core.tickets), 0},
      {AT(core.tickets), ET_TICKETS_MAX + 1u},
      {AT(core.capacity), 1},
      {AT(core.capacity), 4097},
      {AT(feedback.rule), 3},
      {AT(feedback.limit_side), 2},
      {AT(feedback.band), 0xffff},
      {AT(feedback.class_low), CLASSES},
      {AT(feedback.class_high), CLASSES},
      {AT(core.default_class), CLASSES},
      {AT(feedback.suspicion), 3},
      {AT(stitching.satisfactory_share), 1001},
      {AT(stitching.hold_out_every), 1},
      {AT(training.mode), 3},
      {AT(training.min_samples), 1},
      {AT(training.min_samples), 61},
      {AT(training.accuracy_window), 0},
      {AT(training.accuracy_window), 257},
      {AT(training.accuracy_threshold), 1002},
      {AT(parameters.cost), 0x7fc00000u /* NaN */},
      {AT(parameters.cost), 0},
      {AT(parameters.cost), 0x7f800000u /* infinite */},
      {AT(parameters.tolerance), 0x7fc00000u},
      {AT(parameters.tolerance), 0xbf800000u /* -1 */},
      {AT(parameters.max_epochs), 0},
  };
  et_definition definition;
  uint16_t detail;
  uint32_t i;
  definition_blob bad;
  usual();
  for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    bad = wanted;
    memcpy((uint8_t *)&bad + rows[i].offset, &rows[i].value, rows[i].size);
    seal(&bad);
    if (et_definition_check(&bad, sizeof bad, &definition, &detail) != ET_DEFINITION_FIELD || detail != rows[i].offset) {
      fprintf(stderr, "field at %u with %lu\n", rows[i].offset, (unsigned long)rows[i].value);
      CHECK(false);
    }
  }
  bad = wanted;
  bad.features[1].min = bad.features[1].max;
  seal(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_FIELD &&
        detail == offsetof(definition_blob, features[1]));
}

static void refused_blobs(void) {
  et_definition definition;
  et_memory_layout layout;
  uint16_t detail;
  uint32_t i;
  definition_blob bad;
  usual();
  seal(&wanted);
  CHECK(et_definition_check(&wanted, sizeof wanted, &definition, &detail) == ET_OK);
  CHECK(et_memory_plan(&definition, 0, &layout) == ET_DEFINITION_MEMORY && layout.total > 0u);
  CHECK(et_memory_plan(&definition, layout.total, &layout) == ET_OK);
  CHECK(et_memory_plan(&definition, layout.total - 1u, &layout) == ET_DEFINITION_MEMORY);
  for (i = 0; i < sizeof wanted; i++) {
    CHECK(et_definition_check(&wanted, i, &definition, &detail) == ET_DEFINITION_LENGTH);
    bad = wanted;
    ((uint8_t *)&bad)[i] ^= 0x20u; /* any bit of any byte */
    CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == (i < 4u   ? ET_DEFINITION_VERSION
                                                                          : i < 8u ? ET_DEFINITION_LENGTH
                                                                                   : ET_DEFINITION_CRC));
  }
  bad = wanted;
  bad.core.model = 77;
  seal(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_MODEL_NOT_BUILT);
  bad = wanted;
  bad.core.classes = 2; /* the table holds more */
  seal(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_LENGTH);
}

/* Sections that are missing, of another layout, damaged, twice there, or not known: which one it was is in `detail`. */
static void sections(void) {
  et_definition definition;
  uint16_t detail;
  definition_blob bad;
  struct {
    definition_blob known;
    et_section extra_head;
    uint32_t extra, crc;
  } more;
  usual();
  seal(&wanted);
  bad = wanted;
  bad.stitching_head.id = ET_SECTION_TRAINING_ID; /* stitching is not there, training twice */
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_SECTION && detail == ET_SECTION_TRAINING_ID);
  bad = wanted;
  bad.stitching_head.id = ET_SECTION_OPTIONAL;
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_SECTION && detail == ET_SECTION_STITCHING_ID);
  bad = wanted;
  bad.feedback_head.layout++;
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_SECTION && detail == ET_SECTION_FEEDBACK_ID);
  bad = wanted;
  bad.feedback.set_point++; /* its own checksum is stale */
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) == ET_DEFINITION_CRC && detail == ET_SECTION_FEEDBACK_ID);
  bad = wanted;
  bad.training_head.length = 0x7ffffffcu;
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) != ET_OK);
  bad = wanted;
  bad.training_head.length -= 4u; /* the next header would be read four bytes early */
  seal_whole(&bad);
  CHECK(et_definition_check(&bad, sizeof bad, &definition, &detail) != ET_OK);

  more.known = wanted;
  more.extra_head.id = ET_SECTION_OPTIONAL + 7u;
  more.extra_head.layout = 3;
  more.extra_head.length = 4;
  more.extra = 0x12345678u;
  more.extra_head.crc = et_crc32(0u, (const uint8_t *)&more.extra, 4u);
  /* The place of the known blob's checksum becomes the extra section's header. */
  memmove((uint8_t *)&more + sizeof wanted - 4u, &more.extra_head, sizeof more.extra_head + 4u);
  more.known.head.length = sizeof more - 4u;
  const uint32_t crc = et_crc32(0u, (const uint8_t *)&more, sizeof more - 8u);
  memcpy((uint8_t *)&more + sizeof more - 8u, &crc, 4u);
  CHECK(et_definition_check(&more, sizeof more - 4u, &definition, &detail) == ET_OK && definition.core->capacity == 60u);
  ((uint8_t *)&more)[sizeof wanted - 4u] = 99; /* the same section, but with a number that must be known */
  ((uint8_t *)&more)[sizeof wanted - 3u] = 0;
  const uint32_t other = et_crc32(0u, (const uint8_t *)&more, sizeof more - 8u);
  memcpy((uint8_t *)&more + sizeof more - 8u, &other, 4u);
  CHECK(et_definition_check(&more, sizeof more - 4u, &definition, &detail) == ET_DEFINITION_SECTION && detail == 99u);
}

void refuses_definitions(void) {
  refused_fields();
  refused_blobs();
  sections();
}

/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/autoencoder_parameters.h"

ET_STORED(autoencoder_size, sizeof(et_autoencoder_parameters) == 24u);
ET_STORED(autoencoder_window, offsetof(et_autoencoder_parameters, window) == 0u && sizeof(((et_autoencoder_parameters *)0)->window) == 2u);
ET_STORED(autoencoder_hop, offsetof(et_autoencoder_parameters, hop) == 2u && sizeof(((et_autoencoder_parameters *)0)->hop) == 2u);
ET_STORED(autoencoder_learning, offsetof(et_autoencoder_parameters, learning) == 4u && sizeof(((et_autoencoder_parameters *)0)->learning) == 2u);
ET_STORED(autoencoder_hidden, offsetof(et_autoencoder_parameters, hidden) == 6u && sizeof(((et_autoencoder_parameters *)0)->hidden) == 1u);
ET_STORED(autoencoder_code, offsetof(et_autoencoder_parameters, code) == 7u && sizeof(((et_autoencoder_parameters *)0)->code) == 1u);
ET_STORED(autoencoder_score_every, offsetof(et_autoencoder_parameters, score_every) == 8u && sizeof(((et_autoencoder_parameters *)0)->score_every) == 1u);
ET_STORED(autoencoder_format, offsetof(et_autoencoder_parameters, format) == 9u && sizeof(((et_autoencoder_parameters *)0)->format) == 1u);
ET_STORED(autoencoder_alarm_on, offsetof(et_autoencoder_parameters, alarm_on) == 10u && sizeof(((et_autoencoder_parameters *)0)->alarm_on) == 1u);
ET_STORED(autoencoder_alarm_off, offsetof(et_autoencoder_parameters, alarm_off) == 11u && sizeof(((et_autoencoder_parameters *)0)->alarm_off) == 1u);
ET_STORED(autoencoder_patterns, offsetof(et_autoencoder_parameters, patterns) == 12u && sizeof(((et_autoencoder_parameters *)0)->patterns) == 1u);
ET_STORED(autoencoder_decimation, offsetof(et_autoencoder_parameters, decimation) == 13u && sizeof(((et_autoencoder_parameters *)0)->decimation) == 1u);
ET_STORED(autoencoder_epochs, offsetof(et_autoencoder_parameters, epochs) == 14u && sizeof(((et_autoencoder_parameters *)0)->epochs) == 2u);
ET_STORED(autoencoder_false_alarm, offsetof(et_autoencoder_parameters, false_alarm) == 16u && sizeof(((et_autoencoder_parameters *)0)->false_alarm) == 4u);
ET_STORED(autoencoder_rate, offsetof(et_autoencoder_parameters, rate) == 20u && sizeof(((et_autoencoder_parameters *)0)->rate) == 4u);

static const et_field_range autoencoder_ranges[14] = {
  { offsetof(et_autoencoder_parameters, window), ET_FIELD_U16, { .whole = 8 }, { .whole = 256 } },
  { offsetof(et_autoencoder_parameters, hop), ET_FIELD_U16, { .whole = 1 }, { .whole = 256 } },
  { offsetof(et_autoencoder_parameters, learning), ET_FIELD_U16, { .whole = 195 }, { .whole = 8192 } },
  { offsetof(et_autoencoder_parameters, hidden), ET_FIELD_U8, { .whole = 0 }, { .whole = 128 } },
  { offsetof(et_autoencoder_parameters, code), ET_FIELD_U8, { .whole = 1 }, { .whole = 64 } },
  { offsetof(et_autoencoder_parameters, score_every), ET_FIELD_U8, { .whole = 1 }, { .whole = 32 } },
  { offsetof(et_autoencoder_parameters, format), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_autoencoder_parameters, alarm_on), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_autoencoder_parameters, alarm_off), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_autoencoder_parameters, patterns), ET_FIELD_U8, { .whole = 0 }, { .whole = 16 } },
  { offsetof(et_autoencoder_parameters, decimation), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_autoencoder_parameters, epochs), ET_FIELD_U16, { .whole = 1 }, { .whole = 1000 } },
  { offsetof(et_autoencoder_parameters, false_alarm), ET_FIELD_F32, { .real = 0.00000999999975f }, { .real = 0.200000003f } },
  { offsetof(et_autoencoder_parameters, rate), ET_FIELD_F32, { .real = 0.00100000005f }, { .real = 2.0f } },
};

const et_section_format et_section_autoencoder = { 24u, 1u, sizeof(et_autoencoder_parameters), 14u, autoencoder_ranges };

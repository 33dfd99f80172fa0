/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/process_parameters.h"

ET_STORED(process_size, sizeof(et_process_parameters) == 20u);
ET_STORED(process_window, offsetof(et_process_parameters, window) == 0u && sizeof(((et_process_parameters *)0)->window) == 1u);
ET_STORED(process_lags, offsetof(et_process_parameters, lags) == 1u && sizeof(((et_process_parameters *)0)->lags) == 1u);
ET_STORED(process_alarm_on, offsetof(et_process_parameters, alarm_on) == 2u && sizeof(((et_process_parameters *)0)->alarm_on) == 1u);
ET_STORED(process_alarm_off, offsetof(et_process_parameters, alarm_off) == 3u && sizeof(((et_process_parameters *)0)->alarm_off) == 1u);
ET_STORED(process_patterns, offsetof(et_process_parameters, patterns) == 4u && sizeof(((et_process_parameters *)0)->patterns) == 1u);
ET_STORED(process_decimation, offsetof(et_process_parameters, decimation) == 5u && sizeof(((et_process_parameters *)0)->decimation) == 1u);
ET_STORED(process_reserved, offsetof(et_process_parameters, reserved) == 6u && sizeof(((et_process_parameters *)0)->reserved) == 2u);
ET_STORED(process_learning, offsetof(et_process_parameters, learning) == 8u && sizeof(((et_process_parameters *)0)->learning) == 4u);
ET_STORED(process_ridge, offsetof(et_process_parameters, ridge) == 12u && sizeof(((et_process_parameters *)0)->ridge) == 4u);
ET_STORED(process_margin, offsetof(et_process_parameters, margin) == 16u && sizeof(((et_process_parameters *)0)->margin) == 4u);

static const et_field_range process_ranges[9] = {
  { offsetof(et_process_parameters, window), ET_FIELD_U8, { .whole = 1 }, { .whole = 64 } },
  { offsetof(et_process_parameters, lags), ET_FIELD_U8, { .whole = 1 }, { .whole = 8 } },
  { offsetof(et_process_parameters, alarm_on), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_process_parameters, alarm_off), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_process_parameters, patterns), ET_FIELD_U8, { .whole = 0 }, { .whole = 16 } },
  { offsetof(et_process_parameters, decimation), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_process_parameters, learning), ET_FIELD_U32, { .whole = 100 }, { .whole = 1000000 } },
  { offsetof(et_process_parameters, ridge), ET_FIELD_F32, { .real = 9.99999997e-7f }, { .real = 1.0f } },
  { offsetof(et_process_parameters, margin), ET_FIELD_F32, { .real = 1.0f }, { .real = 10.0f } },
};

const et_section_format et_section_process = { 19u, 1u, sizeof(et_process_parameters), 9u, process_ranges };

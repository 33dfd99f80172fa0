/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/esn_parameters.h"

ET_STORED(esn_size, sizeof(et_esn_parameters) == 44u);
ET_STORED(esn_units, offsetof(et_esn_parameters, units) == 0u && sizeof(((et_esn_parameters *)0)->units) == 2u);
ET_STORED(esn_reservoir, offsetof(et_esn_parameters, reservoir) == 2u && sizeof(((et_esn_parameters *)0)->reservoir) == 1u);
ET_STORED(esn_readout, offsetof(et_esn_parameters, readout) == 3u && sizeof(((et_esn_parameters *)0)->readout) == 1u);
ET_STORED(esn_cycle_weight, offsetof(et_esn_parameters, cycle_weight) == 4u && sizeof(((et_esn_parameters *)0)->cycle_weight) == 4u);
ET_STORED(esn_input_weight, offsetof(et_esn_parameters, input_weight) == 8u && sizeof(((et_esn_parameters *)0)->input_weight) == 4u);
ET_STORED(esn_leak, offsetof(et_esn_parameters, leak) == 12u && sizeof(((et_esn_parameters *)0)->leak) == 4u);
ET_STORED(esn_ridge, offsetof(et_esn_parameters, ridge) == 16u && sizeof(((et_esn_parameters *)0)->ridge) == 4u);
ET_STORED(esn_washout, offsetof(et_esn_parameters, washout) == 20u && sizeof(((et_esn_parameters *)0)->washout) == 2u);
ET_STORED(esn_window, offsetof(et_esn_parameters, window) == 22u && sizeof(((et_esn_parameters *)0)->window) == 2u);
ET_STORED(esn_hop, offsetof(et_esn_parameters, hop) == 24u && sizeof(((et_esn_parameters *)0)->hop) == 2u);
ET_STORED(esn_calibration, offsetof(et_esn_parameters, calibration) == 26u && sizeof(((et_esn_parameters *)0)->calibration) == 2u);
ET_STORED(esn_false_alarm, offsetof(et_esn_parameters, false_alarm) == 28u && sizeof(((et_esn_parameters *)0)->false_alarm) == 4u);
ET_STORED(esn_alarm_on, offsetof(et_esn_parameters, alarm_on) == 32u && sizeof(((et_esn_parameters *)0)->alarm_on) == 1u);
ET_STORED(esn_alarm_off, offsetof(et_esn_parameters, alarm_off) == 33u && sizeof(((et_esn_parameters *)0)->alarm_off) == 1u);
ET_STORED(esn_patterns, offsetof(et_esn_parameters, patterns) == 34u && sizeof(((et_esn_parameters *)0)->patterns) == 1u);
ET_STORED(esn_decimation, offsetof(et_esn_parameters, decimation) == 35u && sizeof(((et_esn_parameters *)0)->decimation) == 1u);
ET_STORED(esn_forgetting, offsetof(et_esn_parameters, forgetting) == 36u && sizeof(((et_esn_parameters *)0)->forgetting) == 4u);
ET_STORED(esn_learning_samples, offsetof(et_esn_parameters, learning_samples) == 40u && sizeof(((et_esn_parameters *)0)->learning_samples) == 4u);

static const et_field_range esn_ranges[18] = {
  { offsetof(et_esn_parameters, units), ET_FIELD_U16, { .whole = 16 }, { .whole = 200 } },
  { offsetof(et_esn_parameters, reservoir), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_esn_parameters, readout), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_esn_parameters, cycle_weight), ET_FIELD_F32, { .real = 0.0f }, { .real = 1.0f } },
  { offsetof(et_esn_parameters, input_weight), ET_FIELD_F32, { .real = 0.00100000005f }, { .real = 1.99000001f } },
  { offsetof(et_esn_parameters, leak), ET_FIELD_F32, { .real = 0.00999999978f }, { .real = 1.0f } },
  { offsetof(et_esn_parameters, ridge), ET_FIELD_F32, { .real = 9.99999997e-7f }, { .real = 1.0f } },
  { offsetof(et_esn_parameters, washout), ET_FIELD_U16, { .whole = 0 }, { .whole = 4096 } },
  { offsetof(et_esn_parameters, window), ET_FIELD_U16, { .whole = 8 }, { .whole = 1024 } },
  { offsetof(et_esn_parameters, hop), ET_FIELD_U16, { .whole = 1 }, { .whole = 1024 } },
  { offsetof(et_esn_parameters, calibration), ET_FIELD_U16, { .whole = 100 }, { .whole = 65535 } },
  { offsetof(et_esn_parameters, false_alarm), ET_FIELD_F32, { .real = 0.00000999999975f }, { .real = 0.200000003f } },
  { offsetof(et_esn_parameters, alarm_on), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_esn_parameters, alarm_off), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_esn_parameters, patterns), ET_FIELD_U8, { .whole = 0 }, { .whole = 16 } },
  { offsetof(et_esn_parameters, decimation), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_esn_parameters, forgetting), ET_FIELD_F32, { .real = 0.900000036f }, { .real = 1.0f } },
  { offsetof(et_esn_parameters, learning_samples), ET_FIELD_U32, { .whole = 145 }, { .whole = 1000000 } },
};

const et_section_format et_section_esn = { 17u, 1u, sizeof(et_esn_parameters), 18u, esn_ranges };

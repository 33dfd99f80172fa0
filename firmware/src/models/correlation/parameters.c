/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/correlation_parameters.h"

ET_STORED(correlation_size, sizeof(et_correlation_parameters) == 28u);
ET_STORED(correlation_window, offsetof(et_correlation_parameters, window) == 0u && sizeof(((et_correlation_parameters *)0)->window) == 2u);
ET_STORED(correlation_hop, offsetof(et_correlation_parameters, hop) == 2u && sizeof(((et_correlation_parameters *)0)->hop) == 2u);
ET_STORED(correlation_learning, offsetof(et_correlation_parameters, learning) == 4u && sizeof(((et_correlation_parameters *)0)->learning) == 2u);
ET_STORED(correlation_score_every, offsetof(et_correlation_parameters, score_every) == 6u && sizeof(((et_correlation_parameters *)0)->score_every) == 1u);
ET_STORED(correlation_lags, offsetof(et_correlation_parameters, lags) == 7u && sizeof(((et_correlation_parameters *)0)->lags) == 1u);
ET_STORED(correlation_covariance, offsetof(et_correlation_parameters, covariance) == 8u && sizeof(((et_correlation_parameters *)0)->covariance) == 1u);
ET_STORED(correlation_regimes, offsetof(et_correlation_parameters, regimes) == 9u && sizeof(((et_correlation_parameters *)0)->regimes) == 1u);
ET_STORED(correlation_context, offsetof(et_correlation_parameters, context) == 10u && sizeof(((et_correlation_parameters *)0)->context) == 1u);
ET_STORED(correlation_alarm_on, offsetof(et_correlation_parameters, alarm_on) == 11u && sizeof(((et_correlation_parameters *)0)->alarm_on) == 1u);
ET_STORED(correlation_alarm_off, offsetof(et_correlation_parameters, alarm_off) == 12u && sizeof(((et_correlation_parameters *)0)->alarm_off) == 1u);
ET_STORED(correlation_patterns, offsetof(et_correlation_parameters, patterns) == 13u && sizeof(((et_correlation_parameters *)0)->patterns) == 1u);
ET_STORED(correlation_decimation, offsetof(et_correlation_parameters, decimation) == 14u && sizeof(((et_correlation_parameters *)0)->decimation) == 1u);
ET_STORED(correlation_reserved, offsetof(et_correlation_parameters, reserved) == 15u && sizeof(((et_correlation_parameters *)0)->reserved) == 1u);
ET_STORED(correlation_false_alarm, offsetof(et_correlation_parameters, false_alarm) == 16u && sizeof(((et_correlation_parameters *)0)->false_alarm) == 4u);
ET_STORED(correlation_off_share, offsetof(et_correlation_parameters, off_share) == 20u && sizeof(((et_correlation_parameters *)0)->off_share) == 4u);
ET_STORED(correlation_context_tolerance, offsetof(et_correlation_parameters, context_tolerance) == 24u && sizeof(((et_correlation_parameters *)0)->context_tolerance) == 4u);

static const et_field_range correlation_ranges[15] = {
  { offsetof(et_correlation_parameters, window), ET_FIELD_U16, { .whole = 8 }, { .whole = 1024 } },
  { offsetof(et_correlation_parameters, hop), ET_FIELD_U16, { .whole = 1 }, { .whole = 1024 } },
  { offsetof(et_correlation_parameters, learning), ET_FIELD_U16, { .whole = 64 }, { .whole = 65535 } },
  { offsetof(et_correlation_parameters, score_every), ET_FIELD_U8, { .whole = 1 }, { .whole = 32 } },
  { offsetof(et_correlation_parameters, lags), ET_FIELD_U8, { .whole = 1 }, { .whole = 16 } },
  { offsetof(et_correlation_parameters, covariance), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_correlation_parameters, regimes), ET_FIELD_U8, { .whole = 1 }, { .whole = 8 } },
  { offsetof(et_correlation_parameters, context), ET_FIELD_U8, { .whole = 0 }, { .whole = 8 } },
  { offsetof(et_correlation_parameters, alarm_on), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_correlation_parameters, alarm_off), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_correlation_parameters, patterns), ET_FIELD_U8, { .whole = 0 }, { .whole = 16 } },
  { offsetof(et_correlation_parameters, decimation), ET_FIELD_U8, { .whole = 1 }, { .whole = 255 } },
  { offsetof(et_correlation_parameters, false_alarm), ET_FIELD_F32, { .real = 0.00000999999975f }, { .real = 0.200000003f } },
  { offsetof(et_correlation_parameters, off_share), ET_FIELD_F32, { .real = 9.99999997e-7f }, { .real = 0.5f } },
  { offsetof(et_correlation_parameters, context_tolerance), ET_FIELD_F32, { .real = 0.0f }, { .real = 65535.0f } },
};

const et_section_format et_section_correlation = { 18u, 1u, sizeof(et_correlation_parameters), 15u, correlation_ranges };

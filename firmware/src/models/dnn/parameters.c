/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/dnn_parameters.h"

ET_STORED(dnn_size, sizeof(et_dnn_parameters) == 36u);
ET_STORED(dnn_rate, offsetof(et_dnn_parameters, rate) == 0u && sizeof(((et_dnn_parameters *)0)->rate) == 4u);
ET_STORED(dnn_gate, offsetof(et_dnn_parameters, gate) == 4u && sizeof(((et_dnn_parameters *)0)->gate) == 4u);
ET_STORED(dnn_lambda_min, offsetof(et_dnn_parameters, lambda_min) == 8u && sizeof(((et_dnn_parameters *)0)->lambda_min) == 4u);
ET_STORED(dnn_lambda_max, offsetof(et_dnn_parameters, lambda_max) == 12u && sizeof(((et_dnn_parameters *)0)->lambda_max) == 4u);
ET_STORED(dnn_input_scale, offsetof(et_dnn_parameters, input_scale) == 16u && sizeof(((et_dnn_parameters *)0)->input_scale) == 4u);
ET_STORED(dnn_height, offsetof(et_dnn_parameters, height) == 20u && sizeof(((et_dnn_parameters *)0)->height) == 2u);
ET_STORED(dnn_width, offsetof(et_dnn_parameters, width) == 22u && sizeof(((et_dnn_parameters *)0)->width) == 2u);
ET_STORED(dnn_channels, offsetof(et_dnn_parameters, channels) == 24u && sizeof(((et_dnn_parameters *)0)->channels) == 1u);
ET_STORED(dnn_label_smoothing, offsetof(et_dnn_parameters, label_smoothing) == 25u && sizeof(((et_dnn_parameters *)0)->label_smoothing) == 1u);
ET_STORED(dnn_epochs, offsetof(et_dnn_parameters, epochs) == 26u && sizeof(((et_dnn_parameters *)0)->epochs) == 2u);
ET_STORED(dnn_input_zero, offsetof(et_dnn_parameters, input_zero) == 28u && sizeof(((et_dnn_parameters *)0)->input_zero) == 2u);
ET_STORED(dnn_format, offsetof(et_dnn_parameters, format) == 30u && sizeof(((et_dnn_parameters *)0)->format) == 1u);
ET_STORED(dnn_fixed_ranges, offsetof(et_dnn_parameters, fixed_ranges) == 31u && sizeof(((et_dnn_parameters *)0)->fixed_ranges) == 1u);
ET_STORED(dnn_patience, offsetof(et_dnn_parameters, patience) == 32u && sizeof(((et_dnn_parameters *)0)->patience) == 2u);
ET_STORED(dnn_warm_start, offsetof(et_dnn_parameters, warm_start) == 34u && sizeof(((et_dnn_parameters *)0)->warm_start) == 1u);
ET_STORED(dnn_warm_up, offsetof(et_dnn_parameters, warm_up) == 35u && sizeof(((et_dnn_parameters *)0)->warm_up) == 1u);

static const et_field_range dnn_ranges[15] = {
  { offsetof(et_dnn_parameters, rate), ET_FIELD_F32, { .real = 9.99999997e-7f }, { .real = 10.0f } },
  { offsetof(et_dnn_parameters, gate), ET_FIELD_F32, { .real = 0.0f }, { .real = 1.0f } },
  { offsetof(et_dnn_parameters, lambda_min), ET_FIELD_F32, { .real = 0.00999999978f }, { .real = 1.0f } },
  { offsetof(et_dnn_parameters, lambda_max), ET_FIELD_F32, { .real = 0.00999999978f }, { .real = 1.0f } },
  { offsetof(et_dnn_parameters, input_scale), ET_FIELD_F32, { .real = 0.0f }, { .real = 1000.0f } },
  { offsetof(et_dnn_parameters, height), ET_FIELD_U16, { .whole = 1 }, { .whole = 120 } },
  { offsetof(et_dnn_parameters, width), ET_FIELD_U16, { .whole = 0 }, { .whole = 120 } },
  { offsetof(et_dnn_parameters, channels), ET_FIELD_U8, { .whole = 1 }, { .whole = 120 } },
  { offsetof(et_dnn_parameters, label_smoothing), ET_FIELD_U8, { .whole = 0 }, { .whole = 50 } },
  { offsetof(et_dnn_parameters, epochs), ET_FIELD_U16, { .whole = 1 }, { .whole = 65535 } },
  { offsetof(et_dnn_parameters, input_zero), ET_FIELD_I16, { .whole = -128 }, { .whole = 127 } },
  { offsetof(et_dnn_parameters, format), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_dnn_parameters, fixed_ranges), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_dnn_parameters, warm_start), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
  { offsetof(et_dnn_parameters, warm_up), ET_FIELD_U8, { .whole = 0 }, { .whole = 50 } },
};

const et_section_format et_section_dnn = { 20u, 1u, sizeof(et_dnn_parameters), 15u, dnn_ranges };

ET_STORED(layers_size, sizeof(et_layer_entry) == 16u);
ET_STORED(layers_kind, offsetof(et_layer_entry, kind) == 0u && sizeof(((et_layer_entry *)0)->kind) == 1u);
ET_STORED(layers_activation, offsetof(et_layer_entry, activation) == 1u && sizeof(((et_layer_entry *)0)->activation) == 1u);
ET_STORED(layers_padding, offsetof(et_layer_entry, padding) == 2u && sizeof(((et_layer_entry *)0)->padding) == 1u);
ET_STORED(layers_update, offsetof(et_layer_entry, update) == 3u && sizeof(((et_layer_entry *)0)->update) == 1u);
ET_STORED(layers_kernel_h, offsetof(et_layer_entry, kernel_h) == 4u && sizeof(((et_layer_entry *)0)->kernel_h) == 1u);
ET_STORED(layers_kernel_w, offsetof(et_layer_entry, kernel_w) == 5u && sizeof(((et_layer_entry *)0)->kernel_w) == 1u);
ET_STORED(layers_stride_h, offsetof(et_layer_entry, stride_h) == 6u && sizeof(((et_layer_entry *)0)->stride_h) == 1u);
ET_STORED(layers_stride_w, offsetof(et_layer_entry, stride_w) == 7u && sizeof(((et_layer_entry *)0)->stride_w) == 1u);
ET_STORED(layers_outputs, offsetof(et_layer_entry, outputs) == 8u && sizeof(((et_layer_entry *)0)->outputs) == 2u);
ET_STORED(layers_trained_rows, offsetof(et_layer_entry, trained_rows) == 10u && sizeof(((et_layer_entry *)0)->trained_rows) == 2u);
ET_STORED(layers_input, offsetof(et_layer_entry, input) == 12u && sizeof(((et_layer_entry *)0)->input) == 1u);
ET_STORED(layers_other, offsetof(et_layer_entry, other) == 13u && sizeof(((et_layer_entry *)0)->other) == 1u);
ET_STORED(layers_format, offsetof(et_layer_entry, format) == 14u && sizeof(((et_layer_entry *)0)->format) == 1u);

const et_section_format et_section_layers = { 21u, 1u, sizeof(et_layer_entry), 0u, NULL };

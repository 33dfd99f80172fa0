/* Generated from firmware/contract by `npm run generate`. Do not edit. */
#include "edge_trainer/svm_parameters.h"

ET_STORED(svm_size, sizeof(et_svm_parameters) == 24u);
ET_STORED(svm_cost, offsetof(et_svm_parameters, cost) == 0u && sizeof(((et_svm_parameters *)0)->cost) == 4u);
ET_STORED(svm_tolerance, offsetof(et_svm_parameters, tolerance) == 4u && sizeof(((et_svm_parameters *)0)->tolerance) == 4u);
ET_STORED(svm_max_epochs, offsetof(et_svm_parameters, max_epochs) == 8u && sizeof(((et_svm_parameters *)0)->max_epochs) == 2u);
ET_STORED(svm_class_weights, offsetof(et_svm_parameters, class_weights) == 10u && sizeof(((et_svm_parameters *)0)->class_weights) == 1u);
ET_STORED(svm_kernel, offsetof(et_svm_parameters, kernel) == 11u && sizeof(((et_svm_parameters *)0)->kernel) == 1u);
ET_STORED(svm_gamma, offsetof(et_svm_parameters, gamma) == 12u && sizeof(((et_svm_parameters *)0)->gamma) == 4u);
ET_STORED(svm_coef0, offsetof(et_svm_parameters, coef0) == 16u && sizeof(((et_svm_parameters *)0)->coef0) == 4u);
ET_STORED(svm_degree, offsetof(et_svm_parameters, degree) == 20u && sizeof(((et_svm_parameters *)0)->degree) == 1u);
ET_STORED(svm_warm_start, offsetof(et_svm_parameters, warm_start) == 21u && sizeof(((et_svm_parameters *)0)->warm_start) == 1u);
ET_STORED(svm_sv_budget, offsetof(et_svm_parameters, sv_budget) == 22u && sizeof(((et_svm_parameters *)0)->sv_budget) == 2u);

static const et_field_range svm_ranges[9] = {
  { offsetof(et_svm_parameters, cost), ET_FIELD_F32, { .real = 0.0000999999975f }, { .real = 10000.0f } },
  { offsetof(et_svm_parameters, tolerance), ET_FIELD_F32, { .real = 9.99999997e-7f }, { .real = 1.0f } },
  { offsetof(et_svm_parameters, max_epochs), ET_FIELD_U16, { .whole = 1 }, { .whole = 65535 } },
  { offsetof(et_svm_parameters, class_weights), ET_FIELD_U8, { .whole = 0 }, { .whole = 2 } },
  { offsetof(et_svm_parameters, kernel), ET_FIELD_U8, { .whole = 0 }, { .whole = 2 } },
  { offsetof(et_svm_parameters, gamma), ET_FIELD_F32, { .real = 0.0f }, { .real = 1000.0f } },
  { offsetof(et_svm_parameters, coef0), ET_FIELD_F32, { .real = -1000.0f }, { .real = 1000.0f } },
  { offsetof(et_svm_parameters, degree), ET_FIELD_U8, { .whole = 0 }, { .whole = 5 } },
  { offsetof(et_svm_parameters, warm_start), ET_FIELD_U8, { .whole = 0 }, { .whole = 1 } },
};

const et_section_format et_section_svm = { 16u, 1u, sizeof(et_svm_parameters), 9u, svm_ranges };

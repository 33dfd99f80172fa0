/** The keys that each part of the bench promises; one that is missing at the end is named and fails the run. */

function each(names: readonly string[], pattern: string): string[] {
  return names.map((name) => pattern.replace('*', name));
}

const CORES = ['m4f', 'm3', 'm0'];
const CORES_WITH_FLOAT = ['m4f', 'm3'];
const SCHEMES = ['last_layer', 'sparse_static', 'sparse_dynamic', 'sparse_dynamic_rows', 'full', 'no_qas'];
const VARIANTS = [
  ...['recipe', 'float', 'constant', 'warm_up', 'no_residual', 'no_residual_random'],
  ...['short_residual', 'short_residual_random'],
  ...['one_scale', 'unscaled', 'standardised', 'every_sample', 'wide_gate', 'rows'],
  ...['momentum', 'batch', 'batch_momentum', 'float_momentum', 'float_batch', 'float_batch_momentum'],
];

export const PROMISED: Readonly<Record<string, readonly string[]>> = {
  digits: [
    'digits_f32_accuracy',
    'digits_q8_accuracy',
    'digits_shuffled_f32_accuracy',
    'digits_shuffled_q8_accuracy',
  ],
  mnist: ['mnist_f32_accuracy', 'mnist_q8_accuracy'],
  fmnist: each(['f32_accuracy', 'q8_accuracy', 'params', 'train_ram_bytes', 'backward_share'], 'fmnist_*'),
  work: [
    ...each(CORES, 'mnist_q8_train_instructions_per_sample_*'),
    ...each(CORES_WITH_FLOAT, 'mnist_f32_train_instructions_per_sample_*'),
    ...each(CORES_WITH_FLOAT, 'mnist_f32_plain_train_instructions_per_sample_*'),
    ...each(CORES, 'aifes_dense_q8_train_*'),
    ...each(CORES_WITH_FLOAT, 'aifes_dense_f32_train_*'),
    ...each(CORES, 'aifes_dense_q8_infer_*'),
    'aifes_dense_q8_ram_bytes',
    'aifes_dense_q8_accuracy',
    ...each(CORES, 'aifes_cnn_q8_train_*'),
    ...each(CORES_WITH_FLOAT, 'aifes_cnn_f32_train_*'),
    ...each(CORES, 'aifes_cnn_q8_infer_*'),
    'aifes_cnn_q8_ram_bytes',
  ],
  memory: [
    'mnist_q8_train_ram_bytes',
    'mnist_f32_train_ram_bytes',
    'mnist_f32_plain_train_ram_bytes',
    'mnist_q8_to_f32_ram',
    'mnist_q8_to_plain_f32_ram',
  ],
  imports: [
    'tflite_bit_exact_models',
    'tflite_vww_infer_instructions_m4f',
    ...each(CORES_WITH_FLOAT, 'tflite_kws_infer_instructions_*'),
    ...each(['full_update_ram_bytes', 'sparse_ram_bytes', 'sparse_step_instructions_m4f'], 'vww_*'),
    'dnn_longest_slice_instructions_m3',
  ],
  transfer: [...each(SCHEMES, 'transfer_*_accuracy'), ...each(SCHEMES, 'transfer_*_backward_macs_ratio')],
  bearing: ['bearing4_q8_accuracy', 'bearing4_linear_svm_accuracy'],
  regression: ['weather', 'office'].flatMap((set) =>
    each(
      ['q8', 'f32', 'linear_q8', 'linear_f32', 'ridge', 'unchanged', 'mean'],
      `regression_${set}_*_rmse`,
    ).concat(each(['q8', 'f32', 'linear_q8', 'linear_f32'], `regression_${set}_*_rmse_worst`)),
  ),
  largest: ['largest_under_256kb', 'largest_under_256kb_sparse'],
  protocol: ['digits', 'digits_shuffled'].flatMap((set) =>
    each(['dense_q8', 'conv_q8', 'svm_linear'], `protocol_${set}_*_accuracy`),
  ),
  checks: ['gradient_check_max_relative_error', 'planner_ram_error_bytes'],
  ablation: ['digits', 'digits_shuffled', 'mnist'].flatMap((set) => [
    ...each(VARIANTS, `ablation_${set}_*_accuracy`),
    ...each(VARIANTS, `ablation_${set}_*_accuracy_worst`),
  ]),
};

/** Keys that `part` promises and did not give. */
export function missing(part: string, results: Readonly<Record<string, number>>): string[] {
  return (PROMISED[part] ?? []).filter((key) => !(key in results));
}

/**
 * What each ingredient of the recipe is worth, and what ingredients of other recipes would add: one change at a time, each with the rate
 * that did best for it on the last quarter of the training samples.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeSamples } from './data';
import { argumentsOf, here, hostProgram, mean, type Network, type Settings } from './host';
import type { Report } from './report';
import { type Problem, problems } from './scratch';

const SEEDS = [1, 2, 3];
const SETS = ['digits', 'digits_shuffled', 'mnist'] as const;
/** Of mnist half of what its part takes. */
const MNIST_EPOCHS = 4;

interface Variant {
  readonly key: string;
  readonly title: string;
  /** In the words of study.c and problem.h. */
  readonly settings: Settings;
  /** On the sets, in their order. */
  readonly rates: readonly [number, number, number];
  readonly format?: 'f32';
  /** The layer that computes in float among layers of bytes. */
  readonly float?: 'first' | 'last';
}

const VARIANTS: readonly Variant[] = [
  { key: 'recipe', title: 'the recipe', settings: {}, rates: [0.05, 0.02, 0.04] },
  { key: 'float', title: 'the same in float', settings: {}, rates: [0.05, 0.02, 0.04], format: 'f32' },
  {
    key: 'first_float',
    title: 'the first layer in float',
    settings: {},
    rates: [0.05, 0.02, 0.04],
    float: 'first',
  },
  {
    key: 'last_float',
    title: 'the last layer in float',
    settings: {},
    rates: [0.05, 0.02, 0.04],
    float: 'last',
  },
  { key: 'constant', title: 'a constant rate', settings: { constant: 1 }, rates: [0.05, 0.05, 0.01] },
  {
    key: 'warm_up',
    title: 'besides a warm-up of 5 %',
    settings: { warm_up: 5 },
    rates: [0.1, 0.1, 0.04],
  },
  {
    key: 'smoothed',
    title: 'besides labels smoothed by 20 %, gate 0.1',
    settings: { smoothing: 0.2, gate: 0.1 },
    rates: [0.05, 0.05, 0.04],
  },
  {
    key: 'no_residual',
    title: 'bytes without a residual, to nearest',
    settings: { residual: 0 },
    rates: [0.05, 0.05, 0.04],
  },
  {
    key: 'no_residual_random',
    title: 'bytes without a residual, rounded at random',
    settings: { residual: 0, stochastic: 1 },
    rates: [0.05, 0.02, 0.02],
  },
  {
    key: 'short_residual',
    title: 'four bits of residual, to nearest',
    settings: { residual: 4 },
    rates: [0.05, 0.05, 0.02],
  },
  {
    key: 'short_residual_random',
    title: 'four bits of residual, rounded at random',
    settings: { residual: 4, stochastic: 1 },
    rates: [0.05, 0.02, 0.04],
  },
  {
    key: 'one_scale',
    title: 'one scale for all channels of a layer',
    settings: { tensor_scale: 1 },
    rates: [0.02, 0.05, 0.02],
  },
  {
    key: 'unscaled',
    title: 'no quantization-aware scaling',
    settings: { unscaled: 1 },
    rates: [300, 100, 300],
  },
  {
    key: 'standardised',
    title: 'besides gradients standardised by row',
    settings: { standardise: 1 },
    rates: [0.003, 0.03, 0.003],
  },
  {
    key: 'every_sample',
    title: 'a backward pass for every sample',
    settings: { gate: 0 },
    rates: [0.05, 0.02, 0.02],
  },
  {
    key: 'wide_gate',
    title: 'none where no output is off by 0.5',
    settings: { gate: 0.5 },
    rates: [0.05, 0.02, 0.04],
  },
  {
    key: 'rows',
    title: 'besides only the rows with the largest errors, 0.1 to 1',
    settings: { lambda_min: 0.1 },
    rates: [0.05, 0.02, 0.02],
  },
  { key: 'momentum', title: 'momentum 0.9', settings: { momentum: 0.9 }, rates: [0.005, 0.005, 0.002] },
  { key: 'batch', title: 'batches of 8', settings: { batch: 8 }, rates: [0.2, 0.2, 0.16] },
  {
    key: 'batch_momentum',
    title: 'batches of 8, momentum 0.9',
    settings: { batch: 8, momentum: 0.9 },
    rates: [0.05, 0.02, 0.016],
  },
  {
    key: 'float_momentum',
    title: 'float, momentum 0.9',
    settings: { momentum: 0.9 },
    rates: [0.005, 0.002, 0.001],
    format: 'f32',
  },
  {
    key: 'float_batch',
    title: 'float, batches of 8',
    settings: { batch: 8 },
    rates: [0.2, 0.2, 0.16],
    format: 'f32',
  },
  {
    key: 'float_batch_momentum',
    title: 'float, batches of 8, momentum 0.9',
    settings: { batch: 8, momentum: 0.9 },
    rates: [0.02, 0.02, 0.032],
    format: 'f32',
  },
];

interface Outcome {
  readonly status: number;
  readonly accuracy: number;
  readonly backward_share: number;
}

/** The study's program: the linker puts its update in the place of the family's. */
export function studyProgram(folder: string): string {
  return hostProgram('study', folder, {
    sources: ['study', 'study_weights'].map((name) => join(here, `${name}.c`)),
    flags: ['-Wl,--wrap=et_dnn_update_node'],
  });
}

/** The words of a network with one layer of its own format. */
function withFloat(layers: string, which: Variant['float']): string {
  const words = layers.split(' ');
  const at = which === 'first' ? 0 : words.length - 1;
  return which === undefined ? layers : words.with(at, `${words[at]}:f32`).join(' ');
}

function run(folder: string, data: string, network: Network, settings: Settings): Outcome {
  const output = execFileSync(studyProgram(folder), argumentsOf(data, network, settings), {
    encoding: 'utf8',
  });
  return JSON.parse(output) as Outcome;
}

function measure(
  set: (typeof SETS)[number],
  { settings, input, layers }: Problem,
  folder: string,
  report: Report,
): void {
  const data = join(folder, `${set}.samples`);
  const at = SETS.indexOf(set);
  report.heading(`ablation, ${set}: ${layers}, seeds ${SEEDS.join(', ')}`);
  for (const variant of VARIANTS) {
    const network: Network = {
      ...{ format: variant.format ?? 'q8', input },
      layers: withFloat(layers, variant.float),
    };
    const rate = variant.rates[at];
    if (rate === undefined) throw new Error(`${variant.key} has no rate for ${set}`);
    const runs = SEEDS.map((seed) =>
      run(folder, data, network, { ...settings, ...variant.settings, rate, seed }),
    );
    // A training that broke off has an accuracy too: that of what it left.
    const broken = runs.filter(({ status }) => status !== 0).length;
    const accuracies = runs.map(({ accuracy }) => accuracy);
    const worst = Math.min(...accuracies);
    const share = mean(runs.map((each) => each.backward_share));
    report.note(
      `ablation_${set}_${variant.key}_accuracy`,
      mean(accuracies),
      2,
      `worst ${worst.toFixed(2)} %${share > 0 ? `, ${(100 * share).toFixed(1)} % of the backward work` : ''}${broken > 0 ? `, ${broken} broke off` : ''}; ${variant.title}`,
    );
    report.note(`ablation_${set}_${variant.key}_accuracy_worst`, worst, 2, 'percent, worst seed');
  }
}

export function ablation(folder: string, report: Report): void {
  for (const set of SETS) {
    const problem = problems[set];
    if (problem === undefined) throw new Error(`no such problem: ${set}`);
    writeSamples(join(folder, `${set}.samples`), problem.samples());
    const settings = {
      ...problem.settings,
      smoothing: 0,
      ...(set === 'mnist' ? { epochs: MNIST_EPOCHS } : {}),
    };
    measure(set, { ...problem, settings }, folder, report);
  }
}

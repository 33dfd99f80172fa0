/** Training from scratch: accuracy of the int8 recipe beside float, three seeds each. */
import { join } from 'node:path';
import { digits, fashion, mnist, type Samples, writeSamples } from './data';
import { mean, type Network, type Settings, train, trainingBytes } from './host';
import type { Report } from './report';

const SEEDS = [1, 2, 3];
const CNN = 'conv:3x3x8:same:relu max:2x2 conv:3x3x16:same:relu max:2x2 flatten dense:10';
/** The smallest of three that did better than the dense one in a five-fold cross-validation on the 1000 training samples. */
const SMALL_CNN = 'conv:3x3x8:same:relu max:2x2 dense:10';
const SMALL_SETTINGS: Settings = {
  epochs: 30,
  rate: 0.05,
  gate: 0.1,
  smoothing: 0.2,
  scale: 1 / 128,
  zero: 0,
};

export interface Problem {
  readonly samples: () => Samples;
  readonly input: string;
  readonly layers: string;
  readonly settings: Settings;
}

/** Rates, epochs and gates were chosen on a part of the training samples (see the README). */
export const problems: Readonly<Record<string, Problem>> = {
  fmnist: { samples: fashion, input: '28x28x1', layers: CNN, settings: { epochs: 5, rate: 0.01 } },
  mnist: { samples: mnist, input: '28x28x1', layers: CNN, settings: { epochs: 8, rate: 0.01 } },
  digits: {
    samples: () => digits('as they stand'),
    input: '8x8x1',
    layers: SMALL_CNN,
    settings: SMALL_SETTINGS,
  },
  digits_shuffled: {
    samples: () => digits('shuffled'),
    input: '8x8x1',
    layers: SMALL_CNN,
    settings: SMALL_SETTINGS,
  },
};

const BARS: Readonly<Record<string, string>> = {
  fmnist: '; at least 89, within 0.7 of float',
  mnist: '; at least 98',
  digits: '; at least 93.5',
  digits_shuffled: '; at least 97',
};

export function scratch(name: string, folder: string, report: Report): void {
  const problem = problems[name];
  if (problem === undefined) throw new Error(`no such problem: ${name}`);
  const data = join(folder, `${name}.samples`);
  const samples = problem.samples();
  writeSamples(data, samples);
  report.heading(
    `${name}: ${samples.train} to train, ${samples.inputs.length - samples.train} to test, ${problem.layers}, ${problem.settings.epochs} epochs, seeds ${SEEDS.join(', ')}`,
  );
  for (const format of ['f32', 'q8'] as const) {
    const network: Network = { format, input: problem.input, layers: problem.layers };
    const runs = SEEDS.map((seed) => train(folder, data, network, { ...problem.settings, seed }));
    const accuracies = runs.map(({ accuracy }) => accuracy);
    const worst = Math.min(...accuracies);
    report.note(
      `${name}_${format}_accuracy`,
      mean(accuracies),
      2,
      `percent, mean; worst ${worst.toFixed(2)}${format === 'q8' ? BARS[name] : ''}`,
    );
    report.note(`${name}_${format}_accuracy_worst`, worst, 2, 'percent, worst seed');
    const [first] = runs;
    if (first === undefined) continue;
    report.note(
      `${name}_${format}_train_ram_bytes`,
      trainingBytes(first),
      0,
      'generation, working memory, plan and job',
    );
    if (format === 'f32') continue;
    report.note(`${name}_train_ram_bytes`, trainingBytes(first), 0, 'the same of q8');
    report.note(`${name}_params`, first.parameters, 0, 'weights and biases');
    report.note(
      `${name}_backward_share`,
      mean(runs.map(({ backward_share }) => backward_share)),
      4,
      `of the multiply-accumulates of a full backward pass; ${(100 * mean(runs.map((run) => run.backward_samples))).toFixed(1)} % of the samples had one`,
    );
  }
  trivial(name, samples, report);
}

/** The nearest class mean: what no training gets. */
function trivial(name: string, samples: Samples, report: Report): void {
  const labels = samples.labels ?? [];
  const width = samples.inputs[0]?.length ?? 0;
  const sums = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let i = 0; i < samples.train; i++) {
    const label = labels[i] ?? 0;
    const of = sums.get(label) ?? { sum: new Float64Array(width), count: 0 };
    sums.set(label, of);
    of.count++;
    samples.inputs[i]?.forEach((value, j) => {
      of.sum[j] = (of.sum[j] ?? 0) + value;
    });
  }
  const means = [...sums].map(([label, { sum, count }]) => ({
    label,
    at: sum.map((value) => value / count),
  }));
  let right = 0;
  for (let i = samples.train; i < samples.inputs.length; i++) {
    const row = samples.inputs[i] ?? new Int8Array();
    let best = { label: -1, distance: Number.POSITIVE_INFINITY };
    for (const { label, at } of means) {
      let distance = 0;
      for (let j = 0; j < width; j++) distance += ((row[j] ?? 0) - (at[j] ?? 0)) ** 2;
      if (distance < best.distance) best = { label, distance };
    }
    right += best.label === labels[i] ? 1 : 0;
  }
  report.note(
    `${name}_nearest_mean_accuracy`,
    (100 * right) / (samples.inputs.length - samples.train),
    2,
    'percent, the trivial rule beside: the class whose mean is nearest',
  );
}

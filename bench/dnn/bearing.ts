/** Bearing faults from raw windows of vibration: a 1-D convolution, beside a linear SVM on ten usual features of the same windows. */
import { join } from 'node:path';
import { numbersOf } from '../data';
import type { Problem } from '../svm/problems';
import { liblinear } from '../svm/references';
import { sharedTable, writeSamples } from './data';
import { mean, type Network, train, trainingBytes } from './host';
import type { Report } from './report';

const CLASSES = ['normal', 'inner-race-7', 'ball-7', 'outer-race-7'];
const WINDOW = 512;
/** Windows to learn from overlap more: more of them. */
const HOPS = { train: 64, test: 256 } as const;
/** The last part of every file is held out. */
const TRAIN_SHARE = 0.7;
/** g at which an int8 is full: beyond the largest healthy peaks; those of the faults are cut. */
const FULL_G = 1;
const NETWORK: Network = {
  format: 'q8',
  input: `1x${WINDOW}x1`,
  layers: 'conv:1x16x8:same:relu:stride=1x4 max:1x2 conv:1x8x16:same:relu max:1x4 flatten dense:4',
};
const SETTINGS = { epochs: 15, rate: 0.01, gate: 0.2, scale: 1 / 127, zero: 0 };
const SEEDS = [1, 2, 3];

interface Window {
  readonly values: readonly number[];
  readonly label: number;
}

/** Windows of one part of every file; none reaches into the other part. */
function windows(part: 'train' | 'test'): Window[] {
  return CLASSES.flatMap((name, label) => {
    const all = numbersOf(sharedTable(`bearing-vibration/${name}.csv.gz`), [0]).map(
      ([first]) => first as number,
    );
    const border = Math.floor(all.length * TRAIN_SHARE);
    const [from, to] = part === 'train' ? [0, border] : [border, all.length];
    const found: Window[] = [];
    for (let at = from; at + WINDOW <= to; at += HOPS[part])
      found.push({ values: all.slice(at, at + WINDOW), label });
    return found;
  });
}

/** RMS, mean magnitude, peak, peak to peak, crest, shape and impulse factor, skewness, kurtosis, zero crossings. */
function features(values: readonly number[]): number[] {
  const n = values.length;
  const centre = mean(values);
  const moment = (power: number): number => mean(values.map((value) => (value - centre) ** power));
  const rms = Math.sqrt(mean(values.map((value) => value * value)));
  const magnitude = mean(values.map(Math.abs));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const peak = Math.max(most, -least);
  const deviation = Math.sqrt(moment(2));
  let crossings = 0;
  for (let i = 1; i < n; i++) if ((values[i] ?? 0) > centre !== (values[i - 1] ?? 0) > centre) crossings++;
  return [
    rms,
    magnitude,
    peak,
    most - least,
    peak / rms,
    rms / magnitude,
    peak / magnitude,
    moment(3) / deviation ** 3,
    moment(4) / deviation ** 4,
    crossings / n,
  ];
}

function featureProblem(training: readonly Window[], testing: readonly Window[]): Problem {
  const raw = [...training, ...testing].map(({ values }) => features(values));
  const ranges = (raw[0] ?? []).map((_, j) => {
    const column = raw.slice(0, training.length).map((row) => row[j] ?? 0);
    return [Math.min(...column), Math.max(...column)] as const;
  });
  const rows = raw.map((row) =>
    row.map((value, j) => {
      const [least, most] = ranges[j] ?? [0, 1];
      return Math.round((2 * Math.min(1, Math.max(0, (value - least) / (most - least))) - 1) * 127);
    }),
  );
  const labels = [...training, ...testing].map(({ label }) => label);
  return { name: 'bearing4', classes: CLASSES.length, rows, labels, train: training.length };
}

export function bearing(folder: string, report: Report): void {
  const [training, testing] = [windows('train'), windows('test')];
  report.heading(
    `bearing4: ${CLASSES.join(', ')}; windows of ${WINDOW} at 12 kHz, ${training.length} to train, ${testing.length} from the last 30 % of every file; ${NETWORK.layers}`,
  );
  const data = join(folder, 'bearing.samples');
  writeSamples(data, {
    inputs: [...training, ...testing].map(({ values }) =>
      Int8Array.from(values, (g) => Math.max(-127, Math.min(127, Math.round((g / FULL_G) * 127)))),
    ),
    labels: [...training, ...testing].map(({ label }) => label),
    train: training.length,
  });
  for (const format of ['f32', 'q8'] as const) {
    const runs = SEEDS.map((seed) => train(folder, data, { ...NETWORK, format }, { ...SETTINGS, seed }));
    const accuracies = runs.map(({ accuracy }) => accuracy);
    report.note(
      `bearing4_${format}_accuracy`,
      mean(accuracies),
      2,
      `percent; worst seed ${Math.min(...accuracies).toFixed(2)}${format === 'q8' ? '; at least 98' : ''}`,
    );
    const [first] = runs;
    if (first !== undefined)
      report.note(
        `bearing4_${format}_train_ram_bytes`,
        trainingBytes(first),
        0,
        `${first.parameters} parameters`,
      );
  }
  report.note(
    'bearing4_linear_svm_accuracy',
    liblinear(featureProblem(training, testing), folder),
    2,
    'percent, LIBLINEAR on ten features of the same windows',
  );
}

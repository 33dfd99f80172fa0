/**
 * Continuous outputs through the protocol: two forecasts that virtual trainers learn as a PLC would teach them, beside ridge regression, the
 * rule that nothing changes and the mean, all on the same int8 rows.
 */
import type { TrainerDefinition } from '../../trainer';
import { columnOf, numbersOf, type Table } from '../data';
import { onVirtualTrainer } from '../on_virtual_trainer';
import { sharedTable } from './data';
import { mean } from './host';
import type { Report } from './report';

const SEEDS = [1, 2, 3];
type Layers = Extract<TrainerDefinition['model'], { type: 'dnn' }>['layers'];
/** By what its figures are called: the network, and a single layer, which is the linear rule learned step by step. */
const NETWORKS: Readonly<Record<string, Layers>> = {
  '': [
    { kind: 'dense', units: 24, activation: 'relu' },
    { kind: 'dense', units: 12, activation: 'relu' },
    { kind: 'dense', units: 1 },
  ],
  linear_: [{ kind: 'dense', units: 1 }],
};
/** Rows that a virtual trainer is taught and asked; of more each k-th is taken. */
const MOST = 2000;
/** A fifth of the rows is held out: 1600 x 80 steps, as many as 20 rounds over all rows took when the bench drove the C code. */
const EPOCHS = 80;
const RIDGE = 1e-3;

interface Row {
  readonly features: readonly number[];
  readonly target: number;
  /** What the target is if nothing changes. */
  readonly now: number;
}

interface Forecast {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly training: readonly Row[];
  readonly testing: readonly Row[];
}

/** Columns of a table of the shared data by their names. Throws Error where a number is missing. */
function columnsIn(table: Table, names: readonly string[]): number[][] {
  return numbersOf(
    table,
    names.map((name) => columnOf(table, name)),
  );
}

function circle(turn: number): [number, number] {
  return [Math.sin(2 * Math.PI * turn), Math.cos(2 * Math.PI * turn)];
}

/** The temperature in three hours; every fourth week of the year is for the test. */
function weather(): Forecast {
  const AHEAD = 3;
  const HOURS_A_WEEK = 168;
  const rows = columnsIn(sharedTable('weather/mannheim.csv'), [
    'dry_bulb_c',
    'relative_humidity_percent',
    'global_horizontal_wh_m2',
    'wind_speed_m_s',
    'hour',
    'month',
  ]);
  const value = (at: number, column: number): number => rows[at]?.[column] ?? 0;
  const training: Row[] = [];
  const testing: Row[] = [];
  for (let at = 3; at + AHEAD < rows.length; at++) {
    const now = value(at, 0);
    const features = [
      now,
      now - value(at - 1, 0),
      now - value(at - 3, 0),
      value(at, 1),
      value(at, 2),
      value(at, 3),
    ];
    const row = {
      features: [...features, ...circle(value(at, 4) / 24), ...circle((value(at, 5) - 1) / 12)],
      target: value(at + AHEAD, 0),
      now,
    };
    (Math.floor(at / HOURS_A_WEEK) % 4 === 3 ? testing : training).push(row);
  }
  return { name: 'weather', what: 'temperature at Mannheim in three hours', unit: 'K', training, testing };
}

/** Minutes since midnight in a cell "2015-02-04 17:51:00". Throws Error when it tells no time. */
function minutesIn({ file, rows }: Table, at: number, column: number): number {
  const cell = rows[at]?.fields[column] ?? '';
  const [, hours, minutes] = /[ T](\d\d):(\d\d)/.exec(cell) ?? [];
  if (hours === undefined)
    throw new Error(`${file}: line ${rows[at]?.number} has "${cell}" in column "date" instead of a time`);
  return Number(hours) * 60 + Number(minutes);
}

/** An office's CO2 in fifteen minutes: learned from one file, judged on the other, whose days lie before. */
function office(): Forecast {
  const AHEAD = 15;
  const rowsOf = (file: string): Row[] => {
    const table = sharedTable(`occupancy/${file}`);
    const rows = columnsIn(table, ['CO2', 'Temperature', 'Humidity', 'Light']);
    const date = columnOf(table, 'date');
    const value = (at: number, column: number): number => rows[at]?.[column] ?? 0;
    const found: Row[] = [];
    for (let at = 15; at + AHEAD < rows.length; at++) {
      const now = value(at, 0);
      const features = [
        now,
        now - value(at - 5, 0),
        now - value(at - 15, 0),
        value(at, 1),
        value(at, 2),
        value(at, 3),
      ];
      const minutes = minutesIn(table, at, date);
      found.push({ features: [...features, ...circle(minutes / 1440)], target: value(at + AHEAD, 0), now });
    }
    return found;
  };
  return {
    name: 'office',
    what: "an office's CO2 in fifteen minutes",
    unit: 'ppm',
    training: rowsOf('office-2015-02-04.csv'),
    testing: rowsOf('office-2015-02-02.csv'),
  };
}

/** Weights of ridge regression, the last is the bias: Gaussian elimination of the normal equations. */
function ridge(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const width = (rows[0]?.length ?? 0) + 1;
  const system = Array.from({ length: width }, () => new Float64Array(width + 1));
  rows.forEach((row, i) => {
    const x = [...row, 1];
    for (let a = 0; a < width; a++) {
      const line = system[a] as Float64Array;
      for (let b = 0; b < width; b++) line[b] = (line[b] ?? 0) + (x[a] ?? 0) * (x[b] ?? 0);
      line[width] = (line[width] ?? 0) + (x[a] ?? 0) * (targets[i] ?? 0);
    }
  });
  for (let a = 0; a + 1 < width; a++) {
    const line = system[a] as Float64Array;
    line[a] = (line[a] ?? 0) + RIDGE * rows.length;
  }
  for (let a = 0; a < width; a++) {
    const pivot = system[a] as Float64Array;
    for (let other = 0; other < width; other++) {
      const line = system[other] as Float64Array;
      if (other === a) continue;
      const factor = (line[a] ?? 0) / (pivot[a] ?? 1);
      for (let b = a; b <= width; b++) line[b] = (line[b] ?? 0) - factor * (pivot[b] ?? 0);
    }
  }
  return system.map((line, a) => (line[width] ?? 0) / (line[a] ?? 1));
}

function range(values: readonly number[]): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

function thinned(rows: readonly Row[]): Row[] {
  const step = Math.ceil(rows.length / MOST);
  return rows.filter((_, i) => i % step === 0);
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}

interface Learner {
  readonly layers: Layers;
  readonly format: 'f32' | 'q8';
  readonly seed: number;
}

/** The definition: features as the training rows range, and the change from now on as the output. */
function definition(series: Forecast, half: number, { layers, format, seed }: Learner): TrainerDefinition {
  const width = series.training[0]?.features.length ?? 0;
  return {
    name: series.name,
    features: Array.from({ length: width }, (_, j) => {
      const [min, max] = range(series.training.map(({ features }) => features[j] ?? 0));
      return { name: `feature ${j}`, min, max };
    }),
    outputs: [{ name: 'change', unit: series.unit, min: -half, max: half, initial: 0 }],
    seed,
    outOfRange: 'clamp',
    model: { type: 'dnn', format, epochs: EPOCHS, layers },
    stitching: { capacity: series.training.length },
    training: { mode: 'manual', minSamples: 20 },
  };
}

interface Learned {
  /** A candidate that is worse than the mean on held-out rows does not: then the trainer keeps saying that nothing changes. */
  readonly tookOver: boolean;
  /** What was said less what came. */
  readonly errors: readonly number[];
}

/** Teaches every row, trains once, and asks for every row of the test. */
async function learned(series: Forecast, half: number, learner: Learner): Promise<Learned> {
  return onVirtualTrainer(definition(series, half, learner), async (trainer) => {
    for (const { features, now, target } of series.training)
      await trainer.dataset.add(features, Math.min(half, Math.max(-half, target - now)));
    const { result } = await trainer.model.train();
    const errors: number[] = [];
    for (const { features, now, target } of series.testing) {
      const { outputs } = await trainer.infer(features);
      errors.push(now + (outputs?.change ?? 0) - target);
    }
    return { tookOver: result === 'promoted', errors };
  });
}

/** Ridge regression of the same changes on the same rows, as bytes. */
function linearErrors({ training, testing }: Forecast): number[] {
  const ranges = (training[0]?.features ?? []).map((_, j) =>
    range(training.map(({ features }) => features[j] ?? 0)),
  );
  const bytes = ({ features }: Row): number[] =>
    features.map((value, j) => {
      const [least, most] = ranges[j] ?? [0, 1];
      return Math.round((2 * Math.min(1, Math.max(0, (value - least) / (most - least))) - 1) * 127) / 127;
    });
  const weights = ridge(
    training.map(bytes),
    training.map(({ now, target }) => target - now),
  );
  return testing.map((row) => {
    const said = bytes(row).reduce((sum, value, j) => sum + value * (weights[j] ?? 0), weights.at(-1) ?? 0);
    return row.now + said - row.target;
  });
}

async function forecast(whole: Forecast, report: Report): Promise<void> {
  const series = { ...whole, training: thinned(whole.training), testing: thinned(whole.testing) };
  const { name, what, unit, training, testing } = series;
  // What is learned is the change: a byte of input is too coarse to give the value again.
  const [least, most] = range(training.map(({ now, target }) => target - now));
  const half = Math.max(-least, most);
  report.heading(
    `regression_${name}: ${what}, through Modbus on virtual trainers, ${training.length} taught, ${testing.length} asked`,
  );
  for (const [called, layers] of Object.entries(NETWORKS))
    for (const format of ['f32', 'q8'] as const) {
      const runs: Learned[] = [];
      for (const seed of SEEDS) runs.push(await learned(series, half, { layers, format, seed }));
      const found = runs.map(({ errors }) => rootMeanSquare(errors));
      const over = runs.filter(({ tookOver }) => tookOver).length;
      report.note(
        `regression_${name}_${called}${format}_rmse`,
        mean(found),
        3,
        `${unit}, ${SEEDS.length} seeds, of which ${over} took over`,
      );
      report.note(
        `regression_${name}_${called}${format}_rmse_worst`,
        Math.max(...found),
        3,
        `${unit}, the worst of them`,
      );
    }
  report.note(
    `regression_${name}_ridge_rmse`,
    rootMeanSquare(linearErrors(series)),
    3,
    `${unit}, ridge regression`,
  );
  report.note(
    `regression_${name}_unchanged_rmse`,
    rootMeanSquare(testing.map(({ now, target }) => now - target)),
    3,
    `${unit}, the trivial rule: the last value, it stays as it is`,
  );
  const usual = mean(training.map(({ target }) => target));
  report.note(
    `regression_${name}_mean_rmse`,
    rootMeanSquare(testing.map(({ target }) => usual - target)),
    3,
    `${unit}, the trivial rule: the mean of what was taught`,
  );
}

export async function regression(_folder: string, report: Report): Promise<void> {
  for (const series of [weather(), office()]) await forecast(series, report);
}

/** Continuous outputs: two forecasts, beside ridge regression and the rule that nothing changes, all on the same int8 rows. */
import { join } from 'node:path';
import { needFile, SHARED, writeSamples } from './data';
import { mean, train } from './host';
import type { Report } from './report';

const SEEDS = [1, 2, 3];
const LAYERS = 'dense:24:relu dense:12:relu dense:1';
const SETTINGS = { epochs: 20, rate: 0.02, gate: 0.01, huber: 1, scale: 1 / 127, zero: 0 };
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

function lines(file: string): string[] {
  const text = needFile(join(SHARED, file), 'it lies in the folder of shared data').toString('utf8');
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}

function circle(turn: number): [number, number] {
  return [Math.sin(2 * Math.PI * turn), Math.cos(2 * Math.PI * turn)];
}

/** The temperature in three hours; every fourth week of the year is for the test. */
function weather(): Forecast {
  const AHEAD = 3;
  const HOURS_A_WEEK = 168;
  const rows = lines('weather/mannheim.csv').map((line) => line.split(',').map(Number));
  const value = (at: number, column: number): number => rows[at]?.[column] ?? 0;
  const training: Row[] = [];
  const testing: Row[] = [];
  for (let at = 3; at + AHEAD < rows.length; at++) {
    const now = value(at, 3);
    const features = [
      now,
      now - value(at - 1, 3),
      now - value(at - 3, 3),
      value(at, 4),
      value(at, 5),
      value(at, 8),
    ];
    const row = {
      features: [...features, ...circle(value(at, 2) / 24), ...circle((value(at, 0) - 1) / 12)],
      target: value(at + AHEAD, 3),
      now,
    };
    (Math.floor(at / HOURS_A_WEEK) % 4 === 3 ? testing : training).push(row);
  }
  return { name: 'weather', what: 'temperature at Mannheim in three hours', unit: 'K', training, testing };
}

/** An office's CO2 in fifteen minutes: learned from one file, judged on the other, whose days lie before. */
function office(): Forecast {
  const AHEAD = 15;
  const rowsOf = (file: string): Row[] => {
    const rows = lines(`occupancy/${file}`).map((line) => line.split(','));
    const value = (at: number, column: number): number => Number(rows[at]?.[column] ?? 0);
    const found: Row[] = [];
    for (let at = 15; at + AHEAD < rows.length; at++) {
      const now = value(at, 4);
      const minutes =
        Number(rows[at]?.[0]?.slice(11, 13) ?? 0) * 60 + Number(rows[at]?.[0]?.slice(14, 16) ?? 0);
      const features = [
        now,
        now - value(at - 5, 4),
        now - value(at - 15, 4),
        value(at, 1),
        value(at, 2),
        value(at, 3),
      ];
      found.push({ features: [...features, ...circle(minutes / 1440)], target: value(at + AHEAD, 4), now });
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

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}

function forecast({ name, what, unit, training, testing }: Forecast, folder: string, report: Report): void {
  const all = [...training, ...testing];
  const range = (values: readonly number[]): [number, number] => [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  const ranges = (training[0]?.features ?? []).map((_, j) =>
    range(training.map(({ features }) => features[j] ?? 0)),
  );
  const rows = all.map(({ features }) =>
    features.map((value, j) => {
      const [least, most] = ranges[j] ?? [0, 1];
      return Math.round((2 * Math.min(1, Math.max(0, (value - least) / (most - least))) - 1) * 127);
    }),
  );
  // What is learned is the change: a byte of input is too coarse to give the value again.
  const changes = all.map(({ now, target }) => target - now);
  const [least, most] = range(changes.slice(0, training.length));
  const half = Math.max(-least, most);
  const targets = changes.map((change) => change / half);
  const data = join(folder, `${name}.samples`);
  writeSamples(data, {
    inputs: rows.map((row) => Int8Array.from(row)),
    targets: targets.map((target) => [target]),
    train: training.length,
  });
  report.heading(
    `regression_${name}: ${what}, ${training.length} to train, ${testing.length} to test, ${LAYERS}`,
  );
  for (const format of ['f32', 'q8'] as const) {
    const network = { format, input: `1x1x${ranges.length}`, layers: LAYERS };
    const errors = SEEDS.map(
      (seed) => (train(folder, data, network, { ...SETTINGS, seed }).rmse[0] ?? 0) * half,
    );
    report.note(
      `regression_${name}_${format}_rmse`,
      mean(errors),
      3,
      `${unit}; worst seed ${Math.max(...errors).toFixed(3)}`,
    );
  }
  const unitRows = rows.map((row) => row.map((value) => value / 127));
  const weights = ridge(unitRows.slice(0, training.length), targets.slice(0, training.length));
  const linear = unitRows.slice(training.length).map((row, i) => {
    const said = row.reduce((sum, value, j) => sum + value * (weights[j] ?? 0), weights.at(-1) ?? 0);
    return (said - (targets[training.length + i] ?? 0)) * half;
  });
  report.note(`regression_${name}_ridge_rmse`, rootMeanSquare(linear), 3, `${unit}, ridge regression`);
  report.note(
    `regression_${name}_unchanged_rmse`,
    rootMeanSquare(testing.map(({ now, target }) => now - target)),
    3,
    `${unit}, the trivial rule: it stays as it is`,
  );
}

export function regression(folder: string, report: Report): void {
  for (const one of [weather(), office()]) forecast(one, folder, report);
}

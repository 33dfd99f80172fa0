/** The problems of the SVM bench: rows as a trainer stores them (int8, each feature scaled from its range to +-127). */
import { join } from 'node:path';
import { numbersOf, readBareTable, readTable } from '../data';

const data = join(__dirname, '../../../test/data');
/** What stands for 1.0 in an int8 row. */
export const ROW_ONE = 127;

export interface Problem {
  readonly name: string;
  readonly classes: number;
  /** Stored rows: training part first. */
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly train: number;
}

interface Table {
  readonly rows: number[][];
  readonly labels: number[];
}

/** Numbers, the label last, below a line of names or without one. */
function table(file: string, heading: 'named' | 'bare' = 'bare'): Table {
  const path = join(data, file);
  const rows = numbersOf(heading === 'named' ? readTable(path) : readBareTable(path));
  return { rows: rows.map((row) => row.slice(0, -1)), labels: rows.map((row) => row.at(-1) ?? Number.NaN) };
}

/** Range of every feature, as a definition would give it: from the training part only. */
function rangesOf(rows: readonly (readonly number[])[]): [number, number][] {
  const first = rows[0] ?? [];
  return first.map((_, j) => {
    const values = rows.map((row) => row[j] ?? 0);
    return [Math.min(...values), Math.max(...values)];
  });
}

/** The firmware's scaling: the range onto +-127, what is outside is cut. */
function store(rows: readonly (readonly number[])[], ranges: readonly [number, number][]): number[][] {
  return rows.map((row) =>
    row.map((value, j) => {
      const [least, most] = ranges[j] ?? [0, 1];
      if (most === least) return -ROW_ONE;
      const share = Math.min(1, Math.max(0, (value - least) / (most - least)));
      return Math.round((2 * share - 1) * ROW_ONE);
    }),
  );
}

function problem(
  name: string,
  source: Table,
  train: readonly number[],
  test: readonly number[],
  pixels: boolean,
): Problem {
  const order = [...train, ...test];
  const rows = order.map((i) => source.rows[i] ?? []);
  const ranges: [number, number][] = pixels
    ? (rows[0] ?? []).map(() => [0, 16])
    : rangesOf(rows.slice(0, train.length));
  const labels = order.map((i) => source.labels[i] ?? 0);
  return { name, classes: Math.max(...labels) + 1, rows: store(rows, ranges), labels, train: train.length };
}

function count(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Edge2Train's sets: the first 70 % of each class train, the rest tests; class 0 is +1. */
export function edge2train(name: 'iris' | 'digits01' | 'breast_cancer'): Problem {
  const source = table(`edge2train/${name}.csv`);
  const labels = source.labels.map((label) => (label > 0 ? 0 : 1));
  const train: number[] = [];
  const test: number[] = [];
  for (const label of [0, 1]) {
    const own = count(0, labels.length).filter((i) => labels[i] === label);
    const share = Math.floor(0.7 * own.length);
    train.push(...own.slice(0, share));
    test.push(...own.slice(share));
  }
  return problem(name, { rows: source.rows, labels }, train, test, name === 'digits01');
}

/** The case that overflowed the published boards: digit 6 against the others, 60 of each to train on. */
export function digits6(): Problem {
  const source = table('digits/digits.csv.gz');
  const labels = source.labels.map((label) => (label === 6 ? 0 : 1));
  const all = count(0, labels.length);
  const train = [0, 1].flatMap((label) => all.filter((i) => labels[i] === label).slice(0, 60));
  const chosen = new Set(train);
  return problem(
    'digits6x120',
    { rows: source.rows, labels },
    train,
    all.filter((i) => !chosen.has(i)),
    true,
  );
}

/** All ten digits in the order of the file: the first `train` of 1797 train. */
export function digits10(train = 1000): Problem {
  const source = table('digits/digits.csv.gz');
  return problem('digits10', source, count(0, train), count(train, 1797), true);
}

export function uciBreastCancer(): Problem {
  const source = table('breast-cancer/breast_cancer.csv', 'named');
  return problem('uci_breast_cancer', source, count(0, 398), count(398, 569), false);
}

/** All three species: the first 70 % of each train. */
export function iris(): Problem {
  const source = table('iris/iris.csv', 'named');
  const all = count(0, source.labels.length);
  const parts = [0, 1, 2].map((label) => all.filter((i) => source.labels[i] === label));
  const train = parts.flatMap((part) => part.slice(0, 35));
  const test = parts.flatMap((part) => part.slice(35));
  return problem('iris3', source, train, test, false);
}

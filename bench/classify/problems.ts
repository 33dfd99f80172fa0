/** Tables with truths, and the definitions that fit them. */
import { join } from 'node:path';
import { states } from '../../test/support/random';
import type { TrainerDefinition } from '../../trainer';
import {
  columnOf,
  completeRows,
  dataFiles,
  InputError,
  numberAt,
  numbersOf,
  readTable,
  type Table,
} from '../data';

export interface Problem {
  readonly name: string;
  readonly classes: number;
  /** Its rows are in order of time. */
  readonly inOrder: boolean;
  readonly definition: TrainerDefinition;
  readonly train: readonly { readonly features: readonly number[]; readonly truth: number }[];
  readonly test: readonly { readonly features: readonly number[]; readonly truth: number }[];
}

const held = join(__dirname, '../../../test/data');

/** The column that is no feature and holds nothing but labels; of several the last. Throws InputError at the cell that comes nearest. */
function truthColumn(table: Table, labels: readonly string[], columns: readonly number[]): number {
  const others = [...table.names.keys()].filter((column) => !columns.includes(column));
  const foreign = (column: number): Table['rows'][number] | undefined =>
    table.rows.find(({ fields }) => !['', ...labels].includes(fields[column] ?? ''));
  const found = others.filter((column) => foreign(column) === undefined);
  const last = found.at(-1);
  if (last !== undefined) {
    if (found.length > 1) console.log(`${table.file}: the truth is in column "${table.names[last]}"`);
    return last;
  }
  const nearly = others.findLast((column) =>
    table.rows.some(({ fields }) => labels.includes(fields[column] ?? '')),
  );
  const line = nearly === undefined ? undefined : foreign(nearly);
  const where =
    nearly === undefined
      ? ''
      : `; line ${line?.number} has "${line?.fields[nearly]}" in column "${table.names[nearly]}"`;
  throw new InputError(
    `${table.file}: no column holds only ${labels.join(', ')}, the labels of the definition${where}`,
  );
}

/** Rows of a table as the definition reads them. Throws InputError when a column is missing or a label unknown. */
function rowsOf(file: string, definition: TrainerDefinition): Problem['train'][number][] {
  const table = readTable(file);
  const features = definition.features ?? [];
  const labels = (definition.classes ?? []).map(({ label }) => label);
  const columns = features.map(({ name }) => columnOf(table, name));
  const truth = truthColumn(table, labels, columns);
  return completeRows(table, (line) => {
    const values = columns.map((at) => numberAt(table, line, at));
    const missing = features.find((_, i) => !Number.isFinite(values[i]));
    if (missing !== undefined) return `no number in "${missing.name}"`;
    if (line.fields[truth] === '') return 'no label';
    const outside = features.find(
      ({ min, max }, i) => (values[i] as number) < min || (values[i] as number) > max,
    );
    if (outside !== undefined && definition.outOfRange !== 'clamp')
      throw new InputError(
        `${file}: line ${line.number}: "${outside.name}" is beyond ${outside.min} to ${outside.max}; widen its range, or set "outOfRange": "clamp"`,
      );
    return { features: values, truth: labels.indexOf(line.fields[truth] as string) };
  });
}

export function problemOf(
  name: string,
  trainFile: string,
  testFile: string,
  definition: TrainerDefinition,
): Problem {
  return {
    name,
    classes: definition.classes?.length ?? 0,
    inOrder: true,
    definition,
    train: rowsOf(trainFile, definition),
    test: rowsOf(testFile, definition),
  };
}

const OFFICE: TrainerDefinition = {
  name: 'office',
  features: [
    { name: 'Temperature', unit: '°C', min: 15, max: 30 },
    { name: 'Humidity', unit: '%', min: 10, max: 50 },
    { name: 'Light', unit: 'lx', min: 0, max: 1700 },
    { name: 'CO2', unit: 'ppm', min: 400, max: 2100 },
  ],
  classes: [{ label: '0' }, { label: '1' }],
  outOfRange: 'clamp',
  model: { type: 'svm-linear' },
};

/** A table without header names of its own, 70 % of it to learn from, in an order drawn by lot. */
function drawn(name: string, file: string): Problem {
  const table = numbersOf(readTable(file));
  const next = states(12_345);
  for (let i = table.length - 1; i > 0; i--) {
    const j = next() % (i + 1);
    [table[i], table[j]] = [table[j] as number[], table[i] as number[]];
  }
  const classes = 1 + Math.max(...table.map((row) => row.at(-1) as number));
  const all = table.map((row) => ({ features: row.slice(0, -1), truth: row.at(-1) as number }));
  const learned = all.slice(0, Math.floor(0.7 * all.length));
  const features = (learned[0] as (typeof all)[number]).features.map((_, j) => {
    const values = learned.map((row) => row.features[j] as number);
    return { name: `x${j}`, min: Math.min(...values), max: Math.max(...values) };
  });
  return {
    name,
    classes,
    inOrder: false,
    definition: {
      name,
      features,
      classes: Array.from({ length: classes }, (_, i) => ({ label: `class ${i}` })),
      outOfRange: 'clamp',
      model: { type: 'svm-linear' },
    },
    train: learned,
    test: all.slice(learned.length),
  };
}

export function problems(): Problem[] {
  const offices = dataFiles('occupancy', 'UCI Occupancy Detection, doi 10.24432/C5X01N');
  const [second, fourth] = offices as [string?, string?];
  return [
    ...(second === undefined || fourth === undefined
      ? []
      : [
          problemOf('office_04_02', fourth, second, OFFICE),
          problemOf('office_02_04', second, fourth, OFFICE),
        ]),
    drawn('iris', join(held, 'iris/iris.csv')),
    drawn('breast_cancer', join(held, 'breast-cancer/breast_cancer.csv')),
  ];
}

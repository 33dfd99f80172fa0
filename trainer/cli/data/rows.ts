/** Samples from a table: numbers in the order of the definition, and the class. Every cell is checked before the first one is used. */
import { type CompleteDefinition, outputsOf } from '../../definition';
import { type Columns, findColumns } from './columns';
import { type CellProblem, CsvError } from './csv_error';
import { type Line, numberOf, readTable, type Table } from './table';

export interface Row {
  /** Line in the file, from 1. */
  readonly line: number;
  /** In the order of the definition. */
  readonly features: readonly number[];
}

export interface LabelledRow extends Row {
  readonly classIndex: number;
  /** What the continuous outputs should have been, where the definition has them. */
  readonly targets?: readonly number[];
}

/** How texts of the file stand for what the definition knows. */
export interface Mapping {
  /** Text of a label -> label of the definition. */
  readonly labels?: ReadonlyMap<string, string>;
  /** Name of a feature -> text -> number, for columns with words in them. */
  readonly categories?: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface RowOptions extends Mapping {
  /** Name of the label column. Default: "label", else the last one. */
  readonly label?: string | undefined;
  /** Leave out the rows that cannot be used, instead of refusing the file. */
  readonly skipBad?: boolean;
}

export interface Rows<T extends Row> {
  readonly rows: readonly T[];
  /** What was left out, by `skipBad`; one problem a row. */
  readonly skipped: readonly CellProblem[];
}

/** What is wrong with a row, at a column. */
class BadRow extends Error {
  constructor(
    readonly column: number,
    problem: string,
  ) {
    super(problem);
  }
}

function featureOf(
  table: Table,
  { fields }: Line,
  column: number,
  feature: CompleteDefinition['features'][number],
  definition: CompleteDefinition,
  mapping: Mapping,
): number {
  const text = fields[column] as string;
  const category = mapping.categories?.get(feature.name)?.get(text);
  const value = category ?? numberOf(table, text);
  if (!Number.isFinite(value))
    throw new BadRow(column + 1, `"${text}" is no number (feature "${feature.name}")`);
  const register = Math.round(value * feature.scale);
  const outside =
    register < Math.round(feature.min * feature.scale) || register > Math.round(feature.max * feature.scale);
  if (outside && definition.outOfRange === 'refuse')
    throw new BadRow(
      column + 1,
      `${text} is outside the range ${feature.min} to ${feature.max} of feature "${feature.name}"`,
    );
  return value;
}

/** Targets of a row. Outside its range a target is no value that the plant could have got. */
function targetsOf(
  table: Table,
  { fields }: Line,
  columns: Columns,
  definition: CompleteDefinition,
): number[] {
  return outputsOf(definition).map(({ name, min, max }, index) => {
    const column = columns.targets[index] as number;
    const value = numberOf(table, fields[column] as string);
    if (!Number.isFinite(value))
      throw new BadRow(column + 1, `"${fields[column]}" is no number (output "${name}")`);
    if (value < min || value > max)
      throw new BadRow(column + 1, `${value} is outside the range ${min} to ${max} of output "${name}"`);
    return value;
  });
}

/** A label of the definition, or a number that is one ("+1" is "1", "1.0" is "1"). */
function classOf(table: Table, text: string, definition: CompleteDefinition, mapping: Mapping): number {
  const labels = definition.classes.map(({ label }) => label);
  const label = mapping.labels?.get(text) ?? text;
  const named = labels.indexOf(label);
  // A file from before a class was renamed has its identity.
  const exact = named >= 0 ? named : definition.classes.findIndex(({ id }) => id === label);
  const number = numberOf(table, label);
  return exact >= 0 || Number.isNaN(number) ? exact : labels.findIndex((label) => Number(label) === number);
}

function rowOf(
  table: Table,
  line: Line,
  columns: Columns,
  definition: CompleteDefinition,
  options: RowOptions,
): LabelledRow {
  const width = (table.lines[0] as Line).fields.length;
  if (line.fields.length !== width)
    throw new BadRow(0, `${line.fields.length} columns, the first line has ${width}`);
  const features = columns.features.map((column, index) =>
    featureOf(table, line, column, columns.values[index] as never, definition, options),
  );
  if (columns.targets.length > 0)
    return {
      line: line.number,
      features,
      classIndex: 0,
      targets: targetsOf(table, line, columns, definition),
    };
  if (columns.label === undefined) return { line: line.number, features, classIndex: -1 };
  const text = line.fields[columns.label] as string;
  const classIndex = classOf(table, text, definition, options);
  if (classIndex < 0)
    throw new BadRow(
      columns.label + 1,
      `"${text}" is no class; the definition has ${definition.classes.map(({ label }) => label).join(', ')}`,
    );
  return { line: line.number, features, classIndex };
}

function checkMapping(definition: CompleteDefinition, { labels, categories }: Mapping): void {
  for (const label of labels?.values() ?? [])
    if (!definition.classes.some((entry) => entry.label === label))
      throw new Error(
        `--alias: "${label}" is no class; the definition has ${definition.classes.map((entry) => entry.label).join(', ')}`,
      );
  for (const name of categories?.keys() ?? [])
    if (!definition.features.some((feature) => feature.name === name))
      throw new Error(
        `--category: "${name}" is no feature; the definition has ${definition.features.map((feature) => feature.name).join(', ')}`,
      );
}

function rowsOf(
  table: Table,
  definition: CompleteDefinition,
  labelled: boolean,
  options: RowOptions,
): Rows<LabelledRow> {
  checkMapping(definition, options);
  const columns = findColumns(table, definition, labelled ? { name: options.label } : 'none');
  const lines = columns.header ? table.lines.slice(1) : table.lines;
  const rows: LabelledRow[] = [];
  const skipped: CellProblem[] = [];
  for (const line of lines) {
    try {
      rows.push(rowOf(table, line, columns, definition, options));
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      skipped.push({ line: line.number, column: error.column, problem: error.message });
    }
  }
  if (skipped.length > 0 && options.skipBad !== true)
    throw new CsvError(
      table.file,
      skipped,
      '. Nothing was sent; mend the file, or leave such rows out with --skip-bad',
    );
  if (rows.length === 0) {
    const problem = lines.length === 0 ? 'only a header, no samples' : 'no row can be used';
    throw new CsvError(table.file, [
      { line: (table.lines[0] as Line).number, column: 0, problem },
      ...skipped,
    ]);
  }
  return { rows, skipped };
}

/** @throws CsvError that names lines and columns */
export function labelledRows(
  table: Table,
  definition: CompleteDefinition,
  options: RowOptions = {},
): Rows<LabelledRow> {
  return rowsOf(table, definition, true, options);
}

/** Samples of a stream: the channels alone. @throws CsvError */
export function streamRows(
  table: Table,
  definition: CompleteDefinition,
  options: RowOptions = {},
): Rows<Row> {
  return rowsOf(table, definition, false, options);
}

/** Reads a file of labelled samples. @throws CsvError, or an Error that names the file */
export async function readLabelledRows(
  file: string,
  definition: CompleteDefinition,
  options: RowOptions = {},
): Promise<Rows<LabelledRow>> {
  return labelledRows(await readTable(file), definition, options);
}

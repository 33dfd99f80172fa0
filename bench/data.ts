/**
 * What a bench is given, and where recordings and tables lie that the project does not hold: ../shared/data beside the checkout.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DefinitionError } from '../trainer';
import { CsvError } from '../trainer/cli/data/csv_error';
import { type Line, numberOf, type Table as Parsed, parseTable } from '../trainer/cli/data/table';

const root = join(__dirname, '../..');
const SHARED = join(root, '../shared/data');
const HELD = join(root, 'test/data');
const TABLE = /\.csv(\.gz)?$/i;

/** A file or an option that a bench cannot run with; its message names it and says what would do. */
export class InputError extends Error {}

/** Runs a bench: what it cannot run with is said in a line, without a stack. */
export function runBench(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(
      [InputError, CsvError, DefinitionError].some((kind) => error instanceof kind)
        ? (error as Error).message
        : error,
    );
    process.exitCode = 1;
  });
}

/** Words of the command line that are no options. Throws InputError on an option that there is not. */
export function wordsGiven(...options: readonly string[]): string[] {
  const words = process.argv.slice(2);
  const unknown = words.find((word) => word.startsWith('--') && !['--json', ...options].includes(word));
  if (unknown !== undefined)
    throw new InputError(`there is no option ${unknown}; there are ${['--json', ...options].join(', ')}`);
  return words.filter((word) => !word.startsWith('--'));
}

function readOrExplain<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`${path}: ${code === 'ENOENT' ? 'there is no such file or folder' : message}`);
  }
}

/** Tables of a folder, in the order of their names. Throws InputError when it is none. */
export function tablesOf(folder: string): string[] {
  return readOrExplain(folder, () => readdirSync(folder))
    .filter((name) => TABLE.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

/** Files that are given; a folder stands for its tables. Throws InputError when one is missing or a folder has none. */
export function filesGiven(given: readonly string[]): string[] {
  return given.flatMap((path) => {
    if (!readOrExplain(path, () => statSync(path)).isDirectory()) return [path];
    const files = tablesOf(path);
    if (files.length === 0) throw new InputError(`${path}: the folder has no .csv or .csv.gz file`);
    return files;
  });
}

/** The folder of that name, of the development data or else of the project; undefined = neither is there. */
export function dataFolder(name: string): string | undefined {
  return [join(SHARED, name), join(HELD, name)].find((path) => existsSync(path));
}

/** Files of a folder: those of ../shared/data, or, where it is not there, those that the project holds; says so. */
export function dataFiles(folder: string, source: string): string[] {
  const place = dataFolder(folder);
  if (place === undefined) return [];
  if (place.startsWith(HELD))
    console.log(
      `${folder}: ../shared/data is not there, only what the project holds is run; all of it: ${source}`,
    );
  return tablesOf(place);
}

/** Its first line names the columns. */
export interface Table extends Parsed {
  readonly names: readonly string[];
  readonly rows: readonly Line[];
}

function parsed(file: string): Parsed {
  const text = readOrExplain(file, () => {
    const bytes = readFileSync(file);
    return (/\.gz$/i.test(file) ? gunzipSync(bytes) : bytes).toString('utf8');
  });
  return parseTable(file, text);
}

function tableOf(table: Parsed, names: readonly string[], rows: readonly Line[], cells: number): Table {
  const odd = rows.find(({ fields }) => fields.length !== cells);
  if (odd !== undefined)
    throw new InputError(
      `${table.file}: line ${odd.number} has ${odd.fields.length} cells, the first row has ${cells}`,
    );
  return { ...table, names, rows };
}

/**
 * Values with a header line; comma, semicolon or tab, gzipped or not. Throws InputError or CsvError when it cannot be read, has no rows or
 * rows of different lengths.
 */
export function readTable(file: string): Table {
  const table = parsed(file);
  const [header, ...rows] = table.lines;
  const cells = rows[0]?.fields.length;
  if (header === undefined || cells === undefined)
    throw new InputError(`${file}: there are no rows after the line that names the columns`);
  return tableOf(table, header.fields, rows, cells);
}

/** The same without a header line; columns are named by their number, the first is 1. */
export function readBareTable(file: string): Table {
  const table = parsed(file);
  const first = table.lines[0]?.fields ?? [];
  return tableOf(
    table,
    first.map((_, i) => `${i + 1}`),
    table.lines,
    first.length,
  );
}

/** Place of a column by its name, in capitals or not. Throws InputError when there is none. */
export function columnOf({ file, names }: Table, name: string): number {
  const exact = names.indexOf(name);
  const at =
    exact >= 0 ? exact : names.findIndex((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (at < 0) throw new InputError(`${file}: no column "${name}"; its columns are ${names.join(', ')}`);
  return at;
}

/** The number in a cell; NaN when there is none. */
export const numberAt = (table: Table, { fields }: Line, column: number): number =>
  numberOf(table, fields[column] ?? '');

/** All columns, or those given, as numbers. Throws InputError that names line and column where there is none. */
export function numbersOf(
  table: Table,
  columns: readonly number[] = [...(table.rows[0]?.fields.keys() ?? [])],
): number[][] {
  return table.rows.map((row) =>
    columns.map((at) => {
      const value = numberAt(table, row, at);
      if (Number.isFinite(value)) return value;
      const cell = row.fields[at];
      throw new InputError(
        `${table.file}: line ${row.number} has ${cell === '' ? 'nothing' : `"${cell}"`} in column "${table.names[at] ?? at + 1}" instead of a number`,
      );
    }),
  );
}

/** Keeps the rows that are complete, and says how many are not; `readRow` gives what is missing as a text. */
export function completeRows<Row>(table: Table, readRow: (line: Line) => Row | string): Row[] {
  const found = table.rows.map((line) => ({ line, row: readRow(line) }));
  const missing = found.filter(({ row }) => typeof row === 'string');
  const [first] = missing;
  if (first !== undefined)
    console.log(
      `${table.file}: ${missing.length} of ${found.length} rows are left out; the first is line ${first.line.number}: ${first.row}`,
    );
  if (missing.length === found.length) throw new InputError(`${table.file}: no row is complete`);
  return found.flatMap(({ row }) => (typeof row === 'string' ? [] : [row]));
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Figures for a program: those that there are, with four digits. */
export const jsonOf = (figures: Readonly<Record<string, number>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(figures)
        .filter(([, value]) => Number.isFinite(value))
        .map(([key, value]) => [key, Number(value.toFixed(4))]),
    ),
  );

/** A figure a line; "-" for one that this run does not give. */
export function printFigures(figures: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(figures)) {
    const text = Number.isFinite(value) ? (Number.isInteger(value) ? String(value) : value.toFixed(4)) : '-';
    console.log(`${key.padEnd(46)} ${text}`);
  }
}

/** Labelled samples from a CSV file (also gzipped): columns by the features' names, and a label column. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { CompleteDefinition } from '../definition';

export interface LabelledRow {
  /** Line in the file, from 1. */
  readonly line: number;
  /** In the order of the definition. */
  readonly features: readonly number[];
  readonly classIndex: number;
}

/** The file is wrong at a line and column; nothing of it was used. */
export class CsvError extends Error {
  readonly code = 'CSV';
  readonly line: number;
  /** From 1; 0 = the line as a whole. */
  readonly column: number;

  constructor(file: string, line: number, column: number, problem: string) {
    super(`${file}, line ${line}${column === 0 ? '' : `, column ${column}`}: ${problem}`);
    this.name = 'CsvError';
    this.line = line;
    this.column = column;
  }
}

interface Line {
  readonly number: number;
  readonly fields: string[];
}

/** Fields separated by comma or semicolon; quotes as in RFC 4180. */
function splitLines(file: string, text: string): Line[] {
  const lines: Line[] = [];
  const separator = (text.slice(0, text.indexOf('\n') + 1 || undefined).match(/[,;\t]/) ?? [','])[0];
  let [line, start, field, quoted] = [1, 1, '', false];
  let fields: string[] = [];
  const endField = (): void => {
    fields.push(field.trim());
    field = '';
  };
  const endLine = (): void => {
    endField();
    if (fields.length > 1 || fields[0] !== '') lines.push({ number: start, fields });
    fields = [];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') {
        field += '"';
        at++;
      } else if (letter === '"') {
        quoted = false;
      } else {
        if (letter === '\n') line++;
        field += letter;
      }
    } else if (letter === '"' && field.trim() === '') {
      quoted = true;
      field = '';
    } else if (letter === separator) {
      endField();
    } else if (letter === '\n') {
      endLine();
      start = ++line;
    } else if (letter !== '\r') {
      field += letter;
    }
  }
  if (quoted) throw new CsvError(file, start, 0, 'a quote is not closed');
  if (field !== '' || fields.length > 0) endLine();
  return lines;
}

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

/** Names compare without case, spaces, underscores and what is in brackets: "Air temperature (C)" is "air_temperature". */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]/g, '')
    .replace(/[\s_-]+/g, '');

interface Columns {
  readonly features: readonly number[];
  readonly label: number;
}

function matchHeader(
  file: string,
  header: Line,
  definition: CompleteDefinition,
  labelName: string | undefined,
): Columns {
  const names = header.fields.map(plainName);
  const find = (name: string): number => {
    const exact = header.fields.indexOf(name);
    return exact >= 0 ? exact : names.indexOf(plainName(name));
  };
  const has = (): string => `the header has ${header.fields.join(', ')}`;
  const features = definition.features.map(({ name }) => {
    const column = find(name);
    if (column < 0) throw new CsvError(file, header.number, 0, `no column for feature "${name}"; ${has()}`);
    return column;
  });
  let label: number;
  if (labelName === undefined) {
    label = header.fields.length - 1;
    if (features.includes(label))
      throw new CsvError(
        file,
        header.number,
        label + 1,
        `the last column, "${header.fields[label]}", is a feature; name the label column with --label`,
      );
  } else {
    label = find(labelName);
    if (label < 0) throw new CsvError(file, header.number, 0, `no label column "${labelName}"; ${has()}`);
  }
  return { features, label };
}

/** Without a header the features come in the order of the definition, the label last. */
function assumeOrder(
  file: string,
  first: Line,
  definition: CompleteDefinition,
  labelName: string | undefined,
): Columns {
  const { length } = definition.features;
  if (labelName !== undefined)
    throw new CsvError(file, first.number, 0, `no header, so there is no column "${labelName}"`);
  if (first.fields.length !== length + 1)
    throw new CsvError(
      file,
      first.number,
      0,
      `no header, and ${first.fields.length} columns instead of ${length} features and a label; add a header with the features' names`,
    );
  return { features: definition.features.map((_, index) => index), label: length };
}

/** A label of the definition, or a number that is one ("+1" is "1", "1.0" is "1"). */
function classOf(definition: CompleteDefinition, text: string): number {
  const labels = definition.classes.map((one) => one.label);
  const exact = labels.indexOf(text);
  if (exact >= 0 || !isNumber(text)) return exact;
  return labels.findIndex((label) => isNumber(label) && Number(label) === Number(text));
}

/** @throws CsvError that names line and column */
export function parseRows(
  file: string,
  text: string,
  definition: CompleteDefinition,
  labelName?: string,
): LabelledRow[] {
  const lines = splitLines(file, text.replace(/^\uFEFF/, ''));
  const [first] = lines;
  if (first === undefined) throw new CsvError(file, 1, 0, 'the file is empty');
  const headless = first.fields.length > 1 && first.fields.slice(0, -1).every(isNumber);
  const columns = headless
    ? assumeOrder(file, first, definition, labelName)
    : matchHeader(file, first, definition, labelName);
  const rows = (headless ? lines : lines.slice(1)).map((line) => {
    const { number, fields } = line;
    if (fields.length !== first.fields.length)
      throw new CsvError(
        file,
        number,
        0,
        `${fields.length} columns, the first line has ${first.fields.length}`,
      );
    const features = columns.features.map((column, index) => {
      const value = fields[column] as string;
      if (!isNumber(value))
        throw new CsvError(
          file,
          number,
          column + 1,
          `"${value}" is no number (feature "${definition.features[index]?.name}")`,
        );
      return Number(value);
    });
    const label = fields[columns.label] as string;
    const classIndex = classOf(definition, label);
    if (classIndex < 0)
      throw new CsvError(
        file,
        number,
        columns.label + 1,
        `"${label}" is no class; the definition has ${definition.classes.map((one) => one.label).join(', ')}`,
      );
    return { line: number, features, classIndex };
  });
  if (rows.length === 0) throw new CsvError(file, first.number, 0, 'only a header, no samples');
  return rows;
}

/** Reads and parses a file; gzipped when its name ends so. */
export async function readRows(
  file: string,
  definition: CompleteDefinition,
  labelName?: string,
): Promise<LabelledRow[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return parseRows(file, text, definition, labelName);
}

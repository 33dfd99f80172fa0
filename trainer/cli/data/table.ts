/** A CSV file as a table of texts: comma, semicolon or tab, quotes as in RFC 4180, gzipped or not. */
import { gunzipSync } from 'node:zlib';
import { CsvError as ParseError, parse } from 'csv-parse/sync';
import { csvText } from '../../device';
import { readBytes } from '../files';
import { CsvError } from './csv_error';

export interface Line {
  /** In the file, from 1. */
  readonly number: number;
  readonly fields: readonly string[];
}

export interface Table {
  readonly file: string;
  /** At least one; blank lines are left out. */
  readonly lines: readonly Line[];
  /** Numbers are written with a decimal comma: the separator is a semicolon, and no number has a point. */
  readonly decimalComma: boolean;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'characters follow a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'characters follow a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands within a field',
};

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

function separatorOf(text: string): string {
  const end = text.indexOf('\n');
  const first = end < 0 ? text : text.slice(0, end);
  // With both, the comma is the decimal one: "21,5;40".
  return first.includes(';') ? ';' : (/[,\t]/.exec(first)?.[0] ?? ',');
}

function linesOf(file: string, text: string, separator: string): Line[] {
  try {
    const parsed = parse(text, {
      delimiter: separator,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: false,
      trim: true,
    }) as unknown as Parsed[];
    // The parser counts up to a record's last line; a quoted field may hold more than one.
    return parsed.map(({ record, info }) => ({
      number: info.lines - record.join('').split('\n').length + 1,
      fields: record.map(csvText),
    }));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { lines = 1 } = error as ParseError & { lines?: number };
    throw new CsvError(file, [
      { line: lines, column: 0, problem: PROBLEMS[error.code] ?? `no CSV: ${error.message}` },
    ]);
  }
}

/** @throws CsvError when the text is no CSV, or empty */
export function parseTable(file: string, text: string): Table {
  const content = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(content);
  const lines = linesOf(file, content, separator);
  if (lines.length === 0) throw new CsvError(file, [{ line: 1, column: 0, problem: 'the file is empty' }]);
  const some = (pattern: RegExp): boolean =>
    lines.some(({ fields }) => fields.some((field) => pattern.test(field)));
  const decimalComma = separator === ';' && some(/^[+-]?\d*,\d+$/) && !some(/^[+-]?\d*\.\d+$/);
  return { file, lines, decimalComma };
}

/** Reads a file; gzipped when its name ends so. @throws CsvError, or an Error that names the file */
export async function readTable(file: string): Promise<Table> {
  const bytes = await readBytes(file);
  let text: string;
  try {
    text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new Error(`${file}: not a gzip file, or cut short: ${(error as Error).message}`);
  }
  return parseTable(file, text);
}

/** A number as this table writes it; NaN for anything else. */
export function numberOf(table: Table, text: string): number {
  const plain = table.decimalComma ? text.replace(',', '.') : text;
  return plain !== '' && /^[+-]?(\d|\.\d)/.test(plain) ? Number(plain) : Number.NaN;
}

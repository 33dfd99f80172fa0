/** Where recordings and tables lie that the project does not hold: ../shared/data beside the checkout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = join(__dirname, '../..');
const SHARED = join(root, '../shared/data');
const HELD = join(root, 'test/data');

/** Files of a folder: those of ../shared/data, or, where it is not there, those that the project holds; says so. */
export function dataFiles(folder: string, source: string): string[] {
  for (const place of [join(SHARED, folder), join(HELD, folder)]) {
    if (!existsSync(place)) continue;
    if (place.startsWith(HELD))
      console.log(
        `${folder}: ../shared/data is not there, only what the project holds is run; all of it: ${source}`,
      );
    return readdirSync(place)
      .filter((name) => /\.csv(\.gz)?$/.test(name))
      .sort()
      .map((name) => join(place, name));
  }
  return [];
}

export interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Comma-separated values with a header line; .gz is unpacked. */
export function readTable(file: string): Table {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  return {
    names: header.split(',').map((name) => name.replace(/^"|"$/g, '')),
    rows: lines.map((line) => line.split(',')),
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

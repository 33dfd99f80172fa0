/**
 * Recordings that the stream families are measured on. They are read from the folder of development data beside the checkout, or
 * from paths given on the command line; what the project holds itself (test/data) serves where that folder is not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Sample = readonly number[];

const ROOT = resolve(__dirname, '../../..');
const DEVELOPMENT = resolve(ROOT, '../shared/data');
const OWN = join(ROOT, 'test/data');

/** The folder of that name, of the development data or else of the project; undefined = neither is there. */
export function dataFolder(name: string): string | undefined {
  return [join(DEVELOPMENT, name), join(OWN, name)].find((path) => existsSync(path));
}

function read(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Rows of numbers; the first line names the columns. */
export function table(file: string, separator = ','): { columns: string[]; rows: number[][] } {
  const [head = '', ...lines] = read(file).trim().split(/\r?\n/);
  return {
    columns: head.split(separator),
    rows: lines.map((line) => line.split(separator).map(Number)),
  };
}

export interface FanRecording {
  readonly name: string;
  /** Percent; NaN when the file's name does not tell. */
  readonly speed: number;
  readonly healthy: Sample[];
  readonly faults: readonly { readonly name: string; readonly samples: Sample[] }[];
}

/** First column the configuration, 1 healthy; then the channels. */
export function fan(file: string): FanRecording {
  const found = new Map<number, Sample[]>();
  for (const [configuration = 0, ...values] of table(file).rows) {
    const samples = found.get(configuration);
    if (samples === undefined) found.set(configuration, [values]);
    else samples.push(values);
  }
  const name = basename(file).replace(/\.csv(\.gz)?$/, '');
  return {
    name,
    speed: Number(/(\d+)\D*$/.exec(name)?.[1] ?? Number.NaN),
    healthy: found.get(1) ?? [],
    faults: [...found]
      .filter(([configuration]) => configuration !== 1)
      .map(([configuration, samples]) => ({ name: String(configuration), samples })),
  };
}

export function fanFiles(given: readonly string[]): string[] {
  if (given.length > 0) return [...given];
  const folder = dataFolder('fan-vibration');
  return folder === undefined ? [] : tables(folder);
}

export function tables(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.csv(\.gz)?$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

export function samplesOf(file: string): Sample[] {
  return table(file).rows;
}

export const nameOf = (file: string): string => basename(file).replace(/\.csv(\.gz)?$/, '');

/** One of the project's own recordings. */
export const fanAt = (speed: number): FanRecording =>
  fan(join(OWN, 'fan-vibration', `speed-${String(speed).padStart(3, '0')}.csv`));

/** Healthy first, then the faults. */
export function bearingFiles(given: readonly string[]): string[] {
  if (given.length > 0) return [...given];
  const folder = dataFolder('bearing-vibration');
  if (folder === undefined) return [];
  const faults = tables(folder).filter((file) => nameOf(file) !== 'normal');
  return [
    join(folder, 'normal.csv.gz'),
    ...faults.sort((a, b) => ORDER.indexOf(nameOf(a)) - ORDER.indexOf(nameOf(b))),
  ];
}

/** The faults in the order that their patterns are met. */
const ORDER = ['inner-race-7', 'ball-7', 'outer-race-7'];

export interface LoadFiles {
  readonly load: string;
  readonly healthy: string;
  readonly broken: string;
}

/** Loads of a folder that there is a healthy and a broken recording of. */
export function gearboxFiles(given: readonly string[]): LoadFiles[] {
  const folder = given[0] ?? dataFolder('gearbox-vibration');
  if (folder === undefined) return [];
  const files = tables(folder);
  return files.flatMap((healthy) => {
    const load = /^healthy-load-(\d+)$/.exec(nameOf(healthy))?.[1];
    const broken = files.find((file) => nameOf(file) === `broken-tooth-load-${load}`);
    return load === undefined || broken === undefined ? [] : [{ load, healthy, broken }];
  });
}

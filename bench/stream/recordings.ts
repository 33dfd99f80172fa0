/**
 * Recordings that the stream families are measured on. They are read from the folder of development data beside the checkout, or
 * from paths given on the command line; what the project holds itself (test/data) serves where that folder is not.
 */
import { basename, join, resolve } from 'node:path';
import { dataFolder, filesGiven, InputError, numbersOf, readTable, type Table, tablesOf } from '../data';

export type Sample = readonly number[];

const ROOT = resolve(__dirname, '../../..');
const OWN = join(ROOT, 'test/data');

export interface FanRecording {
  readonly file: string;
  readonly name: string;
  /** Percent; NaN when the file's name does not tell. */
  readonly speed: number;
  readonly healthy: Sample[];
  readonly faults: readonly { readonly name: string; readonly samples: Sample[] }[];
}

/** Names of columns that count rows or tell the time. */
const CLOCK = /^(date|time|datetime|timestamp|index|sample|row|seconds|)$/i;

/** Columns that may be channels; says which are none by their names. */
function channelsOf({ file, names }: Table): number[] {
  const clocks = names.filter((name) => CLOCK.test(name));
  if (clocks.length > 0) console.log(`${file}: no channels: ${clocks.map((name) => `"${name}"`).join(', ')}`);
  return [...names.keys()].filter((at) => !CLOCK.test(names[at] ?? ''));
}

/** Part of a step by which the time between two rows may differ, as it is written with few digits. */
const JITTER = 1e-3;

/** All values are the same, or each is as much more than the one before: a clock, a number of rows. */
function countsOrStands(values: readonly number[]): boolean {
  const step = ((values.at(-1) ?? 0) - (values[0] ?? 0)) / Math.max(1, values.length - 1);
  return values.every(
    (value, i) => i === 0 || Math.abs(value - (values[i - 1] ?? 0) - step) <= JITTER * Math.abs(step),
  );
}

/**
 * Leaves out the channels of which the healthy signal never moves, or only counts up, in everything given, and says so: such a column is no
 * sensor. Throws InputError when no channel moves.
 */
export function moving(
  file: string,
  healthy: readonly Sample[],
  ...others: readonly (readonly Sample[])[]
): Sample[][] {
  const [first = []] = healthy;
  const still = [...first.keys()].filter((at) =>
    countsOrStands(healthy.map((sample) => sample[at] as number)),
  );
  if (still.length === first.length) throw new InputError(`${file}: no channel of the healthy signal moves`);
  if (still.length > 0)
    console.log(
      `${file}: left out, for they stand still or count: channel ${still.map((at) => at + 1).join(', ')}`,
    );
  return [healthy, ...others].map((samples) =>
    still.length === 0 ? [...samples] : samples.map((row) => row.filter((_, at) => !still.includes(at))),
  );
}

/** A column named after the configuration, or else the first: 1 is healthy; the others are channels. */
export function fan(file: string): FanRecording {
  const table = readTable(file);
  const named = table.names.findIndex((name) => /conf/i.test(name));
  const at = Math.max(0, named);
  const channels = channelsOf(table).filter((column) => column !== at);
  const found = new Map<number, Sample[]>();
  for (const [configuration, ...values] of numbersOf(table, [at, ...channels]) as [number, ...number[]][]) {
    const samples = found.get(configuration);
    if (samples === undefined) found.set(configuration, [values]);
    else samples.push(values);
  }
  const healthy = found.get(1);
  if (healthy === undefined)
    throw new InputError(
      `${file}: no row has configuration 1, the healthy one, in column "${table.names[at]}"`,
    );
  const name = nameOf(file);
  const faults = [...found].filter(([configuration]) => configuration !== 1);
  const [learned = [], ...judged] = moving(file, healthy, ...faults.map(([, samples]) => samples));
  return {
    file,
    name,
    speed: Number(/(\d+)\D*$/.exec(name)?.[1] ?? Number.NaN),
    healthy: learned,
    faults: faults.map(([configuration], i) => ({ name: String(configuration), samples: judged[i] ?? [] })),
  };
}

export function fanFiles(given: readonly string[]): string[] {
  if (given.length > 0) return filesGiven(given);
  const folder = dataFolder('fan-vibration');
  return folder === undefined ? [] : tablesOf(folder);
}

/** Throws InputError when it cannot be read, or has not as many channels as `wanted` (default: any number). */
export function samplesOf(file: string, wanted?: number): Sample[] {
  const table = readTable(file);
  const channels = channelsOf(table);
  if (wanted !== undefined && channels.length !== wanted)
    throw new InputError(`${file}: ${channels.length} channels; the healthy recording has ${wanted}`);
  return numbersOf(table, channels);
}

export const nameOf = (file: string): string => basename(file).replace(/\.csv(\.gz)?$/i, '');

/** One of the project's own recordings. */
export const fanAt = (speed: number): FanRecording =>
  fan(join(OWN, 'fan-vibration', `speed-${String(speed).padStart(3, '0')}.csv`));

/** Healthy first, then the faults. */
export function bearingFiles(given: readonly string[]): string[] {
  const folder = dataFolder('bearing-vibration');
  const files = given.length > 0 ? filesGiven(given) : folder === undefined ? [] : tablesOf(folder);
  if (given.length > 0 && files.length === given.length) return files;
  const healthy = files.filter((file) => HEALTHY.test(nameOf(file)));
  if (files.length > 0 && healthy.length !== 1)
    throw new InputError(
      `bearing: one file of the folder is named normal or healthy; or give files: HEALTHY FAULT…`,
    );
  const faults = files.filter((file) => !healthy.includes(file));
  return [...healthy, ...faults.sort((a, b) => ORDER.indexOf(nameOf(a)) - ORDER.indexOf(nameOf(b)))];
}

const HEALTHY = /^(normal|healthy)/i;
/** The faults in the order that their patterns are met. */
const ORDER = ['inner-race-7', 'ball-7', 'outer-race-7'];

export interface LoadFiles {
  readonly load: string;
  readonly healthy: string;
  readonly broken: string;
}

/** Loads of a folder that there is a healthy and a broken recording of; says which have only one. */
export function gearboxFiles(given: readonly string[]): LoadFiles[] {
  const folder = given[0] ?? dataFolder('gearbox-vibration');
  if (folder === undefined) return [];
  if (given.length > 1) throw new InputError('gearbox: give one folder');
  const files = tablesOf(folder);
  const found = new Map<string, { healthy?: string; broken?: string }>();
  for (const file of files) {
    const [, state, load] = /^(healthy|broken-tooth)-load-(\d+)$/i.exec(nameOf(file)) ?? [];
    if (state === undefined || load === undefined) {
      console.log(`${file}: left out, its name is not healthy-load-NN or broken-tooth-load-NN`);
      continue;
    }
    const pair = found.get(load) ?? {};
    pair[state.toLowerCase() === 'healthy' ? 'healthy' : 'broken'] = file;
    found.set(load, pair);
  }
  const loads = [...found].flatMap(([load, { healthy, broken }]) => {
    if (healthy !== undefined && broken !== undefined) return [{ load, healthy, broken }];
    console.log(
      `load ${load}: left out, there is no ${healthy === undefined ? 'healthy' : 'broken-tooth'}-load-${load}`,
    );
    return [];
  });
  if (loads.length === 0)
    throw new InputError(`${folder}: no load with files healthy-load-NN and broken-tooth-load-NN`);
  return loads;
}

/**
 * Recordings that the stream families are measured on. They are read from the folder of development data beside the checkout, or
 * from paths given on the command line; what the project holds itself (test/data) serves where that folder is not.
 */
import { basename, join, resolve } from 'node:path';
import { dataFolder, filesGiven, InputError, numbersOf, readTable, tablesOf } from '../data';

export type Sample = readonly number[];

const ROOT = resolve(__dirname, '../../..');
const OWN = join(ROOT, 'test/data');

export interface FanRecording {
  readonly name: string;
  /** Percent; NaN when the file's name does not tell. */
  readonly speed: number;
  readonly healthy: Sample[];
  readonly faults: readonly { readonly name: string; readonly samples: Sample[] }[];
}

/** A column named after the configuration, or else the first: 1 is healthy; the others are channels. */
export function fan(file: string): FanRecording {
  const table = readTable(file);
  const named = table.names.findIndex((name) => /conf/i.test(name));
  const at = Math.max(0, named);
  const found = new Map<number, Sample[]>();
  for (const row of numbersOf(table)) {
    const configuration = row[at] as number;
    const values = row.filter((_, i) => i !== at);
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
  return {
    name,
    speed: Number(/(\d+)\D*$/.exec(name)?.[1] ?? Number.NaN),
    healthy,
    faults: [...found]
      .filter(([configuration]) => configuration !== 1)
      .map(([configuration, samples]) => ({ name: String(configuration), samples })),
  };
}

export function fanFiles(given: readonly string[]): string[] {
  if (given.length > 0) return filesGiven(given);
  const folder = dataFolder('fan-vibration');
  return folder === undefined ? [] : tablesOf(folder);
}

export const samplesOf = (file: string): Sample[] => numbersOf(readTable(file));

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

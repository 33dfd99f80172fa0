/** Which file of the firmware includes which: circles, and arrows that point up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SRC = resolve(__dirname, '../../../firmware/src');

/** Every other folder of models/: a new family needs no line here. */
const A_FAMILY = 'models/*';

/** Floors from the ground: a file may include its own folder and what stands on a lower line. */
const FLOORS: readonly (readonly string[])[] = [
  ['support'],
  ['store', 'modbus', 'models/kernels'],
  ['models/stream', 'models/svm', 'models/dnn'],
  [A_FAMILY, 'decision'],
  ['models'],
  ['loop/core'],
  ['loop/decide', 'loop/stream'],
  ['loop'],
];

export interface Include {
  readonly from: string;
  readonly to: string;
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/');
}

function floorOf(file: string): number {
  const folder = folderOf(file);
  const own = FLOORS.findIndex((folders) => folders.includes(folder));
  return own < 0 && folder.startsWith('models/')
    ? FLOORS.findIndex((folders) => folders.includes(A_FAMILY))
    : own;
}

export function includes(): Include[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[ch]$/.test(name))
    .flatMap((from) =>
      [...readFileSync(join(SRC, from), 'utf8').matchAll(/#include "([^"]+)"/g)]
        .map(([, to = '']) => ({ from, to }))
        .filter(({ to }) => !to.startsWith('edge_trainer/')),
    );
}

/** Includes of a higher floor, or of another folder of the same one. */
export function upward(all: readonly Include[]): Include[] {
  return all.filter(({ from, to }) => {
    if (folderOf(from) === folderOf(to)) return false;
    const [low, high] = [floorOf(from), floorOf(to)];
    if (low < 0 || high < 0)
      throw new Error(`no floor: ${low < 0 ? from : to}; say in bench/house/includes.ts where it stands`);
    return high >= low;
  });
}

/** Headers that include each other around, each circle once, as its files. */
export function circles(all: readonly Include[]): string[][] {
  const graph = new Map<string, string[]>();
  for (const { from, to } of all) graph.set(from, [...(graph.get(from) ?? []), to]);
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

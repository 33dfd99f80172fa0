/** Which rows are taught and which are decided on. */

import { InputError } from '../../device';
import { text } from '../../text';
import type { LabelledRow } from './rows';

export interface Split {
  readonly train: LabelledRow[];
  readonly test: LabelledRow[];
}

/** The first `share` of the rows, or of each class, in their order; the rest is to be decided on. */
export function splitRows(rows: readonly LabelledRow[], share: number, perClass: boolean): Split {
  if (!(share > 0 && share < 1)) throw new InputError('split', text('input.share', { got: share }));
  const groups = new Map<number, LabelledRow[]>();
  for (const row of rows) {
    const key = perClass ? row.classIndex : 0;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const chosen = new Set<LabelledRow>();
  for (const group of groups.values())
    for (const row of group.slice(0, Math.round(share * group.length))) chosen.add(row);
  return { train: rows.filter((row) => chosen.has(row)), test: rows.filter((row) => !chosen.has(row)) };
}

/** Next state of a 32-bit generator (Marsaglia 2003, xorshift 13, 17, 5). */
function next(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  return (x ^ (x << 5)) >>> 0;
}

/** The rows in a random order that the seed decides (Fisher and Yates; Knuth, The Art of Computer Programming 2, algorithm P). */
export function shuffleRows<T>(rows: readonly T[], seed: number): T[] {
  const shuffled = [...rows];
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = next(state);
    const other = state % (last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}

/** Labels of the classes that the test rows hold and the training rows do not: they can only be decided wrong. */
export function untaughtClasses({ train, test }: Split, labels: readonly string[]): string[] {
  const taught = new Set(train.map((row) => row.classIndex));
  const asked = new Set(test.map((row) => row.classIndex));
  return labels.filter((_, index) => asked.has(index) && !taught.has(index));
}

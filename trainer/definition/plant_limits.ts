/** Limits of the plant, written at the classes: how long each is held, and which never follow each other directly. */

import { Limits } from '../contract/contract.generated';
import { type Text, text } from '../text';

interface Limited {
  label: string;
  holdSeconds: number;
  opposed: string[];
}

/** Bytes of et_plant_limits: hold times, then masks of opposed classes. */
export const PLANT_LIMITS_BYTES = 4 * Limits.CLASSES_MAX;

/** Classes opposed to each, both ways whichever of the two says it. */
function masks(classes: readonly Limited[]): number[] {
  return classes.map((entry, i) =>
    classes.reduce(
      (mask, other, j) =>
        entry.opposed.includes(other.label) || other.opposed.includes(entry.label) ? mask | (1 << j) : mask,
      entry.opposed.includes(entry.label) ? 1 << i : 0,
    ),
  );
}

/** The bytes of the part; undefined: there are no limits, and it takes none. */
export function encodePlantLimits(classes: readonly Limited[]): Uint8Array | undefined {
  const opposed = masks(classes);
  if (classes.every((entry) => entry.holdSeconds === 0) && opposed.every((mask) => mask === 0))
    return undefined;
  const bytes = new Uint8Array(PLANT_LIMITS_BYTES);
  const view = new DataView(bytes.buffer);
  classes.forEach((entry, i) => {
    view.setUint16(2 * i, entry.holdSeconds, true);
    view.setUint16(2 * Limits.CLASSES_MAX + 2 * i, opposed[i] as number, true);
  });
  return bytes;
}

/** Reads the part into the classes. */
export function decodePlantLimits(bytes: Uint8Array, classes: readonly Limited[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  classes.forEach((entry, i) => {
    const mask = view.getUint16(2 * Limits.CLASSES_MAX + 2 * i, true);
    entry.holdSeconds = view.getUint16(2 * i, true);
    entry.opposed = classes.filter((_, j) => (mask >> j) & 1).map(({ label }) => label);
  });
}

/** Says with `say` which limits cannot be kept. */
export function plantLimitIssues(
  classes: readonly Limited[],
  say: (path: string, problem: Text) => void,
): void {
  classes.forEach((entry, i) => {
    entry.opposed.forEach((label, j) => {
      if (label === entry.label)
        say(`classes[${i}].opposed[${j}]`, text('definition.opposedSelf', { label }));
      else if (!classes.some((other) => other.label === label))
        say(
          `classes[${i}].opposed[${j}]`,
          text('definition.noClass', { label, names: classes.map((other) => other.label) }),
        );
    });
  });
  const every = 2 ** classes.length - 1;
  masks(classes).forEach((mask, i) => {
    if (mask !== 0 && (mask | (1 << i)) === every)
      say(`classes[${i}].opposed`, text('definition.opposedAll', { label: classes[i]?.label ?? '' }));
  });
}

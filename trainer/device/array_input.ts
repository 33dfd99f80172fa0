/** A feature that is an array: engineering units <-> the bytes that travel, 0 for the least value of its range and 255 for the largest. */

import { type ArrayFeature, type CompleteDefinition, crc32 } from '../definition';
import { text } from '../text';
import { InputError } from './errors';

type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** The values of an array: a Buffer or another typed array, or the same under the array's name. Engineering units. */
export type ArrayValues = NumberArray | Readonly<Record<string, NumberArray | readonly number[]>>;

const STEPS = 255;

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

function listOf({ name, id, count }: ArrayFeature, given: unknown): ArrayLike<unknown> {
  let list = given;
  if (!isList(list)) {
    if (typeof given !== 'object' || given === null)
      throw new InputError(name, text('input.array', { count, got: String(given) }));
    const key = Object.hasOwn(given, name) ? name : id; // the identity is the name that it had first
    const other = Object.keys(given).find((candidate) => candidate !== key);
    if (other !== undefined) throw new InputError(other, text('input.noFeature', { names: name }));
    list = (given as Readonly<Record<string, unknown>>)[key];
  }
  if (!isList(list)) throw new InputError(name, text('input.array', { count, got: String(list) }));
  if (list.length !== count)
    throw new InputError(name, text('input.arrayCount', { count, got: list.length }));
  return list;
}

/**
 * The bytes of an array, and the words that name it.
 * @param clamped gets its name when a value was outside its range and taken as the nearest bound
 * @throws InputError for another length, a value that is no finite number, or (unless the definition clamps) one outside its range
 */
export function arrayInput(
  array: ArrayFeature,
  outOfRange: CompleteDefinition['outOfRange'],
  given: unknown,
  clamped?: string[],
): { readonly words: readonly [number, number]; readonly bytes: Uint8Array } {
  const { name, unit, min, max } = array;
  const list = listOf(array, given);
  const bytes = new Uint8Array(list.length);
  let beyond = false;
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new InputError(`${name}[${i}]`, text('input.finite', { got: String(value) }));
    const step = Math.round((STEPS * (value - min)) / (max - min));
    if (step < 0 || step > STEPS) {
      if (outOfRange === 'refuse')
        throw new InputError(
          `${name}[${i}]`,
          text('input.outOfRange', { value, min, max: unit === '' ? String(max) : `${max} ${unit}` }),
        );
      beyond = true;
    }
    bytes[i] = Math.max(0, Math.min(STEPS, step));
  }
  if (beyond) clamped?.push(name);
  const sum = crc32(bytes);
  return { words: [sum >>> 16, sum & 0xffff], bytes };
}

/** The values that the bytes of an array stand for. */
export const measuredBytes = ({ min, max }: ArrayFeature, bytes: Uint8Array): number[] =>
  Array.from(bytes, (byte) => min + (byte * (max - min)) / STEPS);

/** Stored bytes of a sample as values in engineering units; what is behind the last value only fills the row. */
export function measuredArray({ min, max, count }: ArrayFeature, stored: Uint8Array): number[] {
  return Array.from(
    { length: count },
    (_, i) => min + (((stored[i] as number) ^ 0x80) * (max - min)) / STEPS,
  );
}

/** Features of a request -> register words, with every mistake named by its feature before anything is sent. */

import { arrayOf, type CompleteDefinition } from '../definition';
import { text } from '../text';
import { type ArrayValues, arrayInput } from './array_input';
import { InputError } from './errors';

/**
 * In the order of the definition, or by name; a flow from before a feature was renamed may use the identity, which is the name that the feature
 * had first. Engineering units.
 */
export type Features = readonly number[] | Readonly<Record<string, number>> | ArrayValues;

function inOrder(definition: CompleteDefinition, features: Features): readonly unknown[] {
  const names = definition.features.map((feature) => feature.name);
  if (Array.isArray(features)) {
    if (features.length !== names.length)
      throw new InputError(
        'features',
        text('input.count', { count: names.length, names: names, got: features.length }),
      );
    return features;
  }
  if (typeof features !== 'object' || features === null)
    throw new InputError('features', text('input.shape', { count: names.length, got: String(features) }));
  const given = features as Readonly<Record<string, unknown>>;
  const keys = definition.features.map(({ name, id }) =>
    Object.hasOwn(given, name) || !Object.hasOwn(given, id) || names.includes(id) ? name : id,
  );
  for (const key of Object.keys(given)) {
    if (!keys.includes(key)) throw new InputError(key, text('input.noFeature', { names: names }));
  }
  return keys.map((key) => {
    if (!Object.hasOwn(given, key)) throw new InputError(key, text('input.missing'));
    return given[key];
  });
}

const withUnit = (value: number, unit: string): string => (unit === '' ? String(value) : `${value} ${unit}`);

/**
 * Register words of the features, two's complement.
 * @param clamped gets the names of the features whose value was outside its range and taken as the nearest bound
 * @throws InputError for a wrong count, an unknown or missing name, a value that is no finite number, or (unless the definition
 *   clamps) one outside its range
 */
export function featureWords(
  definition: CompleteDefinition,
  features: Features,
  clamped?: string[],
): number[] {
  const values = inOrder(definition, features);
  return definition.features.map(({ name, unit, min, max, scale }, index) => {
    const value = values[index];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new InputError(
        name,
        text('input.finite', { got: typeof value === 'string' ? `"${value}"` : String(value) }),
      );
    const [least, most, held] = [Math.round(min * scale), Math.round(max * scale), Math.round(value * scale)];
    if (held < least || held > most) {
      if (definition.outOfRange === 'refuse')
        throw new InputError(
          name,
          text('input.outOfRange', { value: withUnit(value, unit), min, max: withUnit(max, unit) }),
        );
      clamped?.push(name);
      return (held < least ? least : most) & 0xffff;
    }
    return held & 0xffff;
  });
}

/** Content of a request: register words, and the bytes of an array that the words name. */
export interface InputWords {
  readonly words: readonly number[];
  readonly bytes?: Uint8Array;
}

/** @throws InputError as featureWords */
export function inputWords(
  definition: CompleteDefinition,
  features: Features | undefined,
  clamped?: string[],
): InputWords {
  const array = arrayOf(definition);
  return array === undefined
    ? { words: featureWords(definition, features as Features, clamped) }
    : arrayInput(array, definition.outOfRange, features, clamped);
}

/** End of the stored range, both ways. */
const STORED_MOST = 127;
/** Byte of an array that is stored as 0. */
const ARRAY_MIDDLE = 128;

/**
 * The features as a board with int8 storage holds them, in the order of its registers: the middle of a range is 0, its ends are +-127. The
 * board's own arithmetic: firmware/src/loop/decide/io.c.
 * @throws InputError as featureWords
 */
export function storedFeatures(definition: CompleteDefinition, features: Features): Int8Array {
  const { words, bytes } = inputWords(definition, features);
  if (bytes !== undefined) return Int8Array.from(bytes, (byte) => byte - ARRAY_MIDDLE);
  return Int8Array.from(definition.features, ({ min, max, scale }, index) => {
    const [least, most] = [Math.round(min * scale), Math.round(max * scale)];
    const held = ((words[index] as number) << 16) >> 16;
    const half = Math.floor((most - least) / 2);
    const product = (2 * held - least - most) * STORED_MOST;
    return Math.trunc((product >= 0 ? product + half : product - half) / (most - least));
  });
}

/** An outcome in register units of the feedback rule. */
export function outcomeRegister(definition: CompleteDefinition, outcome: number): number {
  const { feedback } = definition;
  if (feedback.rule === 'label') throw new InputError('outcome', text('input.ruleLabel'));
  if (typeof outcome !== 'number' || !Number.isFinite(outcome))
    throw new InputError('outcome', text('input.finite', { got: String(outcome) }));
  // Beyond the register the verdict is the same as at its end: too low or too high.
  return Math.max(-32_768, Math.min(32_767, Math.round(outcome * feedback.scale)));
}

/** Index of a class by its label, or by its identity, which is the label that it had first. */
export function classIndex(definition: CompleteDefinition, field: string, label: string): number {
  const byLabel = definition.classes.findIndex((choice) => choice.label === label);
  const index = byLabel >= 0 ? byLabel : definition.classes.findIndex((choice) => choice.id === label);
  if (index < 0) {
    const labels = definition.classes.map((choice) => choice.label);
    throw new InputError(
      field,
      labels.length === 0
        ? text('input.noClasses')
        : text('input.noClass', { label: String(label), names: labels }),
    );
  }
  return index;
}

/** TargetValues values of continuous outputs: what each output should have been. */

import { type CompleteDefinition, outputsOf } from '../definition';
import { text } from '../text';
import { InputError } from './errors';

/** One value where there is one output; else in the order of the definition, or by name. Engineering units. */
export type TargetValues = number | readonly number[] | Readonly<Record<string, number>>;

function inOrder(names: readonly string[], field: string, target: unknown): readonly unknown[] {
  const count = names.length;
  if (typeof target === 'number' && count === 1) return [target];
  if (Array.isArray(target) && target.length === count) return target;
  if (Array.isArray(target) || typeof target !== 'object' || target === null)
    throw new InputError(
      field,
      Array.isArray(target)
        ? text('input.count', { count, names: names, got: target.length })
        : text('input.shape', { count, got: String(target) }),
    );
  for (const name of Object.keys(target))
    if (!names.includes(name)) throw new InputError(name, text('input.noOutput', { names: names }));
  return names.map((name) => {
    if (!Object.hasOwn(target, name)) throw new InputError(name, text('input.missing'));
    return (target as Record<string, unknown>)[name];
  });
}

/**
 * Register values of the targets, one for each output.
 * @throws InputError that names the output: no number, or outside its range
 */
export function targetWords(definition: CompleteDefinition, field: string, target: unknown): number[] {
  const outputs = outputsOf(definition);
  if (outputs.length === 0) throw new InputError(field, text('input.noOutputs'));
  if (typeof target === 'string') throw new InputError(field, text('input.needsTarget'));
  const names = outputs.map(({ name }) => name);
  const values = inOrder(names, field, target);
  return outputs.map(({ name, unit, min, max, scale }, index) => {
    const value = values[index];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new InputError(name, text('input.finite', { got: String(value) }));
    const held = Math.round(value * scale);
    if (held < Math.round(min * scale) || held > Math.round(max * scale))
      throw new InputError(
        name,
        text('input.outOfRange', {
          value: unit === '' ? String(value) : `${value} ${unit}`,
          min,
          max: unit === '' ? String(max) : `${max} ${unit}`,
        }),
      );
    return held;
  });
}

/** Values of the outputs from their registers, by name, in engineering units. */
export function valuesByName(
  definition: CompleteDefinition,
  registers: readonly number[],
): Record<string, number> {
  return Object.fromEntries(
    outputsOf(definition).map(({ name, scale }, index) => [name, (registers[index] as number) / scale]),
  );
}

/** "valve 42.5 %, fan 3", for people. */
export function describeValues(definition: CompleteDefinition, registers: readonly number[]): string {
  return outputsOf(definition)
    .map(
      ({ name, unit, scale }, index) =>
        `${name} ${(registers[index] as number) / scale}${unit === '' ? '' : ` ${unit}`}`,
    )
    .join(', ');
}

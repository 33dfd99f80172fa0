/** Samples that leave their board: by identity, so that they fit wherever the same features and classes are. */

import { arrayOf, type CompleteDefinition, hashOf, outputsOf } from '../definition';
import { text } from '../text';
import type { StoredSample } from './dataset';
import { BackupError, type SavedSamples } from './model';
import type { TargetValues } from './targets';

/** Steps of a range in the coarsest storage. */
const STEPS = 254;

export function savedSamples(definition: CompleteDefinition, stored: readonly StoredSample[]): SavedSamples {
  const outputs = outputsOf(definition);
  return {
    features: definition.features.map(({ id }) => id),
    ...(outputs.length === 0 ? {} : { outputs: outputs.map(({ id }) => id) }),
    rows: [...stored]
      .sort((a, b) => b.age - a.age)
      .map(({ classIndex, heldOut, features, targets }) => ({
        class: definition.classes[classIndex]?.id ?? '',
        heldOut,
        values: features,
        ...(targets === undefined ? {} : { targets }),
      })),
  };
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The value, brought to the end of the range where only the steps of its storage carry it over; undefined = out of range. */
function fitted({ min, max }: Range, value: number): number | undefined {
  const step = (max - min) / STEPS;
  return value < min - step || value > max + step ? undefined : Math.min(max, Math.max(min, value));
}

/** Where the backup has each of the entries. */
function columnsOf(
  field: 'features' | 'outputs',
  entries: readonly { readonly name: string; readonly id: string }[],
  identities: readonly string[],
): number[] {
  const hashes = identities.map(hashOf);
  return entries.map(({ name, id }) => {
    const column = hashes.indexOf(hashOf(id));
    if (column < 0) throw new BackupError(`samples.${field}`, text('backup.noFeature', { name }));
    return column;
  });
}

/** Targets of each row in the order of the outputs; undefined where one is out of range. */
function targetsFor(
  outputs: ReturnType<typeof outputsOf>,
  samples: SavedSamples,
): ((row: SavedSamples['rows'][number]) => TargetValues | undefined) | undefined {
  if (outputs.length === 0) return undefined;
  const columns = columnsOf('outputs', outputs, samples.outputs ?? []);
  return ({ targets = [] }) => {
    const values = columns.map((column) => targets[column] as number);
    const inRange = outputs.every(
      ({ min, max }, index) => (values[index] as number) >= min && (values[index] as number) <= max,
    );
    return inRange ? values : undefined;
  };
}

/**
 * What can be taught to a board with this definition: features, and the label or the targets.
 * @throws BackupError when a feature or an output is missing
 */
export function samplesFor(
  definition: CompleteDefinition,
  samples: SavedSamples,
): { readonly features: number[]; readonly truth: string | TargetValues }[] {
  const { features, classes } = definition;
  const array = arrayOf(definition);
  const columns = columnsOf('features', features, samples.features);
  const targets = targetsFor(outputsOf(definition), samples);
  const labels = new Map(classes.map(({ label, id }) => [hashOf(id), label]));
  return samples.rows.flatMap((row) => {
    const truth = targets === undefined ? labels.get(hashOf(row.class)) : targets(row);
    const values =
      array === undefined
        ? columns.map((column, index) => fitted(features[index] as Range, row.values[column] as number))
        : row.values.length === array.count
          ? row.values.map((value) => fitted(array, value))
          : [undefined];
    const inRange = values.every((value) => value !== undefined);
    return truth === undefined || !inRange ? [] : [{ features: values as number[], truth }];
  });
}

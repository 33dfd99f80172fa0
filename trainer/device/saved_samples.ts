/** Samples that leave their board: by identity, so that they fit wherever the same features and classes are. */

import { type CompleteDefinition, hashOf } from '../definition';
import { text } from '../text';
import type { StoredSample } from './dataset';
import { BackupError, type SavedSamples } from './model';

/** Steps of a range in the coarsest storage. */
const STEPS = 254;

export function savedSamples(definition: CompleteDefinition, stored: readonly StoredSample[]): SavedSamples {
  return {
    features: definition.features.map(({ id }) => id),
    rows: [...stored]
      .sort((a, b) => b.age - a.age)
      .map(({ classIndex, heldOut, features }) => ({
        class: definition.classes[classIndex]?.id ?? '',
        heldOut,
        values: features,
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

/**
 * What can be taught to a board with this definition.
 * @throws BackupError when a feature is missing
 */
export function samplesFor(
  { features, classes }: CompleteDefinition,
  samples: SavedSamples,
): { readonly features: number[]; readonly label: string }[] {
  const hashes = samples.features.map(hashOf);
  const columns = features.map(({ name, id }) => {
    const column = hashes.indexOf(hashOf(id));
    if (column < 0) throw new BackupError('samples.features', text('backup.noFeature', { name }));
    return column;
  });
  const labels = new Map(classes.map(({ label, id }) => [hashOf(id), label]));
  return samples.rows.flatMap((row) => {
    const label = labels.get(hashOf(row.class));
    const values = columns.map((column, index) =>
      fitted(features[index] as Range, row.values[column] as number),
    );
    const inRange = values.every((value) => value !== undefined);
    return label === undefined || !inRange ? [] : [{ features: values as number[], label }];
  });
}

/** A small loop that every part of the bench runs: two features, three classes, feedback by label. */

import { uniform } from '../../test/support/random';
import type { Trainer, TrainerDefinition } from '../../trainer';

export const LOOP: TrainerDefinition = {
  name: 'loop bench',
  features: [
    { name: 'a', min: -100, max: 100, scale: 100 },
    { name: 'b', min: -100, max: 100, scale: 100 },
  ],
  classes: [{ label: 'low' }, { label: 'middle' }, { label: 'high' }],
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
  stitching: { capacity: 60, satisfactoryShare: 0.2 },
  training: { mode: 'manual', minSamples: 6 },
  save: { intervalSeconds: 3600 },
};

export type Point = readonly [number, number];

export function pointOf(random: () => number): Point {
  return [Math.round(200 * random() - 100), Math.round(200 * random() - 100)];
}

export function truthOf([a, b]: Point): string {
  const sum = a + b;
  return sum < -60 ? 'low' : sum > 60 ? 'high' : 'middle';
}

/** Teaches `count` points and trains. */
export async function teachAndTrain(trainer: Trainer, count: number, seed = 1): Promise<void> {
  const random = uniform(seed);
  for (let i = 0; i < count; i++) {
    const point = pointOf(random);
    await trainer.dataset.add(point, truthOf(point));
  }
  await trainer.model.train();
}

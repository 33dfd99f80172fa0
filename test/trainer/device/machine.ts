/** A machine with two channels and faults that differ, and what it takes to learn it: for tests of stream models. */
import type { Trainer, TrainerDefinition } from '../../../trainer';
import { noise } from '../../support/random';

const LEARNING = 600;
export const WINDOW = 50;
const CALIBRATION = 100;

export const machineDefinition: TrainerDefinition = {
  name: 'fan',
  channels: [
    { name: 'x', unit: 'g', min: -4, max: 4, scale: 1000 },
    { name: 'y', unit: 'g', min: -4, max: 4, scale: 1000 },
  ],
  model: {
    type: 'esn',
    units: 32,
    learningSamples: LEARNING,
    window: WINDOW,
    calibration: CALIBRATION,
    patterns: 4,
  },
};
/** Samples after which the machine is learned and the threshold known. */
export const LEARNED = LEARNING + WINDOW * (CALIBRATION + 20);

export type Fault = 'none' | 'rattle' | 'imbalance';

/** In g. A rattle is no multiple of the speed and shows on both channels; imbalance is the speed itself, on x alone. */
export function machine(samples: number, seed: number, fault: Fault = 'none'): number[][] {
  const random = noise(seed);
  return Array.from({ length: samples }, (_, i) => {
    const phase = 0.37 * (i + 1000 * seed);
    const rattle = fault === 'rattle' ? 0.8 * Math.sin(1.93 * i) : 0;
    const swing = fault === 'imbalance' ? 2.5 : 1;
    return [
      swing * Math.sin(phase) + 0.2 * random() + rattle,
      0.7 * Math.cos(phase) + 0.2 * random() - rattle,
    ];
  });
}

/** Teaches the trainer the healthy machine: the first samples that an untrained one gets begin its learning phase. */
export async function learnMachine(trainer: Trainer): Promise<void> {
  const { last } = await trainer.stream.send(machine(LEARNED, 1));
  if (!last.calibrated) throw new Error(`not learned after ${LEARNED} samples`);
}

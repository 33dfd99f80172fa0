/** The loop for a long time: decisions, feedback and the trainings that they cause, and what it leaves in the host's memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { uniform } from '../../test/support/random';
import { openBus, Trainer, type TrainerDefinition } from '../../trainer';
import { virtualWire } from '../../trainer/virtual';
import { LOOP, type Point, pointOf, truthOf } from './problem';

const WARM_UP_CYCLES = 5000;
/** Cycles after which the plant's truth shifts, so that there is always something to learn. */
const SHIFT_CYCLES = 10_000;

export interface Soak {
  readonly cycles: number;
  readonly trainings: number;
  readonly errors: number;
  readonly heapGrowthBytes: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const DEFINITION: TrainerDefinition = {
  ...LOOP,
  training: {
    mode: 'auto',
    minNewSamples: 20,
    minSamples: 20,
    accuracyWindow: 50,
    accuracyThreshold: 0.95,
  },
};

export async function soak(
  cycles: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Soak> {
  const bus = openBus(virtualWire());
  const random = uniform(3);
  let errors = 0;
  const shifted = (point: Point, cycle: number): Point => {
    const shift = Math.floor(cycle / SHIFT_CYCLES) % 2 === 0 ? 0 : 80;
    return [point[0] + shift, point[1]];
  };
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy(DEFINITION);
    const cycle = async (number: number): Promise<void> => {
      const point = pointOf(random);
      try {
        const { ticket } = await trainer.infer(point);
        const { judgement } = await trainer.feedback(ticket, { label: truthOf(shifted(point, number)) });
        if (judgement === 'discarded') errors++;
      } catch {
        errors++;
      }
    };
    for (let i = 0; i < WARM_UP_CYCLES; i++) await cycle(i);
    const before = heapUsed();
    for (let i = 0; i < cycles; i++) {
      await cycle(i);
      onProgress(i + 1);
    }
    const { trainings, judged } = await trainer.status();
    const heapGrowthBytes = heapUsed() - before;
    if (judged !== WARM_UP_CYCLES + cycles) errors += Math.abs(judged - WARM_UP_CYCLES - cycles);
    return { cycles, trainings, errors, heapGrowthBytes };
  } finally {
    await bus.close();
  }
}

/** A virtual trainer of its own for a benchmark, behind the same bus and protocol as a board. */
import { openBus, Trainer, type TrainerDefinition } from '../trainer';
import { firmwarePlanner, virtualWire } from '../trainer/virtual';

/** Deploys `definition` to a fresh virtual board, runs `work` on it, and takes it down again whatever happens. */
export async function onVirtualTrainer<T>(
  definition: TrainerDefinition,
  work: (trainer: Trainer) => Promise<T>,
): Promise<T> {
  const bus = openBus(virtualWire());
  try {
    const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
    await trainer.deploy(definition);
    return await work(trainer);
  } finally {
    await bus.close();
  }
}

/**
 * A virtual trainer of its own for a benchmark, behind the same bus and protocol as a board. Its clock stands still unless the benchmark
 * puts it forward, and what there is to do is done before the next request: the same figures on every machine, however busy.
 */

import { BoardPipe } from '../test/support/board_pipe';
import { openBus, Trainer, type TrainerDefinition } from '../trainer';
import { firmwarePlanner, VirtualBoard } from '../trainer/virtual';

let wires = 0;

/** Deploys `definition` to a fresh virtual board, runs `work` on it, and takes it down again whatever happens. */
export async function onVirtualTrainer<T>(
  definition: TrainerDefinition,
  work: (trainer: Trainer, board: VirtualBoard) => Promise<T>,
): Promise<T> {
  const board = new VirtualBoard({ clock: 'manual' });
  const bus = openBus({
    kind: 'virtual',
    id: `bench ${++wires}`,
    connect: async () => new BoardPipe(board),
  });
  try {
    const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
    await trainer.deploy(definition);
    return await work(trainer, board);
  } finally {
    await bus.close();
    board.close();
  }
}

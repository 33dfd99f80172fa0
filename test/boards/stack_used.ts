/** How much stack a board needs: what it reports itself after learning Iris. Used by tools/boards.mjs. */
import { openBus } from '../../trainer/bus';
import { Trainer } from '../../trainer/device';
import { EMULATED_BOARDS, emulatorWire } from '../../trainer/emulator';
import { irisRun, kernelRun } from './iris_run';

/** Bytes; undefined = the board has no emulator. `reserved`: the linker script's stack, bytes. */
export async function stackUsed(board: string, reserved: number): Promise<number | undefined> {
  const name = EMULATED_BOARDS.find((candidate) => candidate.endsWith(`:${board}`));
  if (name === undefined) return undefined;
  const bus = openBus(emulatorWire(name));
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    const { status } = await irisRun(trainer);
    // A high-water mark: what comes second only adds to it.
    const free = (await kernelRun(trainer))?.stackFreeBytes ?? status.stackFreeBytes;
    return free === undefined ? undefined : reserved - free;
  } finally {
    await bus.close();
  }
}

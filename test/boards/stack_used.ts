/** How much stack a board needs: what it reports itself after learning Iris. Used by tools/boards.mjs. */
import { openBus } from '../../trainer/bus';
import { Trainer } from '../../trainer/device';
import { EMULATED_BOARDS, emulatorWire } from '../../trainer/emulator';
import { irisRun } from './iris_run';

/** Bytes; undefined = the board has no emulator. `reserved`: the linker script's stack, bytes. */
export async function stackUsed(board: string, reserved: number): Promise<number | undefined> {
  const name = EMULATED_BOARDS.find((one) => one.endsWith(`:${board}`));
  if (name === undefined) return undefined;
  const bus = openBus(emulatorWire(name));
  try {
    const { status } = await irisRun(new Trainer(bus, { unit: 1 }));
    return status.stackFreeBytes === undefined ? undefined : reserved - status.stackFreeBytes;
  } finally {
    await bus.close();
  }
}

/** Into the boot loader by a command to the firmware that runs, where the chip allows it. */
import { Limits } from '../contract/contract.generated';
import type { Trainer } from '../device';
import { text } from '../text';
import { FolderDrive, untilThere } from './drive';
import { FlashError, refusal } from './errors';
import { checkImage, type FlashBoard } from './flash';
import type { Image } from './image';
import { reachedBy } from './loaders';

/** Most that a board needs to save all it knows: a store of 16 kB of flash (STM32F100RB: 16 pages of 40 ms, 8192 half-words of 70 us). */
const SAVES_MS = 1500;
/**
 * So long after the command the boot loader runs. The line is silent meanwhile: the first byte that a boot loader of an STM32 hears
 * is what it measures the rate by.
 */
const LEAVES_MS = 1000 * Limits.LEAVE_SECONDS + SAVES_MS;
/** A drive takes so long to show itself and to be mounted. */
const DRIVE_MS = 30_000;

/** @throws FlashError for a board that only a hand, or a reset over the line, brings into its boot loader */
export function refusesCommand({ name, bootLoader }: FlashBoard): void {
  if (bootLoader.byCommand === true) return;
  const enter = text(`flash.enter.${bootLoader.protocol}`);
  throw new FlashError('FLASH_REFUSED', text('flash.byHand', { board: name, enter }));
}

/**
 * The running firmware saves what it has learned and leaves for the boot loader of its chip; nobody may use its line then.
 * @throws FlashError when the board cannot, is another one, or the image is not for it; TrainerError when its firmware refuses. It then runs on
 */
export async function leaveForBootLoader(
  trainer: Pick<Trainer, 'identify' | 'startBootLoader'>,
  board: FlashBoard,
  image: Image,
  wipeStore: boolean,
): Promise<void> {
  refusesCommand(board);
  checkImage(board, image, wipeStore);
  const { board: found } = await trainer.identify();
  if (found !== board.name) throw refusal('flash.refused.running', { found, board: board.name });
  await trainer.startBootLoader();
}

/** What was not flashed for a reason that left the old firmware whole waits in the boot loader, and says how it gets out. */
function waits(error: unknown): unknown {
  const untouched =
    error instanceof FlashError &&
    (error.code === 'FLASH_REFUSED' ||
      error.code === 'FLASH_NO_BOOT_LOADER' ||
      error.text.key === 'flash.cancelledBefore');
  if (!untouched) return error;
  return new FlashError(error.code, text('flash.waits', { problem: error.text }), { cause: error });
}

/**
 * After `leaveForBootLoader`: waits for the boot loader, then flashes.
 * @param path serial port or folder of the boot loader
 * @throws FlashError
 */
export async function fromBootLoader<T>(
  { bootLoader }: FlashBoard,
  path: string,
  write: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (reachedBy(bootLoader) === 'drive') await untilThere(new FolderDrive(path), DRIVE_MS, signal);
  else await new Promise((resolve) => setTimeout(resolve, LEAVES_MS));
  return write().catch((error: unknown) => {
    throw waits(error);
  });
}

/** Into the boot loader by a command to the firmware that runs, where the chip allows it. */
import { Limits } from '../contract/contract.generated';
import { text } from '../text';
import { FlashError } from './errors';
import type { FlashBoard } from './flash';

/** Most that a board needs to save all it knows: a store of 16 kB of flash (STM32F100RB: 16 pages of 40 ms, 8192 half-words of 70 us). */
const SAVES_MS = 1500;
/**
 * So long after the command the boot loader runs. The line is silent meanwhile: the first byte that a boot loader of an STM32 hears
 * is what it measures the rate by.
 */
export const LEAVES_MS = 1000 * Limits.LEAVE_SECONDS + SAVES_MS;

/** @throws FlashError for a board that only a hand, or a reset over the line, brings into its boot loader */
export function refusesCommand({ name, bootLoader }: FlashBoard): void {
  if (bootLoader.byCommand === true) return;
  const enter = text(`flash.enter.${bootLoader.protocol}`);
  throw new FlashError('FLASH_REFUSED', text('flash.byHand', { board: name, enter }));
}

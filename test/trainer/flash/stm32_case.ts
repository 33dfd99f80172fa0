/** An STM32F405 that has learned, an image for it, and what is left of both after power cuts; for the tests and the bench. */
import assert from 'node:assert/strict';
import { boardOf } from '../../../trainer/definition';
import { type FlashBoard, type FlashOptions, flash } from '../../../trainer/flash';
import { Stm32BootLoader } from '../../../trainer/flash/stm32';
import { lineTo, SimulatedStm32, STM32F405 } from '../../support/stm32_boot_loader';
import { bytes, imageOf } from './images';
import { countRecovered } from './interruptions';

export const board = boardOf('stm32f405') as FlashBoard;
export const store = board.store as { address: number; bytes: number };
/** Vectors below the store, code above it: as the image of the board is laid out. */
export const image = imageOf(
  { address: 0x0800_0000, bytes: bytes(1000) },
  { address: 0x0800_c000, bytes: bytes(30_001, 2) },
);

export function learnedChip(): SimulatedStm32 {
  const chip = new SimulatedStm32(STM32F405);
  chip.flash.fill(0x55, 0, 0x4000);
  chip.flash.set(bytes(store.bytes, 7), store.address - STM32F405.start);
  return chip;
}

export const flashOn = (chip: SimulatedStm32, options?: FlashOptions): ReturnType<typeof flash> =>
  flash(board, image, async () => new Stm32BootLoader(lineTo(chip), board.bootLoader.sizeAt), options);

export function holdsImage(chip: SimulatedStm32): boolean {
  return image.segments.every(({ address, bytes: wanted }) => {
    const at = address - STM32F405.start;
    return Buffer.compare(chip.flash.subarray(at, at + wanted.length), wanted) === 0;
  });
}

export function holdsStore(chip: SimulatedStm32): boolean {
  const at = store.address - STM32F405.start;
  return Buffer.compare(chip.flash.subarray(at, at + store.bytes), bytes(store.bytes, 7)) === 0;
}

/** Of so many power cuts, spread over a whole run, those after which the chip was flashed anew with nothing learned lost. */
export async function cutsRecovered(cuts: number): Promise<number> {
  // Every byte that the host sends in a whole run is a place where the power may go.
  const whole = learnedChip();
  whole.powerFor = 1e9;
  await flashOn(whole);
  const all = 1e9 - whole.powerFor;
  return countRecovered(cuts, { first: 1, last: all - 1 }, (place) => {
    const chip = learnedChip();
    chip.powerFor = place;
    return {
      flash: () => flashOn(chip),
      restore: () => {
        assert.ok(holdsStore(chip), `cut after ${place} bytes: the store was touched`);
        chip.start();
      },
      isWhole: () => holdsImage(chip) && holdsStore(chip) && chip.started === 0x0800_0000,
      codes: ['FLASH_NO_BOOT_LOADER', 'FLASH_INTERRUPTED'],
    };
  });
}

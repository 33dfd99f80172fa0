/** A Pico that has learned, an image for it, and what is left of both when it is unplugged; for the tests and the bench. */
import assert from 'node:assert/strict';
import { boardOf } from '../../../trainer/definition';
import { type FlashBoard, FlashError, type FlashOptions, flash } from '../../../trainer/flash';
import { Uf2Drive } from '../../../trainer/flash/uf2_drive';
import { SimulatedDrive } from '../../support/simulated_drive';
import { bytes, imageOf } from './images';

export const pico = boardOf('rp2040') as FlashBoard;
export const store = pico.store as { address: number; bytes: number };
export const START = 0x1000_0000;
export const image = imageOf({ address: START, bytes: bytes(40_000) });
const learned = bytes(store.bytes, 5);

export function learnedPico(): SimulatedDrive {
  const drive = new SimulatedDrive(START, 2 * 1024 * 1024);
  drive.flash.set(learned, store.address - START);
  return drive;
}

export const family = pico.bootLoader.family as number;
export const flashOn = (drive: SimulatedDrive, options?: FlashOptions): ReturnType<typeof flash> =>
  flash(pico, image, async () => new Uf2Drive(drive, family), options);

export const holds = (drive: SimulatedDrive, at: number, wanted: Uint8Array): boolean =>
  Buffer.compare(drive.flash.subarray(at, at + wanted.length), wanted) === 0;
export const whole = (drive: SimulatedDrive): boolean =>
  holds(drive, 0, image.segments[0]?.bytes as Uint8Array) && holds(drive, store.address - START, learned);

/** Of so many pulled plugs, spread over the blocks, those after which the board was flashed anew with nothing learned lost. */
export async function cutsRecovered(cuts: number): Promise<number> {
  const blocks = Math.ceil(40_000 / 256);
  let recovered = 0;
  for (let cut = 0; cut < cuts; cut++) {
    const drive = learnedPico();
    drive.blocksLeft = Math.floor((cut * (blocks - 2)) / (cuts - 1));
    await assert.rejects(flashOn(drive), (error: unknown) => {
      assert.ok(error instanceof FlashError);
      assert.equal(error.code, 'FLASH_INTERRUPTED');
      return true;
    });
    drive.plugIn();
    await flashOn(drive);
    if (whole(drive)) recovered++;
  }
  return recovered;
}

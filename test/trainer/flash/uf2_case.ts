/** A Pico that has learned, an image for it, and what is left of both when it is unplugged; for the tests and the bench. */
import { boardOf } from '../../../trainer/definition';
import { type FlashBoard, type FlashOptions, flash } from '../../../trainer/flash';
import { Uf2Drive } from '../../../trainer/flash/uf2_drive';
import { SimulatedDrive } from '../../support/simulated_drive';
import { bytes, imageOf } from './images';
import { countRecovered } from './interruptions';

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
export function cutsRecovered(cuts: number): Promise<number> {
  const blocks = Math.ceil(40_000 / 256);
  return countRecovered(cuts, { first: 0, last: blocks - 2 }, (place) => {
    const drive = learnedPico();
    drive.blocksLeft = place;
    return { flash: () => flashOn(drive), restore: () => drive.plugIn(), isWhole: () => whole(drive) };
  });
}

/** A micro:bit that has learned, an image for it, and what is left of both when it is unplugged; for the tests and the bench. */
import { boardOf } from '../../../trainer/definition';
import { type FlashBoard, type FlashOptions, flash } from '../../../trainer/flash';
import { DaplinkDrive, hexRecords } from '../../../trainer/flash/daplink_drive';
import { SimulatedMicrobit } from '../../support/simulated_microbit';
import { bytes, imageOf } from './images';
import { countRecovered } from './interruptions';

export const microbit = boardOf('nrf51') as FlashBoard;
const store = microbit.store as { address: number; bytes: number };
export const image = imageOf(
  { address: 0, bytes: bytes(30_000) },
  { address: 0x1_2000, bytes: bytes(500, 3) },
);
const learned = bytes(store.bytes, 5);

export function learnedMicrobit(byPage = true): SimulatedMicrobit {
  const drive = new SimulatedMicrobit(byPage);
  drive.flash.set(learned, store.address);
  return drive;
}

export const flashOn = (drive: SimulatedMicrobit, options?: FlashOptions): ReturnType<typeof flash> =>
  flash(microbit, image, async () => new DaplinkDrive(drive), options);

export const whole = (drive: SimulatedMicrobit): boolean =>
  [...image.segments, { address: store.address, bytes: learned }].every(
    ({ address, bytes: wanted }) =>
      Buffer.compare(drive.flash.subarray(address, address + wanted.length), wanted) === 0,
  );

/** Of so many pulled plugs, spread over the records, those after which the board was flashed anew with nothing learned lost. */
export function cutsRecovered(cuts: number): Promise<number> {
  const records = hexRecords(image.segments).length;
  return countRecovered(cuts, { first: 0, last: records - 2 }, (place) => {
    const drive = learnedMicrobit();
    drive.recordsLeft = place;
    return { flash: () => flashOn(drive), restore: () => drive.plugIn(), isWhole: () => whole(drive) };
  });
}

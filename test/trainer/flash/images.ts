/** Firmware images made up for a test, as segments and as a hex file. */
import { hexRecords } from '../../../trainer/flash/daplink_drive';
import type { Image, Segment } from '../../../trainer/flash/image';

/** Bytes that look like nothing in particular, the same every time. */
export function bytes(count: number, seed = 1): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

export const imageOf = (...segments: Segment[]): Image => ({ name: 'test.hex', version: '9.9', segments });

export const hexOf = (segments: readonly Segment[]): string =>
  hexRecords(segments)
    .map(({ text }) => text)
    .join('');

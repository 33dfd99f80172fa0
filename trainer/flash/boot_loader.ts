/** What every boot loader can do, whatever protocol it speaks. Each protocol has a file beside this one. */
import { hex } from './errors';
import type { Image, Segment } from './image';

/** What a boot loader says of the chip it runs on. */
export interface Chip {
  /** As the chip or its boot loader numbers itself; compared with the facts of the board. */
  readonly id: string;
  /** Bytes of program memory; undefined = it does not say. */
  readonly flashBytes?: number;
  /** What writing an image does to the rest of the memory. 'all': everything is erased, what was learned too. */
  readonly erases: 'pages' | 'all';
}

export interface Region {
  readonly address: number;
  readonly bytes: number;
}

/** A range of the program memory that is erased as one. */
export interface Page extends Region {
  readonly number: number;
}

/** Told after every step, with the bytes that are done; throws when the user has given up. */
export type Tick = (doneBytes: number) => void;

/**
 * 'read-back': every byte was read and is right. 'hash': the chip's own hash of all bytes is right. 'accepted': the boot loader took the whole
 * image and started it, and can show no more.
 */
export type Verified = 'read-back' | 'hash' | 'accepted';

/** All methods reject with BootLoaderError when the other side does not do its part. */
export interface BootLoader {
  /** Wakes the boot loader and asks who it is. Changes nothing. */
  probe(): Promise<Chip>;
  /**
   * Where what was learned lies, for chips that say so themselves; without it, the facts of the board say.
   * @throws FlashError when the image would not find it again, or would not start
   */
  stores?(image: Image, wipeStore: boolean): readonly Region[];
  /** Erases pages; a boot loader that erases as it writes does nothing here. */
  erase(pages: readonly Page[], tick: Tick): Promise<void>;
  write(segments: readonly Segment[], tick: Tick): Promise<void>;
  /** @throws VerifyError at the first byte that is wrong */
  verify(segments: readonly Segment[], tick: Tick): Promise<Verified>;
  /** Starts the firmware. */
  run(segments: readonly Segment[]): Promise<void>;
  /** Lets go of the port; never rejects. */
  close(): Promise<void>;
}

/** A byte reads back as another one than was written. */
export class VerifyError extends Error {
  readonly address: number;

  constructor(address: number) {
    super(`${hex(address)} reads back wrong`);
    this.name = 'VerifyError';
    this.address = address;
  }
}

/** @throws VerifyError */
export function compare(address: number, wanted: Uint8Array, found: Uint8Array): void {
  for (let at = 0; at < wanted.length; at++)
    if (wanted[at] !== found[at]) throw new VerifyError(address + at);
}

/** Whether two ranges share a byte. */
export const touches = (one: Region, other: Region): boolean =>
  one.address < other.address + other.bytes && one.address + one.bytes > other.address;

/** Pages into which no segment writes. */
export const untouched = (pages: readonly Page[], segments: readonly Segment[]): Page[] =>
  pages.filter(
    (page) => !segments.some(({ address, bytes }) => touches(page, { address, bytes: bytes.length })),
  );

/** A segment in pieces of at most `most` bytes, the last one filled up with erased bytes to a multiple of `unit`. */
export function* pieces(
  segments: readonly Segment[],
  most: number,
  unit: number,
): Generator<{ readonly address: number; readonly bytes: Uint8Array }> {
  for (const { address, bytes } of segments) {
    for (let at = 0; at < bytes.length; at += most) {
      const part = bytes.subarray(at, at + most);
      const whole = new Uint8Array(unit * Math.ceil(part.length / unit)).fill(0xff);
      whole.set(part);
      yield { address: address + at, bytes: whole };
    }
  }
}

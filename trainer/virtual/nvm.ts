/** Non-volatile memory of a virtual board: in this process, or in a file that is written through. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Thrown out of the firmware when the power goes while it writes. */
export class PowerCut extends Error {
  constructor() {
    super('the power was cut');
    this.name = 'PowerCut';
  }
}

export interface NvmGeometry {
  /** Bytes; 0 = none. */
  readonly size: number;
  /** Erase granularity; 1 = EEPROM, any byte can be written at any time. */
  readonly pageBytes: number;
  /** Write granularity, 1 to 8. */
  readonly writeBytes: number;
}

const ERASED = 0xff;

/** Opens for reading and writing, and makes the file if need be, without emptying it. */
function openMemory(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return openSync(path, 'wx+');
  }
}

export class Nvm {
  readonly geometry: NvmGeometry;
  /** What is stored. */
  readonly bytes: Uint8Array;
  /** Bytes written and pages erased so far: wear. */
  written = 0;
  erased = 0;
  /** Whether the hardware refuses to write, for tests. */
  broken = false;
  private readonly file: number | undefined;
  private powerLeft = Number.POSITIVE_INFINITY;
  private closed = false;

  /**
   * @param path of the file that keeps it; a file that is shorter or not there counts as erased
   * @throws the system's error when the file cannot be read or written
   */
  constructor(geometry: NvmGeometry, path?: string) {
    this.geometry = geometry;
    this.bytes = new Uint8Array(geometry.size).fill(ERASED);
    if (path === undefined) return;
    this.file = openMemory(path);
    const length = Math.min(fstatSync(this.file).size, geometry.size);
    for (let at = 0; at < length; ) at += readSync(this.file, this.bytes, at, length - at, at) || length;
    // Or the hole before the first write would read as zeros.
    if (length < geometry.size) writeSync(this.file, this.bytes, length, geometry.size - length, length);
  }

  /** Cuts the power after so many more bytes were written; a page erase counts as its bytes. For tests. */
  cutPowerAfter(bytes: number): void {
    this.powerLeft = bytes;
  }

  restorePower(): void {
    this.powerLeft = Number.POSITIVE_INFINITY;
  }

  read(offset: number, into: Uint8Array): boolean {
    if (offset + into.length > this.bytes.length) return false;
    into.set(this.bytes.subarray(offset, offset + into.length));
    return true;
  }

  write(offset: number, from: Uint8Array): boolean {
    const { pageBytes, writeBytes } = this.geometry;
    if (this.broken || offset + from.length > this.bytes.length) return false;
    if (offset % writeBytes !== 0 || from.length % writeBytes !== 0) return false;
    // Flash only clears bits; the firmware has to erase first.
    const data = pageBytes > 1 ? from.map((byte, i) => byte & (this.bytes[offset + i] as number)) : from;
    this.written += from.length;
    this.store(offset, data);
    return true;
  }

  erase(offset: number): boolean {
    const { pageBytes } = this.geometry;
    if (this.broken || offset % pageBytes !== 0 || offset + pageBytes > this.bytes.length) return false;
    this.erased++;
    this.store(offset, new Uint8Array(pageBytes).fill(ERASED));
    return true;
  }

  close(): void {
    if (!this.closed && this.file !== undefined) closeSync(this.file);
    this.closed = true;
  }

  /** Everything that power is left for reaches the memory, byte by byte, in order. */
  private store(offset: number, data: Uint8Array): void {
    const torn = data.length > this.powerLeft;
    const kept = torn ? data.subarray(0, this.powerLeft) : data;
    this.powerLeft -= kept.length;
    this.bytes.set(kept, offset);
    if (this.file !== undefined && kept.length > 0) writeSync(this.file, kept, 0, kept.length, offset);
    if (torn) throw new PowerCut();
  }
}

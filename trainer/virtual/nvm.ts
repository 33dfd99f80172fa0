/** Non-volatile memory of a virtual board: in this process, or in a file that is written through. */
import { MemoryFile, type MemoryFileOptions } from './memory_file';

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

export class Nvm {
  readonly geometry: NvmGeometry;
  /** What is stored. */
  readonly bytes: Uint8Array;
  /** Bytes written and pages erased so far: wear. */
  written = 0;
  erased = 0;
  /** Whether the hardware refuses to write, for tests. */
  broken = false;
  /** Why the file did not take the last write; undefined while it does. */
  fault: Error | undefined;
  private readonly file: MemoryFile | undefined;
  private powerLeft = Number.POSITIVE_INFINITY;

  /**
   * @param path of the file that keeps it; without one it is forgotten with the process
   * @throws MemoryFileError, or the system's error when the file cannot be opened
   */
  constructor(geometry: NvmGeometry, path?: string, options: MemoryFileOptions = {}) {
    this.geometry = geometry;
    this.bytes = new Uint8Array(geometry.size).fill(ERASED);
    if (path !== undefined) this.file = new MemoryFile(path, geometry, this.bytes, options);
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
    return this.store(offset, data);
  }

  erase(offset: number): boolean {
    const { pageBytes } = this.geometry;
    if (this.broken || offset % pageBytes !== 0 || offset + pageBytes > this.bytes.length) return false;
    this.erased++;
    return this.store(offset, new Uint8Array(pageBytes).fill(ERASED));
  }

  close(): void {
    this.file?.close();
  }

  /** Everything that power is left for reaches the memory, byte by byte, in order. False: the file did not take it, see `fault`. */
  private store(offset: number, data: Uint8Array): boolean {
    const torn = data.length > this.powerLeft;
    const kept = torn ? data.subarray(0, this.powerLeft) : data;
    this.powerLeft -= kept.length;
    try {
      this.file?.write(offset, kept);
      this.fault = undefined;
    } catch (error) {
      this.fault = error as Error;
      return false;
    }
    this.bytes.set(kept, offset);
    if (torn) throw new PowerCut();
    return true;
  }
}

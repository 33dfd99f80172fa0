/** The flash of a simulated ESP32 as its loaders write it: a run of packets, compressed or not, erased sector by sector on the way. */
import { constants, inflateSync } from 'node:zlib';

const SECTOR = 4096;

export class EspFlash {
  readonly bytes: Uint8Array;
  private run:
    | { at: number; left: number; compressed: boolean; packed: Buffer; unpacked: number }
    | undefined;
  private erasedTo = 0;
  /** A cell that nothing sets any more. */
  worn: number | undefined;

  constructor(bytes: number) {
    this.bytes = new Uint8Array(bytes).fill(0xff);
  }

  get writing(): boolean {
    return this.run !== undefined;
  }

  holds(address: number, wanted: Uint8Array): boolean {
    return Buffer.compare(this.bytes.subarray(address, address + wanted.length), wanted) === 0;
  }

  erase(address: number, length: number): boolean {
    if (address % SECTOR !== 0 || length % SECTOR !== 0 || address + length > this.bytes.length) return false;
    this.bytes.fill(0xff, address, address + length);
    return true;
  }

  begin(address: number, length: number, compressed: boolean): boolean {
    if (address % SECTOR !== 0 || address + length > this.bytes.length) return false;
    this.run = { at: address, left: length, compressed, packed: Buffer.alloc(0), unpacked: 0 };
    this.erasedTo = address;
    return true;
  }

  /** @returns whether the packet was taken */
  data(packet: Buffer): boolean {
    const { run } = this;
    if (run === undefined) return false;
    if (!run.compressed) {
      this.program(packet.subarray(0, run.left));
      return true;
    }
    run.packed = Buffer.concat([run.packed, packet]);
    // Everything that the packets so far unpack to; what was there before has been programmed.
    const all = inflateSync(run.packed, { finishFlush: constants.Z_SYNC_FLUSH });
    const fresh = all.subarray(run.unpacked);
    run.unpacked = all.length;
    if (fresh.length > run.left) return false;
    this.program(fresh);
    return true;
  }

  /** @returns whether everything that was announced has come */
  end(): boolean {
    const whole = this.run?.left === 0;
    this.run = undefined;
    return whole;
  }

  /** The power goes: the sector that comes next is erased already, and half of it programmed with what never came. */
  tear(): void {
    const { run } = this;
    this.run = undefined;
    if (run === undefined || run.left === 0) return;
    const sector = run.at - (run.at % SECTOR);
    this.bytes.fill(0xff, run.at, sector + SECTOR);
    this.bytes.fill(0x00, run.at, run.at + Math.min(run.left, (sector + SECTOR - run.at) >> 1));
  }

  private program(bytes: Uint8Array): void {
    const { run } = this;
    if (run === undefined) return;
    const end = run.at + bytes.length;
    for (; this.erasedTo < end; this.erasedTo += SECTOR)
      this.bytes.fill(0xff, this.erasedTo, this.erasedTo + SECTOR);
    // Programming clears bits.
    for (const [i, byte] of bytes.entries()) (this.bytes[run.at + i] as number) &= byte;
    if (this.worn !== undefined && this.worn < end) this.bytes[this.worn] = 0;
    run.at = end;
    run.left -= bytes.length;
  }
}

/**
 * The drive of a BBC micro:bit (DAPLink interface chip): takes an Intel hex file, writes it into the chip next to it, and mounts itself
 * anew; FAIL.TXT says why when it could not (DAPLink: docs/MSD_COMMANDS.md, docs/USERS-GUIDE.md). It erases the whole chip unless it
 * is set to erase page by page.
 */
import { type BootLoader, type Chip, pieces, type Tick, type Verified } from './boot_loader';
import { type Drive, lastWrite, untilBack } from './drive';
import { BootLoaderError } from './errors';
import type { Segment } from './image';

const FILE = 'trainer.hex';
const RECORD_BYTES = 16;
/** Records handed over at once. */
const RECORDS_EACH = 64;
const REMOUNT_MS = 30_000;
/** Digits of the unique id that number the kind of board (micro:bit: 9900, 9901). */
const BOARD_DIGITS = 4;

function record(type: number, offset: number, bytes: Uint8Array): string {
  const body = Buffer.from([bytes.length, offset >> 8, offset & 0xff, type, ...bytes]);
  const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0);
  return `:${body.toString('hex')}${((0x100 - sum) & 0xff).toString(16).padStart(2, '0')}\n`.toUpperCase();
}

/** Intel hex records of an image, with the bytes of the image up to and with each. */
export function hexRecords(
  segments: readonly Segment[],
): { readonly text: string; readonly bytes: number }[] {
  const records: { text: string; bytes: number }[] = [];
  let high = 0;
  for (const { address, bytes } of pieces(segments, RECORD_BYTES, 1)) {
    if (address >>> 16 !== high) {
      high = address >>> 16;
      records.push({ text: record(4, 0, Uint8Array.of(high >> 8, high & 0xff)), bytes: 0 });
    }
    records.push({ text: record(0, address & 0xffff, bytes), bytes: bytes.length });
  }
  records.push({ text: record(1, 0, new Uint8Array()), bytes: 0 });
  return records;
}

export class DaplinkDrive implements BootLoader {
  private readonly drive: Drive;

  constructor(drive: Drive) {
    this.drive = drive;
  }

  async probe(): Promise<Chip> {
    const details = await this.drive.read('DETAILS.TXT');
    const id = /^Unique ID:\s*([0-9a-f]{4})/im.exec(details ?? '')?.[1];
    if (details === undefined || id === undefined)
      throw new BootLoaderError('flash.line.noDrive', { file: 'DETAILS.TXT' });
    const byPage = /^Page erasing:\s*1\s*$/im.test(details);
    return { id: id.slice(0, BOARD_DIGITS), erases: byPage ? 'pages' : 'all' };
  }

  /** It erases by itself. */
  erase(): Promise<void> {
    return Promise.resolve();
  }

  async write(segments: readonly Segment[], tick: Tick): Promise<void> {
    const records = hexRecords(segments);
    const ending = records.length - 1;
    const file = await this.drive.create(FILE);
    let done = 0;
    try {
      for (let at = 0; at < ending; at += RECORDS_EACH) {
        const some = records.slice(at, Math.min(at + RECORDS_EACH, ending));
        await file.write(Buffer.from(some.map(({ text }) => text).join('')));
        done += some.reduce((sum, { bytes }) => sum + bytes, 0);
        tick(done);
      }
      await lastWrite(file.write(Buffer.from(records[ending]?.text ?? '')));
    } finally {
      await file.close();
    }
  }

  /** The chip cannot be read through the drive; DAPLink checks what it writes, and says in FAIL.TXT what went wrong. */
  async verify(): Promise<Verified> {
    await untilBack(this.drive, REMOUNT_MS);
    return 'accepted';
  }

  run(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

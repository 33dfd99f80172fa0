/**
 * A boot loader that shows itself as a USB drive and takes a UF2 file (format: github.com/microsoft/uf2; RP2040 datasheet 2.8.4): each
 * block of 512 bytes says where its 256 bytes go, so the order does not matter, and the drive goes away once it has all blocks.
 */
import {
  type BootLoader,
  type Chip,
  type Page,
  pieces,
  type Tick,
  untouched,
  type Verified,
} from './boot_loader';
import { type Drive, lastWrite, untilGone } from './drive';
import { BootLoaderError } from './errors';
import type { Segment } from './image';

const BLOCK = 512;
const PAYLOAD = 256;
const MAGIC = [0x0a324655, 0x9e5d5157] as const;
const MAGIC_END = 0x0ab16f30;
const FAMILY_PRESENT = 0x2000;
const FILE = 'trainer.uf2';
/** Blocks handed over at once. */
const BLOCKS_EACH = 16;
/** Starting again takes a moment after the last block. */
const RESTART_MS = 15_000;

/** The blocks of a UF2 file. @param family number of the chip's family in the UF2 list */
export function uf2(segments: readonly Segment[], family: number): Buffer[] {
  const payloads = [...pieces(segments, PAYLOAD, PAYLOAD)];
  return payloads.map(({ address, bytes }, index) => {
    const block = Buffer.alloc(BLOCK);
    const head = [...MAGIC, FAMILY_PRESENT, address, PAYLOAD, index, payloads.length, family];
    for (const [at, value] of head.entries()) block.writeUInt32LE(value, 4 * at);
    block.set(bytes, 32);
    block.writeUInt32LE(MAGIC_END, BLOCK - 4);
    return block;
  });
}

export class Uf2Drive implements BootLoader {
  private readonly drive: Drive;
  private readonly family: number;
  private toErase: readonly Page[] = [];

  constructor(drive: Drive, family: number) {
    this.drive = drive;
    this.family = family;
  }

  async probe(): Promise<Chip> {
    const info = await this.drive.read('INFO_UF2.TXT');
    const id = /^Board-ID:\s*(.+?)\s*$/m.exec(info ?? '')?.[1];
    if (id === undefined) throw new BootLoaderError('flash.line.noDrive', { file: 'INFO_UF2.TXT' });
    return { id, erases: 'pages' };
  }

  /** The drive erases a sector when its first block comes; pages that get no block are filled with erased bytes. */
  erase(pages: readonly Page[]): Promise<void> {
    this.toErase = pages;
    return Promise.resolve();
  }

  async write(segments: readonly Segment[], tick: Tick): Promise<void> {
    const blank = untouched(this.toErase, segments).map(({ address, bytes }) => ({
      address,
      bytes: new Uint8Array(bytes).fill(0xff),
    }));
    const blocks = uf2([...blank, ...segments], this.family);
    const before = blocks.length - [...pieces(segments, PAYLOAD, PAYLOAD)].length;
    const file = await this.drive.create(FILE);
    try {
      const ending = blocks.length - 1;
      for (let at = 0; at < ending; at += BLOCKS_EACH) {
        const next = Math.min(at + BLOCKS_EACH, ending);
        await file.write(Buffer.concat(blocks.slice(at, next)));
        tick(PAYLOAD * Math.max(0, next - before));
      }
      await lastWrite(file.write(blocks[ending] as Buffer));
    } finally {
      await file.close();
    }
  }

  /** What is in the flash cannot be read; that the drive has gone shows that every block came and the firmware was started. */
  async verify(): Promise<Verified> {
    await untilGone(this.drive, RESTART_MS);
    return 'accepted';
  }

  run(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A board whose boot loader shows a UF2 drive: takes block after block, and starts once it has all of them. */
import type { Drive } from '../../trainer/flash/drive';
import { DriveGoneError } from '../../trainer/flash/drive';

const BLOCK = 512;
const SECTOR = 4096;

export class SimulatedDrive implements Drive {
  static readonly INFO = 'UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n';
  readonly flash: Uint8Array;
  /** Blocks until somebody pulls the plug. */
  blocksLeft = Number.POSITIVE_INFINITY;
  private readonly start: number;
  private there = true;
  private erased = new Set<number>();
  private blocks = new Set<number>();
  private position = 0;

  constructor(start: number, bytes: number) {
    this.start = start;
    this.flash = new Uint8Array(bytes).fill(0x5a);
  }

  plugIn(): void {
    this.there = true;
    this.blocksLeft = Number.POSITIVE_INFINITY;
    this.erased = new Set();
    this.blocks = new Set();
    this.position = 0;
  }

  /** Everything that the file holds so far; true once the board has it all and starts. */
  take(content: Buffer): boolean {
    for (; this.position + BLOCK <= content.length && this.there; this.position += BLOCK)
      this.block(content.subarray(this.position, this.position + BLOCK));
    return !this.there;
  }

  async present(): Promise<boolean> {
    return this.there;
  }

  async read(name: string): Promise<string | undefined> {
    return this.there && name === 'INFO_UF2.TXT' ? SimulatedDrive.INFO : undefined;
  }

  async create(): ReturnType<Drive['create']> {
    return {
      write: async (bytes) => {
        for (let at = 0; at < bytes.length; at += BLOCK) {
          if (!this.there) throw new DriveGoneError();
          this.block(Buffer.from(bytes.subarray(at, at + BLOCK)));
        }
        if (!this.there && this.blocksLeft === 0) throw new DriveGoneError();
      },
      close: async () => undefined,
    };
  }

  /** As the format says: a block that is none is passed over. */
  private block(block: Buffer): void {
    if (this.blocksLeft === 0) {
      this.there = false;
      return;
    }
    this.blocksLeft--;
    const word = (at: number): number => block.readUInt32LE(at);
    if (word(0) !== 0x0a324655 || word(4) !== 0x9e5d5157 || word(508) !== 0x0ab16f30) return;
    if ((word(8) & 0x2000) === 0 || word(28) !== 0xe48bff56) return;
    const at = word(12) - this.start;
    const sector = Math.floor(at / SECTOR);
    if (!this.erased.has(sector)) this.flash.fill(0xff, sector * SECTOR, (sector + 1) * SECTOR);
    this.erased.add(sector);
    this.flash.set(block.subarray(32, 32 + word(16)), at);
    this.blocks.add(word(20));
    if (this.blocks.size === word(24)) this.there = false;
  }
}

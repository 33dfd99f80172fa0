/** A micro:bit behind its DAPLink drive: takes hex records, writes them into the chip, and mounts itself anew after the last one. */
import { type Drive, DriveGoneError } from '../../trainer/flash/drive';

const PAGE = 1024;
const DATA = 0;
const END = 1;
const LINEAR_ADDRESS = 4;

export class SimulatedMicrobit implements Drive {
  readonly flash = new Uint8Array(256 * 1024).fill(0x5a);
  /** Records until somebody pulls the plug. */
  recordsLeft = Number.POSITIVE_INFINITY;
  /** Looks at the drive until it is back; undefined: the plug is out. */
  private back: number | undefined = 0;
  private high = 0;
  private rest = '';
  private readonly erased = new Set<number>();
  private readonly byPage: boolean;

  /** @param byPage whether the drive erases the pages that it writes, or the whole chip */
  constructor(byPage: boolean) {
    this.byPage = byPage;
  }

  plugIn(): void {
    this.back = 0;
    this.recordsLeft = Number.POSITIVE_INFINITY;
  }

  async present(): Promise<boolean> {
    if (this.back === undefined) return false;
    if (this.back === 0) return true;
    this.back--;
    return false;
  }

  async read(name: string): Promise<string | undefined> {
    if (this.back !== 0 || name !== 'DETAILS.TXT') return undefined;
    return `Unique ID: 9900000051864e45000e1016000000500000000097969901\r\nPage erasing: ${Number(this.byPage)}\r\n`;
  }

  async create(): ReturnType<Drive['create']> {
    this.high = 0;
    this.rest = '';
    this.erased.clear();
    return {
      write: async (bytes) => {
        const lines = (this.rest + Buffer.from(bytes).toString('latin1')).split('\n');
        this.rest = lines.pop() ?? '';
        for (const line of lines) this.record(Buffer.from(line.slice(1), 'hex'));
      },
      close: async () => undefined,
    };
  }

  private record(record: Buffer): void {
    if (this.recordsLeft === 0) {
      this.back = undefined;
      throw new DriveGoneError();
    }
    this.recordsLeft--;
    const [length = 0, , , type] = record;
    const body = record.subarray(4, 4 + length);
    if (type === LINEAR_ADDRESS) this.high = body.readUInt16BE() << 16;
    else if (type === END) this.back = 1;
    else if (type === DATA) this.write(this.high + record.readUInt16BE(1), body);
  }

  private write(address: number, bytes: Uint8Array): void {
    if (!this.byPage && this.erased.size === 0) this.flash.fill(0xff);
    const page = Math.floor(address / PAGE);
    if (this.byPage && !this.erased.has(page)) this.flash.fill(0xff, page * PAGE, (page + 1) * PAGE);
    this.erased.add(page);
    this.flash.set(bytes, address);
  }
}

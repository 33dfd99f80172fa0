/**
 * The boot loader in the ROM of every ESP32, and the flasher stub that Espressif's esptool-js loads into its RAM (Espressif, "Serial
 * Protocol"). The lines DTR and RTS of the usual circuit start it.
 */
import { createHash } from 'node:crypto';
import type { ESPLoader, FlashSizeValues, Transport } from 'esptool-js';
import { WordedError } from '../../text';
import {
  type BootLoader,
  type Chip,
  type Page,
  pieces,
  type Region,
  type Tick,
  touches,
  untouched,
  type Verified,
  VerifyError,
} from '../boot_loader';
import type { ByteLine, LineSettings } from '../byte_line';
import { BootLoaderError, hex, refusal } from '../errors';
import type { Image, Segment } from '../image';
import { SECTOR } from './chips';
import { IMAGE_MAGIC } from './image';
import {
  CHOICE_BYTES,
  type Partition,
  partitionsOf,
  starting,
  storesOf,
  TABLE_AT,
  TABLE_BYTES,
} from './partitions';
import { EspTransport, type UsbIds } from './transport';

export const ESP_LINE: LineSettings = { baudRate: 115_200, parity: 'none' };
/** With the stub; the rate of a cheap USB adapter that still works over a usual cable. */
const FAST_BAUD = 460_800;
/** Resets that are tried. */
const TRIES = 3;
/** Compressed at once: nothing else runs in this process meanwhile. A multiple of a sector. */
const PIECE = 0x4_0000;
/** Hashed, or erased, at once. */
const BLOCK = 0x1_0000;
const ERASE_REGION = 0xd1;
const ERASE_BLOCK_MS = 10_000;
/** Fuses of the ESP32 that count how often its flash was encrypted and not; an odd number of bits: it is (technical reference manual, EFUSE_BLK0). */
const ESP32_FUSES = 0x3ff5a000;
const FLASH_CRYPT_SHIFT = 20;
const FLASH_CRYPT_BITS = 0x7f;
/** The capacitor at the reset line needs so long. */
const RESET_MS = 100;

const quiet = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };

/** Whoever said that something is missing or wrong; what esptool-js says itself stands as it says it. */
function worded(error: unknown): unknown {
  if (error instanceof WordedError || error instanceof VerifyError) return error;
  const { cause, message } = error as Error;
  return cause instanceof BootLoaderError
    ? cause
    : new BootLoaderError('flash.line.says', { says: message }, { cause: error });
}

export class EspBootLoader implements BootLoader {
  private readonly line: ByteLine;
  private readonly loader: ESPLoader;
  /** Undefined: the chip holds no table. */
  private partitions: readonly Partition[] | undefined;
  /** What an update over the air has chosen, twice. */
  private choices: readonly Uint8Array[] = [];
  private toWipe: readonly Page[] = [];

  private constructor(line: ByteLine, loader: ESPLoader) {
    this.line = line;
    this.loader = loader;
  }

  /** esptool-js is loaded here: nothing else needs it. */
  static async on(line: ByteLine, usb: UsbIds = {}): Promise<EspBootLoader> {
    const { ESPError, ESPLoader: Loader } = await import('esptool-js');
    const transport = new EspTransport(line, usb, (cause) =>
      Object.assign(new ESPError(cause.message), { cause }),
    );
    const loader = new Loader({
      transport: transport as unknown as Transport,
      romBaudrate: ESP_LINE.baudRate,
      baudrate: line.setRate === undefined ? ESP_LINE.baudRate : FAST_BAUD,
      terminal: quiet,
    });
    return new EspBootLoader(line, loader);
  }

  /** What is written is in the RAM of the chip. */
  async probe(): Promise<Chip> {
    const { loader } = this;
    await this.asked(() => loader.connect('default_reset', TRIES));
    const id = loader.chip.CHIP_NAME;
    if (loader.secureDownloadMode || (await this.asked(() => this.encrypts())))
      throw refusal('flash.refused.secure', { found: id });
    return this.asked(async () => {
      await loader.chip.postConnect?.(loader);
      await loader.runStub();
      if (this.line.setRate !== undefined) await loader.changeBaud();
      const size = await loader.detectFlashSize();
      const table = await loader.readFlash(TABLE_AT, TABLE_BYTES);
      this.partitions = partitionsOf(table);
      const choice = this.partitions?.find(({ kind }) => kind === 'choice')?.address;
      if (choice !== undefined)
        this.choices = [
          await loader.readFlash(choice, CHOICE_BYTES),
          await loader.readFlash(choice + SECTOR, CHOICE_BYTES),
        ];
      const flashBytes = size === undefined ? undefined : loader.flashSizeBytes(size as FlashSizeValues);
      return { id, erases: 'pages', ...(flashBytes === undefined ? {} : { flashBytes }) };
    });
  }

  stores(image: Image, wipeStore: boolean): readonly Region[] {
    const table = image.segments.find(
      ({ address, bytes }) => address <= TABLE_AT && address + bytes.length > TABLE_AT,
    );
    const brought =
      table && partitionsOf(table.bytes.subarray(TABLE_AT - table.address).subarray(0, TABLE_BYTES));
    const partitions = brought ?? this.partitions;
    if (partitions === undefined) throw refusal('flash.refused.noTable', { image: image.name });
    const stores = storesOf(partitions);
    const before = storesOf(this.partitions ?? partitions);
    if (!wipeStore && JSON.stringify(before) !== JSON.stringify(stores))
      throw refusal('flash.refused.layout', { image: image.name });
    this.checkApplications(partitions, image);
    return stores;
  }

  /** @throws FlashError when an application does not fit its partition, or another one would start */
  private checkApplications(partitions: readonly Partition[], { name, segments }: Image): void {
    const apps = segments.filter(({ address, bytes }) => address > TABLE_AT && bytes[0] === IMAGE_MAGIC);
    for (const { address, bytes } of apps)
      if (!hasRoom(partitions, address, bytes.length))
        throw refusal('flash.refused.partition', { image: name, size: bytes.length, at: hex(address) });
    const choice = partitions.find(({ kind }) => kind === 'choice');
    if (apps.length === 0 || (choice !== undefined && writesInto(choice, segments))) return;
    const starts = starting(partitions, this.choices);
    if (starts !== undefined && !writesInto(starts, apps))
      throw refusal('flash.refused.notStarted', { image: name, at: hex(starts.address) });
  }

  /** The stub erases as it writes. */
  erase(pages: readonly Page[]): Promise<void> {
    this.toWipe = pages;
    return Promise.resolve();
  }

  async write(segments: readonly Segment[], tick: Tick): Promise<void> {
    await this.asked(async () => {
      for (const page of runsOf(untouched(this.toWipe, segments))) {
        await this.eraseAll(page);
        tick(0);
      }
      let done = 0;
      for (const { address, bytes } of pieces(segments, PIECE, 4)) {
        if (isBlank(bytes)) await this.eraseAll({ address, bytes: bytes.length });
        else
          await this.loader.writeFlash({
            fileArray: [{ address, data: bytes }],
            flashMode: 'keep',
            flashFreq: 'keep',
            flashSize: 'keep',
            eraseAll: false,
            compress: true,
            reportProgress: (_file, sent, all) => tick(done + Math.floor((bytes.length * sent) / all)),
          });
        done += bytes.length;
        tick(done);
      }
    });
  }

  /** The chip hashes what its flash holds. */
  async verify(segments: readonly Segment[], tick: Tick): Promise<Verified> {
    let done = 0;
    for (const { address, bytes } of pieces(segments, BLOCK, 1)) {
      const found = await this.asked(() => this.loader.flashMd5sum(address, bytes.length));
      if (found !== createHash('md5').update(bytes).digest('hex')) throw new VerifyError(address);
      done += bytes.length;
      tick(done);
    }
    return 'hash';
  }

  /** Without modem lines, the stub restarts the chip. */
  async run(): Promise<void> {
    if (await this.line.signals({ dtr: false, rts: true })) {
      await new Promise((resolve) => setTimeout(resolve, RESET_MS));
      await this.line.signals({ dtr: false, rts: false });
      return;
    }
    await this.asked(async () => {
      await this.loader.flashBegin(0, 0);
      await this.loader.flashFinish(true);
    });
  }

  close(): Promise<void> {
    return this.line.close();
  }

  /** What the flash holds is encrypted: it cannot be read, and what is written as it is would not start. */
  private async encrypts(): Promise<boolean> {
    const { loader } = this;
    const count =
      loader.chip.CHIP_NAME === 'ESP32'
        ? (await loader.readReg(ESP32_FUSES)) >>> FLASH_CRYPT_SHIFT
        : (await loader.getSecurityInfo()).flashCryptCnt;
    let bits = 0;
    for (let left = count & FLASH_CRYPT_BITS; left > 0; left >>= 1) bits += left & 1;
    return bits % 2 === 1;
  }

  private async eraseAll({ address, bytes }: Region): Promise<void> {
    for (let at = 0; at < bytes; at += BLOCK) {
      const body = Buffer.alloc(8);
      body.writeUInt32LE(address + at, 0);
      body.writeUInt32LE(Math.min(BLOCK, bytes - at), 4);
      await this.loader.checkCommand('erase region', ERASE_REGION, body, 0, 0, ERASE_BLOCK_MS);
    }
  }

  private async asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw worded(error);
    }
  }
}

const writesInto = (region: Region, segments: readonly Segment[]): boolean =>
  segments.some(({ address, bytes }) => touches(region, { address, bytes: bytes.length }));

/** A partition for applications begins here and holds that much. */
const hasRoom = (partitions: readonly Partition[], address: number, length: number): boolean =>
  partitions.some(
    (partition) => partition.kind === 'app' && partition.address === address && partition.bytes >= length,
  );

/** Whole sectors of nothing: what fills a merged image up. */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.length % SECTOR === 0 && bytes.every((byte) => byte === 0xff);

/** Pages that follow each other as one, at most as long as a piece that is written. */
function runsOf(pages: readonly Page[]): Region[] {
  const runs: { address: number; bytes: number }[] = [];
  for (const { address, bytes } of pages) {
    const last = runs.at(-1);
    if (last !== undefined && last.address + last.bytes === address && last.bytes < PIECE)
      last.bytes += bytes;
    else runs.push({ address, bytes });
  }
  return runs;
}

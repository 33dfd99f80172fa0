/**
 * An ESP32 as its boot loader shows it: the loader in ROM, and the flasher stub once it is in RAM (Espressif, esptool documentation,
 * "Serial Protocol"). What the stub's code does is simulated; its bytes are only taken, and its entry has to lie in them.
 */
import { createHash } from 'node:crypto';
import { type ByteLine, ByteQueue } from '../../trainer/flash/byte_line';
import { framed } from '../../trainer/flash/esp32/transport';
import type { EspChipFacts } from './esp32_chips';
import { EspFlash } from './esp32_flash';

const MAGIC_REGISTER = 0x40001000;
/** EFUSE_BLK0_RDATA0 of the ESP32. */
const ESP32_FUSES = 0x3ff5a000;
const START_SPI = 1 << 18;
const READ_FLASH_ID = 0x9f;
const SPI_COMMAND_OF = { 128: 0x24, 88: 0x20 } as Readonly<Record<number, number>>;
const FLASH_ID = 0x40ef;
const ROM_BAUD = 115_200;
/** Errors of the ROM and of the stub. */
const INVALID = 0x05;
const FAILED = 0x06;
const BAD_CHECKSUM = 0x07;
const STUB_UNKNOWN = 0xff;
const CHECKSUM_START = 0xef;

interface Answer {
  readonly status?: number;
  readonly value?: number;
  readonly data?: Uint8Array;
}

interface Ram {
  readonly from: number;
  readonly to: number;
}

export class SimulatedEsp32 {
  readonly flash: EspFlash;
  /** The firmware runs. */
  started = false;
  secureDownload = false;
  encrypts = false;
  /** Bytes that still come before the power goes. */
  powerFor = Number.POSITIVE_INFINITY;
  answer: (bytes: Uint8Array) => void = () => undefined;
  dark: () => void = () => undefined;
  /** Rate of the other side; undefined: the line has none. */
  hostBaud: number | undefined;
  private readonly chip: EspChipFacts;
  private powered = true;
  private loader: 'rom' | 'stub' = 'rom';
  private baud = ROM_BAUD;
  private registers = new Map<number, number>();
  private ram: Ram[] = [];
  private packet: number[] | undefined;
  private escaped = false;
  private inReset = false;
  /** Asked for with READ_FLASH: what is left to send, and what was. */
  private reading: { address: number; left: number; all: Buffer } | undefined;

  constructor(chip: EspChipFacts, flashBytes = 4 * 1024 * 1024) {
    this.chip = chip;
    this.flash = new EspFlash(flashBytes);
    this.started = true;
  }

  /** A button at BOOT is held, another at EN is pressed. */
  enterLoader(): void {
    this.restart(true);
  }

  /** Power is back; the firmware starts. */
  restore(): void {
    this.powered = true;
    this.powerFor = Number.POSITIVE_INFINITY;
    this.restart(false);
  }

  /** The usual circuit: RTS alone holds the chip in reset, DTR alone asks it for its loader. */
  signals(dtr: boolean, rts: boolean): void {
    const held = rts && !dtr;
    if (this.inReset && !held && this.powered) this.restart(dtr && !rts);
    this.inReset = held;
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (!this.powered || this.started || this.inReset) return;
      if (this.hostBaud !== undefined && this.hostBaud !== this.baud) continue;
      this.powerFor--;
      if (this.powerFor < 0) this.cutPower();
      else this.take(byte);
    }
  }

  private cutPower(): void {
    this.powered = false;
    this.flash.tear();
    this.dark();
  }

  private restart(download: boolean): void {
    this.loader = 'rom';
    this.baud = ROM_BAUD;
    this.started = !download;
    this.packet = undefined;
    this.ram = [];
    this.reading = undefined;
    this.registers = new Map([
      [MAGIC_REGISTER, this.chip.magic],
      [ESP32_FUSES, this.encrypts ? 1 << 20 : 0],
    ]);
    if (this.flash.writing) this.flash.tear();
    const words = download
      ? 'rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n'
      : 'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';
    this.answer(Buffer.from(words));
  }

  /** One byte of a SLIP frame. */
  private take(byte: number): void {
    if (byte === 0xc0) {
      const packet = Buffer.from(this.packet ?? []);
      this.packet = [];
      if (packet.length > 0) this.obey(packet);
    } else if (this.escaped) {
      this.escaped = false;
      this.packet?.push(byte === 0xdc ? 0xc0 : 0xdb);
    } else if (byte === 0xdb) this.escaped = true;
    else this.packet?.push(byte);
  }

  private obey(packet: Buffer): void {
    if (this.reading !== undefined && packet.length === 4) this.sendFlash(packet.readUInt32LE());
    if (packet.length < 8 || packet[0] !== 0 || packet.readUInt16LE(2) !== packet.length - 8) return;
    const command = packet.readUInt8(1);
    const body = packet.subarray(8);
    const answer = this.run(command, body, packet.readUInt32LE(4));
    if (answer === undefined) this.unknown(command);
    else {
      this.reply(command, answer);
      if (answer.status === undefined) this.after(command, body);
    }
  }

  private reply(command: number, { status = 0, value = 0, data = new Uint8Array() }: Answer): void {
    const ending = Buffer.alloc(this.loader === 'rom' ? 4 : 2);
    ending[0] = status === 0 ? 0 : 1;
    ending[1] = status;
    const head = Buffer.alloc(8);
    head[0] = 1;
    head[1] = command;
    head.writeUInt16LE(data.length + ending.length, 2);
    head.writeUInt32LE(value, 4);
    this.answer(framed(Buffer.concat([head, data, ending])));
  }

  /** The stub says it under the command's number; the ROM eight times and not under that, as its client expects. */
  private unknown(command: number): void {
    if (this.loader === 'stub') this.reply(command, { status: STUB_UNKNOWN });
    else for (let i = 0; i < 8; i++) this.reply(0, { status: INVALID });
  }

  private run(command: number, body: Buffer, checksum: number): Answer | undefined {
    const word = (index: number): number => body.readUInt32LE(4 * index);
    const taken = (good: boolean): Answer => (good ? {} : { status: FAILED });
    const { flash } = this;
    switch (command) {
      case 0x02: // FLASH_BEGIN
      case 0x10: // FLASH_DEFL_BEGIN
        return taken(flash.begin(word(3), word(0), command === 0x10));
      case 0x03: // FLASH_DATA
      case 0x11: // FLASH_DEFL_DATA
        return this.block(body, checksum, (data) => flash.data(data));
      case 0x04: // FLASH_END
      case 0x12: // FLASH_DEFL_END
        return taken(flash.end());
      case 0x05: // MEM_BEGIN
        this.ram.push({ from: word(3), to: word(3) + word(0) });
        return {};
      case 0x07: // MEM_DATA
        return this.block(body, checksum, () => this.ram.length > 0);
      case 0x06: // MEM_END
        return taken(this.ram.some(({ from, to }) => word(1) >= from && word(1) < to));
      case 0x08: // SYNC: the ROM tells a value, the stub none
        return this.loader === 'rom' ? { value: 0x20120707 } : {};
      case 0x09: // WRITE_REG
        this.writeRegister(word(0), word(1));
        return {};
      case 0x0a: // READ_REG
        return this.secureDownload ? undefined : { value: this.registers.get(word(0)) ?? 0 };
      case 0x0b: // SPI_SET_PARAMS
      case 0x0d: // SPI_ATTACH
      case 0x0f: // CHANGE_BAUDRATE
        return {};
      case 0x13: // SPI_FLASH_MD5
        return { data: this.md5(flash.bytes.subarray(word(0), word(0) + word(1))) };
      case 0x14: // GET_SECURITY_INFO
        return this.securityInfo();
      case 0xd1: // ERASE_REGION
        return this.loader === 'stub' ? taken(flash.erase(word(0), word(1))) : undefined;
      case 0xd2: // READ_FLASH
        return this.loader === 'stub' ? {} : undefined;
      default:
        return undefined;
    }
  }

  /** What happens once the answer is on its way. */
  private after(command: number, body: Buffer): void {
    // The ROM answers a SYNC eight times in all, the stub once.
    if (command === 0x08 && this.loader === 'rom')
      for (let i = 1; i < 8; i++) this.reply(command, { value: 0x20120707 });
    else if (command === 0x06) {
      this.loader = 'stub';
      this.answer(framed(Buffer.from('OHAI')));
    } else if (command === 0x0f) this.baud = body.readUInt32LE();
    else if (command === 0xd2) {
      const [address, left] = [body.readUInt32LE(0), body.readUInt32LE(4)];
      this.reading = { address, left, all: Buffer.from(this.flash.bytes.subarray(address, address + left)) };
      this.sendFlash(0);
    } else if ((command === 0x04 || command === 0x12) && body.readUInt32LE() === 0) this.restart(false);
  }

  /** A packet of a run: its length, its check sum, then its bytes. */
  private block(body: Buffer, checksum: number, use: (data: Buffer) => boolean): Answer {
    const data = body.subarray(16);
    if (data.length !== body.readUInt32LE()) return { status: INVALID };
    const found = data.reduce((sum, byte) => sum ^ byte, CHECKSUM_START);
    if (found !== checksum) return { status: BAD_CHECKSUM };
    return use(data) ? {} : { status: FAILED };
  }

  /** The flash's own command register: asked for its number, it answers in the first data word. */
  private writeRegister(address: number, value: number): void {
    const { spi, words } = this.chip;
    this.registers.set(address, address === spi ? 0 : value);
    const asked = this.registers.get(spi + (SPI_COMMAND_OF[words] ?? 0)) ?? 0;
    if (address !== spi || (value & START_SPI) === 0 || (asked & 0xff) !== READ_FLASH_ID) return;
    this.registers.set(spi + words, (Math.log2(this.flash.bytes.length) << 16) | FLASH_ID);
  }

  /** The ROM tells it in digits, the stub as it is. */
  private md5(bytes: Uint8Array): Buffer {
    const hash = createHash('md5').update(bytes);
    return this.loader === 'rom' ? Buffer.from(hash.digest('hex')) : hash.digest();
  }

  private securityInfo(): Answer | undefined {
    const { securityInfo } = this.chip;
    if (securityInfo === 'unknown') return undefined;
    const data = Buffer.alloc(securityInfo === 'without id' ? 12 : 20);
    data.writeUInt32LE(this.secureDownload ? 1 << 2 : 0);
    data[4] = this.encrypts ? 1 : 0;
    if (securityInfo !== 'without id') data.writeUInt32LE(securityInfo, 12);
    return { data };
  }

  /** The next part, once the one before was acknowledged; at the end the hash of everything. */
  private sendFlash(acknowledged: number): void {
    const { reading } = this;
    if (reading === undefined) return;
    const sent = reading.all.length - reading.left;
    if (acknowledged !== sent) return;
    if (reading.left === 0) {
      this.reading = undefined;
      this.answer(framed(createHash('md5').update(reading.all).digest()));
      return;
    }
    const part = reading.all.subarray(sent, sent + 1024);
    reading.left -= part.length;
    this.answer(framed(part));
  }
}

/** The chip at the other end of a line inside this process, with the usual circuit at DTR and RTS. */
export function lineToEsp(
  chip: SimulatedEsp32,
  { modemLines = true, mostBaud = Number.POSITIVE_INFINITY } = {},
): ByteLine {
  const queue = new ByteQueue();
  let gone: Error | undefined;
  chip.answer = (bytes) => queue.push(bytes);
  chip.hostBaud = ROM_BAUD;
  chip.dark = () => {
    gone = new Error('the adapter was unplugged');
    queue.fail(gone);
  };
  return {
    write: async (bytes) => chip.receive(bytes),
    read: (count, timeoutMs) => queue.take(count, timeoutMs),
    discard: () => queue.discard(),
    signals: async ({ dtr, rts }) => {
      if (modemLines) chip.signals(dtr, rts);
      return modemLines && gone === undefined;
    },
    setRate: async (baudRate) => {
      if (baudRate > mostBaud) throw new Error('the adapter has no such rate');
      chip.hostBaud = baudRate;
    },
    close: async () => undefined,
  };
}

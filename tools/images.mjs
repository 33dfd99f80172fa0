// Firmware images as files: which addresses they write, DfuSe files for STM32 boot loaders, and the manifest that ships with them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './zig.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What a boot loader is given; a boot loader of an STM32 answers under ST's own USB numbers. */
const STM32_DFU = { vendor: 0x0483, product: 0xdf11 };

/**
 * A run of bytes at an address.
 * @typedef {{ address: number, bytes: Buffer }} Segment
 */

/**
 * Segments of an Intel hex file; neighbours are joined.
 * @param {string} text
 * @returns {Segment[]}
 */
export function segmentsOfHex(text) {
  const segments = [];
  let base = 0;
  for (const line of text.trim().split(/\r?\n/)) {
    const record = Buffer.from(line.slice(1), 'hex');
    const [length, high, low, type] = record;
    const data = record.subarray(4, 4 + length);
    if (type === 4) base = data.readUInt16BE() * 0x10000;
    else if (type === 2) base = data.readUInt16BE() * 16;
    if (type !== 0) continue;
    const address = base + high * 256 + low;
    const last = segments.at(-1);
    if (last !== undefined && last.address + last.length === address) {
      last.parts.push(data);
      last.length += length;
    } else {
      segments.push({ address, length, parts: [data] });
    }
  }
  return segments.map(({ address, parts }) => ({ address, bytes: Buffer.concat(parts) }));
}

/**
 * Segments of a UF2 file (format: github.com/microsoft/uf2).
 * @param {Buffer} file
 * @returns {Segment[]}
 */
export function segmentsOfUf2(file) {
  const segments = [];
  for (let at = 0; at < file.length; at += 512) {
    const bytes = file.subarray(at + 32, at + 32 + file.readUInt32LE(at + 16));
    segments.push({ address: file.readUInt32LE(at + 12), bytes });
  }
  return segments;
}

/**
 * Segments of a DfuSe file.
 * @param {Buffer} file
 * @returns {Segment[]}
 */
export function segmentsOfDfu(file) {
  const segments = [];
  const elements = file.readUInt32LE(11 + 270);
  for (let at = 11 + 274, number = 0; number < elements; number++) {
    const length = file.readUInt32LE(at + 4);
    segments.push({ address: file.readUInt32LE(at), bytes: file.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  return segments;
}

/** CRC-32 of IEEE 802.3 without the last inversion, as the DFU suffix holds it. */
function dfuCrc(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc >>> 0;
}

/**
 * A DfuSe file: each segment goes to its own address, and what lies between is left alone. Format: STMicroelectronics UM0391;
 * suffix: USB Device Firmware Upgrade 1.1, appendix B.
 * @param {string} name shown by the boot loader's client
 * @param {Segment[]} segments
 * @returns {Buffer}
 */
export function dfuSe(name, segments) {
  const elements = segments.map(({ address, bytes }) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(address, 0);
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes]);
  });
  const content = Buffer.concat(elements);
  const target = Buffer.alloc(274);
  target.write('Target', 0, 'ascii');
  target.writeUInt32LE(1, 7); // it has a name
  target.write(name.slice(0, 254), 11, 'ascii');
  target.writeUInt32LE(content.length, 266);
  target.writeUInt32LE(segments.length, 270);
  const prefix = Buffer.alloc(11);
  prefix.write('DfuSe', 0, 'ascii');
  prefix.writeUInt8(1, 5);
  prefix.writeUInt32LE(prefix.length + target.length + content.length, 6);
  prefix.writeUInt8(1, 10);
  const suffix = Buffer.alloc(16);
  suffix.writeUInt16LE(0xffff, 0); // any device version
  suffix.writeUInt16LE(STM32_DFU.product, 2);
  suffix.writeUInt16LE(STM32_DFU.vendor, 4);
  suffix.writeUInt16LE(0x011a, 6);
  suffix.write('UFD', 8, 'ascii');
  suffix.writeUInt8(16, 11);
  const body = Buffer.concat([prefix, target, content, suffix.subarray(0, 12)]);
  suffix.writeUInt32LE(dfuCrc(body), 12);
  return Buffer.concat([body, suffix.subarray(12)]);
}

/** Whether an image writes into the store. */
export const touches = (segments, store) =>
  store !== undefined &&
  segments.some(
    ({ address, bytes }) => address < store.address + store.bytes && address + bytes.length > store.address,
  );

/**
 * Segments that an image file writes; the address of a .bin is that of the first byte in the .hex beside it.
 * @param {string} folder
 * @param {string} file
 * @returns {Segment[]}
 */
export function segmentsOf(folder, file) {
  const path = join(folder, file);
  const kind = file.slice(file.lastIndexOf('.') + 1);
  if (kind === 'hex') return segmentsOfHex(readFileSync(path, 'utf8'));
  if (kind === 'uf2') return segmentsOfUf2(readFileSync(path));
  if (kind === 'dfu') return segmentsOfDfu(readFileSync(path));
  const [first] = segmentsOfHex(readFileSync(path.replace(/bin$/, 'hex'), 'utf8'));
  return [{ address: first.address, bytes: readFileSync(path) }];
}

/**
 * Settles which images a board ships: a .bin that would fill the store with zeros gives way to a .dfu of several segments.
 * @param {string} folder where <board>.hex and the others lie
 * @param {string} board
 * @param {{ address: number, bytes: number } | undefined} store
 * @returns {object} the board's entry of the manifest
 */
export function settleImages(folder, board, store) {
  const segments = segmentsOf(folder, `${board}.hex`);
  const binary = `${board}.bin`;
  if (existsSync(join(folder, binary)) && touches(segmentsOf(folder, binary), store)) {
    rmSync(join(folder, binary));
    writeFileSync(join(folder, `${board}.dfu`), dfuSe(`Edge Trainer ${board} ${version}`, segments));
  }
  const files = ['hex', 'bin', 'dfu', 'uf2']
    .map((kind) => `${board}.${kind}`)
    .filter((file) => existsSync(join(folder, file)));
  for (const file of files)
    if (touches(segmentsOf(folder, file), store))
      throw new Error(`${file} would overwrite the board's store`);
  return {
    board,
    version,
    ...(store === undefined ? {} : { store }),
    files: files.map((name) => {
      const bytes = readFileSync(join(folder, name));
      return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
  };
}

/**
 * Files of the Arduino IDE, PlatformIO and idf.py: an application, everything merged into one file, or parts with their addresses
 * (Espressif, "Firmware Image Format"). What is damaged or for another chip is refused before a port is opened.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { imageError } from '../errors';
import type { FlashBoard } from '../flash';
import { type Image, joined } from '../image';
import { espChipOf, SECTOR } from './chips';
import { partitionsOf, TABLE_AT, TABLE_BYTES } from './partitions';

export const IMAGE_MAGIC = 0xe9;
/** Header and extended header. */
const HEADER = 24;
const CHIP_ID = 12;
const HASHED = 23;
const SEGMENT_HEADER = 8;
const CHECKSUM_START = 0xef;
const HASH_BYTES = 32;
/** An application describes itself at the beginning of its first segment (ESP-IDF, esp_app_desc_t). */
const APP_DESCRIPTION = 0xabcd5432;
/** Where tables of partitions, Arduino's among them, have the first application. */
const APP_AT = 0x1_0000;
/** Where the ROM of the ESP32 and ESP32-S2 looks for the second stage; that of the others looks at 0. */
const SECOND_STAGE_AT = 0x1000;

interface Part {
  readonly name: string;
  readonly address: number;
  readonly bytes: Buffer;
}

const isApp = (bytes: Buffer, at: number): boolean =>
  at + HEADER + SEGMENT_HEADER + 4 <= bytes.length &&
  bytes[at] === IMAGE_MAGIC &&
  bytes.readUInt32LE(at + HEADER + SEGMENT_HEADER) === APP_DESCRIPTION;

const tableIn = (bytes: Buffer): ReturnType<typeof partitionsOf> =>
  partitionsOf(bytes.subarray(TABLE_AT, TABLE_AT + TABLE_BYTES));

/** Where a file goes that comes without an address. */
function placeOf(bytes: Buffer, name: string): number {
  const begins = bytes[0] === IMAGE_MAGIC || bytes[SECOND_STAGE_AT] === IMAGE_MAGIC;
  if (begins && tableIn(bytes) !== undefined) return 0;
  if (isApp(bytes, 0)) return APP_AT;
  throw imageError(bytes[0] === IMAGE_MAGIC ? 'flash.image.noPlace' : 'flash.image.notEsp', { name });
}

/** @throws FlashError when the image that begins here is for another chip, ends too early, or is damaged */
function checkImageAt(
  bytes: Buffer,
  at: number,
  name: string,
  { name: board, bootLoader }: FlashBoard,
): void {
  if (at + HEADER > bytes.length) throw imageError('flash.image.cut', { name });
  const id = bytes.readUInt16LE(at + CHIP_ID);
  if (id !== bootLoader.family)
    throw imageError('flash.image.otherChip', { name, found: espChipOf(id), board });
  let end = at + HEADER;
  let checksum = CHECKSUM_START;
  for (let left = bytes.readUInt8(at + 1); left > 0; left--) {
    if (end + SEGMENT_HEADER > bytes.length) throw imageError('flash.image.cut', { name });
    const data = end + SEGMENT_HEADER;
    end = data + bytes.readUInt32LE(end + 4);
    if (end > bytes.length) throw imageError('flash.image.cut', { name });
    for (const byte of bytes.subarray(data, end)) checksum ^= byte;
  }
  // The check sum is the last byte of a line of 16; the hash of all before follows.
  end = at + 16 * (Math.floor((end - at) / 16) + 1);
  const hashed = bytes[at + HASHED] === 1;
  if (end + (hashed ? HASH_BYTES : 0) > bytes.length) throw imageError('flash.image.cut', { name });
  // Tools that set the flash mode of a second stage leave its hash as it was; only applications are held to theirs.
  const wrong =
    hashed &&
    isApp(bytes, at) &&
    createHash('sha256')
      .update(bytes.subarray(at, end))
      .digest()
      .compare(bytes, end, end + HASH_BYTES) !== 0;
  if (bytes[end - 1] !== checksum || wrong) throw imageError('flash.image.damaged', { name });
}

/** Every image in a file: the file itself, and those that its partition table names. */
function checkPart({ name, address, bytes }: Part, board: FlashBoard): void {
  if (address % SECTOR !== 0) throw imageError('flash.image.sector', { name, sector: SECTOR });
  const table = address === 0 ? tableIn(bytes) : undefined;
  const places = new Set([0, ...(table === undefined ? [] : [SECOND_STAGE_AT])]);
  for (const { kind, address: app } of table ?? []) if (kind === 'app') places.add(app);
  for (const at of places) if (bytes[at] === IMAGE_MAGIC) checkImageAt(bytes, at, name, board);
}

/** @param given a file, or ADDRESS:FILE */
async function readPart(given: string): Promise<Part> {
  const [, address, name = given] = /^(0x[0-9a-f]{1,8}):(.+)$/i.exec(given) ?? [];
  const bytes = await readFile(name).catch((error: Error) => {
    throw imageError('flash.image.missing', { name, problem: error.message });
  });
  if (bytes.length === 0) throw imageError('flash.image.empty', { name });
  return { name, bytes, address: address === undefined ? placeOf(bytes, name) : Number(address) };
}

/**
 * @param files each a file, or ADDRESS:FILE
 * @throws FlashError
 */
export async function readEspImage(files: readonly string[], board: FlashBoard): Promise<Image> {
  const parts = await Promise.all(files.map(readPart));
  for (const part of parts) checkPart(part, board);
  const name = parts.map((part) => part.name).join(', ');
  return { name, segments: joined(parts, name) };
}

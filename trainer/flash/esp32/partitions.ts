/** The partition table of an ESP32: which part of its flash holds what (ESP-IDF Programming Guide, "Partition Tables"). */
import type { Region } from '../boot_loader';

/** Where the table lies unless an application is configured otherwise. */
export const TABLE_AT = 0x8000;
/** Most bytes of its entries. */
export const TABLE_BYTES = 0xc00;
const ENTRY = 32;
const MAGIC = 0x50aa;
const APP = 0;
const DATA = 1;
/**
 * Subtypes of data that an application writes: key-value pairs (nvs, and its keys) and files (fat, spiffs, littlefs). What was learned
 * lies in one of them: EdgeTrainerFile.h keeps a file of LittleFS, in a partition that Arduino marks as spiffs.
 */
const WRITTEN = [0x02, 0x04, 0x81, 0x82, 0x83];

export interface Partition extends Region {
  readonly kind: 'app' | 'written' | 'other';
}

/** Undefined: these bytes are no partition table. */
export function partitionsOf(table: Uint8Array): Partition[] | undefined {
  const bytes = Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  const found: Partition[] = [];
  for (let at = 0; at + ENTRY <= bytes.length && bytes.readUInt16LE(at) === MAGIC; at += ENTRY) {
    const [type, subtype] = [bytes.readUInt8(at + 2), bytes.readUInt8(at + 3)];
    found.push({
      address: bytes.readUInt32LE(at + 4),
      bytes: bytes.readUInt32LE(at + 8),
      kind: type === APP ? 'app' : type === DATA && WRITTEN.includes(subtype) ? 'written' : 'other',
    });
  }
  return found.length === 0 ? undefined : found;
}

/** Partitions that may hold what was learned. */
export const storesOf = (partitions: readonly Partition[]): Region[] =>
  partitions.filter(({ kind }) => kind === 'written').map(({ address, bytes }) => ({ address, bytes }));

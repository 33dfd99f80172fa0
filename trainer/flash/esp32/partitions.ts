/** The partition table of an ESP32: which part of its flash holds what (ESP-IDF Programming Guide, "Partition Tables"). */
import { crc32 } from 'node:zlib';
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

/** Subtypes: the application of the factory, the first one that an update over the air may replace, and the record of who starts. */
const FACTORY = 0x00;
const FIRST_UPDATED = 0x10;
const CHOICE = 0x00;
/** A record of the choice: its number, and its CRC behind a label and a state (ESP-IDF, esp_ota_select_entry_t). */
export const CHOICE_BYTES = 32;
const CHOICE_STATE = 24;
const CHOICE_CRC = 28;
const NEVER_CHOSEN = 0xffff_ffff;
/** States of an update that turned out bad: invalid, aborted. */
const GIVEN_UP = [3, 4];

export interface Partition extends Region {
  readonly kind: 'app' | 'choice' | 'written' | 'other';
  readonly subtype: number;
}

function kindOf(type: number, subtype: number): Partition['kind'] {
  if (type === APP) return 'app';
  if (type !== DATA) return 'other';
  if (subtype === CHOICE) return 'choice';
  return WRITTEN.includes(subtype) ? 'written' : 'other';
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
      kind: kindOf(type, subtype),
      subtype,
    });
  }
  return found.length === 0 ? undefined : found;
}

/** Partitions that may hold what was learned. */
export const storesOf = (partitions: readonly Partition[]): Region[] =>
  partitions.filter(({ kind }) => kind === 'written').map(({ address, bytes }) => ({ address, bytes }));

/** Number of a choice; undefined: the record is none, or its update was given up. */
function choiceOf(record: Uint8Array): number | undefined {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const number = bytes.readUInt32LE();
  const valid =
    number !== NEVER_CHOSEN &&
    !GIVEN_UP.includes(bytes.readUInt32LE(CHOICE_STATE)) &&
    bytes.readUInt32LE(CHOICE_CRC) === crc32(bytes.subarray(0, 4), NEVER_CHOSEN);
  return valid ? number : undefined;
}

/**
 * The application that starts: the one that an update over the air has chosen last, else the factory's, else the first one.
 * @param records both records of the choice
 */
export function starting(
  partitions: readonly Partition[],
  records: readonly Uint8Array[],
): Partition | undefined {
  const apps = partitions.filter(({ kind }) => kind === 'app');
  const updated = apps
    .filter(({ subtype }) => subtype >= FIRST_UPDATED)
    .sort((a, b) => a.subtype - b.subtype);
  const choice = Math.max(0, ...records.map((record) => choiceOf(record) ?? 0));
  if (choice > 0 && updated.length > 0) return updated[(choice - 1) % updated.length];
  return apps.find(({ subtype }) => subtype === FACTORY) ?? updated[0];
}

/** The bulk window: whole objects, page by page, each page with its own check sum. */

import { crc16 } from '../bus';
import { Blocks, BulkObject, Limits, type TrainerErrors } from '../contract/contract.generated';
import { type Text, text } from '../text';
import type { AccessOptions, UnitAccess } from './access';
import { AbortedError, ProtocolError, TrainerError, UploadMixedError } from './errors';
import { bytesOf, type Lock, wordsOf } from './lock';
import { whileBusy } from './patience';
import type { RegisterWindow } from './registers';
import { transferOf } from './task';
import { awaitTurn } from './upload_turn';

const { PAGE_BYTES } = Limits;
const ADDRESS = Blocks.bulk.address;
/** Larger objects do not exist; a total beyond it is nonsense. */
const TOTAL_MOST = 1 << 20;
/** An object may change while it is read; then the download starts over. */
const DOWNLOAD_ATTEMPTS = 5;
const PAGE_ATTEMPTS = 4;
const UPLOAD_ATTEMPTS = 3;
/** An object that a job still changes. */
const BUSY_PAUSE_FIRST_MS = 5;
const BUSY_PAUSE_LAST_MS = 200;

export interface TransferOptions extends AccessOptions {
  readonly onProgress?: (done: number, total: number) => void;
}

function pageCrc(object: number, page: number, total: number, data: Uint8Array): number {
  const bytes = new Uint8Array(10 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, object);
  view.setUint16(2, page);
  view.setUint32(4, total);
  view.setUint16(8, data.length);
  bytes.set(data, 10);
  return crc16(bytes);
}

function checkAborted(signal: AbortSignal | undefined, doing: Text, kept: Text): void {
  if (signal?.aborted === true) throw new AbortedError(doing, kept, signal.reason);
}

interface Page {
  readonly total: number;
  readonly data: Uint8Array;
}

/** Takes a page out of the window; undefined when it is another one, or damaged. */
function pageOf(unit: number, window: RegisterWindow, object: number, page: number): Page | undefined {
  if (window.number('bulkObject') !== object || window.number('bulkPage') !== page) return undefined;
  const [total, length] = [window.number('bulkTotal'), window.number('bulkLength')];
  if (
    total > TOTAL_MOST ||
    length > PAGE_BYTES ||
    length !== Math.max(0, Math.min(PAGE_BYTES, total - page * PAGE_BYTES))
  )
    throw new ProtocolError(unit, text('protocol.pageLength', { page, total, length }));
  const data = bytesOf(window.numbers('bulkData', Math.ceil(length / 2)), length);
  return pageCrc(object, page, total, data) === window.number('bulkCrc') ? { total, data } : undefined;
}

async function getPage(
  access: UnitAccess,
  object: number,
  page: number,
  doing: Text,
  options: AccessOptions,
): Promise<Page> {
  for (let attempt = 0; attempt < PAGE_ATTEMPTS; attempt++) {
    const window = await whileBusy(BUSY_PAUSE_FIRST_MS, BUSY_PAUSE_LAST_MS, () => {
      checkAborted(options.signal, doing, text('client.kept.nothingChanged'));
      const exchange = {
        writeAddress: ADDRESS,
        values: [object, page],
        readAddress: ADDRESS,
        quantity: Blocks.bulk.words,
        belongs: (reply: RegisterWindow) =>
          reply.number('bulkObject') === object && reply.number('bulkPage') === page,
      };
      return access.writeRead(exchange, { doing, ...options });
    });
    const got = window === undefined ? undefined : pageOf(access.unit, window, object, page);
    if (got !== undefined) return got;
  }
  throw new ProtocolError(
    access.unit,
    text('protocol.about', {
      doing,
      problem: text('protocol.pageDamaged', { page, attempts: PAGE_ATTEMPTS }),
    }),
  );
}

function isRefusal(error: unknown, ...codes: (keyof typeof TrainerErrors)[]): boolean {
  return error instanceof TrainerError && codes.some((code) => code === error.code);
}

/**
 * Reads a whole object.
 * @returns its bytes; empty when the trainer has none
 * @throws ProtocolError when the trainer sends nonsense, TrainerError, AbortedError, bus errors
 */
export async function download(
  access: UnitAccess,
  object: BulkObject,
  options: TransferOptions = {},
): Promise<Uint8Array> {
  const { onProgress, ...rest } = options;
  const how: AccessOptions = { priority: 'bulk', ...rest };
  const doing = transferOf('reading', object);
  for (let attempt = 0; attempt < DOWNLOAD_ATTEMPTS; attempt++) {
    checkAborted(options.signal, doing, text('client.kept.nothingChanged'));
    const first = await getPage(access, object, 0, doing, how);
    const bytes = new Uint8Array(first.total);
    bytes.set(first.data);
    onProgress?.(first.data.length, first.total);
    let whole = true;
    for (let page = 1; whole && page * PAGE_BYTES < first.total; page++) {
      checkAborted(options.signal, doing, text('client.kept.nothingChanged'));
      const next = await getPage(access, object, page, doing, how).catch((error: unknown) => {
        if (isRefusal(error, 'PAGE')) return undefined; // it shrank
        throw error;
      });
      whole = next?.total === first.total;
      if (next === undefined || !whole) break;
      bytes.set(next.data, page * PAGE_BYTES);
      onProgress?.(page * PAGE_BYTES + next.data.length, next.total);
    }
    if (whole) return bytes;
  }
  throw new ProtocolError(access.unit, text('protocol.about', { doing, problem: text('protocol.changing') }));
}

/**
 * Waits until the board would give the object: while a save runs, judged decisions wait for their place in the data set.
 * @throws as `download`
 */
export async function awaitObject(
  access: UnitAccess,
  object: BulkObject,
  options: AccessOptions = {},
): Promise<void> {
  await getPage(access, object, 0, transferOf('reading', object), { priority: 'bulk', ...options });
}

async function putPages(
  access: UnitAccess,
  lock: Lock,
  object: number,
  bytes: Uint8Array,
  doing: Text,
  options: TransferOptions,
): Promise<void> {
  const { onProgress, ...how } = options;
  for (let page = 0; page * PAGE_BYTES < bytes.length; page++) {
    checkAborted(options.signal, doing, text('client.kept.running'));
    const data = bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    const crc = pageCrc(object, page, bytes.length, data);
    const words = [
      object,
      page,
      bytes.length >>> 16,
      bytes.length & 0xffff,
      data.length,
      crc,
      ...wordsOf(data),
    ];
    for (let attempt = 1; ; attempt++) {
      try {
        await lock.upload({ doing, ...how }, () =>
          access.write(ADDRESS, words, { doing, priority: 'bulk', ...how }),
        );
        break;
      } catch (error) {
        // The very same page again: the trainer takes it as often as it comes.
        if (attempt >= PAGE_ATTEMPTS || !isRefusal(error, 'PAGE_CRC')) throw error;
      }
    }
    onProgress?.(Math.min(bytes.length, (page + 1) * PAGE_BYTES), bytes.length);
  }
}

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Writes a whole staged object, after another master that sends one. Nothing that runs changes until it is committed.
 * @param check whether it may still be sent; called before each start
 * @throws UploadMixedError, TrainerError when the trainer refuses a page, AbortedError, bus errors, and what `check` throws
 */
export async function upload(
  access: UnitAccess,
  lock: Lock,
  object:
    | typeof BulkObject.DEFINITION_STAGED
    | typeof BulkObject.MODEL_STAGED
    | typeof BulkObject.PATTERNS_STAGED
    | typeof BulkObject.VOICES_STAGED
    | typeof BulkObject.INPUT,
  bytes: Uint8Array,
  options: TransferOptions = {},
  check: () => Promise<void> = nothing,
): Promise<void> {
  const doing = transferOf('sending', object);
  const { onProgress: _, ...how } = options;
  for (let attempt = 1; ; attempt++) {
    // An array for a decision does not wait: whoever sends it asks again when another one has come in between.
    if (object !== BulkObject.INPUT) await awaitTurn(access, object, doing, how);
    await check();
    try {
      return await putPages(access, lock, object, bytes, doing, options);
    } catch (error) {
      // The trainer waits for another page: it restarted, or another master sent something of its own. From the start again.
      if (!isRefusal(error, 'PAGE')) throw error;
      if (attempt >= UPLOAD_ATTEMPTS) throw new UploadMixedError(access.unit, attempt, error);
    }
  }
}

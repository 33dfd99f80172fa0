/** Writes an image onto a board: looks who is there, refuses what does not fit, erases, writes, reads back, starts it. */
import { PortError } from '../bus';
import type { Board, BootLoaderFacts } from '../definition';
import { text, type Word, WordedError } from '../text';
import {
  type BootLoader,
  type Chip,
  type Page,
  type Region,
  touches,
  type Verified,
  VerifyError,
} from './boot_loader';
import { FlashError, hex, refusal } from './errors';
import { bytesOf, type Image, type Segment, withoutBlank } from './image';

export type FlashStep = 'erase' | 'write' | 'verify';

export interface FlashOptions {
  /** Erase what was learned, too. Default: it is kept. */
  readonly wipeStore?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: FlashStep, doneBytes: number, totalBytes: number) => void;
}

export interface FlashResult {
  readonly board: string;
  readonly image: string;
  readonly version?: string;
  readonly chip: Chip;
  readonly bytes: number;
  readonly verified: Verified;
  /** 'elsewhere': not in the flash, so it stays as it was. */
  readonly store: 'kept' | 'wiped' | 'elsewhere';
}

/** What is needed of the facts of a board. */
export type FlashBoard = Pick<Board, 'name' | 'title' | 'store'> & { readonly bootLoader: BootLoaderFacts };

/** Every page of the program memory, from the groups of equal pages that the board's facts list. */
function pagesOf({ bootLoader: { flashAddress, pages } }: FlashBoard): Page[] {
  const result: Page[] = [];
  let address = flashAddress;
  for (const { count, bytes } of pages)
    for (let i = 0; i < count; i++) {
      result.push({ number: result.length, address, bytes });
      address += bytes;
    }
  return result;
}

/** Where what was learned lies; undefined: not in the flash. */
type Stores = readonly Region[] | undefined;

const storesOf = ({ store }: FlashBoard): Stores => (store === null ? undefined : [store]);

/** @throws FlashError when the chip is another one */
function checkChip({ name, bootLoader }: FlashBoard, chip: Chip): void {
  const facts = { board: name, found: chip.id, expected: bootLoader.chips };
  if (!bootLoader.chips.includes(chip.id)) throw refusal('flash.refused.chip', facts);
}

/** @throws FlashError when the image does not fit the chip */
function checkFit(board: FlashBoard, chip: Chip, image: Image, stores: Stores, wipeStore: boolean): void {
  const { name, bootLoader } = board;
  const writable = bytesOfPages(pagesOf(board));
  const size = Math.min(writable, chip.flashBytes ?? writable);
  const start = bootLoader.flashAddress;
  for (const { address, bytes } of image.segments) {
    if (address < start || address + bytes.length > start + size)
      throw refusal('flash.refused.size', {
        image: image.name,
        from: hex(address),
        to: hex(address + bytes.length),
        size,
        start: hex(start),
      });
    if (stores?.some((store) => touches(store, { address, bytes: bytes.length })))
      throw refusal('flash.refused.store', { image: image.name });
  }
  for (const store of stores ?? [])
    if (store.address + store.bytes > start + size)
      throw refusal('flash.refused.small', {
        board: name,
        size,
        needed: store.address + store.bytes - start,
      });
  if (chip.erases === 'all' && !wipeStore) throw refusal('flash.refused.erasesAll', { board: name });
  if (wipeStore && stores === undefined) throw refusal('flash.refused.noStore', { board: name });
}

/** Pages that the image lies in, and those of the store when it is to be wiped. */
function toErase(board: FlashBoard, image: Image, stores: Stores, wipeStore: boolean): Page[] {
  return pagesOf(board).filter((page) => {
    const used = image.segments.some(({ address, bytes }) => touches(page, { address, bytes: bytes.length }));
    const kept = stores?.some((store) => touches(page, store)) ?? false;
    if (used && kept && !wipeStore) throw refusal('flash.refused.store', { image: image.name });
    return used || (wipeStore && kept);
  });
}

/**
 * What can be refused of an image before the chip is asked.
 * @throws FlashError
 */
export function checkImage(board: FlashBoard, image: Image, wipeStore: boolean): void {
  const [id = ''] = board.bootLoader.chips;
  checkFit(board, { id, erases: 'pages' }, image, storesOf(board), wipeStore);
  toErase(board, image, storesOf(board), wipeStore);
}

/** Words what went wrong, with what the board holds now. */
function worded(
  error: unknown,
  { name: board, bootLoader: { protocol } }: FlashBoard,
  touched: boolean,
  wipeStore: boolean,
): unknown {
  if (error instanceof FlashError || (error instanceof PortError && !touched)) return error;
  const kept = !touched
    ? text('flash.kept.all')
    : text(wipeStore ? 'flash.kept.nothing' : 'flash.kept.store');
  if (error instanceof VerifyError)
    return new FlashError(
      'FLASH_VERIFY',
      text('flash.verify', { board, address: hex(error.address), kept }),
      {
        cause: error,
      },
    );
  const reason: Word = error instanceof WordedError ? error.text : String((error as Error).message);
  return touched
    ? new FlashError('FLASH_INTERRUPTED', text('flash.interrupted', { board, reason, kept }), {
        cause: error,
      })
    : new FlashError(
        'FLASH_NO_BOOT_LOADER',
        text('flash.noBootLoader', { board, reason, enter: text(`flash.enter.${protocol}`) }),
        { cause: error },
      );
}

/**
 * Flashes. The store is left alone unless it is to be wiped; a board that was cut off in the middle takes the whole image again.
 * @param open reaches the boot loader; it is closed at the end
 * @throws FlashError, PortError
 */
export async function flash(
  board: FlashBoard,
  image: Image,
  open: () => Promise<BootLoader>,
  { wipeStore = false, signal, onProgress }: FlashOptions = {},
): Promise<FlashResult> {
  let touched = false;
  let loader: BootLoader | undefined;
  const tick = (step: FlashStep, total: number) => (done: number) => {
    onProgress?.(step, Math.min(done, total), total);
    if (signal?.aborted !== true) return;
    const kept = text(wipeStore ? 'flash.kept.nothing' : 'flash.kept.store');
    throw new FlashError('FLASH_CANCELLED', text('flash.cancelled', { board: board.name, kept }));
  };
  try {
    loader = await open();
    const chip = await loader.probe();
    checkChip(board, chip);
    const stores = loader.stores?.(image, wipeStore) ?? storesOf(board);
    const segments = (stores ?? []).reduce<readonly Segment[]>(withoutBlank, image.segments);
    const spared = { ...image, segments };
    checkFit(board, chip, spared, stores, wipeStore);
    const pages = toErase(board, spared, stores, wipeStore);
    const total = bytesOf(segments);
    if (signal?.aborted === true)
      throw new FlashError('FLASH_CANCELLED', text('flash.cancelledBefore', { board: board.name }));
    touched = true;
    await loader.erase(pages, tick('erase', bytesOfPages(pages)));
    await loader.write(segments, tick('write', total));
    const verified = await loader.verify(segments, tick('verify', total));
    await loader.run(segments);
    return {
      board: board.name,
      image: image.name,
      ...(image.version === undefined ? {} : { version: image.version }),
      chip,
      bytes: total,
      verified,
      store: stores === undefined ? 'elsewhere' : wipeStore ? 'wiped' : 'kept',
    };
  } catch (error) {
    throw worded(error, board, touched, wipeStore);
  } finally {
    await loader?.close();
  }
}

const bytesOfPages = (pages: readonly Page[]): number => pages.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * The file that keeps a virtual board's non-volatile memory: one line that says what it is, then the memory byte by byte. The line
 * protects every other file: nothing is written into a file that does not begin with it.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { MemoryFileError } from './memory_file_error';
import { lockMemory } from './memory_lock';
import type { NvmGeometry } from './nvm';

const HEADER_BYTES = 64;
const TITLE = 'edge-trainer memory 1';
/** The file holds the key of the commissioning lock. */
const OWNER_ONLY = 0o600;
/** The store commits by a header or a note this short: what it confirms reaches the disk first, it follows at once. */
const COMMIT_BYTES = 32;

export interface MemoryFileOptions {
  /** Reads the file and writes nothing: what the board writes is forgotten with it. */
  readonly readOnly?: boolean;
}

const words = ({ size, pageBytes, writeBytes }: NvmGeometry): string =>
  `${size} bytes, pages of ${pageBytes}, written by ${writeBytes}`;

function headerOf(geometry: NvmGeometry): Buffer {
  const line = `${TITLE}: ${words(geometry)}`;
  return Buffer.from(`${line.padEnd(HEADER_BYTES - 1)}\n`, 'latin1');
}

/** Reads as much as there is. */
function readAll(file: number, into: Uint8Array, position: number): number {
  let at = 0;
  while (at < into.length) {
    const count = readSync(file, into, at, into.length - at, position + at);
    if (count === 0) break;
    at += count;
  }
  return at;
}

/** Writes all of it. @throws the system's error, for example ENOSPC, with a part written */
function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, position + at);
}

function open(path: string, readOnly: boolean): number {
  if (!readOnly) return openSync(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new MemoryFileError(path, { kind: 'MISSING' });
  }
}

export class MemoryFile {
  private readonly readOnly: boolean;
  private file: number | undefined;
  private readonly unlock: () => void;

  /**
   * Opens the file, or creates it for the owner alone, and reads it into `bytes`. What the file lacks keeps what `bytes` holds.
   * @throws MemoryFileError when it is something else, of another board, in use, or (read only) not there; the system's error when it
   * cannot be opened
   */
  constructor(path: string, geometry: NvmGeometry, bytes: Uint8Array, options: MemoryFileOptions = {}) {
    this.readOnly = options.readOnly === true;
    this.unlock = this.readOnly ? () => undefined : lockMemory(path);
    try {
      this.file = open(path, this.readOnly);
      this.load(path, geometry, bytes);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @throws the system's error when the file does not take the bytes, or the disk does not */
  write(offset: number, bytes: Uint8Array): void {
    if (this.readOnly || this.file === undefined || bytes.length === 0) return;
    const commits = bytes.length <= COMMIT_BYTES;
    if (commits) fdatasyncSync(this.file);
    writeAll(this.file, bytes, HEADER_BYTES + offset);
    if (commits) fdatasyncSync(this.file);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.unlock();
  }

  private load(path: string, geometry: NvmGeometry, bytes: Uint8Array): void {
    const file = this.file as number;
    const header = headerOf(geometry);
    if (fstatSync(file).size > 0) {
      const found = Buffer.alloc(HEADER_BYTES);
      const text = found.toString('latin1', 0, readAll(file, found, 0));
      if (!text.startsWith(`${TITLE}: `)) throw new MemoryFileError(path, { kind: 'FOREIGN' });
      if (text !== header.toString('latin1'))
        throw new MemoryFileError(path, {
          kind: 'GEOMETRY',
          found: text.slice(TITLE.length + 2).trim(),
          wanted: words(geometry),
        });
      readAll(file, bytes, HEADER_BYTES);
    }
    if (this.readOnly) return;
    fchmodSync(file, OWNER_ONLY);
    // Whole from the start: a hole before the first write would read as zeros, and the disk says now when it is full.
    writeAll(file, header, 0);
    writeAll(file, bytes, HEADER_BYTES);
    fdatasyncSync(file);
  }
}

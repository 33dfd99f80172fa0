/** A firmware image: runs of bytes at addresses, read from an Intel hex file. The images of this package come with a manifest. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Region } from './boot_loader';
import { imageError } from './errors';

export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export interface Image {
  /** File name, for people. */
  readonly name: string;
  /** Version of the firmware, undefined for a file of one's own. */
  readonly version?: string;
  /** In the order of their addresses; they do not overlap. */
  readonly segments: readonly Segment[];
}

interface ManifestEntry {
  readonly board: string;
  readonly version: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/** Images of this package: dist/firmware/boards, seen from dist/trainer/flash. */
const FOLDER = join(__dirname, '../../firmware/boards');

/** Record types of the Intel Hexadecimal Object File Format Specification, revision A. */
const DATA = 0;
const END = 1;
const SEGMENT_ADDRESS = 2;
const LINEAR_ADDRESS = 4;

/** Runs that touch become one; runs that overlap are a mistake. */
export function joined(runs: Segment[], name: string): Segment[] {
  const result: { address: number; parts: Uint8Array[]; length: number }[] = [];
  for (const { address, bytes } of runs.sort((a, b) => a.address - b.address)) {
    const last = result.at(-1);
    const end = last === undefined ? -1 : last.address + last.length;
    if (address < end) throw imageError('flash.image.overlap', { name });
    if (last !== undefined && address === end) {
      last.parts.push(bytes);
      last.length += bytes.length;
    } else {
      result.push({ address, parts: [bytes], length: bytes.length });
    }
  }
  return result.map(({ address, parts }) => ({ address, bytes: Buffer.concat(parts) }));
}

/** @throws FlashError for a line that is no record, has a wrong check sum, or a file without its end */
export function parseHex(content: string, name: string): Segment[] {
  const runs: { address: number; bytes: Uint8Array }[] = [];
  let base = 0;
  let ended = false;
  for (const [index, text] of content.split(/\r?\n/).entries()) {
    const line = text.trim();
    if (line === '' || ended) continue;
    const record = Buffer.from(line.slice(1), 'hex');
    const [length = 0, high = 0, low = 0, type = 0] = record;
    const sum = record.reduce((total, byte) => (total + byte) & 0xff, 0);
    if (!/^:([0-9a-fA-F]{2})+$/.test(line) || record.length < 5 || record.length !== length + 5 || sum !== 0)
      throw imageError('flash.image.record', { name, line: index + 1 });
    if (type === END) ended = true;
    else if (type === LINEAR_ADDRESS) base = record.readUInt16BE(4) * 0x1_0000;
    else if (type === SEGMENT_ADDRESS) base = record.readUInt16BE(4) * 16;
    else if (type === DATA)
      runs.push({ address: base + high * 256 + low, bytes: record.subarray(4, 4 + length) });
  }
  if (!ended) throw imageError('flash.image.truncated', { name });
  const segments = joined(runs, name);
  if (segments.length === 0) throw imageError('flash.image.empty', { name });
  return segments;
}

export async function readImage(file: string): Promise<Image> {
  const content = await readFile(file, 'latin1').catch((error: Error) => {
    throw imageError('flash.image.missing', { name: file, problem: error.message });
  });
  return { name: file, segments: parseHex(content, file) };
}

/** The image that this package brings for a board, checked against the manifest. */
export async function packagedImage(board: string, folder = FOLDER): Promise<Image> {
  const manifest = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined);
  const entry = (JSON.parse(manifest ?? '[]') as ManifestEntry[]).find(
    (candidate) => candidate.board === board,
  );
  const listed = entry?.files.find(({ name }) => name.endsWith('.hex'));
  if (entry === undefined || listed === undefined) throw imageError('flash.image.none', { board });
  const content = await readFile(join(folder, listed.name)).catch((error: Error) => {
    throw imageError('flash.image.missing', { name: listed.name, problem: error.message });
  });
  if (createHash('sha256').update(content).digest('hex') !== listed.sha256)
    throw imageError('flash.image.hash', { name: listed.name });
  return {
    name: listed.name,
    version: entry.version,
    segments: parseHex(content.toString('latin1'), listed.name),
  };
}

/** Segments without their parts in a region that are erased bytes only: what fills the space between the parts of a merged image. */
export function withoutBlank(
  segments: readonly Segment[],
  { address: from, bytes: length }: Region,
): Segment[] {
  const to = from + length;
  return segments.flatMap(({ address, bytes }) => {
    const [start, end] = [Math.max(address, from), Math.min(address + bytes.length, to)];
    const inside = bytes.subarray(start - address, Math.max(start, end) - address);
    if (inside.length === 0 || inside.some((byte) => byte !== 0xff)) return [{ address, bytes }];
    const rest = [
      { address, bytes: bytes.subarray(0, start - address) },
      { address: end, bytes: bytes.subarray(end - address) },
    ];
    return rest.filter((part) => part.bytes.length > 0);
  });
}

export const bytesOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { bytes }) => sum + bytes.length, 0);

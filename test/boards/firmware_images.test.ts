import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boardOf, isKnownBoard, knownBoards } from '../../trainer/definition';
import { needs } from '../support/needs';
import { imagesBuilt } from './images';

const ROOT = join(__dirname, '../../..');
const IMAGES = join(ROOT, 'dist/firmware/boards');

interface Entry {
  readonly board: string;
  readonly version: string;
  readonly store?: { readonly address: number; readonly bytes: number };
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

interface ImageTools {
  segmentsOf(folder: string, file: string): Segment[];
}

describe('firmware images', function () {
  this.timeout(300_000);
  let manifest: Entry[];
  let tools: ImageTools;

  before(async function () {
    if (!imagesBuilt()) return this.skip();
    manifest = JSON.parse(readFileSync(join(IMAGES, 'manifest.json'), 'utf8')) as Entry[];
    // A module of the build: compiled code reaches it by import() alone.
    tools = (await new Function('path', 'return import(path)')(join(ROOT, 'tools/images.mjs'))) as ImageTools;
  });

  it('are listed with their version and checksum, for every board that runs the trainer', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    for (const board of knownBoards().filter((name) => name !== 'virtual')) {
      const entry = manifest.find((candidate) => candidate.board === board);
      assert.ok(entry !== undefined && entry.files.length > 0, `${board} has no image`);
      assert.deepEqual(entry.store ?? null, boardOf(board).store, board);
    }
    for (const { board, version: of, files } of manifest) {
      assert.equal(of, version, board);
      for (const { name, bytes, sha256 } of files) {
        const content = readFileSync(join(IMAGES, name));
        assert.equal(content.length, bytes, name);
        assert.equal(createHash('sha256').update(content).digest('hex'), sha256, name);
      }
    }
  });

  it('leave the store of their board alone, whatever their format', () => {
    for (const { board, store, files } of manifest) {
      if (store === undefined) {
        assert.ok(
          !isKnownBoard(board) || boardOf(board).store === null,
          `${board} has a store and says none`,
        );
        continue;
      }
      for (const { name } of files)
        for (const { address, bytes } of tools.segmentsOf(IMAGES, name))
          assert.ok(
            address + bytes.length <= store.address || address >= store.address + store.bytes,
            `${name} writes 0x${address.toString(16)} to 0x${(address + bytes.length).toString(16)}`,
          );
    }
  });

  it('hold the same bytes in every format', () => {
    const flat = (segments: readonly Segment[]): Map<number, number> =>
      new Map(
        segments.flatMap(({ address, bytes }) => [...bytes].map((byte, i) => [address + i, byte] as const)),
      );
    for (const { board, files } of manifest) {
      const hex = flat(tools.segmentsOf(IMAGES, `${board}.hex`));
      for (const { name } of files) {
        const other = flat(tools.segmentsOf(IMAGES, name));
        for (const [address, byte] of hex) assert.equal(other.get(address), byte, `${name} at ${address}`);
      }
    }
  });

  it('come as DfuSe files that dfu-util takes', function () {
    if (!needs('dfu-suffix')) return this.skip();
    const files = manifest.flatMap((entry) => entry.files).filter(({ name }) => name.endsWith('.dfu'));
    assert.deepEqual(files.map(({ name }) => name).sort(), ['stm32f405.dfu', 'stm32f4discovery.dfu']);
    for (const { name } of files) {
      const said = execFileSync('dfu-suffix', ['-c', join(IMAGES, name)], { encoding: 'utf8' });
      assert.match(said, /Product ID:\s+0xDF11\s+Vendor ID:\s+0x0483\s+BCD DFU:\s+0x011A/);
    }
  });

  it('are built before the package is packed', () => {
    const { scripts, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
      files: string[];
    };
    assert.match(scripts.prepack as string, /tools\/boards\.mjs/);
    assert.ok(files.includes('dist/firmware'));
  });
});

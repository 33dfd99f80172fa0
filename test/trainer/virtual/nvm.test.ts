import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nvm, VirtualTrainer } from '../../../trainer/virtual';

const EEPROM = { size: 64, pageBytes: 1, writeBytes: 1 };
const FLASH = { size: 64, pageBytes: 16, writeBytes: 4 };

/** Bytes of the line in front of the memory. */
const HEADER_BYTES = 64;

const imageOf = (file: string): Buffer => readFileSync(file).subarray(HEADER_BYTES);

function contents(nvm: Nvm, offset: number, length: number): number[] {
  const bytes = new Uint8Array(length);
  assert.ok(nvm.read(offset, bytes));
  return [...bytes];
}

describe('Non-volatile memory of a virtual board', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('writes through to its file, which the next board finds', () => {
    const file = join(folder, 'memory.bin');
    const first = new Nvm(EEPROM, file);
    assert.ok(first.write(10, Uint8Array.of(1, 2, 3)));
    assert.deepEqual([...imageOf(file).subarray(10, 13)], [1, 2, 3]); // before any close
    first.close();
    const second = new Nvm(EEPROM, file);
    assert.deepEqual(contents(second, 9, 5), [255, 1, 2, 3, 255]);
    second.close();
  });

  it('takes a file that was cut short for one that is erased behind its end', () => {
    const file = join(folder, 'memory.bin');
    const first = new Nvm(EEPROM, file);
    assert.ok(first.write(0, Uint8Array.of(7, 8, 9)));
    first.close();
    truncateSync(file, HEADER_BYTES + 2);
    const second = new Nvm(EEPROM, file);
    assert.deepEqual(contents(second, 0, 4), [7, 8, 255, 255]);
    assert.equal(second.read(63, new Uint8Array(2)), false);
    second.close();
  });

  it('leaves every file alone that is not the memory of this board', () => {
    const definition = join(folder, 'definition.json');
    writeFileSync(definition, '{ "features": [] }');
    assert.throws(
      () => new Nvm(EEPROM, definition),
      /definition\.json is not the memory of a virtual trainer; the file is untouched/,
    );
    assert.equal(readFileSync(definition, 'utf8'), '{ "features": [] }');
    const memory = join(folder, 'memory.bin');
    new Nvm(EEPROM, memory).close();
    const before = readFileSync(memory);
    assert.throws(
      () => new Nvm(FLASH, memory),
      /holds a memory of 64 bytes, pages of 1, written by 1, this board has 64 bytes, pages of 16/,
    );
    assert.deepEqual(readFileSync(memory), before);
    assert.deepEqual(readdirSync(folder).sort(), ['definition.json', 'memory.bin']); // no lock is left behind
  });

  it('reads without writing when asked to, also while its owner runs', () => {
    const file = join(folder, 'memory.bin');
    assert.throws(() => new Nvm(EEPROM, file, { readOnly: true }), /does not exist/);
    assert.ok(!existsSync(file));
    const owner = new Nvm(EEPROM, file);
    assert.ok(owner.write(0, Uint8Array.of(1, 2)));
    const before = readFileSync(file);
    const reader = new Nvm(EEPROM, file, { readOnly: true });
    assert.deepEqual(contents(reader, 0, 3), [1, 2, 255]);
    assert.ok(reader.write(0, Uint8Array.of(9)));
    assert.deepEqual(contents(reader, 0, 1), [9]);
    reader.close();
    assert.deepEqual(readFileSync(file), before);
    owner.close();
  });

  it('belongs to one board at a time, and to nobody once its process is gone', () => {
    const file = join(folder, 'memory.bin');
    const first = new Nvm(EEPROM, file);
    assert.throws(() => new Nvm(EEPROM, file), /already the memory of another trainer in this process/);
    first.close();
    const other = spawnSync(process.execPath, ['-e', 'process.stdout.write(String(process.pid))'], {
      encoding: 'utf8',
    });
    for (const owner of [
      { pid: Number(other.stdout) }, // has ended
      { pid: process.pid, started: '1' }, // its process id was given to this process
    ]) {
      writeFileSync(`${file}.lock`, JSON.stringify(owner));
      new Nvm(EEPROM, file).close();
    }
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.ppid }));
    assert.throws(() => new Nvm(EEPROM, file), new RegExp(`is in use by process ${process.ppid}`));
  });

  it('is readable for its owner alone: it holds the key of the lock', () => {
    const file = join(folder, 'memory.bin');
    writeFileSync(file, '', { mode: 0o644 });
    new Nvm(EEPROM, file).close();
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('says when its file takes no more, keeps what it held, and goes on when there is room', () => {
    const nvm = new Nvm(EEPROM, join(folder, 'memory.bin'));
    const file = (nvm as unknown as { file: { file: number } }).file;
    const { file: descriptor } = file;
    file.file = openSync('/dev/full', 'w'); // every write fails with ENOSPC
    assert.equal(nvm.write(0, new Uint8Array(40)), false);
    assert.match(nvm.fault?.message ?? '', /ENOSPC/);
    assert.deepEqual(contents(nvm, 0, 1), [255]);
    closeSync(file.file);
    file.file = descriptor;
    assert.ok(nvm.write(0, Uint8Array.of(1)));
    assert.equal(nvm.fault, undefined);
    nvm.close();
  });

  it('is as strict as flash: bits are only cleared, erased by pages, written aligned', () => {
    const nvm = new Nvm(FLASH);
    assert.ok(nvm.write(16, Uint8Array.of(0xf0, 0xff, 0xff, 0xff)));
    assert.ok(nvm.write(16, Uint8Array.of(0x3f, 0xff, 0xff, 0xff)));
    assert.deepEqual(contents(nvm, 16, 1), [0x30]);
    assert.equal(nvm.write(18, new Uint8Array(4)), false);
    assert.equal(nvm.write(16, new Uint8Array(3)), false);
    assert.equal(nvm.erase(8), false);
    assert.ok(nvm.erase(16));
    assert.deepEqual(contents(nvm, 16, 1), [0xff]);
    assert.equal(nvm.write(64, new Uint8Array(4)), false);
    assert.deepEqual([nvm.written, nvm.erased], [8, 1]);
  });

  it('keeps exactly the bytes that there was power for', () => {
    const nvm = new Nvm(EEPROM, join(folder, 'torn.bin'));
    nvm.cutPowerAfter(5);
    assert.ok(nvm.write(0, Uint8Array.of(1, 2, 3)));
    assert.throws(() => nvm.write(3, Uint8Array.of(4, 5, 6)), /power was cut/);
    assert.deepEqual(contents(nvm, 0, 6), [1, 2, 3, 4, 5, 255]);
    assert.deepEqual([...imageOf(join(folder, 'torn.bin')).subarray(0, 6)], [1, 2, 3, 4, 5, 255]);
    nvm.restorePower();
    assert.ok(nvm.write(5, Uint8Array.of(6)));
    nvm.close();
  });

  it('can be broken', () => {
    const nvm = new Nvm(EEPROM);
    nvm.broken = true;
    assert.equal(nvm.write(0, Uint8Array.of(1)), false);
    assert.deepEqual(contents(nvm, 0, 1), [255]);
  });

  it('is let go of when the trainer is closed', async () => {
    const nvmFile = join(folder, 'trainer.bin');
    for (let i = 0; i < 3; i++) {
      const trainer = await VirtualTrainer.start({ nvmFile });
      await trainer.close();
    }
  });
});

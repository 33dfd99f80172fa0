import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nvm, VirtualTrainer } from '../../../trainer/virtual';

const EEPROM = { size: 64, pageBytes: 1, writeBytes: 1 };
const FLASH = { size: 64, pageBytes: 16, writeBytes: 4 };

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
    assert.deepEqual([...readFileSync(file).subarray(10, 13)], [1, 2, 3]); // before any close
    first.close();
    const second = new Nvm(EEPROM, file);
    assert.deepEqual(contents(second, 9, 5), [255, 1, 2, 3, 255]);
    second.close();
  });

  it('takes a short file for one that is erased behind its end, and reads no more than fits', () => {
    const file = join(folder, 'memory.bin');
    writeFileSync(file, Uint8Array.of(7));
    const short = new Nvm(EEPROM, file);
    assert.deepEqual(contents(short, 0, 2), [7, 255]);
    short.close();
    writeFileSync(file, new Uint8Array(100).fill(9));
    const long = new Nvm(EEPROM, file);
    assert.deepEqual(contents(long, 63, 1), [9]);
    assert.equal(long.read(63, new Uint8Array(2)), false);
    long.close();
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
    assert.deepEqual([...readFileSync(join(folder, 'torn.bin')).subarray(0, 6)], [1, 2, 3, 4, 5, 255]);
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

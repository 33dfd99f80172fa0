import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flash } from '../../../trainer/flash';
import { Stm32BootLoader } from '../../../trainer/flash/stm32';
import { needs } from '../../support/needs';
import { lineTo, SimulatedStm32, STM32F405 } from '../../support/stm32_boot_loader';
import { Terminal } from '../../support/terminal';
import { bytes, hexOf, imageOf } from './images';
import { refused } from './refused';
import {
  board,
  cutsRecovered,
  flashOn,
  holdsImage,
  holdsStore,
  image,
  learnedChip,
  store,
} from './stm32_case';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');
const run = promisify(execFile);

describe('flashing an STM32 through its UART boot loader', () => {
  it('writes, reads back, starts the firmware, and leaves what was learned', async () => {
    const chip = learnedChip();
    const steps = new Set<string>();
    const result = await flashOn(chip, { onProgress: (step) => steps.add(step) });
    assert.ok(holdsImage(chip) && holdsStore(chip));
    assert.equal(chip.started, 0x0800_0000);
    assert.equal(result.verified, 'read-back');
    assert.equal(result.store, 'kept');
    assert.equal(result.chip.flashBytes, 1_048_576);
    assert.deepEqual([...steps], ['erase', 'write', 'verify']);
  });

  it('wipes what was learned only when asked to', async () => {
    const chip = learnedChip();
    assert.equal((await flashOn(chip, { wipeStore: true })).store, 'wiped');
    const at = store.address - STM32F405.start;
    assert.ok(chip.flash.subarray(at, at + store.bytes).every((byte) => byte === 0xff));
    assert.ok(holdsImage(chip));
  });

  it('refuses another chip, a chip that is too small, and an image that writes into the store, and changes nothing', async () => {
    const other = new SimulatedStm32({ ...STM32F405, id: 0x410 });
    await assert.rejects(flashOn(other), refused('FLASH_REFUSED', /0x410.*0x413.*Nothing was changed/));
    const small = new SimulatedStm32({ ...STM32F405, pages: [16_384, 16_384, 16_384] });
    await assert.rejects(flashOn(small), refused('FLASH_REFUSED', /49152 bytes/));
    const chip = learnedChip();
    const before = Buffer.from(chip.flash);
    const bad = imageOf({ address: store.address - 8, bytes: bytes(16) });
    await assert.rejects(
      flash(board, bad, async () => new Stm32BootLoader(lineTo(chip))),
      refused('FLASH_REFUSED', /place of what was learned/),
    );
    assert.equal(Buffer.compare(before, chip.flash), 0);
  });

  it('says that a chip is protected against reading, and that nobody answers, with how to start the boot loader', async () => {
    const chip = learnedChip();
    chip.readProtected = true;
    await assert.rejects(flashOn(chip), refused('FLASH_INTERRUPTED', /protected/));
    const silent = learnedChip();
    silent.started = 0x0800_0000;
    await assert.rejects(
      flashOn(silent),
      refused('FLASH_NO_BOOT_LOADER', /no answer.*Nothing was changed.*BOOT0/),
    );
  });

  it('stops when the user gives up, and says what the board holds', async () => {
    const chip = learnedChip();
    const giveUp = new AbortController();
    const cancelled = flashOn(chip, {
      signal: giveUp.signal,
      onProgress: (step, done) => {
        if (step === 'write' && done > 5000) giveUp.abort();
      },
    });
    await assert.rejects(
      cancelled,
      refused('FLASH_CANCELLED', /not whole.*learned is untouched.*flash again/),
    );
    assert.equal(chip.started, undefined);
    chip.start();
    await flashOn(chip);
    assert.ok(holdsImage(chip) && holdsStore(chip));
  });

  it('recovers from a power cut at any of 50 places: flashed anew, nothing learned is lost', async () => {
    assert.equal(await cutsRecovered(50), 50);
  });

  describe('on a serial port', () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-flash-'));
    const file = join(folder, 'test.hex');
    let chip: SimulatedStm32;
    let terminal: Terminal;

    before(() => writeFileSync(file, hexOf(image.segments)));
    after(() => rmSync(folder, { recursive: true }));
    beforeEach(async () => {
      chip = learnedChip();
      terminal = await Terminal.open((sent) => chip.receive(sent));
      chip.answer = (answer) => terminal.write(answer);
    });
    afterEach(() => terminal.close());

    it('flashes from the command line', async () => {
      const args = ['flash', '--board', 'stm32f405', '--port', terminal.path, '--image', file, '--json'];
      const { stdout } = await run(process.execPath, [MAIN, ...args], { timeout: 30_000 });
      assert.equal(JSON.parse(stdout).verified, 'read-back');
      assert.ok(holdsImage(chip) && holdsStore(chip));
      assert.equal(chip.started, 0x0800_0000);
    });

    it('and stm32flash, which knows the real chips, finds the same boot loader and the same bytes', async function () {
      if (!needs('stm32flash')) return this.skip();
      const second = (image.segments[1] as (typeof image.segments)[number]).bytes.subarray(0, 30_000);
      const binary = join(folder, 'second.bin');
      writeFileSync(binary, second);
      // A pseudo-terminal carries bytes and no parity.
      const args = ['-b', '115200', '-m', '8n1', '-w', binary, '-v', '-S', '0x0800c000:30000', terminal.path];
      const { stdout } = await run('stm32flash', args, { timeout: 50_000 });
      assert.match(stdout, /Device ID *: 0x0413/);
      const read = join(folder, 'read.bin');
      chip.start();
      await run('stm32flash', ['-m', '8n1', '-r', read, '-S', '0x0800c000:30000', terminal.path], {
        timeout: 50_000,
      });
      assert.equal(Buffer.compare(readFileSync(read), second), 0);
    });
  });
});

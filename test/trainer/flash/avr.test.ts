import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BootLoader, flash } from '../../../trainer/flash';
import { BootLoaderAvr, lineToAvr } from '../../support/boot_loader_avr';
import { needs } from '../../support/needs';
import { Terminal } from '../../support/terminal';
import { AVR_FAMILIES, cutsRecovered, holds, image } from './avr_case';
import { bytes, hexOf, imageOf } from './images';

const run = promisify(execFile);

for (const { title, chip, board, loader, avrdude } of AVR_FAMILIES)
  describe(`flashing through ${title}`, function () {
    this.timeout(120_000);
    const flashOn = (avr: BootLoaderAvr): ReturnType<typeof flash> =>
      flash(board, image, async () => loader(lineToAvr(avr)));

    before(function () {
      if (existsSync(chip.bootLoader)) return;
      if (process.env.CI) throw new Error('arduino-core-avr is not installed; CI must install it');
      console.warn('SKIPPED: arduino-core-avr is not installed');
      this.skip();
    });

    it('writes, reads back, and the boot loader stays whole', async () => {
      const avr = new BootLoaderAvr(chip);
      const boot = Buffer.from(avr.flash.subarray(chip.bootStart));
      const result = await flashOn(avr);
      assert.equal(result.verified, 'read-back');
      assert.equal(result.store, 'elsewhere');
      assert.ok(holds(avr));
      assert.equal(Buffer.compare(boot, avr.flash.subarray(chip.bootStart)), 0);
    });

    it('refuses an image that reaches into the boot loader, and another chip', async () => {
      const avr = new BootLoaderAvr(chip);
      const before = Buffer.from(avr.flash);
      const long = imageOf({ address: chip.bootStart - 4, bytes: bytes(8) });
      const open = async (): Promise<BootLoader> => loader(lineToAvr(avr));
      await assert.rejects(flash(board, long, open), /Nothing was changed/);
      const other = { ...board, bootLoader: { ...board.bootLoader, chips: ['1e9406'] } };
      await assert.rejects(flash(other, image, open), /the chip found is 1e9/);
      assert.equal(Buffer.compare(before, avr.flash), 0);
    });

    it('refuses to wipe a store that it does not reach', async () => {
      const avr = new BootLoaderAvr(chip);
      const wiped = flash(board, image, async () => loader(lineToAvr(avr)), { wipeStore: true });
      await assert.rejects(wiped, /not in its flash.*--wipe-store.*Nothing was changed/);
    });

    it('recovers from a power cut in the middle of a page, wherever it comes', async () => {
      assert.equal(await cutsRecovered({ chip, board, loader }, 4), 4);
    });

    it('and avrdude, which knows the real boards, reads the same bytes and writes the same way', async function () {
      if (!needs('avrdude')) return this.skip();
      const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-avr-'));
      const avr = new BootLoaderAvr(chip);
      await flashOn(avr);
      const terminal = await Terminal.open((sent) => {
        // A pseudo-terminal has no DTR: the first byte after the start of the firmware presses reset.
        if (avr.started) avr.pressReset();
        avr.receive(sent);
      });
      avr.answer = (answer) => terminal.write(answer);
      avr.pressReset();
      const file = join(folder, 'test.hex');
      const ask = (operation: string): Promise<unknown> =>
        run('avrdude', [...avrdude, '-b', '115200', '-D', '-P', terminal.path, '-U', operation], {
          timeout: 60_000,
        });
      writeFileSync(file, hexOf(image.segments));
      await ask(`flash:v:${file}:i`);
      avr.pressReset();
      avr.flash.fill(0xff, 0, 4096);
      await ask(`flash:w:${file}:i`);
      assert.ok(holds(avr));
      await terminal.close();
      rmSync(folder, { recursive: true });
    });
  });

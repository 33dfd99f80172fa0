import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { flash, imageFor } from '../../../trainer/flash';
import { EspBootLoader } from '../../../trainer/flash/esp32/boot_loader';
import type { Segment } from '../../../trainer/flash/image';
import { lineToEsp, SimulatedEsp32 } from '../../support/esp32_boot_loader';
import { ESP_CHIPS } from '../../support/esp32_chips';
import { Terminal } from '../../support/terminal';
import {
  APP_AT,
  appImage,
  choose,
  cutsRecovered,
  espImage,
  FILES,
  facts,
  flashOn,
  holds,
  holdsStore,
  learnedEsp,
  merged,
  mergedImage,
  NVS,
  OTHER_APP_AT,
  TABLE_AT,
  table,
  target,
} from './esp32_case';
import { bytes, imageOf } from './images';
import { refused } from './refused';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');
const run = promisify(execFile);
const NAME = 'esp32c3';
const image = appImage(NAME);

describe('flashing an ESP32 through the loader in its ROM and the stub', function () {
  this.timeout(60_000);

  for (const [name, { title }] of Object.entries(ESP_CHIPS))
    it(`${title}: writes, has the chip hash it, starts the firmware, and leaves what was learned`, async () => {
      const chip = learnedEsp(name);
      const steps = new Set<string>();
      const result = await flashOn(name, chip, appImage(name), { onProgress: (step) => steps.add(step) });
      assert.ok(holds(chip, appImage(name)) && holdsStore(chip));
      assert.ok(chip.started);
      assert.deepEqual(
        [result.chip.id, result.chip.flashBytes, result.verified, result.store],
        [title, 4_194_304, 'hash', 'kept'],
      );
      assert.deepEqual([...steps], ['write', 'verify']);
    });

  it('spares what was learned where a merged image has nothing but filling', async () => {
    const chip = learnedEsp(NAME);
    // The Arduino IDE fills it up to the size of the flash.
    const file = new Uint8Array(4 * 1024 * 1024).fill(0xff);
    file.set(merged(facts(NAME), 30_001));
    await flashOn(NAME, chip, imageOf({ address: 0, bytes: file }));
    assert.ok(holds(chip, image) && holdsStore(chip));
    assert.ok(
      chip.flash.holds(0xe000, new Uint8Array(0x2000).fill(0xff)),
      'which application starts is forgotten',
    );
  });

  it('wipes what was learned only when asked to, without what the image holds', async () => {
    const chip = learnedEsp(NAME);
    assert.equal((await flashOn(NAME, chip, image, { wipeStore: true })).store, 'wiped');
    for (const { address, bytes: length } of [NVS, FILES])
      assert.ok(chip.flash.holds(address, new Uint8Array(length).fill(0xff)));
    assert.ok(holds(chip, image) && chip.flash.holds(TABLE_AT, table()));
  });

  it('fills a chip that holds nothing yet', async () => {
    const chip = new SimulatedEsp32(facts(NAME));
    await assert.rejects(
      flashOn(NAME, chip, image),
      refused('FLASH_REFUSED', /no partition table.*merged image/),
    );
    await flashOn(NAME, chip, mergedImage(NAME));
    assert.ok(holds(chip, mergedImage(NAME)) && chip.started);
  });

  it('writes where the application lies that starts, and refuses what would not start', async () => {
    const chip = learnedEsp(NAME);
    choose(chip, 1);
    await flashOn(NAME, chip, image);
    choose(chip, 2);
    await assert.rejects(
      flashOn(NAME, chip, image),
      refused('FLASH_REFUSED', /chosen the application at 0x150000; give 0x150000:FILE/),
    );
    const [{ bytes: app }] = image.segments as [Segment];
    const other = imageOf({ address: OTHER_APP_AT, bytes: app });
    await flashOn(NAME, chip, other);
    assert.ok(holds(chip, other) && holdsStore(chip));
    // An update that failed chooses nothing, and a merged image begins anew.
    choose(chip, 2, 4);
    await assert.rejects(flashOn(NAME, chip, other), refused('FLASH_REFUSED', /application at 0x10000/));
    choose(chip, 2);
    await flashOn(NAME, chip, mergedImage(NAME));
    await flashOn(NAME, chip, image);
  });

  it('goes on at the rate of the ROM where the adapter has no faster one', async () => {
    const chip = learnedEsp(NAME);
    const line = lineToEsp(chip, { mostBaud: 115_200 });
    await flash(target(NAME), image, async () => EspBootLoader.on(line));
    assert.ok(holds(chip, image) && holdsStore(chip) && chip.started);
    assert.equal(chip.hostBaud, 115_200);
  });

  it('starts the chip by the stub, where the line has no DTR and RTS and a hand has started the loader', async () => {
    const chip = learnedEsp(NAME);
    const line = lineToEsp(chip, { modemLines: false });
    chip.enterLoader();
    await flash(target(NAME), image, async () => EspBootLoader.on(line));
    assert.ok(holds(chip, image) && holdsStore(chip) && chip.started);
  });

  describe('refuses, and changes nothing:', () => {
    const refuses = (
      title: string,
      wanted: RegExp,
      attempt: (chip: SimulatedEsp32) => Promise<unknown>,
    ): void => {
      it(title, async () => {
        const chip = learnedEsp(NAME);
        const before = Buffer.from(chip.flash.bytes);
        await assert.rejects(attempt(chip), refused('FLASH_REFUSED', wanted));
        assert.equal(Buffer.compare(before, chip.flash.bytes), 0);
      });
    };
    refuses('another chip', /ESP32-C3.*esp32s3 has ESP32-S3.*Nothing was changed/, (chip) =>
      flashOn('esp32s3', chip, appImage('esp32s3')),
    );
    refuses(
      'an image that is longer than its partition',
      /no partition for applications at 0x10000/,
      (chip) => flashOn(NAME, chip, appImage(NAME, 0x14_0000)),
    );
    refuses('an image that writes into the place of what was learned', /place of what was learned/, (chip) =>
      flashOn(NAME, chip, imageOf({ address: FILES.address, bytes: bytes(5000) })),
    );
    refuses('an image that brings other partitions', /other partitions.*back up.*--wipe-store/, (chip) => {
      const moved = merged(facts(NAME), 3000, table({ address: 0x31_0000, bytes: 0xe_0000 }));
      return flashOn(NAME, chip, imageOf({ address: 0, bytes: moved }));
    });
    refuses('a chip that encrypts its flash', /encrypts its flash/, (chip) => {
      chip.encrypts = true;
      return flashOn(NAME, chip, image);
    });
    refuses('a chip in secure download mode', /secure download mode/, (chip) => {
      chip.secureDownload = true;
      return flashOn(NAME, chip, image);
    });
  });

  it('refuses an image that is larger than the flash of the chip', async () => {
    const small = new SimulatedEsp32(facts(NAME), 1024 * 1024);
    await assert.rejects(
      flashOn(NAME, small, imageOf({ address: 0, bytes: merged(facts(NAME), 1_000_000) })),
      refused('FLASH_REFUSED', /1048576 bytes/),
    );
  });

  it('an ESP32 that encrypts tells it by its fuses', async () => {
    const chip = learnedEsp('esp32');
    chip.encrypts = true;
    await assert.rejects(flashOn('esp32', chip, appImage('esp32')), refused('FLASH_REFUSED', /encrypts/));
  });

  it('says that nobody answers, with how to start the loader', async () => {
    const chip = learnedEsp(NAME);
    const line = lineToEsp(chip, { modemLines: false });
    await assert.rejects(
      flash(target(NAME), image, async () => EspBootLoader.on(line)),
      refused('FLASH_NO_BOOT_LOADER', /Nothing was changed.*hold BOOT/),
    );
  });

  it('says which part the chip hashes to something else', async () => {
    const chip = learnedEsp(NAME);
    chip.flash.worn = APP_AT + 5000;
    await assert.rejects(
      flashOn(NAME, chip, image),
      refused('FLASH_VERIFY', /0x10000.*learned is untouched/),
    );
  });

  it('stops when the user gives up, and says what the board holds', async () => {
    const chip = learnedEsp(NAME);
    const giveUp = new AbortController();
    const cancelled = flashOn(NAME, chip, image, {
      signal: giveUp.signal,
      onProgress: (step, done) => {
        if (step === 'write' && done > 5000) giveUp.abort();
      },
    });
    await assert.rejects(
      cancelled,
      refused('FLASH_CANCELLED', /not whole.*learned is untouched.*flash again/),
    );
    await flashOn(NAME, chip, image);
    assert.ok(holds(chip, image) && holdsStore(chip));
  });

  it('recovers from a power cut at any of 10 places: flashed anew, nothing learned is lost', async () => {
    assert.equal(await cutsRecovered(10), 10);
  });

  describe('the files that a build makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-esp32-'));
    const file = (name: string, content: Uint8Array): string => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    };
    const app = espImage(facts(NAME).imageId, 5000);
    const imageError = (says: RegExp) => refused('FLASH_IMAGE', says);
    const read = (...files: string[]): ReturnType<typeof imageFor> => imageFor(target(NAME), files);
    after(() => rmSync(folder, { recursive: true }));

    it('finds out where an application and a merged image go', async () => {
      const { segments } = await read(file('app.bin', app));
      assert.deepEqual(segments, [{ address: APP_AT, bytes: app }]);
      for (const name of Object.keys(ESP_CHIPS)) {
        const whole = merged(facts(name), 5000);
        const found = await imageFor(target(name), [file('merged.bin', whole)]);
        assert.deepEqual(found.segments, [{ address: 0, bytes: whole }], name);
      }
    });

    it('takes parts with their addresses, as esptool does, and joins what touches', async () => {
      const parts = [`0x8000:${file('table.bin', table())}`, `0x10000:${file('app.bin', app)}`];
      const { segments } = await read(...parts, `0x0:${file('second.bin', bytes(0x8000))}`);
      assert.deepEqual(
        segments.map(({ address, bytes: { length } }) => [address, length]),
        [
          [0, 0x8c00],
          [APP_AT, app.length],
        ],
      );
      await assert.rejects(read(...parts, parts[1] as string), imageError(/some addresses twice/));
    });

    it('refuses an image for another chip by name, in a merged file, too', async () => {
      const wrong = imageError(/ESP32-S3, not for esp32c3.*Nothing was sent/);
      await assert.rejects(read(file('s3.bin', espImage(9, 5000))), wrong);
      const mixed = merged(facts(NAME), 5000);
      mixed.writeUInt16LE(9, APP_AT + 12);
      await assert.rejects(read(file('mixed.bin', mixed)), wrong);
    });

    it('refuses what is damaged, cut off, or no image at all', async () => {
      const flipped = Buffer.from(app);
      flipped.writeUInt8(flipped.readUInt8(3000) ^ 1, 3000);
      await assert.rejects(read(file('flipped.bin', flipped)), imageError(/flipped.bin is damaged/));
      // What the check sum does not cover, the hash does.
      const header = Buffer.from(app);
      header[4] = 1;
      await assert.rejects(read(file('header.bin', header)), imageError(/header.bin is damaged/));
      for (const length of [20, 30, 1000, app.length - 40, app.length - 1])
        await assert.rejects(
          read(`0x10000:${file('cut.bin', app.subarray(0, length))}`),
          imageError(/ends too early/),
        );
      await assert.rejects(
        read(file('none.bin', bytes(5000))),
        imageError(/no image of an ESP32.*0x9000:FILE/),
      );
      await assert.rejects(
        read(file('second.bin', espImage(5, 5000, false))),
        imageError(/say where it goes/),
      );
      await assert.rejects(read(file('empty.bin', new Uint8Array())), imageError(/holds no bytes/));
      await assert.rejects(read(join(folder, 'missing.bin')), imageError(/cannot be read/));
      await assert.rejects(read(`0x10010:${file('app.bin', app)}`), imageError(/multiple of 4096/));
    });

    it('needs one for an ESP32, and takes one alone for a board of this package', async () => {
      await assert.rejects(read(), imageError(/no image for esp32c3.*give its file/));
      await assert.rejects(
        imageFor(target('stm32f405'), ['a.hex', 'b.hex']),
        imageError(/one Intel hex file/),
      );
    });

    it('flashes from the command line, over a port without modem lines', async () => {
      const chip = learnedEsp(NAME);
      const terminal = await Terminal.open((sent) => chip.receive(sent));
      chip.answer = (answer) => terminal.write(answer);
      chip.enterLoader();
      const args = [
        'flash',
        '--board',
        NAME,
        '--port',
        terminal.path,
        '--json',
        '--image',
        file('app.bin', app),
      ];
      const { stdout } = await run(process.execPath, [MAIN, ...args], { timeout: 50_000 });
      const { board, verified, store } = JSON.parse(stdout);
      assert.deepEqual([board, verified, store], [NAME, 'hash', 'kept']);
      assert.ok(chip.flash.holds(APP_AT, app) && holdsStore(chip) && chip.started);
      await terminal.close();
    });
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boardOf } from '../../../trainer/definition';
import { type FlashBoard, FlashError, flash } from '../../../trainer/flash';
import { DaplinkDrive } from '../../../trainer/flash/daplink_drive';
import { type Drive, FolderDrive, untilThere } from '../../../trainer/flash/drive';
import { parseHex } from '../../../trainer/flash/image';
import { Uf2Drive } from '../../../trainer/flash/uf2_drive';
import { SimulatedDrive } from '../../support/simulated_drive';
import { bytes, imageOf } from './images';
import * as microbits from './microbit_case';
import {
  cutsRecovered,
  family,
  flashOn,
  holds,
  image,
  learnedPico,
  pico,
  START,
  store,
  whole,
} from './uf2_case';

describe('flashing through a UF2 drive', () => {
  it('waits for a drive that shows itself late, and not for ever', async () => {
    let looks = 0;
    const late: Pick<Drive, 'present'> = { present: async () => ++looks > 2 };
    await untilThere(late, 60_000);
    assert.equal(looks, 3);
    await untilThere({ present: async () => false }, 1);
  });

  it('hands over every block, and takes the end of the drive for the start of the firmware', async () => {
    const drive = learnedPico();
    const result = await flashOn(drive);
    assert.ok(whole(drive));
    assert.equal(result.verified, 'accepted');
    assert.equal(await drive.present(), false);
  });

  it('wipes the store when asked to', async () => {
    const drive = learnedPico();
    assert.equal((await flashOn(drive, { wipeStore: true })).store, 'wiped');
    const at = store.address - START;
    assert.ok(drive.flash.subarray(at, at + store.bytes).every((byte) => byte === 0xff));
    assert.ok(holds(drive, 0, image.segments[0]?.bytes as Uint8Array));
  });

  it('refuses a folder that is no such drive, and the drive of another board', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-drive-'));
    const open = async (): Promise<Uf2Drive> => new Uf2Drive(new FolderDrive(folder), family);
    await assert.rejects(flash(pico, image, open), /no INFO_UF2.TXT.*Nothing was changed.*BOOTSEL/);
    writeFileSync(join(folder, 'INFO_UF2.TXT'), 'UF2 Bootloader v1.0\r\nBoard-ID: SAMD21\r\n');
    await assert.rejects(flash(pico, image, open), /SAMD21.*RPI-RP2/);
    rmSync(folder, { recursive: true });
  });

  it('recovers when the board is unplugged at any of 50 blocks', async () => {
    assert.equal(await cutsRecovered(50), 50);
  });

  it('says that nothing was changed when the drive takes no file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-drive-'));
    writeFileSync(join(folder, 'INFO_UF2.TXT'), SimulatedDrive.INFO);
    // What nobody can write a file over, the superuser of a test included.
    mkdirSync(join(folder, 'trainer.uf2'));
    await assert.rejects(
      flash(pico, image, async () => new Uf2Drive(new FolderDrive(folder), family)),
      (error: unknown) => {
        assert.ok(error instanceof FlashError);
        assert.equal(error.code, 'FLASH_REFUSED');
        return /takes no file \(.*trainer\.uf2.*Nothing was changed/.test(error.message);
      },
    );
    rmSync(folder, { recursive: true });
  });

  it('is cut off when a real folder vanishes in the middle, and takes the image when it is back', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'edge-trainer-drive-')), 'RPI-RP2');
    const plugIn = (): void => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'INFO_UF2.TXT'), SimulatedDrive.INFO);
    };
    const open = async (): Promise<Uf2Drive> => new Uf2Drive(new FolderDrive(folder), family);
    plugIn();
    const unplug = (step: string, done: number): void => {
      if (step === 'write' && done > 20_000) rmSync(folder, { recursive: true, force: true });
    };
    await assert.rejects(
      flash(pico, image, open, { onProgress: unplug }),
      (error: unknown) => error instanceof FlashError && error.code === 'FLASH_INTERRUPTED',
    );
    plugIn();
    const board = learnedPico();
    const file = join(folder, 'trainer.uf2');
    const eyes = watch(folder, () => {
      if (!board.take(readFileSync(file, { flag: 'a+' }))) return;
      eyes.close();
      rmSync(folder, { recursive: true });
    });
    await flash(pico, image, open);
    assert.ok(whole(board));
  });

  it('works on a real folder that behaves as the drive', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'edge-trainer-drive-')), 'RPI-RP2');
    mkdirSync(folder);
    writeFileSync(join(folder, 'INFO_UF2.TXT'), SimulatedDrive.INFO);
    const board = learnedPico();
    const file = join(folder, 'trainer.uf2');
    const eyes = watch(folder, () => {
      const content = readFileSync(file, { flag: 'a+' });
      if (board.take(content)) {
        eyes.close();
        rmSync(folder, { recursive: true });
      }
    });
    await flash(pico, image, async () => new Uf2Drive(new FolderDrive(folder), family));
    assert.ok(whole(board));
  });
});

describe("flashing through a micro:bit's drive", () => {
  const microbit = boardOf('nrf51') as FlashBoard;
  const small = imageOf({ address: 0, bytes: bytes(3000) }, { address: 0x1_2000, bytes: bytes(500, 3) });

  /** A folder that takes a hex file, goes away and comes back. */
  function microbitDrive(details: string, failure?: string): { folder: string; received: () => string } {
    const folder = join(mkdtempSync(join(tmpdir(), 'edge-trainer-drive-')), 'MICROBIT');
    mkdirSync(folder);
    writeFileSync(join(folder, 'DETAILS.TXT'), details);
    let text = '';
    const eyes = watch(folder, () => {
      text = readFileSync(join(folder, 'trainer.hex'), { encoding: 'latin1', flag: 'a+' });
      if (!text.includes(':00000001FF')) return;
      eyes.close();
      rmSync(folder, { recursive: true });
      setTimeout(() => {
        mkdirSync(folder);
        writeFileSync(join(folder, 'DETAILS.TXT'), details);
        if (failure !== undefined) writeFileSync(join(folder, 'FAIL.TXT'), failure);
      }, 300);
    });
    return { folder, received: () => text };
  }

  const ID = 'Unique ID: 9900000051864e45000e1016000000500000000097969901\r\n';

  it('hands over the image, and waits until the drive is back', async () => {
    const { folder, received } = microbitDrive(`${ID}Page erasing: 1\r\n`);
    const result = await flash(microbit, small, async () => new DaplinkDrive(new FolderDrive(folder)));
    assert.equal(result.store, 'kept');
    const segments = parseHex(received(), 'received').map(({ address, bytes: got }) => ({
      address,
      bytes: Uint8Array.from(got),
    }));
    assert.deepEqual(segments, small.segments);
  });

  it('recovers when the board is unplugged at any of 50 records', async () => {
    assert.equal(await microbits.cutsRecovered(50), 50);
  });

  it('keeps nothing of what was learned where the drive erases the whole chip, which it says first', async () => {
    const drive = microbits.learnedMicrobit(false);
    await assert.rejects(microbits.flashOn(drive), /erases the whole chip/);
    assert.ok(!microbits.whole(drive) && drive.flash[0] === 0x5a, 'it is as before');
    assert.equal((await microbits.flashOn(drive, { wipeStore: true })).store, 'wiped');
    assert.ok(!microbits.whole(drive) && drive.flash[0] !== 0x5a);
  });

  it('says first that the whole chip is erased, and says what the drive complains of', async () => {
    const { folder } = microbitDrive(`${ID}Page erasing: 0\r\n`, 'error: The hex file is corrupt\r\n');
    const open = async (): Promise<DaplinkDrive> => new DaplinkDrive(new FolderDrive(folder));
    await assert.rejects(flash(microbit, small, open), /erases the whole chip.*learned.*Nothing was changed/);
    await assert.rejects(flash(microbit, small, open, { wipeStore: true }), /hex file is corrupt/);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulatorWire, firmwareImage, QemuBoard, Rp2040Board, startBoard } from '../../trainer/emulator';
import { needs } from '../support/needs';
import { imagesBuilt } from './images';

describe('emulated boards', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-emulator-'));
  after(() => rmSync(folder, { recursive: true }));

  it('names the boards there are when asked for another', async () => {
    await assert.rejects(startBoard('qemu:z80'), /qemu:z80; there are qemu:stm32f405, .*rp2040js:rp2040/);
    await assert.rejects(QemuBoard.start({ board: 'rp2040' }), /has one for stm32f405/);
  });

  it('says what to build when there is no firmware image', () => {
    assert.throws(() => firmwareImage('stm32f999', 'elf'), /no firmware image for stm32f999.*npm run boards/);
  });

  it('names the package to install when QEMU is missing', async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      const image = join(folder, 'empty.elf');
      writeFileSync(image, '');
      await assert.rejects(QemuBoard.start({ board: 'stm32f405', image }), /apt install qemu-system-arm/);
      await assert.rejects(QemuBoard.start({ board: 'riscv32', image }), /apt install qemu-system-misc/);
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('passes on what QEMU says when it refuses', async function () {
    if (!needs('qemu-system-arm')) this.skip();
    const board = await QemuBoard.start({ board: 'stm32f405', image: join(folder, 'nothing.elf') });
    const [reason] = (await once(board, 'close')) as [Error | undefined];
    assert.match(reason?.message ?? '', /QEMU ended \(exit code 1\).*nothing\.elf/s);
    await board.close();
  });

  it('leaves nothing running after it was closed', async function () {
    this.timeout(300_000);
    if (!needs('qemu-system-arm') || !imagesBuilt()) this.skip();
    const board = await QemuBoard.start({ board: 'nrf51' });
    const closed = once(board, 'close');
    await board.close();
    const [reason] = (await closed) as [Error | undefined];
    assert.match(reason?.message ?? '', /SIGTERM/);
    board.write(Uint8Array.of(1, 2, 3)); // to nobody: no error
  });

  it('gives each emulated wire its own board', function () {
    this.timeout(300_000);
    if (!imagesBuilt()) this.skip();
    const [first, second] = [emulatorWire('rp2040js:rp2040'), emulatorWire('rp2040js:rp2040')];
    assert.notEqual(first.id, second.id);
  });
});

describe('images for the RP2040', () => {
  before(function () {
    this.timeout(300_000);
    if (!imagesBuilt()) this.skip();
  });

  it('boots with the checksum that the build adds, and not with another', async () => {
    const image = join(mkdtempSync(join(tmpdir(), 'edge-trainer-rp2040-')), 'broken.bin');
    const bytes = readFileSync(firmwareImage('rp2040', 'bin'));
    const board = await Rp2040Board.start();
    await board.close();
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(image, bytes);
    await assert.rejects(Rp2040Board.start({ image }), /second stage boot/);
    rmSync(join(image, '..'), { recursive: true });
  });

  it('is the same firmware as .uf2, in blocks that a boot ROM takes', () => {
    const binary = readFileSync(firmwareImage('rp2040', 'bin'));
    const uf2 = readFileSync(firmwareImage('rp2040', 'bin').replace(/bin$/, 'uf2'));
    const count = Math.ceil(binary.length / 256);
    assert.equal(uf2.length, 512 * count);
    const content = Buffer.alloc(256 * count);
    for (let number = 0; number < count; number++) {
      const block = uf2.subarray(512 * number, 512 * (number + 1));
      const word = (index: number): number => block.readUInt32LE(4 * index);
      assert.deepEqual([word(0), word(1), word(127)], [0x0a324655, 0x9e5d5157, 0x0ab16f30]);
      assert.deepEqual(
        [word(2), word(4), word(5), word(6), word(7)],
        [0x2000, 256, number, count, 0xe48bff56],
      );
      block.copy(content, word(3) - 0x10000000, 32, 32 + 256);
    }
    assert.deepEqual(content.subarray(0, binary.length), binary);
  });
});

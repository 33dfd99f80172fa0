import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AtmegaBoard,
  emulatorWire,
  firmwareImage,
  QemuBoard,
  Rp2040Board,
  startBoard,
} from '../../trainer/emulator';
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

  /** Words of a program by their address, as an image of flash. */
  const program = (name: string, parts: Readonly<Record<number, readonly number[]>>): string => {
    const flash = new Uint16Array(256);
    for (const [at, words] of Object.entries(parts)) flash.set(words, Number(at));
    const image = join(folder, name);
    writeFileSync(image, new Uint8Array(flash.buffer));
    return image;
  };

  it('runs one more instruction of an ATmega2560 between the enabling of interrupts and the first of them', async () => {
    const image = program('sei.bin', {
      0: [0xc07f], // rjmp 0x80
      52: [0xc06b], // data register empty: rjmp 0xa0
      // ldi r16, 0; ldi r17, TXEN | UDRIE; sts UCSR0B, r17; sei; inc r16 (three times); rjmp .
      128: [0xe000, 0xe218, 0x9310, 0x00c1, 0x9478, 0x9503, 0x9503, 0x9503, 0xcfff],
      160: [0x9300, 0x00c6, 0xcfff], // sts UDR0, r16; rjmp .
    });
    const board = await AtmegaBoard.start({ image });
    const [bytes] = (await once(board, 'data')) as [Uint8Array];
    await board.close();
    assert.deepEqual([...bytes], [1]);
  });

  it('keeps a byte that an ATmega2560 has received while the control register is written', async () => {
    const image = program('received.bin', {
      0: [0xc07f],
      // ldi r17, RXEN | TXEN; sts UCSR0B, r17; sts UDR0, r17; wait: lds r18, UCSR0A; sbrs r18, RXC; rjmp wait; sts UCSR0B, r17;
      // lds r18, UCSR0A; sts UDR0, r18; rjmp .
      128: [0xe118, 0x9310, 0x00c1, 0x9310, 0x00c6, 0x9120, 0x00c0, 0xff27, 0xcffc],
      137: [0x9310, 0x00c1, 0x9120, 0x00c0, 0x9320, 0x00c6, 0xcfff],
    });
    const board = await AtmegaBoard.start({ image });
    const sent: number[] = [];
    board.on('data', (bytes: Uint8Array) => sent.push(...bytes));
    while (sent.length < 1) await once(board, 'data');
    board.write(Uint8Array.of(0x55));
    while (sent.length < 2) await once(board, 'data');
    await board.close();
    assert.ok(((sent[1] ?? 0) & 0x80) !== 0, `UCSR0A is ${sent[1]}`);
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

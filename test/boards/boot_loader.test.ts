/** From the running firmware into the boot loader of the chip, and back. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openBus, Trainer, TrainerError } from '../../trainer';
import { QemuBoard, Rp2040Board } from '../../trainer/emulator';
import { BoardPipe, VirtualBoard } from '../../trainer/virtual';
import { BoardOnTerminal } from '../support/board_on_terminal';
import { needs } from '../support/needs';
import { SimulatedStm32, STM32F405 } from '../support/stm32_boot_loader';
import { comfort } from '../trainer/definition/examples';
import { bytes, hexOf, imageOf } from '../trainer/flash/images';
import { imagesBuilt } from './images';

const PATIENCE = { settleMs: 300, responseTimeoutMs: 2000, deadlineMs: 60_000, readRetries: 10 };
const KEY = '00112233445566778899aabbccddeeff';

describe('The command that starts the boot loader', function () {
  this.timeout(300_000);

  it('saves first, leaves when its result was read, and the trainer is back with all it knew (RP2040)', async function () {
    if (!imagesBuilt()) this.skip();
    const board = await Rp2040Board.start();
    const bus = openBus({ kind: 'virtual', id: 'boot loader', connect: async () => board, ...PATIENCE });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await trainer.deploy(comfort());
      await trainer.lock.setKey(KEY);
      const stranger = new Trainer(bus, { unit: 1 });
      await assert.rejects(
        stranger.startBootLoader(),
        (error: Error) => error instanceof TrainerError && error.code === 'LOCKED',
      );
      const owner = new Trainer(bus, { unit: 1, key: KEY, definition: comfort() });
      while ((await owner.status()).saveState !== 'saved');
      await owner.dataset.add([21, 40, 0.5], 'hold');
      assert.equal((await owner.status()).saveState, 'samples-wait');
      const left = once(board, 'left');
      await owner.startBootLoader();
      await left;
      assert.ok(board.inBootLoader);

      board.powerCycle();
      assert.ok(!board.inBootLoader);
      const { lock, boots, samplesStored } = await owner.status();
      assert.deepEqual({ lock, boots, samplesStored }, { lock: 'locked', boots: 2, samplesStored: 1 });
    } finally {
      await bus.close();
    }
  });

  it('is refused by a board that only a hand brings there, and nothing changes', async () => {
    const board = new VirtualBoard({ arenaBytes: 4096 });
    const bus = openBus({ kind: 'virtual', id: 'no boot loader', connect: async () => new BoardPipe(board) });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await assert.rejects(
        trainer.startBootLoader(),
        (error: Error) => error instanceof TrainerError && error.code === 'BOARD_CANNOT',
      );
      assert.equal((await trainer.status()).boots, board.starts);
    } finally {
      await bus.close();
      board.close();
    }
  });
});

const ROOT = resolve(__dirname, '../../..');
const PORTS = join(ROOT, 'firmware/ports');
/** Where the stand-in of the ROM lies: in flash, because QEMU has no system memory. */
const SYSTEM_MEMORY = '0x0801C000';
const FLAGS = [
  '-std=c99',
  '-Os',
  '-mthumb',
  '-Wall',
  '-Wextra',
  '-Werror',
  '--specs=nano.specs',
  '-Wl,--no-warn-rwx-segments',
  '-nostartfiles',
];
const SHARED = ['line.c', 'memory.c', 'serial_queue.c'].map((name) => join(PORTS, 'common', name));
const CORTEX = ['startup.c', 'systick_clock.c', 'stm32_usart.c', 'stm32_boot_loader.c'].map((name) =>
  join(PORTS, 'cortexm-common', name),
);
const STM32 = [
  {
    board: 'stm32f405',
    usart: '0x40011000u',
    core: ['-mcpu=cortex-m4', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'],
  },
  { board: 'stm32f100', usart: '0x40013800u', core: ['-mcpu=cortex-m3'] },
] as const;

describe('The way of an STM32 into its boot loader and back, with the start-up of its port, in QEMU', function () {
  this.timeout(120_000);
  let scratch = '';
  before(function () {
    if (!needs('arm-none-eabi-gcc') || !needs('qemu-system-arm')) this.skip();
    scratch = mkdtempSync(join(tmpdir(), 'edge-trainer-boot-'));
  });
  after(() => {
    if (scratch !== '') rmSync(scratch, { recursive: true });
  });

  for (const { board, usart, core } of STM32)
    it(`restarts, goes on in its ROM, and the firmware that the ROM starts has its interrupts (${board})`, async () => {
      const image = join(scratch, `${board}.elf`);
      const rom = ['main.c', 'rom.c'].map((name) => join(ROOT, 'test/boards/boot_rom', name));
      const includes = [PORTS, join(ROOT, 'firmware/include'), join(ROOT, 'firmware/src')].map(
        (folder) => `-I${folder}`,
      );
      const defines = [
        `-DET_SYSTEM_MEMORY=${SYSTEM_MEMORY}u`,
        `-DROM_USART=${usart}`,
        '-DET_RECEIVE_RING=256u',
        ...['BAUD=115200', 'PARITY=NONE', 'STOP_BITS=1'].map((setting) => `-DET_LINE_${setting}`),
      ];
      const place = [`-T${join(PORTS, board, `${board}.ld`)}`, `-L${join(PORTS, 'common')}`];
      const sources = [...SHARED, ...CORTEX, join(PORTS, board, 'port.c'), ...rom];
      const link = [...place, `-Wl,--section-start=.system=${SYSTEM_MEMORY}`, '-o', image];
      execFileSync('arm-none-eabi-gcc', [...FLAGS, ...core, ...includes, ...defines, ...sources, ...link]);
      const chip = await QemuBoard.start({ board, image });
      try {
        /** Bytes before anything listens are lost, as on a chip: the byte is sent until the answer is the wanted one. */
        const asked = async (byte: number, wanted: number): Promise<void> => {
          const asking = setInterval(() => chip.write(Uint8Array.of(byte)), 50);
          try {
            for (let last: number | undefined; last !== wanted; )
              last = ((await once(chip, 'data')) as [Buffer])[0].at(-1);
          } finally {
            clearInterval(asking);
          }
        };
        await asked(0x61, 0x41);
        chip.write(Buffer.from('b'));
        // As after a reset: interrupts are allowed.
        await asked(0x7f, 0x79);
        chip.write(Buffer.from('g'));
        await asked(0x61, 0x41);
      } finally {
        await chip.close();
      }
    });
});

describe('edge-trainer flash --ask', function () {
  this.timeout(300_000);
  const MAIN = join(__dirname, '../../trainer/cli/main.js');
  const flash = (...args: string[]) => promisify(execFile)(process.execPath, [MAIN, 'flash', ...args]);

  let folder: string;
  let chip: SimulatedStm32;
  let firmware: VirtualBoard;
  let far: BoardOnTerminal;

  /** The firmware of one board, on an STM32F405. */
  async function connect(name: string): Promise<string[]> {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-ask-'));
    chip = new SimulatedStm32(STM32F405);
    firmware = new VirtualBoard({ arenaBytes: 4096, board: name, onBootLoader: () => chip.start() });
    far = await BoardOnTerminal.open(firmware, { rom: (sent) => chip.receive(sent) });
    chip.answer = (answer) => far.terminal.write(answer);
    return ['--board', 'stm32f405', '--port', far.terminal.path, '--ask'];
  }
  /** An image that begins at an address. */
  function imageAt(address: number): string[] {
    const file = join(folder, 'test.hex');
    writeFileSync(file, hexOf(imageOf({ address, bytes: bytes(2000) }).segments));
    return ['--image', file, '--json'];
  }
  async function disconnect(): Promise<void> {
    await far.close();
    firmware.close();
    rmSync(folder, { recursive: true });
  }

  it('asks the running firmware on the same wire, waits until it has left, and flashes', async () => {
    const args = await connect('stm32f405');
    try {
      const { stdout } = await flash(...args, ...imageAt(0x0800_0000));
      assert.equal(JSON.parse(stdout).verified, 'read-back');
      assert.ok(!firmware.powered, 'the firmware has left');
      assert.equal(chip.started, 0x0800_0000);
    } finally {
      await disconnect();
    }
  });

  it('leaves firmware alone that is of another board, or that the image is not for', async () => {
    for (const [name, address, says] of [
      ['stm32f100', 0x0800_0000, /its board is stm32f100, not stm32f405; it runs on/],
      ['stm32f405', 0x0800_3ffc, /place of what was learned/],
      ['stm32f405', 0x1000_0000, /take the image of this board/],
    ] as const) {
      const args = await connect(name);
      try {
        await assert.rejects(flash(...args, ...imageAt(address)), (error: Error) =>
          says.test((error as Error & { stderr: string }).stderr),
        );
        assert.ok(firmware.powered, `${name} runs on`);
      } finally {
        await disconnect();
      }
    }
  });

  it('is refused for a board whose firmware cannot, and nothing is opened', async () => {
    await assert.rejects(flash('--board', 'atmega2560', '--port', 'nowhere', '--ask'), (error: Error) =>
      /cannot start its boot loader.*Nothing was changed.*Leave --ask out/.test(
        (error as Error & { stderr: string }).stderr,
      ),
    );
  });
});

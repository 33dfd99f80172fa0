// npm run boards [-- BOARD...]: builds the firmware of every board with Debian's cross compilers, puts the images into
// dist/firmware/boards and prints what each takes beside the table docs/footprint.md. With `--measure` it writes that table: each board
// that can be emulated learns Iris (needs a built dist/ and qemu-system-arm). What is printed is compared with that table.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readBoards } from './contract/boards.mjs';
import { compared, writeFootprint } from './footprint.mjs';
import { settleImages } from './images.mjs';
import { root } from './zig.mjs';

const PACKAGES =
  'gcc-arm-none-eabi libnewlib-arm-none-eabi gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf gcc-avr avr-libc cmake ninja-build';

/** Boards in the order of the table; sizes of the memories are the linker scripts'. */
const BOARDS = {
  stm32f405: { title: 'STM32F405, Cortex-M4F', tools: 'arm-none-eabi-' },
  stm32f4discovery: {
    title: 'STM32F4DISCOVERY, the same with its accelerometer',
    tools: 'arm-none-eabi-',
    facts: 'stm32f405',
  },
  stm32f103: { title: 'STM32F103, Cortex-M3', tools: 'arm-none-eabi-' },
  stm32f100: { title: 'STM32F100, Cortex-M3', tools: 'arm-none-eabi-' },
  nrf51: { title: 'nRF51822, Cortex-M0', tools: 'arm-none-eabi-' },
  rp2040: { title: 'RP2040, Cortex-M0+', tools: 'arm-none-eabi-' },
  riscv32: { title: 'RV32IMC, on QEMU virt', tools: 'riscv64-unknown-elf-' },
  atmega2560: { title: 'ATmega2560, linear SVM', tools: 'avr-' },
  atmega328p: { title: 'ATmega328P, linear SVM only', tools: 'avr-' },
};
/** Facts of the boards that run the whole trainer. */
const facts = Object.fromEntries(readBoards().map((board) => [board.name, board]));
/** Sections that lie in flash, and those that take SRAM before the arena. */
const FLASH_SECTIONS = ['.boot2', '.vectors', '.text', '.ARM.exidx', '.data'];
/** The one variable that is the trainer's whole state, in every port. */
const TRAINER = 'trainer';
const HEAP = /\b_*(malloc|free|calloc|realloc|sbrk)(_r)?$/;

/** Runs a tool; throws with its words when it fails, and with the packages to install when it is missing. */
function run(tool, args, options = {}) {
  const result = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (result.error !== undefined && 'code' in result.error && result.error.code === 'ENOENT')
    throw new Error(`${tool} is not installed; on Debian and Ubuntu: apt install ${PACKAGES}`);
  if (result.error) throw result.error;
  if (result.status !== 0)
    throw new Error(`${tool} ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** Builds one board; returns what it takes, in bytes. */
function buildBoard(board) {
  const { tools } = BOARDS[board];
  const cwd = join(root, 'firmware');
  run('cmake', ['--preset', board], { cwd });
  run('cmake', ['--build', '--preset', board], { cwd });
  const folder = join(root, 'build/boards', board);
  const elf = join(folder, 'edge-trainer.elf');
  const sections = new Map();
  for (const line of run(`${tools}size`, ['-A', elf]).split('\n')) {
    const [name, size] = line.split(/\s+/);
    if (name?.startsWith('.')) sections.set(name, Number(size));
  }
  const symbols = new Map();
  let struct;
  for (const line of run(`${tools}nm`, ['--print-size', elf]).split('\n')) {
    const [address, ...words] = line.split(' ');
    // Linked as one program (-flto), a static variable gets a longer name.
    const name = words.at(-1)?.replace(/\.lto_priv\.\d+$/, '');
    if (name === undefined) continue;
    symbols.set(name, Number.parseInt(address, 16));
    if (name === TRAINER && words.length === 3) struct = Number.parseInt(words[0], 16);
    if (HEAP.test(name)) throw new Error(`${board}: the heap was linked in (${name})`);
  }
  const total = (names) => names.reduce((sum, name) => sum + (sections.get(name) ?? 0), 0);
  const images = join(root, 'dist/firmware/boards');
  mkdirSync(images, { recursive: true });
  run(`${tools}strip`, ['-o', join(images, `${board}.elf`), elf]);
  for (const kind of ['bin', 'hex', 'uf2', 'dfu']) {
    rmSync(join(images, `${board}.${kind}`), { force: true });
    if (existsSync(join(folder, `edge-trainer.${kind}`)))
      copyFileSync(join(folder, `edge-trainer.${kind}`), join(images, `${board}.${kind}`));
  }
  const manifest = settleImages(images, board, facts[BOARDS[board].facts ?? board]?.store ?? undefined);
  const span = (from, to) => (symbols.has(from) ? symbols.get(to) - symbols.get(from) : undefined);
  return {
    manifest,
    flash: total(FLASH_SECTIONS),
    ram: total(['.data', '.bss']),
    struct,
    stack: span('et_stack_bottom', 'et_stack_top'),
    arena: span('et_arena_start', 'et_arena_end'),
  };
}

async function main() {
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const unknown = wanted.find((board) => !(board in BOARDS));
  if (unknown !== undefined)
    throw new Error(`no board is called ${unknown}; there are ${Object.keys(BOARDS).join(', ')}`);
  const rows = [];
  const titled = () => rows.map(([board, size]) => ({ board, title: BOARDS[board].title, size }));
  for (const board of Object.keys(BOARDS)) {
    if (wanted.length > 0 && !wanted.includes(board)) continue;
    rows.push([board, buildBoard(board)]);
  }
  if (wanted.length === 0)
    writeFileSync(
      join(root, 'dist/firmware/boards/manifest.json'),
      `${JSON.stringify(
        rows.map(([, { manifest }]) => manifest),
        undefined,
        2,
      )}\n`,
    );
  if (process.argv.includes('--measure')) {
    const { stackUsed } = createRequire(import.meta.url)(join(root, 'dist/test/boards/stack_used.js'));
    for (const [board, size] of rows) size.used = await stackUsed(board, size.stack);
  }
  console.log(compared(titled()));
  if (wanted.length === 0 && process.argv.includes('--measure')) writeFootprint(titled());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

/**
 * npm run bench -- boards [--json]: flash of the linear SVM as a library on each core (setup, train, infer, eval; bench/svm/library.c), and
 * what the whole trainer takes on an ATmega2560, and the Arduino examples on the cores they are compiled for.
 *
 * Needs arm-none-eabi-gcc, riscv64-unknown-elf-gcc, avr-gcc, xtensa-lx106-elf-gcc, arduino-core-avr, cmake and ninja.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ARDUINO_CORES, arduinoExamples, compileArduino, writeLibrary } from '../test/support/arduino';

const ROOT = resolve(__dirname, '../..');
const FIRMWARE = join(ROOT, 'firmware');

interface Core {
  readonly key: string;
  readonly title: string;
  readonly tools: string;
  readonly flags: readonly string[];
  /** Default: with the C library. */
  readonly link?: readonly string[];
}

const arm = (key: string, title: string, ...flags: string[]): Core => ({
  key,
  title,
  tools: 'arm-none-eabi-',
  flags: ['-std=c99', '-mthumb', '--specs=nano.specs', ...flags],
});

const CORES: readonly Core[] = [
  arm('m0', 'Cortex-M0', '-mcpu=cortex-m0'),
  arm('m3', 'Cortex-M3', '-mcpu=cortex-m3'),
  arm('m4f', 'Cortex-M4F', '-mcpu=cortex-m4', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'),
  {
    key: 'rv32',
    title: 'RV32IMC',
    tools: 'riscv64-unknown-elf-',
    flags: ['-std=c99', '-march=rv32imc', '-mabi=ilp32', '--specs=picolibc.specs'],
  },
  {
    key: 'avr',
    title: 'ATmega2560',
    tools: 'avr-',
    flags: ['-std=gnu99', '-mmcu=atmega2560', '-mcall-prologues'],
  },
  {
    key: 'xtensa',
    title: 'Xtensa lx106 without the C library, which lies in its ROM',
    tools: 'xtensa-lx106-elf-',
    flags: [
      '-std=c99',
      '-mlongcalls',
      '-mtext-section-literals',
      '-isystem',
      '/usr/lib/xtensa-lx106-elf/include',
    ],
    link: ['-r', '-nostdlib', '-Wl,-u,main'],
  },
];

const SIZE_FLAGS = ['-Os', '-ffunction-sections', '-fdata-sections', '-fno-math-errno', '-ffp-contract=off'];
const LINK_FLAGS = ['-nostartfiles', '-Wl,--gc-sections', '-Wl,-e,main', '-w'];

/** Code and constants, start values of variables included; and variables. */
function sizeOf(tools: string, image: string): { flash: number; ram: number } {
  const [, line = ''] = execFileSync(`${tools}size`, [image], { encoding: 'utf8' }).trim().split('\n');
  const [text, data, bss] = line.trim().split(/\s+/).map(Number);
  if (text === undefined || data === undefined || bss === undefined || !(text > 0))
    throw new Error(`no size of ${image}: ${line}`);
  return { flash: text + data, ram: data + bss };
}

/** Bytes of flash of a program that links the linear SVM alone. */
function libraryOn({ tools, flags, key, link = ['-lm'] }: Core, folder: string): number {
  const sources = ['models/svm', 'models/kernels', 'support'].flatMap((part) =>
    readdirSync(join(FIRMWARE, 'src', part))
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(FIRMWARE, 'src', part, name)),
  );
  const image = join(folder, `${key}.elf`);
  const includes = [`-I${join(FIRMWARE, 'include')}`, `-I${join(FIRMWARE, 'src')}`];
  const program = join(ROOT, 'bench/svm/library.c');
  const args = [
    ...flags,
    ...SIZE_FLAGS,
    ...includes,
    program,
    ...sources,
    ...LINK_FLAGS,
    ...link,
    '-o',
    image,
  ];
  execFileSync(`${tools}gcc`, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return sizeOf(tools, image).flash;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-boards-'));
  const figures: Record<string, number> = {};
  try {
    for (const core of CORES) {
      const bytes = libraryOn(core, folder);
      figures[`svm_library_flash_bytes_${core.key}`] = bytes;
      console.log(`linear SVM as a library, ${core.title}: ${bytes} bytes of flash`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  execFileSync(process.execPath, [join(ROOT, 'tools/boards.mjs'), 'atmega2560'], { stdio: 'ignore' });
  const mega = sizeOf('avr-', join(ROOT, 'build/boards/atmega2560/edge-trainer.elf'));
  figures.trainer_flash_bytes_mega2560 = mega.flash;
  figures.trainer_ram_bytes_mega2560 = mega.ram;
  console.log(`whole trainer on an ATmega2560: ${mega.flash} bytes of flash, ${mega.ram} of static RAM`);
  const library = writeLibrary();
  let compiled = 0;
  for (const core of ARDUINO_CORES) compiled += (await compileArduino(core, library)).size;
  figures.arduino_examples_compiled = compiled;
  console.log(
    `Arduino examples compiled: ${compiled} (${arduinoExamples().length} on ${ARDUINO_CORES.length} cores)`,
  );
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

void main();

/**
 * npm run bench -- boards [--json]: flash of the linear SVM as a library on each core (setup, train, infer, eval; bench/svm/library.c) and of a
 * trainer that a program calls (bench/loop/calls.c), what the whole trainer takes on an ATmega2560, the Arduino examples on the cores they are compiled for; the whole description run on each
 * emulated board (test/boards/whole_run.ts), and boot loaders flashed through, whole and cut off (test/trainer/flash).
 *
 * Needs arm-none-eabi-gcc, riscv64-unknown-elf-gcc, avr-gcc, xtensa-lx106-elf-gcc, arduino-core-avr, cmake and ninja.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PEERS } from '../test/boards/peers';
import { Fingerprints, wholeRun } from '../test/boards/whole_run';
import { ARDUINO_CORES, arduinoExamples, compileArduino, writeLibrary } from '../test/support/arduino';
import { BootLoaderAvr, lineToAvr } from '../test/support/boot_loader_avr';
import { ESP_CHIPS } from '../test/support/esp32_chips';
import { AVR_FAMILIES, cutsRecovered, holds, image } from '../test/trainer/flash/avr_case';
import * as esp from '../test/trainer/flash/esp32_case';
import * as microbit from '../test/trainer/flash/microbit_case';
import * as stm32 from '../test/trainer/flash/stm32_case';
import * as uf2 from '../test/trainer/flash/uf2_case';
import { flash } from '../trainer/flash';

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

const sourcesUnder = (...parts: readonly string[]): string[] =>
  parts.flatMap((part) =>
    readdirSync(join(FIRMWARE, 'src', part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(FIRMWARE, 'src', part, name)),
  );

/** A program that links the firmware as a library. */
interface Program {
  readonly key: string;
  readonly title: string;
  readonly file: string;
  readonly sources: readonly string[];
  readonly defines: readonly string[];
}

/** The linear SVM is left of all that a build can leave out. */
const LINEAR_ALONE = [
  ...readFileSync(join(FIRMWARE, 'include/edge_trainer/switches.h'), 'utf8').matchAll(
    /^#ifndef (ET_WITH_\w+)$/gm,
  ),
]
  .filter(([, name]) => name !== 'ET_WITH_SVM_LINEAR')
  .map(([, name]) => `-D${name}=0`);

const PROGRAMS: readonly Program[] = [
  {
    key: 'svm_library',
    title: 'linear SVM as a library',
    file: 'bench/svm/library.c',
    sources: sourcesUnder('models/svm', 'models/kernels', 'support'),
    defines: [],
  },
  {
    key: 'trainer_calls',
    title: 'trainer by calls with the linear SVM, without Modbus',
    file: 'bench/loop/calls.c',
    sources: sourcesUnder('.'),
    defines: LINEAR_ALONE,
  },
];

/** Bytes of flash of a program on a core. */
function flashOn({ tools, flags, key, link = ['-lm'] }: Core, program: Program, folder: string): number {
  const image = join(folder, `${program.key}_${key}.elf`);
  const includes = ['include', 'src', 'examples'].map((name) => `-I${join(FIRMWARE, name)}`);
  const args = [
    ...flags,
    ...SIZE_FLAGS,
    ...includes,
    ...program.defines,
    join(ROOT, program.file),
    ...program.sources,
    ...LINK_FLAGS,
    ...link,
    '-o',
    image,
  ];
  execFileSync(`${tools}gcc`, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return sizeOf(tools, image).flash;
}

const CUTS = 50;

/** Boards that come through the whole description, and the families whose models are the same on all that have them. */
async function endToEnd(): Promise<Record<string, number>> {
  execFileSync(process.execPath, [join(ROOT, 'tools/boards.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const fingerprints = new Fingerprints();
  let through = 0;
  for (const peer of PEERS) {
    try {
      const open = await peer.open();
      await wholeRun(open.trainer, peer.name, fingerprints).finally(() => open.close());
      through++;
      console.log(`${peer.name}: came through`);
    } catch (error) {
      console.log(`${peer.name}: ${(error as Error).message}`);
    }
  }
  const { families } = fingerprints;
  const faults = families.map((family) => fingerprints.fault(family)).filter((fault) => fault !== undefined);
  console.log(`${through} of ${PEERS.length} boards; ${families.length} families: ${families.join(', ')}`);
  for (const fault of faults) console.log(fault);
  return { boards_end_to_end: through, same_model_bytes: families.length - faults.length };
}

/** Families of boot loaders that take an image, and interruptions that are recovered from: the worst of all that are cut off. */
async function flashing(): Promise<Record<string, number>> {
  const taken: string[] = [];
  const chip = stm32.learnedChip();
  await stm32.flashOn(chip);
  if (stm32.holdsImage(chip) && stm32.holdsStore(chip)) taken.push('stm32');
  const drive = uf2.learnedPico();
  await uf2.flashOn(drive);
  if (uf2.whole(drive)) taken.push('uf2');
  const micro = microbit.learnedMicrobit();
  await microbit.flashOn(micro);
  if (microbit.whole(micro)) taken.push('daplink');
  const chips = Object.keys(ESP_CHIPS);
  const written = await Promise.all(chips.map(esp.takesImage));
  if (written.every(Boolean)) taken.push(`esp32 (${chips.join(', ')})`);
  for (const { board, chip: kind, loader } of AVR_FAMILIES) {
    const avr = new BootLoaderAvr(kind);
    await flash(board, image, async () => loader(lineToAvr(avr)));
    if (holds(avr)) taken.push(board.bootLoader.protocol);
  }
  const recovered: Record<string, number> = {
    STM32: await stm32.cutsRecovered(CUTS),
    UF2: await uf2.cutsRecovered(CUTS),
    'micro:bit': await microbit.cutsRecovered(CUTS),
    ESP32: await esp.cutsRecovered(CUTS),
  };
  for (const family of AVR_FAMILIES) recovered[family.title] = await cutsRecovered(family, CUTS);
  const counted = Object.entries(recovered).map(([title, count]) => `${title} ${count}`);
  console.log(`boot loaders: ${taken.join(', ')}; recovered of ${CUTS}: ${counted.join(', ')}`);
  return {
    flash_families_tested: taken.length,
    flash_interruptions_recovered: Math.min(...Object.values(recovered)),
  };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-boards-'));
  const figures: Record<string, number> = {};
  try {
    for (const program of PROGRAMS)
      for (const core of CORES) {
        const bytes = flashOn(core, program, folder);
        figures[`${program.key}_flash_bytes_${core.key}`] = bytes;
        console.log(`${program.title}, ${core.title}: ${bytes} bytes of flash`);
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
  Object.assign(figures, await flashing(), await endToEnd());
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

void main();

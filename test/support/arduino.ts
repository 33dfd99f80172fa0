/** The Arduino library and its examples, compiled as the Arduino IDE does: every source of the library, then a sketch against it. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf } from './c';

const run = promisify(execFile);
const root = resolve(__dirname, '../../..');
const STAND_IN = join(root, 'test/support/arduino');
const DEBIAN_CORE = '/usr/share/arduino/hardware/arduino/avr';
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

export interface ArduinoCore {
  readonly key: string;
  readonly title: string;
  readonly tools: string;
  readonly flags: readonly string[];
  readonly c: string;
  readonly cpp: string;
  /** Folders of the interfaces: the core's own, or the stand-in. */
  readonly includes: readonly string[];
  readonly coreSources: readonly string[];
  readonly linkFlags: readonly string[];
}

function sourcesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:c|cpp|S)$/.test(name))
    .map((name) => join(folder, name))
    .sort();
}

/** Large enough for every example: the C library's linker script has smaller ones. */
const MEMORY = ['flash=0x10000000', 'flash_size=0x200000', 'ram=0x20000000', 'ram_size=0x80000'];

export const ARDUINO_CORES: readonly ArduinoCore[] = [
  {
    key: 'avr',
    title: "ATmega2560, Debian's arduino-core-avr",
    tools: 'avr-',
    // As platform.txt and boards.txt of the core have them.
    flags: [
      '-mmcu=atmega2560',
      '-DF_CPU=16000000L',
      '-DARDUINO=10819',
      '-DARDUINO_AVR_MEGA2560',
      '-DARDUINO_ARCH_AVR',
      // Debian's core names it, and the <float.h> of Debian's compiler has it in C alone.
      '-DDECIMAL_DIG=__DECIMAL_DIG__',
      '-flto',
    ],
    c: 'gnu11',
    cpp: 'gnu++11',
    includes: ['cores/arduino', 'variants/mega', 'libraries/EEPROM/src'].map((name) =>
      join(DEBIAN_CORE, name),
    ),
    coreSources: sourcesUnder(join(DEBIAN_CORE, 'cores/arduino')),
    linkFlags: ['-flto', '-fuse-linker-plugin', '-Wl,--gc-sections'],
  },
  {
    key: 'xtensa',
    title: 'Xtensa lx106 (core of an ESP8266), stand-in of the interfaces',
    tools: 'xtensa-lx106-elf-',
    flags: [
      '-isystem',
      '/usr/lib/xtensa-lx106-elf/include',
      '-mlongcalls',
      '-mtext-section-literals',
      '-DESP8266',
      '-DARDUINO=10819',
    ],
    c: 'gnu11',
    cpp: 'gnu++11',
    includes: [STAND_IN],
    coreSources: [join(STAND_IN, 'stand_in.cpp')],
    // Its C library, division and floats lie in the ROM of an ESP8266; Debian's compiler comes without them.
    linkFlags: ['-r', '-nostdlib', '-Wl,--gc-sections', '-Wl,-u,main', '-Wl,-e,main'],
  },
  {
    key: 'rv32',
    title: 'RV32IMC (core of an ESP32-C3), stand-in of the interfaces',
    tools: 'riscv64-unknown-elf-',
    flags: ['--specs=picolibc.specs', '-march=rv32imc', '-mabi=ilp32', '-DESP32', '-DARDUINO=10819'],
    c: 'gnu11',
    cpp: 'gnu++17',
    includes: [STAND_IN],
    coreSources: [join(STAND_IN, 'stand_in.cpp')],
    linkFlags: [
      ...MEMORY.map((symbol) => `-Wl,--defsym=__${symbol}`),
      '-nostartfiles',
      '-Wl,-e,main',
      '-Wl,--gc-sections',
    ],
  },
];

/** Debian's core is data, not a program on the PATH. */
export const hasDebianCore = (): boolean => existsSync(join(DEBIAN_CORE, 'cores/arduino/Arduino.h'));

export const arduinoExamples = (): string[] =>
  readdirSync(join(root, 'firmware/ports/arduino/examples')).sort();

/** Writes the library as `npm run arduino` does; its folder. */
export function writeLibrary(): string {
  const said = execFileSync(process.execPath, [join(root, 'tools/arduino.mjs')], {
    cwd: root,
    encoding: 'utf8',
  });
  return join(root, said.trim());
}

async function tool(core: ArduinoCore, name: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(`${core.tools}${name}`, [...args], { maxBuffer: OUTPUT_LIMIT_BYTES });
    return stdout;
  } catch (error) {
    throw new Error(
      `${core.tools}${name}, ${core.title}: ${(error as { stderr?: string }).stderr ?? String(error)}`,
    );
  }
}

/** Objects of these sources, kept by content; as many at a time as there are processors. */
async function compileAll(
  core: ArduinoCore,
  sources: readonly string[],
  flags: readonly string[],
  headers: string,
): Promise<string[]> {
  const folder = join(root, 'build/arduino', core.key);
  mkdirSync(folder, { recursive: true });
  const objects: string[] = [];
  const waiting = [...sources.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, file] = next;
      const sketch = file.endsWith('.ino');
      const language = sketch
        ? ['-x', 'c++', `-std=${core.cpp}`, '-include', 'Arduino.h']
        : [`-std=${file.endsWith('.c') ? core.c : core.cpp}`];
      const cpp = file.endsWith('.c') ? [] : ['-fno-exceptions', '-fno-threadsafe-statics', '-fno-rtti'];
      const args = [
        ...core.flags,
        ...flags,
        ...(file.endsWith('.S') ? ['-x', 'assembler-with-cpp'] : [...language, ...cpp]),
      ];
      const key = fingerprintOf(core.key, ...args, file, readFileSync(file, 'utf8'), headers);
      const object = join(folder, `${key}.o`);
      if (!existsSync(object)) {
        const part = `${object}.${process.pid}`;
        await tool(core, 'gcc', [...args, '-c', file, '-o', part]);
        renameSync(part, object);
      }
      objects[at] = object;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return objects;
}

const OPTIONS = ['-Os', '-ffunction-sections', '-fdata-sections'];
const WARNINGS = ['-Wall', '-Wextra', '-Werror'];

/**
 * Compiles the library and every example for a core.
 * @returns elf of each example, by name
 * @throws Error with the compiler's words
 */
export async function compileArduino(core: ArduinoCore, library: string): Promise<Map<string, string>> {
  const src = join(library, 'src');
  const includes = [...core.includes, src].map((folder) => `-I${folder}`);
  const headers = fingerprintOf(
    ...[src, STAND_IN].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.h'))
        .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`),
    ),
  );
  const foreign = await compileAll(core, core.coreSources, [...OPTIONS, '-w', ...includes], headers);
  const own = await compileAll(core, sourcesUnder(src), [...OPTIONS, ...WARNINGS, ...includes], headers);
  const archive = join(root, 'build/arduino', core.key, 'library.a');
  rmSync(archive, { force: true });
  await tool(core, 'gcc-ar', ['rcs', archive, ...own, ...foreign]);
  const images = new Map<string, string>();
  for (const name of arduinoExamples()) {
    const sketch = join(library, 'examples', name, `${name}.ino`);
    const beside = `-I${dirname(sketch)}`;
    const objects = await compileAll(core, [sketch], [...OPTIONS, ...WARNINGS, ...includes, beside], headers);
    const elf = join(root, 'build/arduino', core.key, `${basename(sketch, '.ino')}.elf`);
    await tool(core, 'gcc', [
      ...core.flags,
      '-Os',
      ...objects,
      archive,
      ...core.linkFlags,
      ...(core.key === 'xtensa' ? [] : ['-lm']),
      '-o',
      elf,
    ]);
    images.set(name, elf);
  }
  return images;
}

/** Symbols that the linker did not find. */
export async function unresolved(core: ArduinoCore, elf: string): Promise<string[]> {
  const said = await tool(core, 'nm', ['-u', elf]);
  return [...said.matchAll(/\bU (\w+)/g)].map(([, name]) => name as string);
}

/** What the chip's flash holds, from address 0. */
export async function binaryOf(core: ArduinoCore, elf: string): Promise<string> {
  const binary = elf.replace(/elf$/, 'bin');
  await tool(core, 'objcopy', ['-O', 'binary', '-R', '.eeprom', elf, binary]);
  return binary;
}

/** Programs on bare emulated cores: one compiler, one set of flags, instructions counted by a timer under QEMU's -icount. */
import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const here = join(root, 'bench/cores');

/** Source of the bare board under a program: vectors, timer, report. */
export const BOARD = join(here, 'board.c');

export interface Core {
  readonly title: string;
  readonly flags: readonly string[];
  readonly machine: string;
  readonly script: string;
  /** Instructions between two ticks of the board's timer: 1e9 / its frequency. */
  readonly instructionsPerTick: number;
}

export type CoreName = 'm4f' | 'm3' | 'm0' | 'm0_roomy';

export const cores: Readonly<Record<CoreName, Core>> = {
  m4f: {
    title: 'Cortex-M4F (mps2-an386)',
    flags: ['-mcpu=cortex-m4', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'],
    machine: 'mps2-an386',
    script: 'mps2.ld',
    instructionsPerTick: 40,
  },
  m3: {
    title: 'Cortex-M3 (mps2-an385)',
    flags: ['-mcpu=cortex-m3'],
    machine: 'mps2-an385',
    script: 'mps2.ld',
    instructionsPerTick: 40,
  },
  m0: {
    title: 'Cortex-M0 (microbit)',
    flags: ['-mcpu=cortex-m0', '-DBOARD_MICROBIT'],
    machine: 'microbit',
    script: 'microbit.ld',
    instructionsPerTick: 62.5,
  },
  /* ARMv6-M code on a machine with megabytes of memory: what no microbit holds. */
  m0_roomy: {
    title: 'Cortex-M0 code on a roomy machine (mps2-an385)',
    flags: ['-mcpu=cortex-m0'],
    machine: 'mps2-an385',
    script: 'mps2.ld',
    instructionsPerTick: 40,
  },
};

/** The same for every program. */
export const FLAGS = [
  '-std=c99',
  '-O2',
  '-ffp-contract=off',
  '-mthumb',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-ffunction-sections',
  '-fdata-sections',
];
const LINK = ['-nostartfiles', '--specs=nano.specs', '--specs=nosys.specs', '-Wl,--gc-sections'];
const INCLUDES = ['firmware/include', 'firmware/src', 'bench/cores'].map(
  (folder) => `-I${join(root, folder)}`,
);
const EMULATOR = ['-nographic', '-monitor', 'none', '-serial', 'none', '-icount', 'shift=0'];
const SEMIHOSTING = ['-semihosting-config', 'enable=on,target=native'];
const WARNINGS_ALONE: ExecFileSyncOptions = { stdio: ['ignore', 'ignore', 'inherit'] };

export function compileFor(core: Core, source: string, object: string, extra: readonly string[] = []): void {
  execFileSync(
    'arm-none-eabi-gcc',
    [...FLAGS, ...core.flags, ...INCLUDES, ...extra, '-c', source, '-o', object],
    WARNINGS_ALONE,
  );
}

export interface Reported {
  /** Name -> values, in the order in which the program reported them (`board_report`). */
  readonly figures: ReadonlyMap<string, readonly number[]>;
  /** All that it said, for an error. */
  readonly said: string;
}

/** Links `objects` with the bare board to `image` and runs it. */
export function runOn(core: Core, objects: readonly string[], image: string, limitMs: number): Reported {
  execFileSync(
    'arm-none-eabi-gcc',
    [...FLAGS, ...core.flags, ...LINK, '-L', here, '-T', core.script, ...objects, '-lm', '-o', image],
    WARNINGS_ALONE,
  );
  const { stdout, stderr, error } = spawnSync(
    'qemu-system-arm',
    ['-M', core.machine, ...EMULATOR, ...SEMIHOSTING, '-kernel', image],
    { encoding: 'utf8', timeout: limitMs, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Semihosting prints to the emulator's standard error.
  const said = `${stdout}${stderr}${error ?? ''}`.trim();
  const figures = new Map<string, number[]>();
  for (const [, name = '', value] of said.matchAll(/^(\w+) (\d+)\r?$/gm))
    figures.set(name, [...(figures.get(name) ?? []), Number(value)]);
  return { figures, said };
}

/** Contestants on emulated cores: one compiler, one set of flags, instructions counted by a timer under QEMU's -icount. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Problem, ROW_ONE } from './problems';

const root = resolve(__dirname, '../../..');
const here = join(root, 'bench/svm');
const models = join(root, 'firmware/src/models');

export type CoreName = 'm4f' | 'm3' | 'm0' | 'm0_roomy';

interface Core {
  readonly title: string;
  readonly flags: readonly string[];
  readonly machine: string;
  readonly script: string;
  /** Instructions between two ticks of the board's timer: 1e9 / its frequency. */
  readonly instructionsPerTick: number;
}

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

/** The same for every contestant. */
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
const LINK = ['-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections'];
const EMULATION_LIMIT_MS = 600_000;

export interface Model {
  readonly family: 'svm-linear' | 'svm-kernel';
  readonly kernel: 'linear' | 'rbf';
  /** 0 = 1 / features. */
  readonly gamma: number;
  readonly tolerance: number;
  /** Size of the arena that the contestant may use. */
  readonly arenaBytes: number;
}

export interface Figures {
  /** Instructions. */
  readonly train: number;
  /** Instructions per inference. */
  readonly infer: number;
  /** Percent of the test rows. */
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly arenaBytes: number;
  readonly converged: boolean;
  readonly iterations: number;
}

function compile(core: CoreName, source: string, object: string, extra: readonly string[]): void {
  const includes = ['-I', here, '-I', join(root, 'firmware/include'), '-I', join(root, 'firmware/src')];
  execFileSync(
    'arm-none-eabi-gcc',
    [...FLAGS, ...cores[core].flags, ...includes, ...extra, '-c', source, '-o', object],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

const common = new Map<CoreName, readonly string[]>();

/** The models and the bare board, once per core. */
function commonObjects(core: CoreName, folder: string): readonly string[] {
  const known = common.get(core);
  if (known !== undefined) return known;
  const sources = readdirSync(models, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(svm\/.*|kernels\/.*|find|families)\.c$/.test(name))
    .map((name) => join(models, name));
  const planner = [
    'loop/core/memory_plan',
    'decision/following_rule',
    'support/section',
    'support/blocks',
  ].map((name) => join(root, `firmware/src/${name}.c`));
  const objects = [...sources, ...planner, join(here, 'board.c')].map((source, i) => {
    const object = join(folder, `${core}-${i}-${basename(source, '.c')}.o`);
    compile(
      core,
      source,
      object,
      ['ESN', 'CORRELATION', 'PROCESS', 'DNN'].map((family) => `-DET_WITH_${family}=0`),
    );
    return object;
  });
  common.set(core, objects);
  return objects;
}

function floatLiteral(value: number): string {
  return `${value.toExponential(8)}f`;
}

function header(problem: Problem, model: Model): string {
  const flat = problem.rows.flat();
  return [
    `#define FEATURES ${problem.rows[0]?.length ?? 0}u`,
    `#define CLASSES ${problem.classes}u`,
    `#define TRAIN ${problem.train}u`,
    `#define TEST ${problem.rows.length - problem.train}u`,
    `#define FAMILY ${model.family === 'svm-linear' ? 'ET_MODEL_SVM_LINEAR' : 'ET_MODEL_SVM_KERNEL'}`,
    '#define STORAGE ET_STORAGE_INT8',
    `#define KERNEL ${model.kernel === 'rbf' ? 'ET_KERNEL_RBF' : 'ET_KERNEL_LINEAR'}`,
    `#define GAMMA ${floatLiteral(model.gamma)}`,
    `#define TOLERANCE ${floatLiteral(model.tolerance)}`,
    `#define ARENA_BYTES ${model.arenaBytes}u`,
    '#ifdef AS_FLOAT',
    `static const float raw[] = {${flat.map((q) => floatLiteral(q / ROW_ONE)).join(',')}};`,
    '#else',
    `static const int8_t rows[] = {${flat.join(',')}};`,
    '#endif',
    `static const uint8_t labels[] = {${problem.labels.join(',')}};`,
    '',
  ].join('\n');
}

/** Builds one contestant for one problem, runs it on one core and reads what it reports. */
export function run(
  core: CoreName,
  contestant: 'ours' | 'edge2train',
  problem: Problem,
  model: Model,
  folder: string,
  defines: readonly string[] = [],
): Figures {
  const place = join(folder, `${problem.name}-${model.family}-${model.kernel}`);
  if (!existsSync(place)) mkdirSync(place);
  writeFileSync(join(place, 'problem.h'), header(problem, model));
  const program = join(place, `${core}-${contestant}`);
  compile(core, join(here, `${contestant}.c`), `${program}.o`, [
    '-I',
    place,
    ...(contestant === 'edge2train' ? ['-DAS_FLOAT'] : []),
    ...defines,
  ]);
  const objects = [`${program}.o`, ...commonObjects(core, folder)];
  execFileSync(
    'arm-none-eabi-gcc',
    [
      ...FLAGS,
      ...cores[core].flags,
      ...LINK,
      '-L',
      here,
      '-T',
      cores[core].script,
      ...objects,
      '-o',
      `${program}.elf`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  // Semihosting prints to the emulator's standard error.
  const emulator = spawnSync(
    'qemu-system-arm',
    [
      '-M',
      cores[core].machine,
      '-nographic',
      '-monitor',
      'none',
      '-serial',
      'none',
      '-icount',
      'shift=0',
    ].concat(['-semihosting-config', 'enable=on,target=native', '-kernel', `${program}.elf`]),
    { encoding: 'utf8', timeout: EMULATION_LIMIT_MS, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = `${emulator.stdout}${emulator.stderr}`;
  const figures: [string, number][] = [...output.matchAll(/^(\w+) (\d+)\r?$/gm)].map((m) => [
    m[1] ?? '',
    Number(m[2]),
  ]);
  const one = (name: string): number => figures.find(([key]) => key === name)?.[1] ?? Number.NaN;
  const all = (name: string): number[] => figures.filter(([key]) => key === name).map(([, value]) => value);
  if (Number.isNaN(one('infer_count')) || one('error') > 0) {
    throw new Error(`${contestant} on ${core}, ${problem.name}: no result; it said: ${output.trim()}`);
  }
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const seen = all('seen');
  const right = all('right');
  const recalls = seen.map((n, c) => (right[c] ?? 0) / n).filter((share) => Number.isFinite(share));
  const perTick = cores[core].instructionsPerTick;
  return {
    train: one('train_ticks') * perTick,
    infer: (one('infer_ticks') * perTick) / one('infer_count'),
    accuracy: (100 * sum(right)) / sum(seen),
    balancedAccuracy: (100 * sum(recalls)) / recalls.length,
    arenaBytes: one('arena_bytes'),
    converged: one('result') === 0,
    iterations: one(contestant === 'ours' ? 'iterations' : 'passes'),
  };
}

/** The trainings that are compared, each on every emulated core. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { BOARD, type CoreName, compileFor, cores, runOn } from '../cores/cores';
import { type Problem, ROW_ONE } from './problems';

const root = resolve(__dirname, '../../..');
const here = join(root, 'bench/svm');
const models = join(root, 'firmware/src/models');

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
  const objects = [...sources, ...planner, BOARD].map((source, i) => {
    const object = join(folder, `${core}-${i}-${basename(source, '.c')}.o`);
    compileFor(
      cores[core],
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
  compileFor(cores[core], join(here, `${contestant}.c`), `${program}.o`, [
    `-I${place}`,
    ...(contestant === 'edge2train' ? ['-DAS_FLOAT'] : []),
    ...defines,
  ]);
  const objects = [`${program}.o`, ...commonObjects(core, folder)];
  const { figures, said } = runOn(cores[core], objects, `${program}.elf`, EMULATION_LIMIT_MS);
  const all = (name: string): readonly number[] => figures.get(name) ?? [];
  const first = (name: string): number => all(name)[0] ?? Number.NaN;
  if (Number.isNaN(first('infer_count')) || first('error') > 0)
    throw new Error(`${contestant} on ${core}, ${problem.name}: no result; it said: ${said}`);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const seen = all('seen');
  const right = all('right');
  const recalls = seen.map((n, c) => (right[c] ?? 0) / n).filter((share) => Number.isFinite(share));
  const perTick = cores[core].instructionsPerTick;
  return {
    train: first('train_ticks') * perTick,
    infer: (first('infer_ticks') * perTick) / first('infer_count'),
    accuracy: (100 * sum(right)) / sum(seen),
    balancedAccuracy: (100 * sum(recalls)) / recalls.length,
    arenaBytes: first('arena_bytes'),
    converged: first('result') === 0,
    iterations: first(contestant === 'ours' ? 'iterations' : 'passes'),
  };
}

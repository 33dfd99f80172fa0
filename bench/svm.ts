/**
 * SVM training on real instruction sets: ours against Edge2Train's Algorithm 1 on the same core, and against LIBSVM and LIBLINEAR for
 * accuracy.
 *
 *   npm run bench -- svm [iris | digits01 | breast_cancer | follow-ups | overflowed | accuracy | flash ...] [--json]
 *
 * Needs arm-none-eabi-gcc, qemu-system-arm, svm-train and liblinear-train. Instruction counts are exact and the same in every run;
 * milliseconds are estimates, at a stated number of cycles per instruction. All contestants get the same rows: each feature's range
 * over the training part (digits: 0 to 16) scaled to +-127 and rounded; Edge2Train, LIBSVM and LIBLINEAR get them divided by 127. Without
 * a name all parts run: Edge2Train's trainings take most of an hour on a busy machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CoreName, cores, FLAGS } from './cores/cores';
import { type Figures, type Model, run } from './svm/contestants';
import { firmwareFlash, libraryFlash } from './svm/flash';
import { digits6, digits10, edge2train, type Problem, uciBreastCancer } from './svm/problems';
import { liblinear, libsvm } from './svm/references';

const CORES: readonly CoreName[] = ['m4f', 'm3', 'm0'];
const LINEAR: Model = {
  family: 'svm-linear',
  kernel: 'linear',
  gamma: 0,
  tolerance: 0.01,
  arenaBytes: 10_000,
};
/** Room of the emulated boards with megabytes of memory, for what no small board takes. */
const ROOMY = 1_000_000;
/** Average cycles of an instruction, with flash wait states, assumed for the estimates of Table 2. */
const CYCLES_PER_INSTRUCTION = 1.5;
const BLUE_PILL_HZ = 72e6;
const SAMD21_HZ = 48e6;
/** Edge2Train, Table 2: seconds of training on Iris. */
const PUBLISHED_BLUE_PILL_S = 226;
const PUBLISHED_SAMD21_S = 786;

/**
 * Train++ (Sudharsan, Yadav, Breslin, Ali 2021), milliseconds of a training on Iris and digits: one pass, float; and Opt-OVO (Sudharsan,
 * Breslin, Ali, ML-MCU 2022), seconds for ten digits on a SAMD21. The same chips as Edge2Train's.
 */
const TRAIN_PP_MS = { iris: { m3: 4, m0: 12 }, digits: { m3: 83, m0: 304 } } as const;
const OPT_OVO_SAMD21_S = 29.6;
const CLOCK = { m3: BLUE_PILL_HZ, m0: SAMD21_HZ } as const;

/** Both solvers visit samples in random order, and how long they take depends on it: figures of a training are means over these. */
const SEEDS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

const results: Record<string, number> = {};
const lines: string[] = [];

function note(key: string, value: number, digits: number, text: string): void {
  results[key] = Number(value.toFixed(digits));
  lines.push(`${key.padEnd(44)} ${value.toFixed(digits).padStart(12)}  ${text}`);
}

function heading(text: string): void {
  lines.push('', text);
}

/** What the ratio on Iris was set out to be. */
function ratioBar(core: CoreName): string {
  return core === 'm0' ? '' : `; set out: ${core === 'm4f' ? 300 : 1000}`;
}

function milliseconds(instructions: number, hz: number): number {
  return ((instructions * CYCLES_PER_INSTRUCTION) / hz) * 1000;
}

/** Means over all seeds; inference and memory do not depend on them. */
function overSeeds(
  core: CoreName,
  contestant: 'ours' | 'edge2train',
  problem: Problem,
  folder: string,
  defines: readonly string[] = [],
): Figures {
  const runs = SEEDS.map((seed) =>
    run(core, contestant, problem, LINEAR, folder, [...defines, `-DSEED=${seed}u`]),
  );
  const last = runs.at(-1);
  if (last === undefined) throw new Error('no seeds');
  const mean = (of: (figures: Figures) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    ...last,
    train: mean((run) => run.train),
    iterations: mean((run) => run.iterations),
    accuracy: mean((run) => run.accuracy),
    balancedAccuracy: mean((run) => run.balancedAccuracy),
    converged: runs.every((run) => run.converged),
  };
}

function training(set: 'iris' | 'digits01' | 'breast_cancer', folder: string): void {
  const problem = edge2train(set);
  const features = problem.rows[0]?.length ?? 0;
  heading(
    `${set}: ${problem.train} x ${features} to train, ${problem.rows.length - problem.train} to test, linear, C = 1`,
  );
  for (const core of CORES) {
    const ours = overSeeds(core, 'ours', problem, folder);
    const theirs = overSeeds(core, 'edge2train', problem, folder);
    const sparse = overSeeds(core, 'edge2train', problem, folder, ['-DSKIP_ZEROS']);
    const name = `${set}_${core}`;
    const bar = set !== 'iris' || core === 'm0' ? '' : `, at most ${core === 'm4f' ? 0.1 : 0.3}`;
    note(
      `${name}_train`,
      ours.train / 1e6,
      4,
      `M instructions${bar} (${ours.iterations} passes on average, ${ours.converged ? 'converged' : 'NOT converged'})`,
    );
    note(`${name}_infer`, ours.infer, 1, `instructions an inference; Edge2Train ${Math.round(theirs.infer)}`);
    note(
      `${name}_ratio_vs_edge2train`,
      theirs.train / ours.train,
      1,
      `Edge2Train ${(theirs.train / 1e6).toFixed(1)} M instructions, ${theirs.iterations} passes on average, ${theirs.accuracy.toFixed(1)} % right${ratioBar(core)}`,
    );
    note(
      `${name}_ratio_vs_edge2train_skipping_zeros`,
      sparse.train / ours.train,
      1,
      'its decision function without the zero terms',
    );
    if (core === 'm4f') {
      note(`${set}_accuracy`, ours.accuracy, 2, 'percent, ours');
      note(
        `${set}_libsvm_accuracy`,
        libsvm(problem, folder, 'linear'),
        2,
        'percent, svm-train -s 0 -t 0 -c 1',
      );
      note(
        `${set}_liblinear_accuracy`,
        liblinear(problem, folder),
        2,
        'percent, liblinear-train -s 3 -c 1 -B 1',
      );
    }
    if (set === 'iris' && core === 'm3') {
      const estimate = milliseconds(ours.train, BLUE_PILL_HZ);
      note(
        'table2_bluepill_iris_ms',
        estimate,
        3,
        `estimate at 72 MHz, ${CYCLES_PER_INSTRUCTION} cycles an instruction; published ${PUBLISHED_BLUE_PILL_S} s`,
      );
    }
    if (set === 'iris' && core === 'm0') {
      const estimate = milliseconds(ours.train, SAMD21_HZ);
      note(
        'table2_samd21_iris_ms',
        estimate,
        3,
        `estimate at 48 MHz, ${CYCLES_PER_INSTRUCTION} cycles an instruction; published ${PUBLISHED_SAMD21_S} s`,
      );
    }
  }
}

/** Cycles of the follow-ups of Edge2Train's authors, and ours as instructions times the stated cycles an instruction. */
function followUps(folder: string): void {
  heading(
    `Train++ and Opt-OVO, cycles as published; ours at ${CYCLES_PER_INSTRUCTION} cycles an instruction`,
  );
  for (const [name, set] of [
    ['iris', 'iris'],
    ['digits', 'digits01'],
  ] as const) {
    for (const core of ['m3', 'm0'] as const) {
      const key = `trainpp_${name}_${core}_cycles`;
      const published = (TRAIN_PP_MS[name][core] / 1000) * CLOCK[core];
      const ours = overSeeds(core, 'ours', edge2train(set), folder).train * CYCLES_PER_INSTRUCTION;
      note(
        `${key}_published`,
        published,
        0,
        `${TRAIN_PP_MS[name][core]} ms at ${CLOCK[core] / 1e6} MHz, one pass, float`,
      );
      note(`${key}_ours`, ours, 0, 'to convergence');
      note(`${key}_ratio`, ours / published, 3, 'at most 0.5');
    }
  }
  const digits = digits10(1476);
  const ours = run('m0_roomy', 'ours', digits, { ...LINEAR, arenaBytes: ROOMY }, folder);
  note(
    'digits10_1476_m0_train',
    ours.train / 1e6,
    1,
    `M instructions, ten classes one-vs-one, 1476 x 64; published ${OPT_OVO_SAMD21_S} s on a SAMD21`,
  );
  note(
    'digits10_1476_m0_cycles_ratio',
    (ours.train * CYCLES_PER_INSTRUCTION) / (OPT_OVO_SAMD21_S * SAMD21_HZ),
    3,
    'of the published cycles, at most 0.5',
  );
  note('digits10_1476_accuracy', ours.accuracy, 2, 'percent of the remaining 321 rows');
  note('digits10_1476_libsvm_accuracy', libsvm(digits, folder, 'linear'), 2, 'percent');
}

function overflowed(folder: string): void {
  const problem = digits6();
  heading(
    'digits6x120: digit 6 against the others, 60 + 60 of 64 features to train; overflowed the published boards',
  );
  for (const core of CORES) {
    const ours = run(core, 'ours', problem, LINEAR, folder);
    const bar =
      core === 'm3' ? ', at most 3 (LIBLINEAR in double: 24, LIBSVM 18)' : core === 'm0' ? ', at most 5' : '';
    note(`digits6x120_${core}_train`, ours.train / 1e6, 4, `M instructions${bar}`);
    note(`digits6x120_${core}_infer`, ours.infer, 1, 'instructions an inference');
    if (core === 'm3') {
      note(
        'digits6x120_ram_bytes',
        ours.arenaBytes,
        0,
        'whole arena as the firmware plans it (data set, three generations, job, definition, ticket); at most 10 kB = 10 240',
      );
      note(
        'digits6x120_balanced_accuracy',
        ours.balancedAccuracy,
        2,
        'percent, at least 96 (LIBLINEAR 96.7, LIBSVM 96.2)',
      );
      note('digits6x120_accuracy', ours.accuracy, 2, 'percent');
      note('digits6x120_libsvm_accuracy', libsvm(problem, folder, 'linear'), 2, 'percent');
    }
  }
}

function accuracyOnly(key: string, problem: Problem, model: Model, folder: string): void {
  const ours = run('m4f', 'ours', problem, model, folder);
  note(
    `${key}_accuracy`,
    ours.accuracy,
    2,
    `percent, trained on the M4F: ${(ours.train / 1e6).toFixed(1)} M instructions`,
  );
  note(
    `${key}_libsvm_accuracy`,
    libsvm(problem, folder, model.kernel),
    2,
    `percent, the same kernel, C and rows`,
  );
}

function accuracies(folder: string): void {
  heading('Accuracy at C = 1');
  const linear: Model = { ...LINEAR, arenaBytes: ROOMY };
  accuracyOnly('uci_breast_cancer', uciBreastCancer(), linear, folder);
  const ovo = run('m4f', 'ours', digits10(), linear, folder);
  note(
    'digits10_ovo_accuracy',
    ovo.accuracy,
    2,
    `percent, 10 classes one-vs-one, ${(ovo.train / 1e6).toFixed(1)} M instructions`,
  );
  note('digits10_libsvm_accuracy', libsvm(digits10(), folder, 'linear'), 2, 'percent');
  const rbf: Model = { family: 'svm-kernel', kernel: 'rbf', gamma: 0, tolerance: 0.001, arenaBytes: ROOMY };
  accuracyOnly('rbf_digits10', digits10(), rbf, folder);
}

function flash(folder: string): void {
  heading('Flash on a Cortex-M0, linear SVM only, -Os');
  note(
    'flash_linear_m0_bytes',
    libraryFlash(folder),
    0,
    'at most 20 480: the solver as a library (setup, train, infer, eval)',
  );
  note(
    'flash_linear_m0_firmware_bytes',
    firmwareFlash(folder),
    0,
    'the whole trainer around it: Modbus, loop, store, lock, log',
  );
}

const PARTS: Readonly<Record<string, (folder: string) => void>> = {
  iris: (folder) => training('iris', folder),
  digits01: (folder) => training('digits01', folder),
  breast_cancer: (folder) => training('breast_cancer', folder),
  'follow-ups': followUps,
  overflowed,
  accuracy: accuracies,
  flash,
};

function main(): void {
  const given = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const unknown = given.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined)
    throw new Error(
      `there is no part "${unknown}"; give some of ${Object.keys(PARTS).join(', ')}, or nothing`,
    );
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-svm-'));
  try {
    lines.push(
      `Contestants compiled with ${FLAGS.join(' ')}; ${CORES.map((core) => cores[core].title).join(', ')}`,
    );
    for (const [name, part] of Object.entries(PARTS))
      if (given.length === 0 || given.includes(name)) part(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const line of lines) console.log(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify(results));
}

main();

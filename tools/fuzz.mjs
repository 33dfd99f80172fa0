// npm run fuzz [-- SECONDS]: the whole firmware under libFuzzer with the address and undefined-behaviour sanitizers, one minute unless
// told. Starts from the kept corpus in test/firmware/fuzz/corpus; new inputs stay in build/fuzz/corpus. What crashes it is left in
// build/fuzz. Needs clang with its fuzzer runtime.
//   npm run fuzz -- --keep    minimises what was found into the kept corpus
//   npm run fuzz -- --seeds   writes the first inputs: a life of every kind of model
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesUnder } from './incremental.mjs';
import { root } from './zig.mjs';

const folder = join(root, 'build/fuzz');
const kept = join(root, 'test/firmware/fuzz/corpus');
const found = join(folder, 'corpus');
const target = join(folder, 'trainer_fuzz');
const INPUT_BYTES = 4096;
const DEFAULT_SECONDS = 60;
const LAYER_BYTES = 16;

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) {
    console.error(`fuzz: ${command} is not installed (Debian: clang libclang-rt-14-dev): ${error.message}`);
    process.exit(1);
  }
  return status;
}

function build() {
  mkdirSync(found, { recursive: true });
  const tests = ['test/firmware/fuzz/trainer_fuzz.c', 'test/firmware/memory_board.c'];
  const sources = [...filesUnder('firmware/src', '.c'), ...tests];
  const flags = [
    '-std=c99',
    '-g',
    '-O1',
    '-fsanitize=fuzzer,address,undefined',
    '-fno-sanitize-recover=all',
    '-Wall',
    '-Wextra',
    '-Werror',
  ];
  if (run('clang', [...flags, '-Ifirmware/include', '-Ifirmware/src', ...sources, '-lm', '-o', target]) !== 0)
    process.exit(1);
}

/**
 * A definition as the target takes it: the bytes of each section and two more, which leave length and number as they are; in front of
 * the model's list how many more than one it has.
 */
function uploaded(blob) {
  const { readBlob } = createRequire(import.meta.url)(join(root, 'dist/trainer/definition/blob.js'));
  const sections = [...readBlob(blob).values()].filter(({ name }) => name !== 'identity');
  return sections.flatMap(({ name, bytes }) => [
    ...(name === 'layers' ? [bytes.length / LAYER_BYTES - 1] : []),
    ...bytes,
    ...[1, 1],
  ]);
}

/** One life for each definition: learn, train, decide, judge, save, lose the power, start again, be read and changed. */
function seeds() {
  const { encodeDefinition, parseDefinition } = createRequire(import.meta.url)(join(root, 'dist/trainer'));
  const small = {
    features: [
      { name: 'a', min: -100, max: 100, scale: 1 },
      { name: 'b', min: -100, max: 100, scale: 1 },
    ],
    classes: [{ label: 'x' }, { label: 'y' }, { label: 'z' }],
    stitching: { capacity: 24, holdOutEvery: 4 },
    training: {
      mode: 'auto',
      minNewSamples: 4,
      minSamples: 6,
      accuracyWindow: 8,
      driftTrainings: 2,
    },
  };
  const definitions = {
    linear: { ...small, model: { type: 'svm-linear' }, feedback: { rule: 'label' } },
    standard: {
      ...small,
      storage: 'int16',
      scaling: 'standard',
      model: { type: 'svm-linear' },
      feedback: { rule: 'dead-band', setPoint: 20, band: 2, scale: 1, tooLow: 'x', tooHigh: 'z' },
    },
    rbf: { ...small, model: { type: 'svm-kernel', kernel: 'rbf', svBudget: 8 }, feedback: { rule: 'label' } },
    polynomial: {
      ...small,
      model: { type: 'svm-kernel', kernel: 'polynomial' },
      feedback: { rule: 'limit', limit: 50, side: 'above', truth: 'y', scale: 1 },
    },
    network: {
      ...small,
      model: {
        ...{ type: 'dnn', epochs: 2, patience: 1 },
        layers: [
          { kind: 'conv', filters: 3, kernelWidth: 2, padding: 'same', activation: 'relu' },
          { kind: 'dense', units: 3, activation: 'relu6' },
          { kind: 'add', other: 2, input: 2 },
          { kind: 'dense', units: 3 },
        ],
      },
    },
    'network-f32': {
      ...small,
      model: {
        ...{ type: 'dnn', format: 'f32', epochs: 2, lambdaMin: 0.5 },
        layers: [
          { kind: 'depthwise', multiplier: 2, kernelWidth: 2, activation: 'relu' },
          { kind: 'average-pool', kernelWidth: 1 },
          { kind: 'dense', units: 3 },
        ],
      },
    },
    ridge: {
      channels: [{ name: 'v', min: -1000, max: 1000, scale: 1 }],
      model: {
        type: 'esn',
        units: 16,
        window: 8,
        hop: 4,
        learningSamples: 200,
        calibration: 100,
        patterns: 2,
      },
    },
    rls: {
      channels: [{ name: 'v', min: -1000, max: 1000, scale: 1 }],
      model: {
        type: 'esn',
        units: 16,
        window: 8,
        hop: 4,
        learningSamples: 200,
        calibration: 100,
        patterns: 2,
        readout: 'rls',
      },
    },
  };
  mkdirSync(kept, { recursive: true });
  for (const [name, definition] of Object.entries(definitions)) {
    const blob = encodeDefinition(parseDefinition({ name, ...definition }));
    const life = [0, 6, ...uploaded(blob)];
    const stream = 'channels' in definition;
    if (stream) for (let i = 0; i < 9; i++) life.push(13, 0, 20);
    else
      for (let i = 0; i < 26; i++)
        life.push(12, (i * 53) & 255, (i * 97) & 255, ((i * 53) & 255) < 128 ? 0 : 2);
    life.push(15, 2, 9, 3, 0, 2);
    if (stream) life.push(13, 0, 63, 13, 0, 63, 11, 4, 0, 13, 251, 20, 9, 15, 0);
    else for (let i = 0; i < 10; i++) life.push(10, i * 20, 200 - i * 10, 11, 1, i % 3);
    life.push(
      2,
      7,
      2,
      0,
      3,
      9,
      0,
      1,
      9,
      6,
      0,
      2,
      9,
      4,
      0,
      5,
      1,
      200,
      9,
      6,
      0,
      2,
      4,
      2,
      14,
      6,
      0,
      120,
      14,
      0,
      128,
      60,
      9,
      5,
      2,
      9,
      17,
      0,
      2,
    );
    writeFileSync(join(kept, `life-${name}`), Uint8Array.from(life));
  }
  writeFileSync(join(kept, 'memory-blank'), Uint8Array.of(1, 0, 0, 7));
  writeFileSync(
    join(kept, 'memory-sections'),
    Uint8Array.of(1, 0, 0, 7, 1, 0, 1, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8),
  );
}

const args = process.argv.slice(2);
if (args.includes('--seeds')) {
  seeds();
} else {
  build();
  if (args.includes('--keep')) {
    process.exit(run(target, ['-merge=1', `-max_len=${INPUT_BYTES}`, kept, found]) === 0 ? 0 : 1);
  }
  const seconds = Number(args[0] ?? DEFAULT_SECONDS);
  if (!(seconds > 0)) {
    console.error(`fuzz: ${args[0]} is no number of seconds`);
    process.exit(2);
  }
  console.log(`${readdirSync(kept).length} kept inputs, ${seconds} s`);
  const status = run(
    target,
    [
      `-max_total_time=${seconds}`,
      `-max_len=${INPUT_BYTES}`,
      '-timeout=20',
      '-print_final_stats=1',
      `-artifact_prefix=${folder}/`,
      found,
      kept,
    ],
    {
      env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1' },
    },
  );
  if (status !== 0) {
    console.error(`fuzz: it failed; the input is in build/fuzz: run ${target} FILE`);
    process.exit(1);
  }
}

// npm run fuzz: the whole firmware under libFuzzer with the address and undefined-behaviour sanitizers, as CI has it. It starts from the
// kept corpus in test/firmware/fuzz/corpus, has a fixed seed and a number of inputs in place of seconds: the same code gets the same
// verdict, today and tomorrow. What crashes it is left in build/fuzz. Needs clang with its fuzzer runtime.
//   npm run fuzz -- SECONDS [--seed N]   looks further, with another seed each time unless told; new inputs stay in build/fuzz/corpus
//   npm run fuzz -- --keep               takes into the kept corpus what reached code that it had not
//   npm run fuzz -- --seeds              writes the first inputs: a life of every kind of model
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSeeds } from './fuzz_seeds.mjs';
import { filesUnder } from './incremental.mjs';
import { root } from './zig.mjs';

const folder = join(root, 'build/fuzz');
const kept = join(root, 'test/firmware/fuzz/corpus');
const found = join(folder, 'corpus');
const target = join(folder, 'trainer_fuzz');
const INPUT_BYTES = 4096;
/** Of the form without arguments: what it may take, and the number that its chances come from. */
const INPUTS = 12_000;
const SEED = 1;
/** That an input is kept for: tens of kilobytes in all. */
const NEW_EDGES = 4;

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
  const programs = JSON.parse(readFileSync(join(root, 'test/firmware/programs.json'), 'utf8'));
  const replay = programs.find(({ name }) => name === 'fuzz-replay');
  const sources = [
    ...filesUnder('firmware/src', '.c'),
    ...replay.sources.filter((file) => !file.endsWith('replay.c')),
  ];
  const flags = [
    '-std=c99',
    '-g',
    '-O1',
    '-fsanitize=fuzzer,address,undefined',
    // Sanitizers compare addresses, which takes most of the time; and a stack begins elsewhere in each run, so that its depth differs.
    '-fno-sanitize-coverage=trace-cmp,stack-depth',
    '-fno-sanitize-recover=all',
    '-Wall',
    '-Wextra',
    '-Werror',
    ...(replay.flags ?? []),
  ];
  if (run('clang', [...flags, '-Ifirmware/include', '-Ifirmware/src', ...sources, '-lm', '-o', target]) !== 0)
    process.exit(1);
}

/** The inputs that reached code which none before them did: a merge's control file names all, then has a line for each with its new edges. */
function reachingNew(control) {
  const [count, , ...lines] = readFileSync(control, 'utf8').split('\n');
  return lines
    .slice(Number(count))
    .map((line) => line.split(' '))
    .filter(([kind, , ...edges]) => kind === 'COV' && edges.length >= NEW_EDGES)
    .map(([, file]) => lines[Number(file)]);
}

/** Copies into the kept corpus what reaches code that it does not; not what only takes another way through it. */
function keep() {
  const control = join(folder, 'merge.txt');
  const merged = join(folder, 'merged');
  for (const path of [control, merged]) rmSync(path, { recursive: true, force: true });
  cpSync(kept, merged, { recursive: true });
  const status = run(target, [
    '-merge=1',
    `-merge_control_file=${control}`,
    `-max_len=${INPUT_BYTES}`,
    merged,
    found,
  ]);
  if (status !== 0) process.exit(1);
  for (const file of reachingNew(control).filter((name) => name.startsWith(found)))
    copyFileSync(file, join(kept, basename(file)));
}

/** A bound, and where to start. The form of CI takes the kept inputs in the order of their names, and nothing else that a disk may hold. */
function search(seconds, seed) {
  const inputs = readdirSync(kept).sort();
  console.log(
    `${inputs.length} kept inputs, ${seconds === undefined ? `${INPUTS} inputs in all` : `${seconds} s`}, seed ${seed}`,
  );
  const bound =
    seconds === undefined
      ? [`-runs=${INPUTS}`, '-reload=0', `-seed_inputs=${inputs.map((name) => join(kept, name)).join(',')}`]
      : [`-max_total_time=${seconds}`, found, kept];
  return run(
    target,
    [
      `-seed=${seed}`,
      `-max_len=${INPUT_BYTES}`,
      '-timeout=60',
      '-print_final_stats=1',
      `-artifact_prefix=${folder}/`,
      ...bound,
    ],
    { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', UBSAN_OPTIONS: 'print_stacktrace=1' } },
  );
}

function numberOf(text, what) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 2 ** 31) return number;
  console.error(`fuzz: ${text} is no ${what}`);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  options: { keep: { type: 'boolean' }, seeds: { type: 'boolean' }, seed: { type: 'string' } },
  allowPositionals: true,
});
if (values.seeds) {
  writeSeeds(kept);
} else {
  const seconds = positionals.length === 0 ? undefined : numberOf(positionals[0], 'number of seconds');
  const chance = seconds === undefined ? SEED : 1 + Math.floor(Math.random() * (2 ** 31 - 2));
  const seed = values.seed === undefined ? chance : numberOf(values.seed, 'seed');
  build();
  if (values.keep) keep();
  else if (search(seconds, seed) !== 0) {
    console.error(`fuzz: it failed; the input is in build/fuzz: run ${target} FILE`);
    process.exit(1);
  }
}

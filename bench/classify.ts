/**
 * Rows in order of time, each with its truth: what a trainer of the usual size knows afterwards, beside LIBSVM on all rows; and what is left of
 * it under noise, a broken sensor, swapped feedback and wrong lessons. A sensor breaks among rows drawn by lot, and, where the rows are in order of
 * time, on the first of the test rows.
 *
 *   npm run bench -- classify [TRAIN.csv TEST.csv DEFINITION.json] [--json]
 *
 * A row is decided, then labelled, through the protocol; the test rows are decided and not labelled. The definition names the columns of
 * its features; the column that is left and holds its labels is the truth. Without arguments: office occupancy by the minute, both ways, iris
 * and breast cancer in an order drawn by lot.
 */
import { readFileSync } from 'node:fs';
import { uniform } from '../test/support/random';
import type { TrainerDefinition } from '../trainer';
import { FeedbackKind } from '../trainer/contract/contract.generated';
import { parseDefinition } from '../trainer/definition';
import { type Problem, problemOf, problems } from './classify/problems';
import { libsvmLinear } from './classify/reference';
import { InputError, mean, runBench, wordsGiven } from './data';
import { DirectLoop } from './direct_loop';

const SEEDS = [1, 2, 3, 4, 5];
const NOISE = 0.3;
const AFTER = 400;
const LESSONS = 300;
/** Rows that a stable trainer has seen before something breaks; short sets are gone through again. */
const STABLE_ROWS = 400;

type Row = Problem['train'][number];

function tested(loop: DirectLoop, { test }: Problem): number {
  const right = test.filter(({ features, truth }) => loop.infer(features).classIndex === truth).length;
  return right / test.length;
}

const isSuspicious = (loop: DirectLoop): boolean => loop.voices().number('suspicion') !== 0;

/** Decide, then hear `told`. */
function live(loop: DirectLoop, features: readonly number[], told: number, kind?: FeedbackKind): void {
  const { ticket } = loop.infer(features);
  loop.label(ticket, told, kind);
  loop.board.advance(60_000);
}

/** Accuracy on the test rows after all rows, and after how many of them feedback was suspected although nothing was broken. */
async function plain(problem: Problem): Promise<{ readonly accuracy: number; readonly suspected: number }> {
  const loop = await DirectLoop.start(problem.definition);
  let suspected = 0;
  for (const { features, truth } of problem.train) {
    live(loop, features, truth);
    if (isSuspicious(loop)) suspected++;
  }
  const accuracy = tested(loop, problem);
  loop.close();
  return { accuracy, suspected };
}

/** The trivial rule: the class that most of the training rows have. */
function majority({ train, test, classes }: Problem): number {
  const rows = (of: readonly Row[], c: number): number => of.filter(({ truth }) => truth === c).length;
  const all = Array.from({ length: classes }, (_, c) => c);
  const most = all.reduce((best, c) => (rows(train, c) > rows(train, best) ? c : best), 0);
  return rows(test, most) / test.length;
}

/** Of the truths, so many are another class, drawn by lot. */
async function noisy(problem: Problem, seed: number, noise: number): Promise<number> {
  const random = uniform(7919 * seed);
  const loop = await DirectLoop.start(problem.definition);
  for (const { features, truth } of stable(problem, seed)) {
    const off = 1 + Math.floor(random() * (problem.classes - 1));
    live(loop, features, random() < noise ? (truth + off) % problem.classes : truth);
  }
  const accuracy = tested(loop, problem);
  loop.close();
  return accuracy;
}

/** Enough rows to be stable after, in an order drawn by lot where the set is short. */
function stable({ train }: Problem, seed: number): Row[] {
  const random = uniform(7919 * (seed + 100));
  const rows = [...train];
  while (rows.length < STABLE_ROWS) rows.push(train[Math.floor(random() * train.length)] as Row);
  return rows;
}

interface Broken {
  readonly accuracy: number;
  readonly before: number;
  readonly alarm: boolean;
}

type Break = (row: Row, random: () => number, problem: Problem) => Row;

/** Something breaks in a stable trainer: what it knows `rows` outcomes later, and whether it said so. */
async function broken(
  problem: Problem,
  seed: number,
  how: Break,
  rows: number,
  kind?: FeedbackKind,
): Promise<Broken> {
  const random = uniform(7919 * (seed + 200));
  const loop = await DirectLoop.start(problem.definition);
  for (const { features, truth } of stable(problem, seed)) live(loop, features, truth);
  const before = tested(loop, problem);
  let alarm = false;
  for (let i = 0; i < rows; i++) {
    const row = how(problem.train[Math.floor(random() * problem.train.length)] as Row, random, problem);
    live(loop, row.features, row.truth, kind);
    alarm ||= isSuspicious(loop);
  }
  const accuracy = tested(loop, problem);
  loop.close();
  return { accuracy, before, alarm };
}

interface StuckInOrder {
  readonly accuracy: number;
  /** Outcomes until the alarm; undefined = there was none. */
  readonly alarmAfter: number | undefined;
}

/** All training rows, then the test rows in order as `how` breaks them. */
async function stuckInOrder(problem: Problem, how: (row: Row) => Row): Promise<StuckInOrder> {
  const loop = await DirectLoop.start(problem.definition);
  for (const row of problem.train) live(loop, row.features, row.truth);
  let alarmAfter: number | undefined;
  for (const [at, row] of problem.test.entries()) {
    const { features, truth } = how(row);
    live(loop, features, truth);
    if (alarmAfter === undefined && isSuspicious(loop)) alarmAfter = at + 1;
  }
  const accuracy = tested(loop, problem);
  loop.close();
  return { accuracy, alarmAfter };
}

const stuckOutcome: Break = (row) => ({ ...row, truth: 0 });
const stuckSensors: Break = (row, _random, { definition }) => ({
  ...row,
  features: (definition.features ?? []).map(({ min }) => min),
});
const swapped: Break = (row, _random, { classes }) => ({ ...row, truth: (row.truth + 1) % classes });

/** Throws InputError when it cannot be read, or decides no classes from features. */
function definitionIn(file: string): TrainerDefinition {
  let definition: TrainerDefinition;
  try {
    definition = JSON.parse(readFileSync(file, 'utf8')) as TrainerDefinition;
    parseDefinition(definition);
  } catch (error) {
    throw new InputError(`${file}: ${(error as Error).message}`);
  }
  if (definition.classes === undefined || definition.features === undefined)
    throw new InputError(`${file}: classify needs a definition with features and classes`);
  return definition;
}

type Note = (key: string, value: number) => void;

async function whatIsBroken(all: readonly Problem[], note: Note): Promise<void> {
  const noise: number[] = [];
  const stuck: Broken[] = [];
  const swaps: Broken[] = [];
  const poisoned: Broken[] = [];
  for (const problem of all) {
    for (const seed of problem.train.length > 2000 ? SEEDS.slice(0, 2) : SEEDS) {
      noise.push(await noisy(problem, seed, NOISE));
      stuck.push(await broken(problem, seed, stuckOutcome, AFTER));
      stuck.push(await broken(problem, seed, stuckSensors, AFTER));
      swaps.push(await broken(problem, seed, swapped, AFTER));
      poisoned.push(await broken(problem, seed, swapped, LESSONS, FeedbackKind.TEACH));
    }
  }
  const least = (of: readonly Broken[]): number => Math.min(...of.map(({ accuracy }) => accuracy));
  const alarmed = (of: readonly Broken[]): number => of.filter(({ alarm }) => alarm).length / of.length;
  note('noise_30_percent_mean', mean(noise));
  note('noise_30_percent_worst', Math.min(...noise));
  note('stuck_sensor_before', mean(stuck.map(({ before }) => before)));
  note('stuck_sensor_after_400', least(stuck));
  note('stuck_sensor_after_400_mean', mean(stuck.map(({ accuracy }) => accuracy)));
  note('stuck_sensor_alarms', alarmed(stuck));
  note('swapped_feedback_after_400', least(swaps));
  note('swapped_feedback_alarms', alarmed(swaps));
  note('poisoned_by_300_lessons', least(poisoned));
  note('poisoned_alarms', alarmed(poisoned));
}

/** Where a feature rests: the value that most of the training rows have. */
function restOf({ train }: Problem, feature: number): number {
  const rows = new Map<number, number>();
  for (const { features } of train) {
    const value = features[feature] as number;
    rows.set(value, (rows.get(value) ?? 0) + 1);
  }
  return [...rows].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

const withFeature = (row: Row, feature: number, value: number): Row => ({
  ...row,
  features: row.features.map((measured, i) => (i === feature ? value : measured)),
});

async function whatSticksInOrder(all: readonly Problem[], note: Note): Promise<void> {
  const outcomes: StuckInOrder[] = [];
  const features: StuckInOrder[] = [];
  const run = async (problem: Problem, what: string, how: (row: Row) => Row): Promise<StuckInOrder> => {
    const found = await stuckInOrder(problem, how);
    const alarm = found.alarmAfter === undefined ? 'no alarm' : `alarm after ${found.alarmAfter}`;
    console.log(`  ${problem.name} ${what}: ${alarm} of ${problem.test.length} rows`);
    return found;
  };
  for (const problem of all.filter(({ inOrder, test }) => inOrder && test.length >= STABLE_ROWS)) {
    for (let truth = 0; truth < problem.classes; truth++)
      outcomes.push(await run(problem, `stuck at class ${truth}`, (row) => ({ ...row, truth })));
    for (const [i, { name }] of (problem.definition.features ?? []).entries()) {
      const rest = restOf(problem, i);
      features.push(await run(problem, `${name} stuck at ${rest}`, (row) => withFeature(row, i, rest)));
    }
  }
  noteStuck('stuck_in_order', outcomes, note);
  noteStuck('sensor_stuck_in_order', features, note);
}

function noteStuck(key: string, stuck: readonly StuckInOrder[], note: Note): void {
  if (stuck.length === 0) return;
  const delays = stuck.flatMap(({ alarmAfter }) => alarmAfter ?? []);
  note(`${key}_after`, Math.min(...stuck.map(({ accuracy }) => accuracy)));
  note(`${key}_alarms`, delays.length / stuck.length);
  if (delays.length > 0) note(`${key}_longest_delay`, Math.max(...delays));
}

async function main(): Promise<void> {
  const given = wordsGiven();
  if (given.length !== 0 && given.length !== 3)
    throw new InputError('classify: give three files, TRAIN.csv TEST.csv DEFINITION.json, or nothing');
  const results: Record<string, number> = {};
  const note: Note = (key, value) => {
    results[key] = Number(value.toFixed(4));
    console.log(`${key.padEnd(52)} ${value.toFixed(4)}`);
  };
  const all =
    given.length === 3
      ? [problemOf('given', given[0] as string, given[1] as string, definitionIn(given[2] as string))]
      : problems();
  const gaps: number[] = [];
  const accuracies: number[] = [];
  let falseAlarms = 0;
  for (const problem of all) {
    const { accuracy, suspected } = await plain(problem);
    accuracies.push(accuracy);
    falseAlarms += suspected;
    note(`classify_${problem.name}_accuracy`, accuracy);
    note(`classify_${problem.name}_majority`, majority(problem));
    const reference = libsvmLinear(problem);
    if (reference === undefined) {
      console.log('  svm-train is not installed: no reference');
      continue;
    }
    note(`classify_${problem.name}_libsvm_all_rows`, reference);
    gaps.push(accuracy - reference);
  }
  if (gaps.length > 0) {
    note('classify_mean_minus_libsvm', mean(gaps));
    note('classify_worst_minus_libsvm', Math.min(...gaps));
  }
  note('classify_mean', mean(accuracies));
  note('classify_worst', Math.min(...accuracies));
  note(
    'classify_rows_healthy',
    all.reduce((sum, { train }) => sum + train.length, 0),
  );
  note('classify_rows_suspected_healthy', falseAlarms);
  await whatIsBroken(all, note);
  await whatSticksInOrder(all, note);
  if (process.argv.includes('--json')) console.log(JSON.stringify(results));
}

runBench(main);

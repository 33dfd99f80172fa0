/**
 * The echo state network on real vibration, through the protocol on a virtual trainer; its memory, and its instructions on emulated
 * cores.
 *
 *   npm run bench -- esn [--json]
 *
 * Needs arm-none-eabi-gcc and qemu-system-arm for the instructions. One set of constants serves every speed, fault and data set; it is
 * the default of the definition except for the lengths of the phases, which follow from how much healthy signal there is.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { encodeDefinition, parseDefinition, type Trainer, type TrainerDefinition } from '../trainer';
import { firmwarePlanner } from '../trainer/virtual';
import { auc, type BearingState, bearing, fan, logRms, mean, type Sample } from './esn/streams';
import { onVirtualTrainer } from './on_virtual_trainer';

const WINDOW = 50;
const HOP = 10;
const SPEEDS: readonly number[] = [20, 40, 60, 80, 100];
/** Below it the fan hardly turns and its configurations hardly differ. */
const LEAST_SPEED = 40;
const FAULTY_FANS: readonly number[] = [2, 3];
/** Share of the healthy recording that is learned from. */
const FAN_LEARNS = 0.6;
const BEARING_LEARNS = 0.2;
const BEARING_HZ = 12_000;
const BEARING_FAULTS: readonly BearingState[] = ['inner-race-7', 'ball-7', 'outer-race-7'];
/** Samples of each part of the stream healthy, inner race, healthy, ball, healthy, inner race. */
const PATTERN_SAMPLES = 6000;
/** Healthy samples before a fault sets in, after those that were learned from. */
const LEAD_IN = 500;
/** Running, candidate, previous. */
const GENERATIONS = 3;

const figures: Record<string, number> = {};
const lines: string[] = [];

function note(key: string, value: number, digits: number, text = ''): void {
  figures[key] = Number(value.toPrecision(12));
  lines.push(`${key.padEnd(40)} ${value.toFixed(digits).padStart(12)}  ${text}`);
}

/** 750 samples for the readout, the rest of the 1800 for 101 windows and their first, unscored part. */
const FAN: TrainerDefinition = {
  name: 'fan',
  channels: ['x', 'y', 'z'].map((name) => ({ name, unit: 'g', min: -32, max: 32, scale: 1000 })),
  model: { type: 'esn', window: WINDOW, hop: HOP, learningSamples: 750, calibration: 101 },
};

const BEARING: TrainerDefinition = {
  name: 'bearing',
  channels: ['drive end', 'fan end'].map((name) => ({ name, unit: 'g', min: -6, max: 6, scale: 5000 })),
  model: { type: 'esn', window: WINDOW, hop: HOP, learningSamples: 10_000, calibration: 1396 },
};

/** One scored window. */
interface Scored {
  /** Samples of the stream up to its last. */
  readonly end: number;
  readonly score: number;
  readonly threshold: number;
  readonly baseline: number;
  readonly alarm: boolean;
  readonly pattern: number;
  readonly newPattern: boolean;
}

/** Sends the whole stream hop by hop and reads every window's result; those before the end of the calibration are left out. */
async function scored(trainer: Trainer, stream: readonly Sample[]): Promise<Scored[]> {
  const found: Scored[] = [];
  let windows = 0;
  for (let sent = 0; sent < stream.length; sent += HOP) {
    const { last } = await trainer.stream(stream.slice(sent, sent + HOP));
    if (last.windows === windows) continue;
    windows = last.windows;
    if (!last.calibrated || last.learning) continue;
    found.push({
      end: Math.min(sent + HOP, stream.length),
      score: last.score,
      threshold: last.threshold,
      baseline: last.baselineScore,
      alarm: last.alarm,
      pattern: last.pattern,
      newPattern: last.newPattern,
    });
  }
  return found;
}

/** Learns from the first `learned` samples of the healthy stream; what follows is scored. */
async function run(
  definition: TrainerDefinition,
  healthy: readonly Sample[],
  learned: number,
  then: readonly Sample[],
): Promise<Scored[]> {
  return onVirtualTrainer(definition, async (trainer) => {
    await trainer.stream(healthy.slice(0, learned));
    return scored(trainer, then);
  });
}

const over = (windows: readonly Scored[]): number =>
  mean(windows.map(({ score, threshold }) => (score > threshold ? 1 : 0)));

async function fans(): Promise<void> {
  lines.push(
    '',
    `Fan, ${HOP} of ${WINDOW} samples a window; healthy learned from: first ${FAN_LEARNS * 100} % of configuration 1`,
  );
  const mine: number[] = [];
  const oneSided: number[] = [];
  const twoSided: number[] = [];
  const falseAlarms: number[] = [];
  for (const speed of SPEEDS) {
    const recordings = fan(speed);
    const healthy = recordings.get(1) ?? [];
    const learned = Math.round(healthy.length * FAN_LEARNS);
    const rest = healthy.slice(learned);
    const quiet = await run(FAN, healthy, learned, rest);
    if (speed >= LEAST_SPEED) falseAlarms.push(over(quiet));
    lines.push(
      `speed ${speed}: ${quiet.length} healthy windows, ${(100 * over(quiet)).toFixed(1)} % over the threshold, ${(100 * mean(quiet.map(({ alarm }) => (alarm ? 1 : 0)))).toFixed(1)} % of the time in alarm`,
    );
    const level = (stream: readonly Sample[]) => (one: Scored) => logRms(stream, one.end, WINDOW);
    for (const configuration of FAULTY_FANS) {
      const faulty = recordings.get(configuration) ?? [];
      // Windows that lie wholly in the fault.
      const loud = (await run(FAN, healthy, learned, faulty)).filter(({ end }) => end >= WINDOW);
      const usable = quiet.filter(({ end }) => end >= WINDOW);
      const area = auc(
        quiet.map(({ score }) => score),
        loud.map(({ score }) => score),
      );
      const one = auc(usable.map(level(rest)), loud.map(level(faulty)));
      const two = auc(
        quiet.map(({ baseline }) => baseline),
        loud.map(({ baseline }) => baseline),
      );
      const key = `fan_${speed}_${configuration}`;
      note(
        `${key}_auc`,
        area,
        4,
        `${loud.length} windows, ${(100 * over(loud)).toFixed(1)} % over the threshold`,
      );
      note(`${key}_rms_one_sided_auc`, one, 4, 'the usual alarm: level too high');
      note(`${key}_rms_two_sided_auc`, two, 4, 'computed on the board beside the score');
      if (speed < LEAST_SPEED) continue;
      mine.push(area);
      oneSided.push(one);
      twoSided.push(two);
    }
  }
  note('fan_mean_auc_40_up', mean(mine), 4, 'at least 0.985, and above both baselines');
  note('fan_mean_rms_one_sided_auc_40_up', mean(oneSided), 4);
  note('fan_mean_rms_two_sided_auc_40_up', mean(twoSided), 4);
  note('fan_false_alarm_rate_40_up', mean(falseAlarms), 4, 'at most 0.03, designed for 0.01');
}

async function bearings(): Promise<void> {
  const healthy = bearing('normal');
  const learned = Math.round(healthy.length * BEARING_LEARNS);
  lines.push('', `Bearing, ${BEARING_HZ / 1000} kHz; healthy learned from: first ${BEARING_LEARNS * 100} %`);
  const quiet = await run(BEARING, healthy, learned, healthy.slice(learned));
  for (const fault of BEARING_FAULTS) {
    const lead = healthy.slice(learned, learned + LEAD_IN);
    const all = await run(BEARING, healthy, learned, [...lead, ...bearing(fault)]);
    const loud = all.filter(({ end }) => end >= LEAD_IN + WINDOW);
    const first = all.find(({ end, alarm }) => alarm && end > LEAD_IN);
    const key = `bearing_${fault.replace(/-7$/, '').replace('-', '_')}`;
    note(
      `${key}_auc`,
      auc(
        quiet.map(({ score }) => score),
        loud.map(({ score }) => score),
      ),
      4,
      'at least 0.99, no worse than the baseline',
    );
    note(
      `${key}_baseline_auc`,
      auc(
        quiet.map(({ baseline }) => baseline),
        loud.map(({ baseline }) => baseline),
      ),
      4,
      'two-sided log-RMS',
    );
    note(
      `${key}_detection_ms`,
      first === undefined ? Number.POSITIVE_INFINITY : ((first.end - LEAD_IN) / BEARING_HZ) * 1000,
      2,
      'from the onset to the alarm',
    );
  }
  note(
    'bearing_false_alarm_rate',
    over(quiet),
    4,
    `at most 0.03, designed for 0.01; ${quiet.length} windows`,
  );
}

/** A fault, its pattern at its end, and whether that was new. */
async function patterns(): Promise<void> {
  const healthy = bearing('normal');
  const learned = Math.round(healthy.length * BEARING_LEARNS);
  let at = learned;
  const used = new Map<BearingState, number>();
  const stream: Sample[] = [];
  const calm = (): void => {
    stream.push(...healthy.slice(at, at + PATTERN_SAMPLES));
    at += PATTERN_SAMPLES;
  };
  const events: { fault: BearingState; start: number; end: number }[] = [];
  calm();
  for (const fault of ['inner-race-7', 'ball-7', 'inner-race-7'] as const) {
    const from = used.get(fault) ?? 0;
    const start = stream.length;
    stream.push(...bearing(fault).slice(from, from + PATTERN_SAMPLES));
    used.set(fault, from + PATTERN_SAMPLES);
    events.push({ fault, start, end: stream.length });
    calm();
  }
  const windows = await run(BEARING, healthy, learned, stream);
  const seen = events.map(({ fault, start, end }) => {
    const last = windows.filter((one) => one.end > start && one.end <= end && one.alarm).at(-1);
    return { fault, pattern: last?.pattern ?? 0, fresh: last?.newPattern ?? false };
  });
  const [first, second, third] = seen;
  const right = [
    first?.fresh === true && first.pattern > 0,
    second?.fresh === true && second.pattern > 0 && second.pattern !== first?.pattern,
    third?.fresh === false && third.pattern > 0 && third.pattern === first?.pattern,
  ];
  lines.push(
    '',
    `Patterns: ${seen.map(({ fault, pattern, fresh }) => `${fault} -> ${fresh ? 'new' : 'known'} pattern ${pattern}`).join('; ')}`,
  );
  note('pattern_events_correct', right.filter(Boolean).length, 0, 'of 3: new, new, known');
}

/** The C tests solve the same problem in float64 beside the board's solver, on the reservoir's states under the fan's vibration. */
async function readout(): Promise<void> {
  const { readoutError } = await import('./esn/readout');
  note(
    'readout_relative_error_vs_float64',
    await readoutError(),
    7,
    'at most 1e-3; largest over five speeds',
  );
}

async function memory(): Promise<void> {
  const planner = await firmwarePlanner();
  const { need } = planner.plan(encodeDefinition(parseDefinition(FAN)), 1 << 20);
  if (need === undefined) throw new Error('the planner refused the fan');
  const model = GENERATIONS * need.model + need.shared + need.work;
  note('ram_bytes_n64_3axis', model, 0, 'at most 16 384: three generations, reservoir and window, solver');
  note(
    'arena_bytes_n64_3axis',
    need.total,
    0,
    'everything a definition takes: with its own bytes and the queue of a frame',
  );
}

function cores(): void {
  lines.push(
    '',
    'Instructions on emulated cores (QEMU -icount), -O2, N = 64, 3 channels; rates are estimates at 1.5 cycles an instruction',
  );
  const script = resolve(__dirname, '../../bench/esn/cycles.mjs');
  const counted = JSON.parse(
    execFileSync(process.execPath, [script, '--json'], { encoding: 'utf8' }),
  ) as Record<string, number>;
  const of = (key: string): number => {
    const value = counted[key];
    if (value === undefined) throw new Error(`the emulated cores told no ${key}`);
    return value;
  };
  note(
    'instructions_per_sample_score_m4f',
    of('score_mean_m4f'),
    0,
    `at most 5 000; the longest ${of('score_most_m4f')}`,
  );
  note(
    'instructions_per_sample_learn_m4f',
    of('learn_mean_m4f'),
    0,
    `at most 16 000; the longest ${of('learn_most_m4f')}`,
  );
  note(
    'instructions_per_sample_score_m3',
    of('score_mean_m3'),
    0,
    `no FPU, fixed point; the longest ${of('score_most_m3')}`,
  );
  note('instructions_per_sample_learn_m3', of('learn_mean_m3'), 0, `the longest ${of('learn_most_m3')}`);
  note('solve_instructions_m4f', of('solve_total_m4f'), 0, 'Cholesky, in slices');
  note('solve_instructions_m3', of('solve_total_m3'), 0);
  note(
    'rate_hz_m4f_168mhz',
    of('rate_score_hz_m4f'),
    0,
    `scoring, estimate; learning ${of('rate_learn_hz_m4f')}`,
  );
  note('rate_hz_m3_72mhz', of('rate_score_hz_m3'), 0, 'scoring, estimate; at least 1 000');
  note('rate_learn_hz_m3_72mhz', of('rate_learn_hz_m3'), 0, 'estimate; at least 500');
}

async function main(): Promise<void> {
  await fans();
  await bearings();
  await patterns();
  lines.push('');
  await readout();
  await memory();
  cores();
  for (const line of lines) console.log(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

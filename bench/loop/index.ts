/**
 * The loop that never stops: how long a slice of any job takes, what a training does to the answers, power cuts, noise, dead units, a wire
 * and a board that go away, and a long run.
 *
 *   npm run bench -- loop [--only PART,...] [--json]
 *
 * PART: slices, latency, powerfail, noise, dead, recovery, identity, survival, soak. Needs arm-none-eabi-gcc and qemu-system-arm for slices and latency.
 */
import { availableParallelism, loadavg } from 'node:os';
import { identity } from './identity';
import { type Latency, latency } from './latency';
import { noise } from './noise';
import { type PowerFail, powerFail, storePowerFail } from './power_fail';
import { SCENARIOS } from './scenarios';
import { measureSlices } from './slices';
import { soak } from './soak';
import { survival } from './survival';
import { deadUnit, replug, resetWhileTraining } from './wire';

const SAVES = 50;
const STOPS = 200;
const NOISE_CYCLES = 10_500;
const IDENTITY_CHANGES = 200;
const SOAK_CYCLES = 200_000;
const FLASH = { pageBytes: 1024, writeBytes: 8 };
const SMALL_MEMORY = { arenaBytes: 4096, nvmBytes: 16_384 };

const figures: Record<string, number | string> = {};
const lines: string[] = [];

function note(key: string, value: number, digits: number, text = ''): void {
  figures[key] = Number(value.toFixed(digits));
  lines.push(`${key.padEnd(32)} ${value.toFixed(digits).padStart(12)}  ${text}`);
}

/** One line that is written over, on a terminal. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(78)}`);
}

async function slices(): Promise<void> {
  const results = await measureSlices(SCENARIOS, ({ scenario }) => progress(`slices: ${scenario}`));
  const kinds = [...new Set(results.flatMap(({ longest }) => [...longest.keys()]))];
  lines.push('Longest stretch between two looks at the wire, instructions on a Cortex-M3');
  let [most, job, request] = [0, '', 0];
  for (const { scenario, longest } of results) {
    lines.push(
      `  ${scenario}: ${kinds.flatMap((kind) => (longest.has(kind) ? [`${kind} ${longest.get(kind)}`] : [])).join(', ')}`,
    );
    for (const [kind, instructions] of longest) {
      if (kind === 'request') request = Math.max(request, instructions);
      else if (instructions > most) [most, job] = [instructions, `${kind.replace('_', ' ')}: ${scenario}`];
    }
  }
  note('longest_slice_instructions_m3', most, 0, `at most 50 000; ${job}`);
  figures.longest_slice_job = job;
  note('longest_request_instructions_m3', request, 0, 'a request whole, with the slice after it; no job');
}

async function answers(): Promise<void> {
  const found: Latency = await latency();
  const [load = Number.NaN] = loadavg();
  lines.push(
    `Emulated STM32F405 over a pseudo-terminal, ${found.requests} requests during ${found.trainings} trainings, as many idle; load of this machine ${load.toFixed(1)} on ${availableParallelism()} cores`,
  );
  note('latency_idle_ms', found.idleP99, 2, `99th percentile; median ${found.idleMedian.toFixed(2)}`);
  note('latency_training_p99_ms', found.trainingP99, 2, `median ${found.trainingMedian.toFixed(2)}`);
  note('latency_ratio', found.trainingP99 / found.idleP99, 3, 'of the two, at most 1.5');
  figures.latency_host_load = Number(load.toFixed(1));
  note('latency_median_ratio', found.trainingMedian / found.idleMedian, 3);
}

async function cuts(): Promise<void> {
  const alone = await storePowerFail();
  const eeprom = await powerFail(SMALL_MEMORY, SAVES);
  const flash = await powerFail({ ...SMALL_MEMORY, flash: FLASH }, SAVES);
  const all = [alone, eeprom, flash];
  const sum = (of: (cut: PowerFail) => number): number => all.reduce((total, cut) => total + of(cut), 0);
  note(
    'powerfail_points',
    sum(({ points }) => points),
    0,
    `${SAVES} saves each to EEPROM and flash, every step, every byte of a header: ${alone.points} of the store alone, ${eeprom.points + flash.points} of a whole board`,
  );
  note(
    'powerfail_lost',
    sum(({ lost }) => lost),
    0,
    `must be 0; came back old ${sum(({ cameBackOld }) => cameBackOld)}, new ${sum(({ cameBackNew }) => cameBackNew)}`,
  );
}

async function badWire(): Promise<void> {
  const found = await noise(NOISE_CYCLES, (done) => progress(`noise: ${done} of ${2 * NOISE_CYCLES}`));
  note(
    'noise_transactions',
    found.transactions,
    0,
    `1 % of bytes corrupted, 0.5 % of frames lost, 0.5 % late: ${found.framesBad} bad frames, ${found.framesSent} requests sent`,
  );
  note('noise_wrong_values', found.wrongValues, 0, 'must be 0');
  note('noise_duplicate_effects', found.duplicateEffects, 0, 'must be 0');
  const reasons = Object.entries(found.failures).map(([name, count]) => `${count} x ${name}`);
  note(
    'noise_completed_ratio',
    found.completed / found.transactions,
    5,
    `at least 0.999; not completed: ${reasons.join(', ') || 'none'}`,
  );
}

async function dead(): Promise<void> {
  const found = await deadUnit();
  note(
    'dead_unit_throughput_ratio',
    found.dead / found.alive,
    3,
    `at least 0.85: ${found.dead.toFixed(0)} decisions/s of seven units with the eighth dead, ${found.alive.toFixed(0)} with it alive`,
  );
}

async function recovery(): Promise<void> {
  note(
    'recovery_s_replug',
    await replug(),
    3,
    'at most 5: from the moment the serial port is back to decision and feedback',
  );
  note(
    'recovery_s_reset',
    await resetWhileTraining(),
    3,
    'at most 5: an emulated RP2040, reset while it trains, with its own start',
  );
}

async function longRun(): Promise<void> {
  const found = await soak(SOAK_CYCLES, (done) => {
    if (done % 1000 === 0) progress(`soak: ${done} of ${SOAK_CYCLES}`);
  });
  note('soak_cycles', found.cycles, 0, `decision and feedback; ${found.trainings} trainings`);
  note('soak_heap_growth_bytes', found.heapGrowthBytes, 0, 'below 2 097 152, after 5000 cycles of warm-up');
  note('soak_errors', found.errors, 0, 'must be 0');
}

async function meanings(): Promise<void> {
  const found = await identity(IDENTITY_CHANGES, (done) =>
    progress(`identity: ${done} of ${IDENTITY_CHANGES}`),
  );
  note(
    'identity_wrong_actuations',
    found.wrongActuations,
    0,
    `must be 0: ${found.decisions} decisions after ${found.changes} random reorders, renames and range changes; ${found.kept} kept what was learned, ${found.refused} were refused; ${found.atBorder} decisions within two steps of a border between two classes turned with a range, ${found.otherVoice} were made by another voice`,
  );
  note('identity_wrong_labels', found.wrongLabels, 0, 'must be 0: decisions that waited across the change');
}

async function stops(): Promise<void> {
  const found = await survival(STOPS, (done) => progress(`survival: ${done} of ${STOPS}`));
  note(
    'restart_lost',
    found.lost,
    0,
    `must be 0, of ${found.stops} stops: clean, kill -9, power cut, full deploy, disable and enable${found.losses.length > 0 ? `: ${found.losses.join(', ')}` : ''}`,
  );
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  slices,
  latency: answers,
  powerfail: cuts,
  noise: badWire,
  dead,
  recovery,
  identity: meanings,
  survival: stops,
  soak: longRun,
};

async function main(): Promise<void> {
  const at = process.argv.indexOf('--only');
  const wanted = at < 0 ? Object.keys(PARTS) : (process.argv[at + 1] ?? '').split(',');
  for (const name of wanted) {
    const part = PARTS[name];
    if (part === undefined)
      throw new Error(`there is no part "${name}"; there are ${Object.keys(PARTS).join(', ')}`);
    await part();
    lines.push('');
  }
  progress('');
  for (const line of lines) console.log(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

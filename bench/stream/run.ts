/** Learning and scoring through the protocol, on the real firmware of a virtual trainer. */
import type { Trainer, TrainerDefinition } from '../../trainer';
import { InputError } from '../data';
import { onVirtualTrainer } from '../on_virtual_trainer';
import { auc, mean, quantile } from './figures';
import type { Sample } from './recordings';

export type Family = 'correlation' | 'esn' | 'autoencoder';
export const FAMILIES: readonly Family[] = ['correlation', 'esn', 'autoencoder'];

/** What the names of a family's figures begin with; those of the first family have no such word. */
export const before = (family: Family): string => (family === FAMILIES[0] ? '' : `${family}_`);

/** One scored window. */
export interface Scored {
  /** Samples of the stream up to its last. */
  readonly end: number;
  readonly score: number;
  readonly threshold: number;
  readonly baseline: number;
  readonly baselineThreshold: number;
  readonly alarm: boolean;
  readonly pattern: number;
  readonly newPattern: boolean;
}

/** A machine to learn: what the definition says, and the healthy signal regime by regime. */
export interface Machine {
  readonly definition: TrainerDefinition;
  readonly healthy: readonly (readonly Sample[])[];
}

async function learn(trainer: Trainer, { healthy }: Machine): Promise<void> {
  const [first, ...others] = healthy;
  await trainer.stream.send(first as Sample[]);
  for (const [index, samples] of others.entries()) {
    const learning = trainer.model.learn({ regime: index + 2 });
    await trainer.status();
    await trainer.stream.send(samples);
    await learning;
  }
}

/** Sends the stream `step` samples at a time and reads every window's result; those that were not judged are left out. */
async function scored(trainer: Trainer, stream: readonly Sample[], step: number): Promise<Scored[]> {
  const found: Scored[] = [];
  let windows = -1;
  for (let sent = 0; sent < stream.length; sent += step) {
    const { last } = await trainer.stream.send(stream.slice(sent, sent + step));
    if (last.windows === windows) continue;
    windows = last.windows;
    if (!last.calibrated || last.learning) continue;
    found.push({
      end: Math.min(sent + step, stream.length),
      score: last.score,
      threshold: last.threshold,
      baseline: last.baselineScore,
      baselineThreshold: last.baselineThreshold,
      alarm: last.alarm,
      pattern: last.pattern,
      newPattern: last.newPattern,
    });
  }
  return found;
}

/** Learns a machine, then scores `then`. */
export function run(machine: Machine, then: readonly Sample[]): Promise<Scored[]> {
  return onVirtualTrainer(machine.definition, async (trainer) => {
    await learn(trainer, machine);
    return scored(trainer, then, stepOf(machine.definition));
  });
}

function stepOf({ model }: TrainerDefinition): number {
  if (model.type === 'process') return 1;
  if (model.type !== 'esn' && model.type !== 'correlation' && model.type !== 'autoencoder')
    throw new Error('not a stream model');
  if (model.type === 'autoencoder') return (model.window ?? 64) / 4;
  return model.hop ?? (model.window ?? 64) / 4;
}

/** Windows of `definition` that `samples` samples give after the signal has settled; all of them are learned from. */
export function learningWindows(window: number, hop: number, lags: number, samples: number): number {
  const settled = 2 ** Math.ceil(Math.log2(window)) + lags;
  return Math.floor((samples - Math.ceil(settled / hop) * hop) / hop) - window / hop + 1;
}

/** What one fault looks like beside the healthy windows. */
export interface Judged {
  readonly auc: number;
  readonly rmsAuc: number;
  /** Faulty windows over the highest threshold that 1.5 % of the healthy windows exceed. */
  readonly detection15: number;
  /** Faulty windows over the board's own threshold. */
  readonly detection: number;
  /** The same of two-sided log RMS at its own threshold. */
  readonly rmsDetection: number;
  /** Windows that share no sample from the onset to the alarm; undefined = it was not raised. */
  readonly delay: number | undefined;
  /** Alarms raised from the onset on; more than one = it ended while the fault was still there. */
  readonly alarms: number;
}

export const over = (windows: readonly Scored[]): number =>
  mean(windows.map(({ score, threshold }) => (score > threshold ? 1 : 0)));

/**
 * `onset`: samples of the stream before the fault; windows that hold some of them are left out. Throws InputError that begins with `name`
 * when the board judged no window.
 */
export function judge(
  name: string,
  healthy: readonly Scored[],
  stream: readonly Scored[],
  onset: number,
  window: number,
): Judged {
  const faulty = stream.filter(({ end }) => end >= onset + window);
  if (healthy.length === 0)
    throw new InputError(
      `${name}: no healthy window was judged: does a channel stand still, or is the signal too small for its range?`,
    );
  if (faulty.length === 0)
    throw new InputError(`${name}: no window of the fault was judged: does a channel stand still?`);
  const scores = healthy.map(({ score }) => score);
  const limit = quantile(scores, 0.985);
  const first = stream.find(({ end, alarm }) => alarm && end > onset);
  return {
    auc: auc(
      scores,
      faulty.map(({ score }) => score),
    ),
    rmsAuc: auc(
      healthy.map(({ baseline }) => baseline),
      faulty.map(({ baseline }) => baseline),
    ),
    detection15: mean(faulty.map(({ score }) => (score > limit ? 1 : 0))),
    detection: over(faulty),
    rmsDetection: mean(
      faulty.map(({ baseline, baselineThreshold }) => (baseline > baselineThreshold ? 1 : 0)),
    ),
    delay: first === undefined ? undefined : Math.ceil((first.end - onset) / window),
    alarms: events(stream.filter(({ end }) => end > onset)),
  };
}

/**
 * Windows that share no sample from the return of the healthy signal to the end of the alarm; the last of them where it did not end;
 * undefined = there was no alarm when the healthy signal came back.
 */
export function endOfAlarm(stream: readonly Scored[], back: number, window: number): number | undefined {
  if (stream.findLast(({ end }) => end <= back)?.alarm !== true) return undefined;
  const after = stream.filter(({ end }) => end > back);
  const last = after.find(({ alarm }) => !alarm) ?? after.at(-1);
  return last === undefined ? undefined : Math.ceil((last.end - back) / window);
}

/** Alarms raised. */
export function events(windows: readonly Scored[]): number {
  return windows.filter((window, index) => window.alarm && windows[index - 1]?.alarm !== true).length;
}

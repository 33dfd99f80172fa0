/**
 * How long the alarm stays silent while all is well: the average run of the CUSUM of firmware/src/models/stream/watch.h until it alarms, where
 * the deviates are normal and follow each other as the healthy windows of a recording do (an autoregression of order 1).
 */
import type { Report } from './figures';
import type { Scored } from './run';

const ALLOWANCE = 0.75;
const STEP_MOST = 4;
const BOUND = 12;
/** Grid of the sum, and of the deviate on either side of 0. */
const SUMS = 96;
const DEVIATE_MOST = 5;
const DEVIATES = 81;
/** Of the power iteration: what is left of the start is nothing by then. */
const ROUNDS = 300;

const deviate = (place: number): number => DEVIATE_MOST * ((2 * place) / (DEVIATES - 1) - 1);

/** Probabilities of the next deviate, given each. */
function transitions(correlation: number): number[][] {
  const variance = 1 - correlation * correlation;
  return Array.from({ length: DEVIATES }, (_, from) => {
    const row = Array.from({ length: DEVIATES }, (_, to) =>
      Math.exp(-((deviate(to) - correlation * deviate(from)) ** 2) / (2 * variance)),
    );
    const all = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => weight / all);
  });
}

/** One window: the chances that the alarm is still silent, by sum and deviate. Those that leave the grid upwards have alarmed. */
function next(silent: readonly Float64Array[], moves: readonly (readonly number[])[]): Float64Array[] {
  const step = BOUND / SUMS;
  const after = Array.from({ length: SUMS }, () => new Float64Array(DEVIATES));
  for (const [place, chances] of silent.entries())
    for (let to = 0; to < DEVIATES; to++) {
      const sum = Math.max(0, place * step + Math.min(deviate(to) - ALLOWANCE, STEP_MOST)) / step;
      const low = Math.floor(sum);
      if (low >= SUMS) continue;
      let chance = 0;
      for (const [from, share] of chances.entries())
        chance += share * ((moves[from] as number[])[to] as number);
      (after[low] as Float64Array)[to] =
        ((after[low] as Float64Array)[to] as number) + chance * (1 - sum + low);
      const high = after[low + 1];
      if (high !== undefined) high[to] = (high[to] as number) + chance * (sum - low);
    }
  return after;
}

/** Windows from one false alarm to the next, on the average: the reciprocal of the chance to alarm in the next window, after a long silence. */
export function averageRun(correlation: number): number {
  const moves = transitions(correlation);
  let silent: Float64Array[] = Array.from({ length: SUMS }, () => new Float64Array(DEVIATES));
  (silent[0] as Float64Array)[(DEVIATES - 1) / 2] = 1;
  let left = 1;
  for (let round = 0; round < ROUNDS; round++) {
    silent = next(silent, moves);
    left = silent.reduce((sum, chances) => sum + chances.reduce((more, chance) => more + chance, 0), 0);
    silent = silent.map((chances) => chances.map((chance) => chance / left));
  }
  return 1 / (1 - left);
}

/** Of the logarithms of the scores, from one window to the next that shares no sample with it; over all recordings together. */
function autocorrelation(recordings: readonly (readonly Scored[])[]): number {
  let [both, one] = [0, 0];
  for (const windows of recordings) {
    const logs = windows.map(({ score }) => Math.log(score));
    const centre = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    for (const [i, log] of logs.entries()) {
      one += (log - centre) ** 2;
      if (i > 0) both += (log - centre) * ((logs[i - 1] as number) - centre);
    }
  }
  return both / one;
}

/** `recordings`: healthy windows that share no sample. */
export function noteRun(report: Report, key: string, recordings: readonly (readonly Scored[])[]): void {
  const found = autocorrelation(recordings);
  const windows = recordings.reduce((sum, recording) => sum + recording.length, 0);
  report.note(
    `${key}_healthy_autocorrelation`,
    found,
    2,
    `of ${windows} windows, each with the next; a normal deviate like that alarms every ${averageRun(Math.max(0, found)).toPrecision(2)} windows`,
  );
}

/** The vibration that the echo state network is measured on: real recordings from test/data, in g. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Sample = readonly number[];

const DATA = resolve(__dirname, '../../../test/data');

function rows(text: string): number[][] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
}

/** Cooler fan at `speed` percent, 50 Hz, x y z; by configuration: 1 healthy, 2 and 3 weights on the blades. */
export function fan(speed: number): ReadonlyMap<number, Sample[]> {
  const file = join(DATA, 'fan-vibration', `speed-${String(speed).padStart(3, '0')}.csv`);
  const found = new Map<number, Sample[]>();
  for (const [configuration, ...values] of rows(readFileSync(file, 'utf8'))) {
    const samples = found.get(configuration as number);
    if (samples === undefined) found.set(configuration as number, [values]);
    else samples.push(values);
  }
  return found;
}

export type BearingState = 'normal' | 'inner-race-7' | 'ball-7' | 'outer-race-7';

/** Bearing at 1797 rpm, 12 kHz, drive end and fan end. */
export function bearing(state: BearingState): Sample[] {
  return rows(gunzipSync(readFileSync(join(DATA, 'bearing-vibration', `${state}.csv.gz`))).toString('utf8'));
}

/** Log of the RMS of one window, its mean removed, all channels together: what a vibration switch looks at. */
export function logRms(samples: readonly Sample[], end: number, length: number): number {
  const window = samples.slice(end - length, end);
  const channels = window[0]?.length ?? 0;
  let sum = 0;
  for (let k = 0; k < channels; k++) {
    const mean = window.reduce((total, one) => total + (one[k] as number), 0) / length;
    for (const one of window) sum += ((one[k] as number) - mean) ** 2;
  }
  return 0.5 * Math.log(sum / (length * channels));
}

/** Area under the ROC curve: how often a faulty window scores above a healthy one; ties count half. */
export function auc(healthy: readonly number[], faulty: readonly number[]): number {
  const all = [
    ...healthy.map((score) => ({ score, fault: 0 })),
    ...faulty.map((score) => ({ score, fault: 1 })),
  ];
  all.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let first = 0; first < all.length; ) {
    let next = first;
    while (next < all.length && all[next]?.score === all[first]?.score) next++;
    const rank = (first + next + 1) / 2;
    for (let i = first; i < next; i++) rankSum += (all[i]?.fault ?? 0) * rank;
    first = next;
  }
  const [n, m] = [healthy.length, faulty.length];
  return (rankSum - (m * (m + 1)) / 2) / (n * m);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

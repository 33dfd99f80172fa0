/** What the accelerometer measured, and how it goes on for ever without a jump that would sound like a fault. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** x, y, z in mg. */
export type Sample = readonly [number, number, number];

export interface Recording {
  readonly samples: readonly Sample[];
  /** Before sample `to` comes what came before sample `from`: after `to - 1` it goes on with `from`. */
  readonly from: number;
  readonly to: number;
}

export const CONDITIONS = [1, 2, 3] as const;
const MG = 1000;
/** Half a second of the fan's time, which has to be alike on both sides of the seam. */
const ALIKE = 25;

function difference(samples: readonly Sample[], a: number, b: number, most: number): number {
  let sum = 0;
  for (let k = 1; k <= ALIKE && sum < most; k++) {
    const [p, q] = [samples[a - k] as Sample, samples[b - k] as Sample];
    sum += (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
  }
  return sum;
}

/** The best seam with `from` in the first quarter and `to` in the last. */
function seamed(samples: readonly Sample[]): Recording {
  const quarter = Math.floor(samples.length / 4);
  let [least, from, to] = [Number.POSITIVE_INFINITY, 0, samples.length];
  for (let a = ALIKE; a < quarter; a++) {
    for (let b = samples.length - quarter; b <= samples.length; b++) {
      const found = difference(samples, a, b, least);
      if (found < least) [least, from, to] = [found, a, b];
    }
  }
  return { samples, from, to };
}

/** The position that comes after `position`. */
export function following({ from, to }: Recording, position: number): number {
  return position + 1 < to ? position + 1 : from;
}

/** One recording per configuration of the fan at `speed` percent: test/data/fan-vibration. */
export function recordings(speed: number): ReadonlyMap<number, Recording> {
  const name = `speed-${String(speed).padStart(3, '0')}.csv`;
  const text = readFileSync(join(resolve(__dirname, '../../../test/data/fan-vibration'), name), 'utf8');
  const found = new Map<number, Sample[]>(CONDITIONS.map((condition) => [condition, []]));
  for (const line of text.trim().split('\n').slice(1)) {
    const [condition = 0, x = 0, y = 0, z = 0] = line.split(',').map(Number);
    found.get(condition)?.push([Math.round(x * MG), Math.round(y * MG), Math.round(z * MG)]);
  }
  return new Map([...found].map(([condition, samples]) => [condition, seamed(samples)]));
}

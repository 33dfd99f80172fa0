/** Points of a chart that lasts: few enough to send, and a gap where nothing was known. */

/** Milliseconds since 1970, then one value a series; null = nothing is known. */
export type Point = readonly [time: number, ...values: (number | null)[]];

/** When there are more than `most` points, every second one goes; older ones lose their detail first. */
export function thinned(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const half = Math.floor(points.length / 2);
  // A gap stays a gap.
  const kept = points
    .slice(0, half)
    .filter(([, ...values], index) => index % 2 === 0 || values.includes(null));
  return [...kept, ...points.slice(half)].slice(-most);
}

export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const object = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

/** What a bus may be given, for the runtime and for its dialog. It needs no other module: the build puts it onto the page as it is. */

/** Unit ids of Modbus end here. */
export const UNIT_LAST = 247;
/** Virtual trainers on one wire: as many as share an RS-485 line without a repeater. */
export const MOST_UNITS = 32;
/** Longest wait for an answer, in milliseconds. */
export const LONGEST_WAIT_MS = 600_000;

/** Unit ids of virtual trainers, "1", "1, 5" or "1-4"; undefined for what is no unit id, twice the same one, or too many. */
export function unitsOf(given: string): number[] | undefined {
  const units: number[] = [];
  for (const part of given.split(',')) {
    const [, first, last] = /^\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?$/.exec(part) ?? [];
    const [from, to] = [Number(first ?? 0), Number(last ?? first ?? 0)];
    if (from < 1 || to > UNIT_LAST || to < from) return undefined;
    for (let unit = from; unit <= to; unit++) units.push(unit);
  }
  return units.length <= MOST_UNITS && new Set(units).size === units.length ? units : undefined;
}

/** A name that is a file name on every system, and leads out of no folder. */
export function isMemoryName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name);
}

/**
 * What passed into the nodes that take features: names, least and largest value, and no message itself. The dialog of a device makes
 * features of it. Nothing here throws: what is no list of numbers is not remembered.
 */
import { Limits } from '../../trainer/contract/contract.generated';

/** Characters of a name; a longer one is no name of a feature. */
const NAME_MOST = 64;
/** Rows of a message that are looked at. */
const ROWS_MOST = 256;

/** One value of a message; an array has no names. */
export interface PassedValue {
  readonly name?: string;
  readonly least: number;
  readonly most: number;
}

/** The last message into one node, and the range of its values since they had another form. */
export interface Passed {
  /** Id of the node. */
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Messages that the ranges are of. */
  readonly messages: number;
  /** Single values; none where there are more than a definition may have. */
  readonly values: readonly PassedValue[];
  /** The same as one array; undefined for values with names, and for fewer than two. */
  readonly array?: { readonly count: number; readonly least: number; readonly most: number };
  /** The message held rows of these values: samples of a stream, or an image. */
  readonly rows: number;
}

interface Range {
  least: number;
  most: number;
}

type Look = Pick<Passed, 'values' | 'array' | 'rows'>;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** Yes and no are 1 and 0. */
const numberOf = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

function rangeOf(list: ArrayLike<number>): Range | undefined {
  const range = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  for (let i = 0; i < list.length; i++) {
    const value = numberOf(list[i]);
    if (!isNumber(value)) return undefined;
    if (value < range.least) range.least = value;
    if (value > range.most) range.most = value;
  }
  return range.least > range.most ? undefined : range;
}

/** The range of each column of rows that are alike. */
function columnsOf(rows: readonly ArrayLike<number>[]): PassedValue[] | undefined {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, i) => rangeOf(rows.map((row) => row[i] as number)));
  return columns.includes(undefined) ? undefined : (columns as PassedValue[]);
}

/** An array of numbers, or rows of them. */
function lookOfList(list: ArrayLike<unknown>): Look | undefined {
  if (list.length === 0 || list.length > Limits.ARRAY_MAX) return undefined;
  const nested = Array.isArray(list[0]);
  const rows = (nested ? Array.from(list) : [list]) as readonly ArrayLike<number>[];
  const width = rows[0]?.length ?? 0;
  const count = rows.length * width;
  const alike = rows.every((row) => (Array.isArray(row) || !nested) && row.length === width);
  if (!alike || count === 0 || count > Limits.ARRAY_MAX) return undefined;
  const few = width <= Limits.FEATURES_MAX;
  const values = few ? columnsOf(rows.slice(-ROWS_MOST)) : [];
  const ranges = few ? undefined : rows.map(rangeOf);
  if (values === undefined || ranges?.includes(undefined) === true) return undefined;
  const each = few ? values : (ranges as Range[]).map(({ least, most }) => ({ least, most }));
  const least = Math.min(...each.map((range) => range.least));
  const most = Math.max(...each.map((range) => range.most));
  return { values, rows: rows.length, ...(count < 2 ? {} : { array: { count, least, most } }) };
}

function lookOf(payload: unknown): Look | undefined {
  const single = numberOf(payload);
  if (isNumber(single)) return { values: [{ least: single, most: single }], rows: 1 };
  if (typeof payload !== 'object' || payload === null) return undefined;
  if (payload instanceof BigInt64Array || payload instanceof BigUint64Array) return undefined;
  if (Array.isArray(payload) || (ArrayBuffer.isView(payload) && !(payload instanceof DataView)))
    return lookOfList(payload as unknown as ArrayLike<unknown>);
  const values: PassedValue[] = [];
  for (const name in payload) {
    if (!Object.hasOwn(payload, name) || name === '' || name.length > NAME_MOST) continue;
    const value = numberOf((payload as Record<string, unknown>)[name]);
    if (isNumber(value)) values.push({ name, least: value, most: value });
    if (values.length === Limits.FEATURES_MAX) break;
  }
  return values.length === 0 ? undefined : { values, rows: 1 };
}

const sameForm = (look: Look, other: Look): boolean =>
  look.values.length === other.values.length &&
  look.array?.count === other.array?.count &&
  look.values.every(({ name }, i) => name === other.values[i]?.name);

function wider<R extends Range | PassedValue>(range: R, other: Range | PassedValue): R {
  return { ...range, least: Math.min(range.least, other.least), most: Math.max(range.most, other.most) };
}

const passed = new Map<string, Passed>();

/** Remembers what a message into a node looks like. */
export function remember(id: string, payload: unknown): void {
  const look = lookOf(payload);
  if (look === undefined) return;
  const before = passed.get(id);
  const known = before !== undefined && sameForm(before, look) ? before : undefined;
  passed.set(id, {
    node: id,
    at: Date.now(),
    messages: (known?.messages ?? 0) + 1,
    rows: look.rows,
    values: look.values.map((value, i) => wider(value, known?.values[i] ?? value)),
    ...(look.array === undefined ? {} : { array: wider(look.array, known?.array ?? look.array) }),
  });
}

export function forget(id: string): void {
  passed.delete(id);
}

/** The latest of what passed into these nodes. */
export function lastPassed(ids: readonly string[]): Passed | undefined {
  const found = ids.flatMap((id) => passed.get(id) ?? []);
  return found.reduce<Passed | undefined>(
    (last, candidate) => (last === undefined || candidate.at >= last.at ? candidate : last),
    undefined,
  );
}

/** Digits of a bound that is guessed, and how large one may be (the schema of a feature). */
const DIGITS = 6;
const LARGEST = 1e9;

/**
 * A guess of the range that a value can have, from what it had: as much again on each side, at least half of its size, all of it while it
 * never changed; in round numbers. What was never negative stays so.
 */
export function guessedRange({ least, most }: Range): { min: number; max: number } {
  if (least >= 0 && most <= 1 && Number.isInteger(least) && Number.isInteger(most)) return { min: 0, max: 1 };
  const size = Math.max(Math.abs(least), Math.abs(most));
  const around = most === least ? size : Math.max(most - least, size / 2);
  const [low, high] = [least - around, most + around];
  const step = 10 ** Math.floor(Math.log10(high - low));
  const round = (value: number): number =>
    Math.max(-LARGEST, Math.min(LARGEST, Number(value.toPrecision(DIGITS))));
  const min = round(Math.floor(low / step) * step);
  return { min: least >= 0 ? Math.max(0, min) : min, max: round(Math.ceil(high / step) * step) };
}

/** One value of a PLC: where it stands in the register map, and how its words become an engineering value. */
import { text, WordedError } from '../text';

/** Modbus tables, as PLC lists name them. */
export const KINDS = ['holding', 'input', 'coil', 'discrete'] as const;
export const TYPES = ['int16', 'uint16', 'int32', 'uint32', 'float32', 'bit'] as const;
/**
 * Bytes of a 32-bit value in the order in which they travel, A the highest. Values of 16 bits have the two bytes of their word: those
 * of BADC and DCBA come low byte first.
 */
export const ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;

export type PointKind = (typeof KINDS)[number];
export type PointType = (typeof TYPES)[number];
export type ByteOrder = (typeof ORDERS)[number];

export interface RegisterPoint {
  /** What people call it; errors name it. */
  readonly name: string;
  readonly unit: number;
  readonly kind: PointKind;
  /** As on the wire: the first register is 0. */
  readonly address: number;
  readonly type: PointType;
  readonly order: ByteOrder;
  /** Bit of the register, 0 the lowest; for type "bit" in registers. */
  readonly bit: number;
  /** value = raw / divisor + offset; not 0. */
  readonly divisor: number;
  readonly offset: number;
}

/** As a dialog or a file stores it: numbers may be texts, what is left out has its default. */
export interface StoredPoint {
  readonly name?: string;
  readonly unit?: string | number;
  readonly kind?: string;
  readonly address?: string | number;
  readonly type?: string;
  readonly order?: string;
  readonly bit?: string | number;
  readonly divisor?: string | number;
  readonly offset?: string | number;
}

/** A register or how it is read is wrong. Nothing was read or written. */
export class PointError extends WordedError {
  readonly code = 'REGISTER_POINT';
  /** Name of the value, and the field at fault. */
  readonly point: string;
  readonly field: string;

  constructor(point: string, field: string, got: unknown, allowed: string) {
    super(text('registers.field', { point, field, got: String(got), allowed }));
    this.point = point;
    this.field = field;
  }
}

const blank = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Whether a point holds bits and not registers. */
export const inBits = ({ kind }: Pick<RegisterPoint, 'kind'>): boolean =>
  kind === 'coil' || kind === 'discrete';

/** Registers, or bits of a bit table, that a point takes. */
export const widthOf = ({ type }: Pick<RegisterPoint, 'type'>): number =>
  type === 'int32' || type === 'uint32' || type === 'float32' ? 2 : 1;

/**
 * A stored point with its defaults: holding register, int16 (a coil or discrete input: bit), ABCD, divisor 1, offset 0.
 * @param unit of the PLC, for points that name none
 * @throws PointError that names the point and its field
 */
export function pointFrom(stored: StoredPoint, unit: number): RegisterPoint {
  const name = stored.name ?? '';
  const wrong = (field: string, got: unknown, allowed: string): PointError =>
    new PointError(name, field, got, allowed);
  const word = <W extends string>(
    field: keyof StoredPoint,
    fallback: W,
    allowed: readonly W[],
    given: unknown = stored[field],
  ): W => {
    const found = blank(given) ? fallback : allowed.find((candidate) => candidate === given);
    if (found === undefined) throw wrong(field, given, allowed.join(', '));
    return found;
  };
  const whole = (field: keyof StoredPoint, fallback: number, least: number, most: number): number => {
    const given = stored[field];
    const number = blank(given) ? fallback : Number(given);
    if (!(Number.isInteger(number) && number >= least && number <= most))
      throw wrong(field, given ?? '', `${least} … ${most}`);
    return number;
  };
  const real = (field: keyof StoredPoint, fallback: number): number => {
    const given = stored[field];
    const number = blank(given) ? fallback : Number(given);
    if (!Number.isFinite(number)) throw wrong(field, given, '-∞ … ∞');
    return number;
  };
  const kind = word('kind', 'holding', KINDS);
  const bits = inBits({ kind });
  const type = word('type', bits ? 'bit' : 'int16', TYPES);
  if (bits && type !== 'bit') throw wrong('type', type, 'bit');
  const point: RegisterPoint = {
    name,
    unit: whole('unit', unit, 0, 255),
    kind,
    address: whole('address', Number.NaN, 0, 65_536 - widthOf({ type })),
    type,
    order: word('order', 'ABCD', ORDERS),
    bit: whole('bit', 0, 0, bits ? 0 : 15),
    divisor: real('divisor', 1),
    offset: real('offset', 0),
  };
  if (point.divisor === 0) throw wrong('divisor', 0, '≠ 0');
  return point;
}

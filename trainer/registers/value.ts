/** Between the words of a register map and engineering values. */
import type { BusRequest } from '../bus';
import { text, WordedError } from '../text';
import { inBits, PointError, type RegisterPoint, widthOf } from './point';

/** The PLC holds, or is to hold, what is no value of the point's type. */
export class ValueError extends WordedError {
  readonly code = 'REGISTER_VALUE';
  readonly point: string;

  constructor(point: RegisterPoint, problem: 'noNumber' | 'doesNotFit', value: number) {
    const { name, kind, address, unit, type } = point;
    super(text(`registers.${problem}`, { point: name, kind, address, unit, type, value: String(value) }));
    this.point = name;
  }
}

/** The words of a point as bytes ABCD, whatever their order on the wire; its own inverse. */
function inOrder(words: Buffer, { order }: RegisterPoint): Buffer {
  const bytes = Buffer.from(words);
  if (order === 'BADC' || order === 'DCBA') bytes.swap16();
  if (bytes.length === 4 && (order === 'CDAB' || order === 'DCBA'))
    return Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)]);
  return bytes;
}

function rawOf(bytes: Buffer, { type, bit }: RegisterPoint): number {
  switch (type) {
    case 'int16':
      return bytes.readInt16BE();
    case 'uint16':
      return bytes.readUInt16BE();
    case 'int32':
      return bytes.readInt32BE();
    case 'uint32':
      return bytes.readUInt32BE();
    case 'float32':
      return bytes.readFloatBE();
    case 'bit':
      return (bytes.readUInt16BE() >> bit) & 1;
  }
}

/**
 * The engineering value of a point.
 * @param bytes of its registers as they came, widthOf(point) words; for a bit table its state
 * @throws ValueError for a float that is no number: the PLC has no value there
 */
export function decoded(point: RegisterPoint, bytes: Buffer | boolean): number {
  const raw = typeof bytes === 'boolean' ? Number(bytes) : rawOf(inOrder(bytes, point), point);
  if (!Number.isFinite(raw)) throw new ValueError(point, 'noNumber', raw);
  return raw / point.divisor + point.offset;
}

const WHOLE_RANGES = {
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
} as const;

function bytesFor(point: RegisterPoint, raw: number, value: number): Buffer {
  const bytes = Buffer.alloc(2 * widthOf(point));
  const { type } = point;
  if (type === 'float32') {
    bytes.writeFloatBE(raw);
    if (!Number.isFinite(bytes.readFloatBE())) throw new ValueError(point, 'doesNotFit', value);
    return inOrder(bytes, point);
  }
  const [least, most] = WHOLE_RANGES[type as keyof typeof WHOLE_RANGES];
  const whole = Math.round(raw);
  if (!(whole >= least && whole <= most)) throw new ValueError(point, 'doesNotFit', value);
  if (type === 'int16') bytes.writeInt16BE(whole);
  else if (type === 'uint16') bytes.writeUInt16BE(whole);
  else if (type === 'int32') bytes.writeInt32BE(whole);
  else bytes.writeUInt32BE(whole);
  return inOrder(bytes, point);
}

/**
 * Whether a point can be written at all.
 * @throws PointError: an input or discrete input, or one bit of a register, which no single write reaches
 */
export function checkWritable({ name, kind, type }: RegisterPoint): void {
  if (kind !== 'holding' && kind !== 'coil') throw new PointError(name, 'kind', kind, 'holding, coil');
  if (kind === 'holding' && type === 'bit')
    throw new PointError(name, 'type', type, 'int16, uint16, int32, uint32, float32');
}

/**
 * The request that writes an engineering value: FC 5 for a coil, FC 6 or 16 for a holding register. A coil is on when the raw value is
 * not 0.
 * @throws PointError when the point cannot be written, ValueError when the value does not fit its type
 */
export function writeRequest(point: RegisterPoint, value: number): BusRequest {
  checkWritable(point);
  const { unit, address } = point;
  const raw = (value - point.offset) * point.divisor;
  if (!Number.isFinite(raw)) throw new ValueError(point, 'doesNotFit', value);
  if (inBits(point)) return { unit, fc: 5, address, value: Math.round(raw) !== 0 };
  const bytes = bytesFor(point, raw, value);
  if (bytes.length === 2) return { unit, fc: 6, address, value: bytes.readUInt16BE() };
  return { unit, fc: 16, address, values: [bytes.readUInt16BE(0), bytes.readUInt16BE(2)] };
}

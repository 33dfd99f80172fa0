/**
 * The requests a bus takes and the replies it gives, with every limit of the Modbus Application Protocol V1.1b3
 * checked before a byte is sent: modbus-serial encodes an over-long request without complaint and the unit then
 * answers with an exception, or not at all.
 */
import { text } from '../text';
import { BusRequestError, type Target } from './errors';
import { FUNCTIONS, functionFacts } from './functions';

/** FC 1 read coils, FC 2 read discrete inputs. */
export interface ReadBitsRequest {
  readonly unit: number;
  readonly fc: 1 | 2;
  /** First bit, 0..65535 as on the wire. */
  readonly address: number;
  /** 1..2000 */
  readonly quantity: number;
}

/** FC 3 read holding registers, FC 4 read input registers. */
export interface ReadRegistersRequest {
  readonly unit: number;
  readonly fc: 3 | 4;
  readonly address: number;
  /** 1..125 */
  readonly quantity: number;
}

/** FC 5 write single coil. */
export interface WriteCoilRequest {
  readonly unit: number;
  readonly fc: 5;
  readonly address: number;
  readonly value: boolean;
}

/** FC 6 write single register. Values -32768..-1 are sent as their two's complement. */
export interface WriteRegisterRequest {
  readonly unit: number;
  readonly fc: 6;
  readonly address: number;
  readonly value: number;
}

/** FC 15 write multiple coils, 1..1968. */
export interface WriteCoilsRequest {
  readonly unit: number;
  readonly fc: 15;
  readonly address: number;
  readonly values: readonly boolean[];
}

/** FC 16 write multiple registers, 1..123. Values -32768..-1 are sent as their two's complement. */
export interface WriteRegistersRequest {
  readonly unit: number;
  readonly fc: 16;
  readonly address: number;
  readonly values: ArrayLike<number>;
}

/** FC 22 mask write register: new = (old AND andMask) OR (orMask AND NOT andMask). */
export interface MaskWriteRequest {
  readonly unit: number;
  readonly fc: 22;
  readonly address: number;
  readonly andMask: number;
  readonly orMask: number;
}

/** FC 23 read/write multiple registers: the write is carried out before the read. */
export interface ReadWriteRequest {
  readonly unit: number;
  readonly fc: 23;
  /** First register to read. */
  readonly address: number;
  /** 1..125 registers to read. */
  readonly quantity: number;
  readonly writeAddress: number;
  /** 1..121 registers to write. */
  readonly values: ArrayLike<number>;
}

/** FC 43 / MEI 14 read device identification; follow-up requests for further objects are made by the bus. */
export interface IdentifyRequest {
  readonly unit: number;
  readonly fc: 43;
  /** 1 basic (default), 2 regular, 3 extended, 4 one object. */
  readonly category?: 1 | 2 | 3 | 4;
  /** First object (categories 1..3) or the object (category 4), 0..255; default 0. */
  readonly objectId?: number;
}

export type BusRequest =
  | ReadBitsRequest
  | ReadRegistersRequest
  | WriteCoilRequest
  | WriteRegisterRequest
  | WriteCoilsRequest
  | WriteRegistersRequest
  | MaskWriteRequest
  | ReadWriteRequest
  | IdentifyRequest;

export interface BitsReply {
  /** As many as were asked for. */
  readonly values: boolean[];
}

export interface RegistersReply {
  /** Unsigned, 0..65535, as many as were asked for. */
  readonly values: number[];
  /** The same as bytes, big-endian words. */
  readonly bytes: Buffer;
}

export interface WriteReply {
  readonly address: number;
  readonly quantity: number;
  /** True when it was sent to unit 0 of a serial line: nobody answers, so nobody confirmed it. */
  readonly broadcast: boolean;
}

export interface IdentificationReply {
  /** 0x01..0x03, plus 0x80 when single objects can be asked for. */
  readonly conformityLevel: number;
  /** Text per object id: 0 vendor name, 1 product code, 2 revision, ... */
  readonly objects: Record<number, string>;
}

export type ReplyTo<R extends BusRequest> = R extends { fc: 1 | 2 }
  ? BitsReply
  : R extends { fc: 3 | 4 | 23 }
    ? RegistersReply
    : R extends { fc: 43 }
      ? IdentificationReply
      : WriteReply;

export type BusReply = BitsReply | RegistersReply | WriteReply | IdentificationReply;

/** Whether the function changes something on the unit. */
export function isWrite(fc: BusRequest['fc']): boolean {
  return FUNCTIONS[fc].writes;
}

/** Unit, function, address and quantity of a request, for error texts. */
export function targetOf(request: BusRequest): Target {
  const { unit, fc: functionCode } = request;
  switch (request.fc) {
    case 43:
      return { unit, functionCode };
    case 5:
    case 6:
    case 22:
      return { unit, functionCode, address: request.address };
    case 15:
    case 16:
      return { unit, functionCode, address: request.address, quantity: request.values?.length };
    default:
      return { unit, functionCode, address: request.address, quantity: request.quantity };
  }
}

/** Throws unless `value` is an integer in the range; `code`: the function that sets the limit. */
function integerBetween(
  request: BusRequest,
  field: string,
  value: unknown,
  least: number,
  most: number,
  code?: number,
): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
  const values = { field, least, most, got: String(value) };
  const problem =
    code === undefined
      ? text('bus.request.integer', values)
      : text('bus.request.integerFor', { ...values, code });
  throw new BusRequestError(field, problem, targetOf(request));
}

function range(request: BusRequest, field: string, address: unknown, quantity: number): void {
  integerBetween(request, field, address, 0, 65535);
  if ((address as number) + quantity <= 65536) return;
  throw new BusRequestError(
    field,
    text('bus.request.pastEnd', { field, address: String(address), quantity }),
    targetOf(request),
  );
}

function words(request: BusRequest, values: ArrayLike<number>): void {
  if (values === null || typeof values !== 'object' || typeof values.length !== 'number')
    throw new BusRequestError('values', text('bus.request.numbers'), targetOf(request));
  integerBetween(request, 'values.length', values.length, 1, FUNCTIONS[request.fc].writeMost, request.fc);
  for (let i = 0; i < values.length; i++) integerBetween(request, `values[${i}]`, values[i], -32768, 65535);
}

function quantity(request: Extract<BusRequest, { quantity: number }>): void {
  integerBetween(request, 'quantity', request.quantity, 1, FUNCTIONS[request.fc].readMost, request.fc);
  range(request, 'address', request.address, request.quantity);
}

/**
 * Throws BusRequestError when the request breaks a limit of Modbus.
 * @param serialAddressing true on a serial line and behind RTU framing, where unit 0 is the broadcast address and
 *   248..255 are reserved; on Modbus TCP 0..255 all name a unit (0 and 255: the server itself).
 */
export function checkRequest(request: BusRequest, serialAddressing: boolean): void {
  if (functionFacts(request.fc) === undefined)
    throw new BusRequestError(
      'fc',
      text('bus.request.function', { code: String(request.fc), allowed: Object.keys(FUNCTIONS) }),
    );
  integerBetween(request, 'unit', request.unit, 0, serialAddressing ? 247 : 255);
  if (serialAddressing && request.unit === 0 && (!isWrite(request.fc) || request.fc === 23))
    throw new BusRequestError('unit', text('bus.request.broadcast'), targetOf(request));
  switch (request.fc) {
    case 1:
    case 2:
    case 3:
    case 4:
      quantity(request);
      break;
    case 5:
      if (typeof request.value !== 'boolean')
        throw new BusRequestError('value', text('bus.request.bit'), targetOf(request));
      range(request, 'address', request.address, 1);
      break;
    case 6:
      integerBetween(request, 'value', request.value, -32768, 65535);
      range(request, 'address', request.address, 1);
      break;
    case 15:
      if (!Array.isArray(request.values) || request.values.some((value) => typeof value !== 'boolean'))
        throw new BusRequestError('values', text('bus.request.bits'), targetOf(request));
      integerBetween(request, 'values.length', request.values.length, 1, FUNCTIONS[15].writeMost, 15);
      range(request, 'address', request.address, request.values.length);
      break;
    case 16:
      words(request, request.values);
      range(request, 'address', request.address, request.values.length);
      break;
    case 22:
      integerBetween(request, 'andMask', request.andMask, 0, 65535);
      integerBetween(request, 'orMask', request.orMask, 0, 65535);
      range(request, 'address', request.address, 1);
      break;
    case 23:
      words(request, request.values);
      quantity(request);
      range(request, 'writeAddress', request.writeAddress, request.values.length);
      break;
    case 43:
      integerBetween(request, 'category', request.category ?? 1, 1, 4);
      integerBetween(request, 'objectId', request.objectId ?? 0, 0, 255);
      break;
  }
}

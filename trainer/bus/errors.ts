/**
 * What can go wrong on a wire, one class per cause. Every error carries a stable `code`, the unit, function and address
 * it is about, whether trying again can help, and a text that says what happened and what to do.
 */

/** What a request was for, in the words of the error texts. */
export interface Target {
  /** Unit id (0 = broadcast on a serial line). */
  readonly unit: number;
  /** Modbus function code. */
  readonly functionCode: number;
  /** First address, 0-based as on the wire; undefined for functions that have none (43). */
  readonly address?: number;
  /** Number of registers or bits. */
  readonly quantity?: number;
}

export type BusErrorCode =
  | 'BUS_TIMEOUT'
  | 'BUS_CLOSED'
  | 'BUS_FULL'
  | 'BUS_ABORTED'
  | 'BUS_REQUEST'
  | 'BUS_CONFIG'
  | 'BUS_FRAME'
  | 'UNIT_UNREACHABLE'
  | 'MODBUS_EXCEPTION';

const FUNCTION_NAMES: Readonly<Record<number, string>> = {
  1: 'read coils',
  2: 'read discrete inputs',
  3: 'read holding registers',
  4: 'read input registers',
  5: 'write single coil',
  6: 'write single register',
  15: 'write multiple coils',
  16: 'write multiple registers',
  22: 'mask write register',
  23: 'read/write multiple registers',
  43: 'read device identification',
};

/** "unit 3, read holding registers (FC 3) at 100, quantity 2" */
export function describeTarget(target: Target): string {
  const name = FUNCTION_NAMES[target.functionCode] ?? 'unknown function';
  const where = target.address === undefined ? '' : ` at ${target.address}`;
  const many = target.quantity === undefined ? '' : `, quantity ${target.quantity}`;
  return `unit ${target.unit}, ${name} (FC ${target.functionCode})${where}${many}`;
}

/** Base of every error that the bus rejects or throws with. */
export abstract class BusError extends Error {
  abstract readonly code: BusErrorCode;
  /** Whether the same request may succeed when it is sent again. */
  abstract readonly retryable: boolean;
  readonly unit?: number;
  readonly functionCode?: number;
  readonly address?: number;
  readonly quantity?: number;

  protected constructor(message: string, target?: Target) {
    super(message);
    this.name = new.target.name;
    if (target !== undefined) {
      this.unit = target.unit;
      this.functionCode = target.functionCode;
      if (target.address !== undefined) this.address = target.address;
      if (target.quantity !== undefined) this.quantity = target.quantity;
    }
  }
}

/** Where a request was when its time ran out. */
export type TimeoutPhase =
  /** The wire was open and busy with others; the request was never sent. */
  | 'queue'
  /** The wire was not open; the request was never sent. */
  | 'connect'
  /** It was sent and nothing came back. */
  | 'reply';

/** No answer within the time given. */
export class BusTimeoutError extends BusError {
  readonly code = 'BUS_TIMEOUT';
  readonly retryable = true;
  readonly phase: TimeoutPhase;
  /** How long was waited, in milliseconds. */
  readonly waitedMs: number;

  constructor(target: Target, phase: TimeoutPhase, waitedMs: number, detail = '') {
    const waited = Math.round(waitedMs);
    const text =
      phase === 'queue'
        ? `waited ${waited} ms in the queue and was never sent: the wire is busy. Ask less often, lower the priority of other requests or give a longer deadline`
        : phase === 'connect'
          ? `waited ${waited} ms for the wire to open and was never sent${detail === '' ? '' : ` (${detail})`}. Check cable, address and power; the bus keeps trying to connect`
          : `no answer within ${waited} ms. Whether a write took effect is not known. Check power, wiring, unit id and baud rate, or give a longer response time`;
    super(`${describeTarget(target)}: ${text}.`, target);
    this.phase = phase;
    this.waitedMs = waitedMs;
  }
}

/** The wire was closed, or was lost while the answer was awaited. */
export class BusClosedError extends BusError {
  readonly code = 'BUS_CLOSED';
  /** A lost wire comes back by itself; one closed on purpose does not. */
  readonly retryable: boolean;

  constructor(wire: string, reason: string, lost: boolean, target?: Target) {
    const about = target === undefined ? '' : `${describeTarget(target)}: `;
    const advice = lost
      ? 'The bus reconnects by itself; send the request again'
      : 'Open the bus again to go on';
    super(`${about}${wire} ${reason}. ${advice}.`, target);
    this.retryable = lost;
  }
}

/** The queue has no room; nothing was sent. */
export class BusFullError extends BusError {
  readonly code = 'BUS_FULL';
  readonly retryable = true;

  constructor(wire: string, limit: number, target: Target) {
    super(
      `${describeTarget(target)}: refused, ${wire} already has ${limit} requests waiting. Nothing was sent. Ask less often or allow a longer queue.`,
      target,
    );
  }
}

/** The caller's AbortSignal fired. */
export class BusAbortedError extends BusError {
  readonly code = 'BUS_ABORTED';
  readonly retryable = false;

  constructor(target: Target, sent: boolean, cause: unknown) {
    super(
      `${describeTarget(target)}: given up by the caller${sent ? '; it was already sent, so a write may have taken effect' : ' before it was sent'}.`,
      target,
    );
    this.cause = cause;
  }
}

/** The request itself is wrong (a limit of Modbus, a value out of range); nothing was sent. */
export class BusRequestError extends BusError {
  readonly code = 'BUS_REQUEST';
  readonly retryable = false;
  /** Name of the field at fault. */
  readonly field: string;

  constructor(field: string, text: string, target?: Target) {
    super(`${target === undefined ? '' : `${describeTarget(target)}: `}${text}. Nothing was sent.`, target);
    this.field = field;
  }
}

/** The options of a bus are wrong, or clash with those of a bus already open on the same wire. */
export class BusConfigError extends BusError {
  readonly code = 'BUS_CONFIG';
  readonly retryable = false;

  constructor(text: string) {
    super(`${text}.`);
  }
}

/** What was wrong with the bytes that came back. */
export type FrameFault =
  /** A frame of the expected form whose check sum does not fit. */
  | 'crc'
  /** A frame began and stopped short. */
  | 'truncated'
  /** A sound frame from a unit that was not asked. */
  | 'unit'
  /** A frame whose function, length or echoed address is not that of the request. */
  | 'mismatch'
  /** Bytes that are not Modbus in the configured framing at all. */
  | 'protocol';

const FAULT_TEXT: Readonly<Record<FrameFault, string>> = {
  crc: 'the answer failed its check sum and was thrown away. Check termination, shielding and baud rate',
  truncated: 'the answer stopped short and was thrown away. Check the line and the gateway',
  unit: 'another unit answered and its answer was thrown away. Check that every unit id is used once',
  mismatch: 'the answer does not belong to the request and was thrown away. Check for a second master',
  protocol:
    'what came back is not Modbus in this framing. Check whether the other side speaks Modbus TCP or RTU over TCP',
};

/** Something came back, but it was no valid answer to the request; no value was taken from it. */
export class FrameError extends BusError {
  readonly code = 'BUS_FRAME';
  readonly retryable = true;
  readonly fault: FrameFault;

  constructor(target: Target, fault: FrameFault, detail = '') {
    super(`${describeTarget(target)}: ${FAULT_TEXT[fault]}${detail === '' ? '' : ` (${detail})`}.`, target);
    this.fault = fault;
  }
}

/** The unit has not answered lately; the request was refused at once so that it does not hold up other units. */
export class UnitUnreachableError extends BusError {
  readonly code = 'UNIT_UNREACHABLE';
  readonly retryable = true;
  /** Time until the bus will let a request through as the next probe, in milliseconds. */
  readonly nextProbeMs: number;

  constructor(target: Target, silentRequests: number, nextProbeMs: number) {
    super(
      `${describeTarget(target)}: refused, the unit left its last ${silentRequests} requests unanswered. ` +
        `It is tried again in ${Math.round(nextProbeMs)} ms; the other units are not held up. Check its power, wiring and unit id.`,
      target,
    );
    this.nextProbeMs = nextProbeMs;
  }
}

/** Exception codes of the Modbus Application Protocol V1.1b3, section 7: name and what to do. */
const EXCEPTIONS: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  1: ['illegal function', 'the unit does not support this function'],
  2: [
    'illegal data address',
    'the unit has nothing at this address, or not that many; check the register map',
  ],
  3: ['illegal data value', 'the unit refused the value or the quantity; nothing was changed'],
  4: ['server device failure', 'the unit failed while it carried out the request; look at its own log'],
  5: ['acknowledge', 'the unit has taken the request and needs time; ask for the result later'],
  6: ['server device busy', 'the unit is busy with a long command; send the request again later'],
  7: ['negative acknowledge', 'the unit cannot carry out this program function'],
  8: ['memory parity error', 'the unit found its memory damaged'],
  10: ['gateway path unavailable', 'the gateway has no way to this unit; check its routing table'],
  11: [
    'gateway target device failed to respond',
    'the gateway answered for a unit that is silent; check that unit',
  ],
};

export const EXCEPTION_DEVICE_BUSY = 6;
export const EXCEPTION_GATEWAY_PATH = 10;
export const EXCEPTION_GATEWAY_TARGET = 11;

/** The unit (or a gateway for it) answered with a Modbus exception. */
export class ModbusExceptionError extends BusError {
  readonly code = 'MODBUS_EXCEPTION';
  readonly retryable: boolean;
  /** Exception code, 1..255. */
  readonly exception: number;
  /** Its name in the specification, such as "illegal data address". */
  readonly exceptionName: string;

  constructor(target: Target, exception: number) {
    const [name, advice] = EXCEPTIONS[exception] ?? ['unknown exception', 'see the manual of the unit'];
    super(`${describeTarget(target)}: exception ${exception}, ${name}: ${advice}.`, target);
    this.exception = exception;
    this.exceptionName = name;
    this.retryable = exception === EXCEPTION_DEVICE_BUSY || exception === EXCEPTION_GATEWAY_TARGET;
  }
}

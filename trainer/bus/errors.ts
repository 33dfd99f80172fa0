/**
 * What can go wrong on a wire, one class per cause. Every error carries a stable `code`, the unit, function and address
 * it is about, whether trying again can help, and a text that says what happened and what to do.
 */
import { type Text, text, type Word, WordedError, worded } from '../text';
import { functionFacts } from './functions';

/** The purpose of a request, in the words of the error texts. */
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
  | 'BUS_PORT'
  | 'BUS_FRAME'
  | 'UNIT_UNREACHABLE'
  | 'MODBUS_EXCEPTION';

/** "unit 3, read holding registers (FC 3) at 100, quantity 2" */
function targetText({ unit, functionCode, address, quantity }: Target): Text {
  const facts = functionFacts(functionCode);
  const name =
    facts === undefined
      ? text('bus.function.unknown', { code: functionCode })
      : text(`bus.function.${facts.name}`);
  if (address === undefined) return text('bus.target.unit', { unit, function: name });
  if (quantity === undefined) return text('bus.target.at', { unit, function: name, address });
  return text('bus.target.many', { unit, function: name, address, quantity });
}

/** Base of every error that the bus rejects or throws with. */
export abstract class BusError extends WordedError {
  abstract readonly code: BusErrorCode;
  /** Whether the same request may succeed when it is sent again. */
  abstract readonly retryable: boolean;
  readonly unit?: number;
  readonly functionCode?: number;
  readonly address?: number;
  readonly quantity?: number;

  protected constructor(what: Text, target?: Target, options?: ErrorOptions, brief: Word = what) {
    super(
      target === undefined ? what : text('bus.about', { target: targetText(target), what }),
      options,
      brief,
    );
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

/** The kind of wire decides what there is to check. */
export type WireKind = 'serial' | 'tcp' | 'rtu-tcp' | 'virtual';

/** How a request has fared, over all its attempts. Times in milliseconds. */
export interface Attempts {
  /** Times it was sent. */
  readonly attempts: number;
  /** Since it was made. */
  readonly totalMs: number;
  readonly wire: WireKind;
}

function timeoutText(
  target: Target,
  phase: TimeoutPhase,
  waitedMs: number,
  { attempts, totalMs, wire }: Attempts,
  reason: Word | undefined,
): Text {
  const waited = Math.round(waitedMs);
  if (phase === 'queue') return text('bus.timeout.queue', { waited });
  if (phase === 'connect')
    return reason === undefined || reason === ''
      ? text('bus.timeout.connect', { waited, advice: text(`bus.openAdvice.${wire}`) })
      : text('bus.timeout.connectReason', { waited, reason, advice: text(`bus.openAdvice.${wire}`) });
  const writes = functionFacts(target.functionCode)?.writes === true;
  const effect = text(writes ? 'bus.effect.write' : 'bus.effect.read');
  const advice = text(`bus.advice.${wire}`);
  return attempts > 1
    ? text('bus.timeout.replies', { attempts, total: Math.round(totalMs), waited, effect, advice })
    : text('bus.timeout.reply', { waited, effect, advice });
}

function briefTimeout({ unit }: Target, phase: TimeoutPhase, reason: Word = ''): Word {
  if (phase === 'reply') return text('bus.silentUnit', { unit });
  if (phase === 'connect' && reason !== '') return reason;
  return text(`bus.brief.${phase}`);
}

/** No answer within the time given. */
export class BusTimeoutError extends BusError {
  readonly code = 'BUS_TIMEOUT';
  readonly retryable = true;
  readonly phase: TimeoutPhase;
  /** How long was waited for the answer to the last attempt, or to be sent at all; in milliseconds. */
  readonly waitedMs: number;
  /** Times it was sent. */
  readonly attempts: number;

  constructor(target: Target, phase: TimeoutPhase, waitedMs: number, fared?: Attempts, reason?: Word) {
    const known = fared ?? { attempts: phase === 'reply' ? 1 : 0, totalMs: waitedMs, wire: 'serial' };
    super(
      timeoutText(target, phase, waitedMs, known, reason),
      target,
      undefined,
      briefTimeout(target, phase, reason),
    );
    this.phase = phase;
    this.waitedMs = waitedMs;
    this.attempts = known.attempts;
  }
}

/** The wire was closed, or was lost while the answer was awaited. */
export class BusClosedError extends BusError {
  readonly code = 'BUS_CLOSED';
  /** A lost wire comes back by itself; one closed on purpose does not. */
  readonly retryable: boolean;

  /** @param reason why it was lost; who closed it otherwise */
  constructor(wire: string, how: { readonly lost: Word } | 'byOwner' | 'byUser', target?: Target) {
    const lost = typeof how === 'object';
    const what = lost
      ? text('bus.closed.lost', { wire, reason: how.lost })
      : text(`bus.closed.${how}`, { wire });
    super(what, target, undefined, lost && how.lost !== '' ? how.lost : what);
    this.retryable = lost;
  }
}

/** The queue has no room; nothing was sent. */
export class BusFullError extends BusError {
  readonly code = 'BUS_FULL';
  readonly retryable = true;

  constructor(wire: string, limit: number, target: Target) {
    super(text('bus.full', { wire, limit }), target, undefined, text('bus.brief.queue'));
  }
}

/** The caller's AbortSignal fired. */
export class BusAbortedError extends BusError {
  readonly code = 'BUS_ABORTED';
  readonly retryable = false;

  constructor(target: Target, sent: boolean, cause: unknown) {
    super(text(sent ? 'bus.aborted.sent' : 'bus.aborted.queued'), target, { cause });
  }
}

/** The request itself is wrong (a limit of Modbus, a value out of range); nothing was sent. */
export class BusRequestError extends BusError {
  readonly code = 'BUS_REQUEST';
  readonly retryable = false;
  /** Name of the field at fault. */
  readonly field: string;

  constructor(field: string, problem: Text, target?: Target) {
    super(text('bus.request.refused', { problem }), target);
    this.field = field;
  }
}

/** The options of a bus are wrong, or clash with those of a bus already open on the same wire. */
export class BusConfigError extends BusError {
  readonly code = 'BUS_CONFIG';
  readonly retryable = false;

  constructor(problem: Text) {
    super(text('bus.config.stated', { problem }));
  }
}

/** The system does not let this program have a serial port: it is missing, in use, or not for this user. Nothing was sent. */
export class PortError extends BusError {
  readonly code = 'BUS_PORT';
  readonly retryable = true;

  constructor(problem: Text) {
    super(problem);
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
  /** A frame whose function, length, echoed address or transaction id is not that of the request. */
  | 'mismatch'
  /** Bytes that are not Modbus in the configured framing at all. */
  | 'protocol';

/** Something came back, but it was no valid answer to the request; no value was taken from it. */
export class FrameError extends BusError {
  readonly code = 'BUS_FRAME';
  readonly retryable = true;
  readonly fault: FrameFault;

  /** @param what a text below `bus.frame` */
  constructor(target: Target, fault: FrameFault, what: Text, fared?: Attempts) {
    const whole =
      fared !== undefined && fared.attempts > 1
        ? text('bus.frame.attempts', { what, attempts: fared.attempts, total: Math.round(fared.totalMs) })
        : what;
    super(whole, target, undefined, text('bus.brief.frame', { unit: target.unit }));
    this.fault = fault;
  }
}

/** The unit has not answered lately; the request was refused at once so that it does not hold up other units. */
export class UnitUnreachableError extends BusError {
  readonly code = 'UNIT_UNREACHABLE';
  readonly retryable = true;
  /** Time until the bus will let a request through as the next probe, in milliseconds. */
  readonly nextProbeMs: number;

  constructor(target: Target, silentRequests: number, nextProbeMs: number, wire: WireKind = 'serial') {
    const advice = text(`bus.advice.${wire}`);
    super(
      text('bus.unreachable', { silent: silentRequests, wait: Math.round(nextProbeMs), advice }),
      target,
      undefined,
      text('bus.silentUnit', { unit: target.unit }),
    );
    this.nextProbeMs = nextProbeMs;
  }
}

export const EXCEPTION_DEVICE_BUSY = 6;
export const EXCEPTION_GATEWAY_PATH = 10;
export const EXCEPTION_GATEWAY_TARGET = 11;

/** Exception codes of the Modbus Application Protocol V1.1b3, section 7, that have a name and advice in the catalogue. */
const NAMED_EXCEPTIONS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11] as const;

/** The unit (or a gateway for it) answered with a Modbus exception. */
export class ModbusExceptionError extends BusError {
  readonly code = 'MODBUS_EXCEPTION';
  readonly retryable: boolean;
  /** Exception code, 1..255. */
  readonly exception: number;
  /** Its name in the specification, such as "illegal data address". */
  readonly exceptionName: string;

  constructor(target: Target, exception: number) {
    const known = NAMED_EXCEPTIONS.find((candidate) => candidate === exception) ?? 'other';
    const name = text(`bus.exception.name.${known}`);
    const advice = text(`bus.exception.advice.${known}`);
    super(
      text('bus.exception.named', { code: exception, name, advice }),
      target,
      undefined,
      text('bus.brief.exception', { unit: target.unit, code: exception, name }),
    );
    this.exception = exception;
    this.exceptionName = worded(name);
    this.retryable = exception === EXCEPTION_DEVICE_BUSY || exception === EXCEPTION_GATEWAY_TARGET;
  }
}

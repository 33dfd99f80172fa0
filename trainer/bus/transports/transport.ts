/** What carries the bytes of a wire. A transport is opened once; after it has closed, a new one is made. */
import { type Text, type TextKey, text, type Word, WordedError } from '../../text';

/** Called by a transport; never after `close()` was called on it. */
export interface TransportEvents {
  /** Bytes arrived; the callee does not keep the array. */
  data(bytes: Uint8Array): void;
  /** The far end or the device went away by itself. Called at most once, only after a successful open. */
  lost(reason: Error): void;
}

export interface Transport {
  /** The far end may close a connection that nobody uses and take the next one: a closed connection is no fault by itself. */
  readonly mayRest: boolean;
  /**
   * How frames travel: 'rtu' with unit id and CRC, delimited by silence; 'mbap' with the Modbus TCP header and its
   * transaction id.
   */
  readonly framing: 'rtu' | 'mbap';
  /** Resolves when bytes can be written; rejects with the system's own error when they cannot. */
  open(events: TransportEvents): Promise<void>;
  /** Hands over one whole frame. Never throws; a failure shows up as `lost`. */
  write(frame: Uint8Array): void;
  /**
   * Frees the wire; resolves when it is free for the next owner. May be called in any state, more than
   * once.
   */
  close(): Promise<void>;
}

/** A transport that closes before it has opened rejects `open` with this. */
export class TransportAbandoned extends Error {
  constructor() {
    super('closed while connecting');
    this.name = 'TransportAbandoned';
  }
}

/** Why a transport could not be opened or was lost, where the system has no error of its own. */
export class TransportError extends WordedError {
  constructor(what: Text, options?: ErrorOptions) {
    super(what, options);
  }
}

/** Error codes of systems and drivers that cannot open a wire, and the text of each in the reader's language. */
const SYSTEM_REASONS: readonly (readonly [RegExp, TextKey])[] = [
  [/ECONNREFUSED/, 'bus.reason.refused'],
  [/EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/, 'bus.reason.hostUnreachable'],
  [/ENOTFOUND|EAI_AGAIN/, 'bus.reason.hostUnknown'],
  [/cannot lock|EBUSY|busy|temporarily unavailable/i, 'bus.reason.portBusy'],
  [/EACCES|permission denied|access denied/i, 'bus.reason.noPermission'],
  [/cannot open .*|opening .*: (file not found|unknown error code 3)/i, 'bus.reason.portMissing'],
];

/** The text of a transport's error. */
export function reasonOf(error: unknown): Word {
  if (error instanceof WordedError) return error.text;
  const problem = error instanceof Error ? error.message : String(error);
  const key = SYSTEM_REASONS.find(([pattern]) => pattern.test(problem))?.[1];
  return key === undefined ? problem : text(key, { problem });
}

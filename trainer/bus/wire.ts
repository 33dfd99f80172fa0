/** One request and its answer on an open wire; at most one at a time. */
import type { Text, Word } from '../text';
import type { FrameFault } from './errors';

/** Why an exchange failed: nothing came, or what came was no answer. */
export type ExchangeFault = FrameFault | 'silent';

export interface Exchange {
  /** Request as an RTU frame with CRC, whatever the wire's own framing. */
  readonly frame: Uint8Array;
  /** Time allowed for the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How long an answer that could be a late one is held for a second one to show up, in milliseconds. */
  readonly confirmMs: number;
  /** True when the answer's content says which request it belongs to, so that `answered` can tell. */
  readonly identifiable: boolean;
  /** A sound answer as an RTU frame. False when it answers something else: then the wait goes on. */
  answered(frame: Buffer): boolean;
  /** @param what a text below `bus.frame`; undefined for silence */
  failed(fault: ExchangeFault, what: Text | undefined): void;
}

export interface WireEvents {
  /**
   * An answer came that nobody waits for any more; it was dropped. `afterMs` is the time since its request was given
   * up, undefined for one that was never given up (a doubled answer).
   */
  late(unit: number, afterMs: number | undefined): void;
  /** Bytes that belong to no frame were dropped. */
  dropped(bytes: number): void;
  /** The stream can no longer be cut into frames; the connection has to be made afresh. */
  desynchronised(reason: Word): void;
  /** The line brings back what is sent on it; said once for each connection. */
  echoes(): void;
}

export interface Wire {
  /** Sends the request. Only when `readyIn` is 0 and no exchange is under way. */
  begin(exchange: Exchange): void;
  /** Sends a request that nobody answers. */
  send(frame: Uint8Array): void;
  /** Whether something else has to be read first, so that the answer to this function cannot be mistaken for an echo. */
  wantsReadBefore(functionCode: number): boolean;
  /** Bytes from the transport. */
  receive(bytes: Uint8Array): void;
  /** Time until the next request may be sent, in milliseconds. */
  readyIn(now: number): number;
  /** Whether an unanswered request could still be answered and its answer taken for that of another. */
  readonly replyMayBeMistaken: boolean;
  /** Drops the exchange under way without calling it back; stops all timers. */
  stop(): void;
}

/** What a user of a bus passes in and gets back. */
import type { Word } from '../text';
import type { WireCounters } from './counters';
import type { LinkState } from './link';
import type { Priority } from './queue';
import type { BusRequest, ReplyTo } from './requests';
import type { UnitStatus } from './unit_health';

/** How one request is to be treated. Times in milliseconds. */
export interface RequestOptions<R extends BusRequest = BusRequest> {
  /** Default 'monitoring'. */
  readonly priority?: Priority;
  /** Whole time it may take, queue and retries included. Default: that of the bus. */
  readonly deadlineMs?: number;
  /** Wait for each answer. Default: that of the bus. */
  readonly responseTimeoutMs?: number;
  /**
   * Times it is sent again after no answer, a damaged one, a lost connection or "busy". Only for requests that may be
   * carried out twice. Default: `readRetries` of the bus for reads, 0 for writes.
   */
  readonly retries?: number;
  readonly signal?: AbortSignal;
  /**
   * Whether a reply is the answer to this very request, for protocols that number their requests. A reply that is
   * not is counted as late and dropped, and the wait goes on.
   */
  readonly accept?: (reply: ReplyTo<R>) => boolean;
}

export type BusState = LinkState;

export interface StateEvent {
  readonly state: BusState;
  /** Why the wire was lost, in English. */
  readonly reason: string | undefined;
  /** The same to be worded in any language. */
  readonly why: Word | undefined;
  /** Time to the next attempt to connect, in milliseconds. */
  readonly nextAttemptMs: number | undefined;
}

export interface TrafficEvent {
  readonly direction: 'sent' | 'received';
  readonly unit: number;
  /** As an RTU frame with CRC, whatever the framing on the wire. */
  readonly frame: Buffer;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly at: number;
}

export interface BusEvents {
  /** The wire was opened, lost, closed, or is being opened. */
  state: [StateEvent];
  /** A unit was taken for dead or came back. */
  health: [UnitStatus];
  /** The line brings back what is sent on it (an RS-485 adapter that echoes); the bus drops the echo. Once for each connection. */
  echo: [];
  /** Every request sent and answer taken; costs nothing while nobody listens. */
  traffic: [TrafficEvent];
}

/** A snapshot for displays. */
export interface BusStatus {
  readonly wire: string;
  readonly state: BusState;
  /** Why it is not open; empty when it is. */
  readonly reason: string;
  /** The same to be worded in any language. */
  readonly why: Word;
  /** The line brings back what is sent on it. */
  readonly echoes: boolean;
  /** Requests waiting to be sent. */
  readonly waiting: number;
  readonly counters: Readonly<WireCounters>;
  readonly units: readonly UnitStatus[];
}

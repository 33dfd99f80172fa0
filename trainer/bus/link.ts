/**
 * Keeps a transport open: connects, notices the loss, waits longer after each failure, connects again.
 *
 * Some servers close a connection after every answer, or after a pause. That is no loss: the link takes the next connection quietly,
 * once, and when that is closed unused too, it rests until there is something to send. Where every connection carries one answer or a
 * few, it makes a fresh one after so many instead of losing the next request on a connection that is about to close.
 */
import { text, type Word } from '../text';
import { runningMs } from './clock';
import { reasonOf, type Transport } from './transports/transport';

export type LinkState = 'closed' | 'connecting' | 'open' | 'lost';

export interface Backoff {
  /** Wait before the first and longest wait before any new attempt, in milliseconds. */
  readonly minMs: number;
  readonly maxMs: number;
}

export interface LinkEvents {
  /** Bytes can be sent; a new wire begins. `quietly`: in place of one that ended without harm. */
  opened(transport: Transport, quietly: boolean): void;
  data(bytes: Uint8Array): void;
  /** The connection ended without harm and the state stays open: nothing can be sent until `opened`. */
  ended(): void;
  state(state: LinkState, reason: Word | undefined, nextAttemptMs: number | undefined): void;
  /** Whether an answer is awaited. */
  busy(): boolean;
}

/** A connection has to last so long for its loss to count as the first one, in milliseconds. */
const STABLE_MS = 2000;
/** A connection that ends so soon after an answer was ended because of it, in milliseconds. */
const BECAUSE_MS = 100;
/** More answers than this on one connection are no habit of the server's. */
const FEW_ANSWERS = 8;

/**
 * Wait before attempt `failures + 1`: doubles up to the limit, and lies at random in the upper half of that, so that
 * masters that lost the same gateway do not come back in step.
 */
export function backoffMs(failures: number, { minMs, maxMs }: Backoff, random = Math.random()): number {
  const full = Math.min(maxMs, minMs * 2 ** Math.min(failures, 30));
  return full * (0.5 + 0.5 * random);
}

export class Link {
  state: LinkState = 'closed';
  /** Why the wire is not open, for error texts. */
  reason: Word = text('bus.reason.notOpened');
  private readonly makeTransport: () => Transport;
  private readonly backoff: Backoff;
  /** Time after opening before the first request, for boards that reset when their port is opened, in milliseconds. */
  private readonly settleMs: number;
  private readonly events: LinkEvents;
  private transport: Transport | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private ended = false;
  private releasing: Promise<void> = Promise.resolve();
  private openedAt = 0;
  /** Answers on the present connection. */
  private answers = 0;
  private lastAnswerAt = 0;
  /** Answers on the connection before, when it ended because of the last of them; else undefined. */
  private endedAfter: number | undefined;
  /** Answers that a connection carries, as far as is known. */
  private answersEach = Number.POSITIVE_INFINITY;
  /** The present connection was made after a loss, not in place of one that ended without harm. */
  private connectedLoudly = true;
  /** Ended without harm, unused: made again when there is something to send. */
  private resting = false;
  /** Another owner has the wire. */
  private lent = false;

  constructor(makeTransport: () => Transport, backoff: Backoff, settleMs: number, events: LinkEvents) {
    this.makeTransport = makeTransport;
    this.backoff = backoff;
    this.settleMs = settleMs;
    this.events = events;
  }

  start(): void {
    void this.connect(false);
  }

  /** The far end answered, at `now` of the running clock. */
  answered(now: number): void {
    this.answers++;
    this.lastAnswerAt = now;
    if (this.answers >= this.answersEach) this.endQuietly();
  }

  /** There is something to send. */
  wake(): void {
    if (!this.resting) return;
    this.resting = false;
    void this.connect(true);
  }

  /** Frees the wire for another owner in this process, until `takeBack`. Resolves when it is free. */
  async lend(reason: Word): Promise<void> {
    this.lent = true;
    clearTimeout(this.timer);
    this.letGo();
    this.reason = reason;
    if (!this.ended) this.enter('lost', reason, undefined);
    await this.releasing;
  }

  /** Connects again after `lend`. */
  takeBack(): void {
    if (!this.lent) return;
    this.lent = false;
    this.failures = 0;
    void this.connect(false);
  }

  /** Gives the present connection up and makes a new one. */
  recycle(reason: Word): void {
    if (this.state === 'open') this.loseConnection(reason);
  }

  /** Resolves when the wire is free for another owner. */
  async close(): Promise<void> {
    if (!this.ended) {
      this.ended = true;
      clearTimeout(this.timer);
      this.letGo();
      this.reason = text('bus.reason.wasClosed');
      this.enter('closed', undefined, undefined);
    }
    await this.releasing;
  }

  private async connect(quietly: boolean): Promise<void> {
    await this.releasing;
    if (this.ended || this.lent) return;
    if (!quietly) this.enter('connecting', undefined, undefined);
    let transport: Transport | undefined;
    try {
      transport = this.makeTransport();
      this.transport = transport;
      const mine = transport;
      await transport.open({
        data: (bytes) => {
          if (this.transport === mine && this.state === 'open') this.events.data(bytes);
        },
        lost: (error) => {
          if (this.transport === mine) this.farEndClosed(mine, reasonOf(error));
        },
      });
    } catch (error) {
      // Whoever comes next may have other habits.
      this.answersEach = Number.POSITIVE_INFINITY;
      if (!this.ended && !this.lent) this.loseConnection(reasonOf(error));
      return;
    }
    if (this.ended || this.transport !== transport) return;
    if (this.settleMs > 0) {
      this.timer = setTimeout(() => this.becomeOpen(transport, quietly), this.settleMs);
    } else {
      this.becomeOpen(transport, quietly);
    }
  }

  private becomeOpen(transport: Transport, quietly: boolean): void {
    if (this.ended || this.transport !== transport) return;
    this.reason = '';
    this.state = 'open';
    this.openedAt = runningMs();
    this.answers = 0;
    this.connectedLoudly = !quietly;
    this.events.opened(transport, quietly);
    if (!quietly) this.events.state('open', undefined, undefined);
  }

  /** After an answer that is the far end's right; while one is awaited, or on a connection that never worked, it is a loss. */
  private farEndClosed(transport: Transport, reason: Word): void {
    const worked = this.state === 'open' && transport.mayRest;
    if (worked && this.answers > 0) this.noteHabit();
    if (!worked || this.events.busy() || (this.answers === 0 && this.connectedLoudly)) {
      this.loseConnection(reason);
    } else if (this.answers > 0) {
      this.endQuietly();
    } else {
      this.letGo();
      this.events.ended();
      this.resting = true;
    }
  }

  /** Two connections in a row that ended because of one of their first answers show how many the server gives. */
  private noteHabit(): void {
    const because = runningMs() - this.lastAnswerAt < BECAUSE_MS && this.answers <= FEW_ANSWERS;
    if (because && this.endedAfter !== undefined)
      this.answersEach = Math.min(this.answersEach, this.answers, this.endedAfter);
    this.endedAfter = because ? this.answers : undefined;
  }

  private endQuietly(): void {
    this.letGo();
    this.events.ended();
    void this.connect(true);
  }

  private loseConnection(reason: Word): void {
    clearTimeout(this.timer);
    const lasted = this.state === 'open' && this.answers > 0 && runningMs() - this.openedAt >= STABLE_MS;
    if (lasted) this.failures = 0;
    this.letGo();
    if (this.ended) return;
    this.reason = reason;
    const wait = backoffMs(this.failures++, this.backoff);
    this.enter('lost', reason, wait);
    this.timer = setTimeout(() => void this.connect(false), wait);
  }

  private letGo(): void {
    const { transport } = this;
    this.transport = undefined;
    if (transport !== undefined) {
      this.releasing = Promise.allSettled([this.releasing, transport.close()]).then(() => undefined);
    }
  }

  private enter(state: LinkState, reason: Word | undefined, nextAttemptMs: number | undefined): void {
    this.state = state;
    this.events.state(state, reason, nextAttemptMs);
  }
}

/** Keeps a transport open: connects, notices the loss, waits longer after each failure, connects again. */
import type { Transport } from './transports/transport';

export type LinkState = 'closed' | 'connecting' | 'open' | 'lost';

export interface Backoff {
  /** Wait before the first and longest wait before any new attempt, in milliseconds. */
  readonly minMs: number;
  readonly maxMs: number;
}

export interface LinkEvents {
  /** Bytes can be sent; a new wire begins. */
  opened(transport: Transport): void;
  data(bytes: Uint8Array): void;
  state(state: LinkState, reason: string | undefined, nextAttemptMs: number | undefined): void;
}

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
  reason = 'not opened yet';
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

  constructor(makeTransport: () => Transport, backoff: Backoff, settleMs: number, events: LinkEvents) {
    this.makeTransport = makeTransport;
    this.backoff = backoff;
    this.settleMs = settleMs;
    this.events = events;
  }

  start(): void {
    void this.connect();
  }

  /** The far end answered: the next loss starts again with the shortest wait. */
  proven(): void {
    this.failures = 0;
  }

  /** Gives the present connection up and makes a new one. */
  recycle(reason: string): void {
    if (this.state === 'open') this.loseConnection(reason);
  }

  /** Resolves when the wire is free for another owner. */
  async close(): Promise<void> {
    if (!this.ended) {
      this.ended = true;
      clearTimeout(this.timer);
      this.letGo();
      this.reason = 'was closed';
      this.enter('closed', undefined, undefined);
    }
    await this.releasing;
  }

  private async connect(): Promise<void> {
    await this.releasing;
    if (this.ended) return;
    this.enter('connecting', undefined, undefined);
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
          if (this.transport === mine) this.loseConnection(error.message);
        },
      });
    } catch (error) {
      if (!this.ended) this.loseConnection(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.ended || this.transport !== transport) return;
    if (this.settleMs > 0) {
      this.timer = setTimeout(() => this.becomeOpen(transport), this.settleMs);
    } else {
      this.becomeOpen(transport);
    }
  }

  private becomeOpen(transport: Transport): void {
    if (this.ended || this.transport !== transport) return;
    this.reason = '';
    this.state = 'open';
    this.events.opened(transport);
    this.events.state('open', undefined, undefined);
  }

  private loseConnection(reason: string): void {
    clearTimeout(this.timer);
    this.letGo();
    if (this.ended) return;
    this.reason = reason;
    const wait = backoffMs(this.failures++, this.backoff);
    this.enter('lost', reason, wait);
    this.timer = setTimeout(() => void this.connect(), wait);
  }

  private letGo(): void {
    const { transport } = this;
    this.transport = undefined;
    if (transport !== undefined) {
      this.releasing = Promise.allSettled([this.releasing, transport.close()]).then(() => undefined);
    }
  }

  private enter(state: LinkState, reason: string | undefined, nextAttemptMs: number | undefined): void {
    this.state = state;
    this.events.state(state, reason, nextAttemptMs);
  }
}

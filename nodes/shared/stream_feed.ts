/**
 * Samples of many messages into one stream, in their order. While one transfer is under way the samples that come in wait, and go
 * together in the next: a trainer or a machine that is slow for a while gets larger transfers instead of more of them, and catches up.
 */
import type { StreamSummary } from '../../trainer/device';
import { MessageError } from './message_error';

export type Send = (samples: readonly (readonly number[])[]) => Promise<StreamSummary>;

interface Waiting {
  readonly samples: readonly (readonly number[])[];
  resolve(summary: StreamSummary): void;
  reject(reason: unknown): void;
}

/** Samples that may wait; who sends more gets an error instead of a growing delay. */
export const MOST_WAITING = 5000;

export class StreamFeed {
  private readonly send: Send;
  private waiting: Waiting[] = [];
  private count = 0;
  private sending = false;
  /** End of the samples that came last. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(send: Send) {
    this.send = send;
  }

  /**
   * Resolves when these samples are through. Of messages that went together, each gets the state after the last one; windows and
   * losses are counted with the last one.
   * @throws MessageError when too many samples wait already; what `send` throws
   */
  add(samples: readonly (readonly number[])[]): Promise<StreamSummary> {
    // A message on its own may be as long as it likes.
    if (this.count > 0 && this.count + samples.length > MOST_WAITING)
      return Promise.reject(
        new MessageError('error.streamBehind', { waiting: this.count, samples: samples.length }),
      );
    this.count += samples.length;
    const through = new Promise<StreamSummary>((resolve, reject) => {
      this.waiting.push({ samples, resolve, reject });
      if (!this.sending) void this.run();
    });
    this.last = through.catch(() => undefined);
    return through;
  }

  /** Resolves when the samples that have come so far are through, or were refused. */
  async settled(): Promise<void> {
    await this.last;
  }

  private async run(): Promise<void> {
    this.sending = true;
    while (this.waiting.length > 0) {
      const together = this.waiting;
      this.waiting = [];
      this.count = 0;
      try {
        const summary = await this.send(together.flatMap(({ samples }) => samples));
        for (const [index, { samples, resolve }] of together.entries()) {
          const last = index === together.length - 1;
          resolve({
            ...summary,
            samples: samples.length,
            ...(last ? {} : { windows: 0, lost: 0, clamped: {} }),
          });
        }
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.sending = false;
  }
}

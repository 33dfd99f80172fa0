/** Many messages into one stream: in order, one transfer at a time, bounded. */
import assert from 'node:assert/strict';
import { MessageError } from '../../nodes/shared/message_error';
import { MOST_WAITING, StreamFeed } from '../../nodes/shared/stream_feed';
import type { StreamSummary } from '../../trainer/device';

/** A trainer that finishes a transfer when it is told to. */
function slowTrainer(): { feed: StreamFeed; sent: number[][]; finish: (error?: Error) => Promise<void> } {
  const sent: number[][] = [];
  let done: ((error?: Error) => void) | undefined;
  const feed = new StreamFeed((samples) => {
    sent.push(samples.map(([value]) => value as number));
    return new Promise((resolve, reject) => {
      done = (error) =>
        error === undefined
          ? resolve({
              samples: samples.length,
              windows: 3,
              lost: 1,
              clamped: {},
              last: { score: 7 },
            } as unknown as StreamSummary)
          : reject(error);
    });
  });
  return {
    feed,
    sent,
    finish: async (error) => {
      done?.(error);
      await new Promise(setImmediate);
    },
  };
}
const message = (first: number, count = 2): number[][] =>
  Array.from({ length: count }, (_, i) => [first + i]);

describe('samples of many messages', () => {
  it('are through, or refused, before whoever asks about them goes on', async () => {
    const { feed, finish } = slowTrainer();
    let settled = false;
    await feed.settled();
    const refused = assert.rejects(feed.add(message(1)));
    const waits = feed.settled().then(() => {
      settled = true;
    });
    await new Promise(setImmediate);
    assert.equal(settled, false);
    await finish(new Error('lost'));
    await Promise.all([refused, waits]);
  });

  it('go in order, one transfer at a time, those that waited together', async () => {
    const { feed, sent, finish } = slowTrainer();
    const results = [0, 2, 4, 6].map((first) => feed.add(message(first)));
    assert.deepEqual(sent, [[0, 1]]);
    await finish();
    assert.deepEqual(sent, [
      [0, 1],
      [2, 3, 4, 5, 6, 7],
    ]);
    await finish();
    const [alone, second, third, last] = await Promise.all(results);
    assert.deepEqual(
      [alone, second, third, last].map((summary) => summary?.samples),
      [2, 2, 2, 2],
    );
    // What the transfer did is counted once.
    assert.deepEqual(
      [alone, second, third, last].map((summary) => summary?.windows),
      [3, 0, 0, 3],
    );
    assert.equal(second?.last.score, 7);
  });

  it('are refused by number when too many wait, and go on afterwards', async () => {
    const { feed, sent, finish } = slowTrainer();
    const first = feed.add(message(0));
    const waits = feed.add(message(0, MOST_WAITING));
    await assert.rejects(feed.add(message(0)), (error: unknown) => {
      assert.ok(error instanceof MessageError);
      assert.deepEqual(
        [error.key, error.values],
        ['error.streamBehind', { waiting: MOST_WAITING, samples: 2 }],
      );
      return true;
    });
    await finish();
    await first;
    await finish();
    await waits;
    void feed.add(message(8));
    assert.deepEqual(sent.at(-1), [8, 9]);
  });

  it('fail together with their transfer, and only with theirs', async () => {
    const { feed, finish } = slowTrainer();
    const [first, second, third] = [feed.add(message(0)), feed.add(message(2)), feed.add(message(4))];
    await finish();
    await first;
    const both = Promise.allSettled([second, third]);
    await finish(new Error('the wire is gone'));
    assert.deepEqual(
      (await both).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    const fourth = feed.add(message(6));
    await finish();
    assert.equal((await fourth).samples, 2);
  });
});

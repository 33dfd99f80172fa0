import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { LogRecord, TrainerStatus } from '../../../trainer';
import { comfort } from '../definition/examples';
import { type Board, openBoard } from './board';

describe('typed client: watching', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy({ ...comfort(), feedback: { rule: 'label', tickets: 8 } });
  });
  afterEach(() => board.close());

  it('refuses an interval that no timer can wait: it would fire at once, for ever', () => {
    for (const intervalMs of [Number.NaN, Number.POSITIVE_INFINITY, 2_600_000_000])
      assert.throws(() => board.trainer.watch({ intervalMs }), RangeError);
    assert.throws(() => board.trainer.watch({ lostIntervalMs: Number.NaN }), RangeError);
  });

  it('tells the status, and events as they happen, once each', async () => {
    const watch = board.trainer.watch({ intervalMs: 20 });
    const events: LogRecord[] = [];
    watch.on('event', (record) => events.push(record));
    try {
      const [status] = (await once(watch, 'status')) as [TrainerStatus];
      assert.equal(status.generation, 0);
      for (let i = 0; i < 60; i++)
        await board.trainer.dataset.add([12 + (i % 26), 40, 0.7], i % 26 < 10 ? 'heat' : 'cool');
      const promoted = once(watch, 'promoted') as Promise<[LogRecord]>;
      await board.trainer.model.train();
      assert.equal((await promoted)[0].generation, 1);
      await watch.refresh();
      assert.deepEqual(
        events.map((record) => record.event).filter((event) => event !== 'saved'),
        ['train-begin', 'train-end', 'promoted'],
      );
    } finally {
      await watch.close();
    }
  });

  it('says once that the trainer is lost, asks less often, and says that it is back', async () => {
    const watch = board.trainer.watch({ intervalMs: 20, lostIntervalMs: 200 });
    let losses = 0;
    watch.on('lost', () => losses++);
    try {
      await once(watch, 'status');
      board.faults.request = () => 'drop';
      await once(watch, 'lost');
      await watch.refresh();
      await watch.refresh();
      assert.equal(losses, 1);
      assert.equal(watch.lost, true);
      board.faults.reset();
      const [status] = (await once(watch, 'back')) as [TrainerStatus];
      assert.equal(status.state, 'ready');
      assert.equal(watch.lost, false);
    } finally {
      await watch.close();
    }
  }).timeout(20_000);

  it('never polls twice at a time, and is silent after it was closed', async () => {
    let [running, most] = [0, 0];
    const watched = {
      status: async () => {
        most = Math.max(most, ++running);
        const status = await board.trainer.status();
        running--;
        return status;
      },
      log: board.trainer.log,
    };
    const { Watch } = await import('../../../trainer');
    const watch = new Watch(watched, { intervalMs: 20 });
    await Promise.all(Array.from({ length: 10 }, () => watch.refresh()));
    assert.equal(most, 1);
    let told = 0;
    watch.on('status', () => told++);
    await watch.close();
    const before = told;
    await watch.refresh();
    assert.equal(told, before);
  });

  it('tells what was in the log before, when asked to', async () => {
    const watch = board.trainer.watch({ intervalMs: 20, history: true });
    try {
      const [first] = (await once(watch, 'event')) as [LogRecord];
      assert.equal(first.event, 'start');
    } finally {
      await watch.close();
    }
  });
});

import assert from 'node:assert/strict';
import { comfort } from '../definition/examples';
import { openBoard } from './board';

describe("the board's log", () => {
  it('counts on after a restart and shows what has happened since, no entry that is gone', async () => {
    const board = await openBoard(comfort());
    try {
      const { trainer } = board;
      await trainer.deploy(comfort());
      await trainer.setMode('manual');
      await trainer.save();
      const before = await trainer.log.read();
      await trainer.restart();
      const after = await trainer.log.read();
      assert.deepEqual(
        after.map(({ event }) => event),
        ['start'],
      );
      assert.ok((after[0]?.number ?? 0) > (before.at(-1)?.number ?? 0), 'numbers go on');
      await trainer.setMode('auto');
      assert.deepEqual(
        (await trainer.log.read()).map(({ event, code }) => [event, code !== 0]),
        [
          ['start', true],
          ['mode', true],
        ],
      );
    } finally {
      await board.close();
    }
  });
});

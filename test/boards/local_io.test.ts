/** A board closes the loop by itself: its own converter, its own pin, no master that asks. */
import assert from 'node:assert/strict';
import { openBus, Trainer } from '../../trainer';
import { Rp2040Board } from '../../trainer/emulator';
import { imagesBuilt } from './images';
import { regulatesRoom } from './room';

const PATIENCE = { settleMs: 300, responseTimeoutMs: 5000, deadlineMs: 60_000, readRetries: 10 };
const HEATER = 16;

describe('an RP2040 that closes the loop by itself', function () {
  this.timeout(300_000);

  it('regulates a simulated room with its pin, learns, and is safe while its sensor is broken', async function () {
    if (!imagesBuilt()) this.skip();
    const board = await Rp2040Board.start();
    const bus = openBus({ kind: 'virtual', id: 'local loop', connect: async () => board, ...PATIENCE });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      assert.deepEqual((await trainer.identify()).channels, { inputs: 5, outputs: 4 });
      const place = { name: 'rp2040', voltsPerCount: 3.3 / 4096, heater: HEATER };
      await regulatesRoom(trainer, { board, ...place, watched: 100, intervalMs: 50 });
    } finally {
      await bus.close();
    }
  });
});

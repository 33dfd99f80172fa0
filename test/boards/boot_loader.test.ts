/** From the running firmware into the boot loader of the chip, and back. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { openBus, Trainer, TrainerError } from '../../trainer';
import { Rp2040Board } from '../../trainer/emulator';
import { BoardPipe, VirtualBoard } from '../../trainer/virtual';
import { comfort } from '../trainer/definition/examples';
import { imagesBuilt } from './images';

const PATIENCE = { settleMs: 300, responseTimeoutMs: 2000, deadlineMs: 60_000, readRetries: 10 };
const KEY = '00112233445566778899aabbccddeeff';

describe('The command that starts the boot loader', function () {
  this.timeout(300_000);

  it('saves first, leaves when its result was read, and the trainer is back with all it knew (RP2040)', async function () {
    if (!imagesBuilt()) this.skip();
    const board = await Rp2040Board.start();
    const bus = openBus({ kind: 'virtual', id: 'boot loader', connect: async () => board, ...PATIENCE });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await trainer.deploy(comfort());
      await trainer.lock.setKey(KEY);
      const stranger = new Trainer(bus, { unit: 1 });
      await assert.rejects(
        stranger.startBootLoader(),
        (error: Error) => error instanceof TrainerError && error.code === 'LOCKED',
      );
      const owner = new Trainer(bus, { unit: 1, key: KEY, definition: comfort() });
      while ((await owner.status()).saveState !== 'saved');
      await owner.dataset.add([21, 40, 0.5], 'hold');
      assert.equal((await owner.status()).saveState, 'samples-wait');
      const left = once(board, 'left');
      await owner.startBootLoader();
      await left;
      assert.ok(board.inBootLoader);

      board.powerCycle();
      assert.ok(!board.inBootLoader);
      const { lock, boots, samplesStored } = await owner.status();
      assert.deepEqual({ lock, boots, samplesStored }, { lock: 'locked', boots: 2, samplesStored: 1 });
    } finally {
      await bus.close();
    }
  });

  it('is refused by a board that only a hand brings there, and nothing changes', async () => {
    const board = new VirtualBoard({ arenaBytes: 4096 });
    const bus = openBus({ kind: 'virtual', id: 'no boot loader', connect: async () => new BoardPipe(board) });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await assert.rejects(
        trainer.startBootLoader(),
        (error: Error) => error instanceof TrainerError && error.code === 'BOARD_CANNOT',
      );
      assert.equal((await trainer.status()).boots, board.starts);
    } finally {
      await bus.close();
      board.close();
    }
  });
});

/** A loop whose wire is bad: short runs of what `npm run bench -- loop` measures, and the faults that it has found. */
import assert from 'node:assert/strict';
import { noise } from '../../../bench/loop/noise';
import { LOOP, teachAndTrain } from '../../../bench/loop/problem';
import { deadUnit } from '../../../bench/loop/wire';
import { openBus, Trainer } from '../../../trainer';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';

const NOISE_CYCLES = 400;
const DEAD_UNIT_MS = 2000;

/** Says what it is told to say before the board's next answer. */
class EchoingPipe extends BoardPipe {
  heard: Uint8Array[] = [];
  before: Uint8Array | undefined;

  protected override say(bytes: Uint8Array): void {
    this.heard.push(Uint8Array.from(bytes));
    const { before } = this;
    this.before = undefined;
    if (before !== undefined) super.say(before);
    super.say(bytes);
  }
}

describe('a loop on a bad wire', () => {
  it(`${2 * NOISE_CYCLES} transactions through noise: every one is completed, none is wrong, none happens twice`, async () => {
    const found = await noise(NOISE_CYCLES);
    assert.ok(found.framesBad > found.transactions / 4, `only ${found.framesBad} bad frames`);
    assert.deepEqual(
      [found.transactions, found.completed, found.wrongValues, found.duplicateEffects],
      [2 * NOISE_CYCLES, 2 * NOISE_CYCLES, 0, 0],
      JSON.stringify(found),
    );
  });

  it('a late decision is not taken for the verdict on its own ticket, nor a late verdict for the decision', async () => {
    const board = new VirtualBoard({ clock: 'manual' });
    const pipe = new EchoingPipe(board);
    const bus = openBus({ kind: 'virtual', id: 'late decision', connect: async () => pipe });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await trainer.deploy(LOOP);
      await teachAndTrain(trainer, 40);
      // Class 1 has the number of the kind LABEL, and its actuation is the value of that label: the decision reads like a feedback.
      const decision = await trainer.infer([0, 0]);
      assert.deepEqual([decision.label, decision.actuation], ['middle', 1]);
      pipe.before = pipe.heard.at(-1);
      const verdict = await trainer.feedback(decision.ticket, { label: 'middle' });
      assert.deepEqual([verdict.judgement, verdict.truth], ['satisfied', 'middle']);
      pipe.before = pipe.heard.at(-1);
      assert.deepEqual(await trainer.infer([0, 0], { ticket: decision.ticket }), decision);
    } finally {
      await bus.close();
      board.close();
    }
  });

  it('seven units go on at their pace when the eighth is dead', async () => {
    const { dead, alive } = await deadUnit(DEAD_UNIT_MS);
    assert.ok(dead >= 0.85 * alive, `${dead} decisions a second instead of ${alive}`);
  });
});

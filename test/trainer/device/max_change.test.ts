/** A continuous output moves at most `maxChange` from one decision to the next; feedback judges what was given. */
import assert from 'node:assert/strict';
import { DefinitionError, type TrainerDefinition } from '../../../trainer';
import { encodeDefinition, parseDefinition } from '../../../trainer/definition';
import { decodeDefinition } from '../../../trainer/definition/codec';
import { type Board, openBoard } from './board';

const VALVE = { name: 'valve', unit: '%', min: 0, max: 100, tolerance: 2, initial: 50 };

const definition = (maxChange: number, valve: object = {}): TrainerDefinition => ({
  features: [{ name: 'outside', min: -20, max: 20 }],
  outputs: [
    { ...VALVE, maxChange, ...valve },
    { name: 'fan', min: 0, max: 10 },
  ],
  model: { type: 'dnn', epochs: 60, layers: [{ kind: 'dense', units: 2 }] },
  training: { mode: 'manual', minSamples: 20 },
});

describe('the largest change of a continuous output', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  /** The valve follows the cold over its whole range, and the fan the valve. */
  async function train(): Promise<void> {
    for (let k = 0; k < 60; k++) {
      const cold = (k % 41) / 40;
      await board.trainer.dataset.add([20 - 40 * cold], { valve: 100 * cold, fan: 10 * cold });
    }
    assert.equal((await board.trainer.model.train()).result, 'promoted');
  }
  const ask = async (outside: number) => {
    const { ticket, by, outputs = {} } = await board.trainer.infer([outside]);
    return { ticket, by, valve: outputs.valve as number, fan: outputs.fan as number };
  };

  it('comes in steps, each of which its ticket keeps; another output goes at once', async () => {
    await board.trainer.deploy(definition(10));
    await train();
    // What was given last, the initial value.
    const steps = [await ask(-20), await ask(-20), await ask(-20)];
    assert.deepEqual(
      steps.map(({ valve, by }) => [valve, by]),
      [60, 70, 80].map((valve) => [valve, 'max-change']),
    );
    for (const { fan } of steps) assert.ok(fan > 9, String(fan));
    const down = await ask(20);
    assert.deepEqual([down.valve, down.by], [70, 'max-change']);
    const [, second] = steps as [unknown, (typeof steps)[0]];
    const judged = await board.trainer.feedback(second.ticket, { target: [71, second.fan] });
    assert.equal(judged.judgement, 'satisfied', 'what was given is judged, not what the network wanted');
  });

  it('does not touch a change that is small enough, and no limit is none', async () => {
    await board.trainer.deploy(definition(10));
    await train();
    await board.trainer.deploy(definition(0));
    const free = await ask(-10);
    assert.ok(free.valve > 70 && free.by === 'model', JSON.stringify(free));
    await board.trainer.deploy(definition(10));
    const near = await ask(-9);
    assert.ok(near.by === 'model' && near.valve < free.valve, JSON.stringify(near));
  });

  it('gives the first decision after a start whole: where the plant stands is not known', async () => {
    await board.trainer.deploy(definition(10));
    await train();
    await ask(-20);
    await board.trainer.save();
    await board.trainer.restart();
    const first = await ask(-20);
    assert.ok(first.valve > 90 && first.by === 'model', JSON.stringify(first));
    const next = await ask(20);
    assert.deepEqual([next.valve, next.by], [first.valve - 10, 'max-change']);
  });

  it('stands in the blob, and says its range', () => {
    const complete = parseDefinition(definition(7.5));
    const { outputs = [] } = decodeDefinition(encodeDefinition(complete));
    assert.deepEqual(
      outputs.map(({ maxChange }) => maxChange),
      [7.5, 0],
    );
    for (const maxChange of [101, 0.0001])
      assert.throws(
        () => parseDefinition(definition(maxChange)),
        (error) => error instanceof DefinitionError && error.issues[0]?.path === 'outputs[0].maxChange',
      );
  });
});

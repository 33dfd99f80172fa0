import assert from 'node:assert/strict';
import { InputError, TrainerError } from '../../../trainer';
import { type Board, openBoard } from './board';
import { type Fault, learnMachine, machine, machineDefinition, WINDOW } from './machine';

describe('typed client: anomaly patterns', () => {
  let board: Board;
  let seed = 10;
  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy(machineDefinition);
    await learnMachine(board.trainer);
  });
  afterEach(() => board.close());

  /** A fault while it lasts. */
  const during = async (fault: Fault) =>
    (await board.trainer.stream.send(machine(WINDOW * 60, ++seed, fault))).last;
  /** A fault, and healthy again until the alarm has ended. */
  const pass = async (fault: Fault) => {
    const last = await during(fault);
    await board.trainer.stream.send(machine(WINDOW * 40, ++seed));
    return last;
  };

  it('a confirmed alarm names its pattern, and the name is there when it comes back', async () => {
    const kept: (readonly string[])[] = [];
    board.trainer.on('patternNames', (names) => kept.push(names));
    const first = await during('rattle');
    assert.equal(first.alarm, true);
    assert.equal(first.newPattern, true);
    assert.equal(first.patternName, '');
    await board.trainer.feedback('alarm', { confirmed: ' loose blade ' });
    await board.trainer.stream.send(machine(WINDOW * 40, ++seed));
    assert.deepEqual(kept, [['loose blade']]);
    assert.deepEqual(await board.trainer.patterns.list(), [
      { pattern: 1, name: 'loose blade', seen: 1, confirmed: true },
    ]);
    const again = await during('rattle');
    assert.equal(again.newPattern, false);
    assert.equal(again.pattern, 1);
    assert.equal(again.patternSeen, 2);
    assert.equal(again.patternName, 'loose blade');
    assert.equal(again.baselineAlarm, again.baselineScore > again.baselineThreshold);
  });

  it('a name that comes before the trainer knows the pattern waits for it', async () => {
    let young = await board.trainer.stream.result();
    for (let i = 0; !(young.alarm && young.pattern === 0); i++) {
      assert.ok(i < 20, 'no window with an alarm and no pattern');
      ({ last: young } = await board.trainer.stream.send(machine(WINDOW, ++seed, 'rattle')));
    }
    await board.trainer.feedback('alarm', { confirmed: 'loose blade' });
    assert.deepEqual(board.trainer.definition?.patternNames, undefined);
    const last = await during('rattle');
    assert.equal(last.pattern, 1);
    assert.equal(last.patternName, 'loose blade');
  });

  it('merging keeps a name, forgetting takes it away, and a forgotten pattern is new again', async () => {
    await pass('rattle');
    const second = await pass('imbalance');
    assert.equal(second.pattern, 2, 'the faults are told apart');
    await board.trainer.patterns.rename(2, 'imbalance');
    await board.trainer.patterns.merge(1, 2);
    assert.deepEqual(
      (await board.trainer.patterns.list()).map(({ pattern, name, seen }) => [pattern, name, seen]),
      [[1, 'imbalance', 2]],
    );
    await board.trainer.patterns.forget(1);
    assert.deepEqual(await board.trainer.patterns.list(), []);
    const fresh = await during('rattle');
    assert.equal(fresh.newPattern, true);
    assert.equal(fresh.patternName, '');
  });

  it('another pattern in the same place does not inherit the name', async () => {
    await pass('rattle');
    await board.trainer.patterns.rename(1, 'loose blade');
    // Another client forgets it: this one is not told.
    await board.another(machineDefinition).patterns.forget(1);
    const other = await pass('imbalance');
    assert.equal(other.pattern, 1);
    assert.equal(other.patternName, '');
  });

  it('names travel with the backup and with the definition, and the board is not told', async () => {
    await pass('rattle');
    await board.trainer.patterns.rename(1, 'loose blade');
    const backup = await board.trainer.backup.take();
    assert.deepEqual(backup.definition.document?.patternNames, ['loose blade']);
    const result = await board.trainer.deploy({ ...machineDefinition, patternNames: ['another'] });
    assert.equal(result.changed, false, 'the same definition as far as the board goes');
    assert.equal((await board.trainer.patterns.list())[0]?.name, 'loose blade');
    const other = await openBoard();
    try {
      await other.trainer.backup.restore(backup, { deploy: true });
      assert.deepEqual(await other.trainer.patterns.list(), [
        { pattern: 1, name: 'loose blade', seen: 1, confirmed: false },
      ]);
    } finally {
      await other.close();
    }
  });

  it('refuses what is no pattern and what is no name', async () => {
    await assert.rejects(
      board.trainer.patterns.rename(1, 'x'),
      /1 is not known to the trainer; it knows none/,
    );
    await assert.rejects(board.trainer.patterns.rename(17, 'x'), InputError);
    await pass('rattle');
    await assert.rejects(board.trainer.patterns.rename(1, 'x'.repeat(65)), InputError);
    await assert.rejects(board.trainer.patterns.merge(1, 2), TrainerError);
    await assert.rejects(board.trainer.patterns.forget(3), TrainerError);
    await assert.rejects(
      board.trainer.feedback('alarm', { confirmed: 7 as unknown as string }),
      /confirmed must be true or the name of the pattern/,
    );
    assert.equal((await board.trainer.patterns.list()).length, 1);
  });
});

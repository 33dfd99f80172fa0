import assert from 'node:assert/strict';
import {
  AbortedError,
  DefinitionError,
  MemoryError,
  type TrainerDefinition,
  TrainerError,
} from '../../../trainer';
import { Registers } from '../../../trainer/contract/contract.generated';
import { comfort } from '../definition/examples';
import { type Board, exceptionTo, openBoard } from './board';

/** Learns from labels: below 20 degrees heat, above 24 cool. */
function labelled(changes: Partial<TrainerDefinition> = {}): TrainerDefinition {
  return { ...comfort(), feedback: { rule: 'label', tickets: 8 }, ...changes };
}

const truthOf = (temperature: number): string =>
  temperature < 20 ? 'heat' : temperature > 24 ? 'cool' : 'hold';

/** Teaches `count` samples spread over the range. */
async function teach(board: Board, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const temperature = 12 + ((i * 7.3) % 26);
    await board.trainer.dataset.add([temperature, 40, 0.7], truthOf(temperature));
  }
}

describe('typed client: deploying', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  it('brings a definition onto the board and shows its progress', async () => {
    const progress: number[] = [];
    const result = await board.trainer.deploy(comfort(), {
      onProgress: (done, total) => progress.push(done / total),
    });
    assert.equal(result.changed, true);
    assert.equal(result.status.definitionFingerprint, result.fingerprint);
    assert.equal(result.status.memoryUsedBytes, result.need?.total);
    assert.equal(result.status.datasetBytes, result.need?.dataset);
    assert.equal(progress.at(-1), 1);
  });

  it('sends nothing when the board runs it already', async () => {
    await board.trainer.deploy(comfort());
    board.faults.sent.length = 0;
    assert.equal((await board.trainer.deploy(comfort())).changed, false);
    assert.ok(!board.faults.sent.includes(16));
  });

  it('keeps the model when only policies change', async () => {
    await board.trainer.deploy(labelled());
    await teach(board, 60);
    const { generation } = await board.trainer.model.train();
    const policy = labelled({ training: { mode: 'manual', accuracyThreshold: 0.5 } });
    const { status } = await board.trainer.deploy(policy);
    assert.equal(status.generation, generation);
    assert.equal(status.samplesStored, 60);
  });

  it('refuses what does not fit, says what would, and leaves the running definition alone', async () => {
    const { fingerprint } = await board.trainer.deploy(labelled());
    const { arenaBytes } = await board.trainer.identify();
    const huge = labelled({
      storage: 'int16',
      stitching: { capacity: 4096 },
      features: Array.from({ length: 120 }, (_, i) => ({ name: `f${i}`, min: 0, max: 1 })),
    });
    let largest = 0;
    await assert.rejects(board.trainer.deploy(huge), (error: unknown) => {
      assert.ok(error instanceof MemoryError);
      largest = error.largestCapacity;
      assert.equal(error.availableBytes, arenaBytes);
      assert.match(
        error.message,
        /^definition refused: needs [\d ]+ bytes, board has [\d ]+; reduce the data set below \d+ samples or pick int8 features; the running model is untouched$/,
      );
      return true;
    });
    assert.equal((await board.trainer.status()).definitionFingerprint, fingerprint);
    // The advice holds: one sample more does not fit, this many do.
    await assert.rejects(
      board.trainer.deploy({ ...huge, stitching: { capacity: largest + 1 } }),
      MemoryError,
    );
    assert.equal(
      (await board.trainer.deploy({ ...huge, stitching: { capacity: largest } })).status.samplesCapacity,
      largest,
    );
  });

  it('refuses a wrong definition by field without asking the board', async () => {
    board.faults.sent.length = 0;
    const wrong = { ...labelled(), seed: -1 };
    await assert.rejects(
      board.trainer.deploy(wrong),
      (error: unknown) => error instanceof DefinitionError && error.issues[0]?.path === 'seed',
    );
    assert.deepEqual(board.faults.sent, []);
  });

  it('gets through a wire that loses every third frame', async () => {
    let count = 0;
    board.faults.request = () => (++count % 3 === 0 ? 'drop' : 'pass');
    const result = await board.trainer.deploy({
      ...labelled(),
      features: Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, min: 0, max: 1 })),
    });
    board.faults.reset();
    assert.equal((await board.trainer.status()).definitionFingerprint, result.fingerprint);
  }).timeout(20_000);

  it('can be given up; what ran before goes on', async () => {
    const { fingerprint } = await board.trainer.deploy(labelled());
    const abort = new AbortController();
    const many = {
      ...labelled(),
      features: Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, min: 0, max: 1 })),
    };
    await assert.rejects(
      board.trainer.deploy(many, { signal: abort.signal, onProgress: () => abort.abort() }),
      AbortedError,
    );
    assert.equal((await board.trainer.status()).definitionFingerprint, fingerprint);
    assert.equal((await board.trainer.infer([21, 40, 0.7])).label, 'hold');
  });
});

describe('typed client: learning', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy(labelled());
  });
  afterEach(() => board.close());

  it('trains, promotes and decides better', async () => {
    await teach(board, 90);
    const progress: number[] = [];
    const result = await board.trainer.model.train({ onProgress: (share) => progress.push(share) });
    assert.equal(result.result, 'promoted');
    assert.equal(result.generation, 1);
    assert.ok(result.work > 0);
    assert.equal(progress.at(-1), 1);
    for (const temperature of [14, 22, 30]) {
      const decision = await board.trainer.infer([temperature, 40, 0.7]);
      assert.equal(decision.label, truthOf(temperature));
      assert.equal(decision.generation, 1);
    }
    const evaluation = await board.trainer.model.evaluate();
    const status = await board.trainer.status();
    assert.equal(evaluation.samples, status.samplesHeldOut);
    assert.equal(evaluation.generation, 1);
    assert.ok(evaluation.balancedAccuracy > 0.6, String(evaluation.balancedAccuracy));
  });

  it('says why it cannot train', async () => {
    const code = (name: string) => (error: unknown) => error instanceof TrainerError && error.code === name;
    await assert.rejects(board.trainer.model.train(), code('TOO_FEW_SAMPLES'));
    for (let i = 0; i < 40; i++) await board.trainer.dataset.add([21, 40, 0.5 + i / 100], 'hold');
    await board.trainer.setMode('frozen');
    await assert.rejects(board.trainer.model.train(), code('FROZEN'));
    await assert.rejects(board.trainer.model.rollBack(), code('NO_PREVIOUS'));
    assert.equal((await board.trainer.status()).generation, 0);
  });

  it('follows a plant that has only ever needed one class with a constant model', async () => {
    for (let i = 0; i < 40; i++) await board.trainer.dataset.add([21, 40, 0.5 + i / 100], 'cool');
    assert.equal((await board.trainer.model.train()).result, 'promoted');
    const decision = await board.trainer.infer([12, 90, 1.9]);
    assert.deepEqual([decision.label, decision.generation], ['cool', 1]);
    // What comes next is told apart again.
    for (let i = 0; i < 40; i++) await board.trainer.dataset.add([30 + i / 10, 40, 0.5], 'heat');
    assert.equal((await board.trainer.model.train()).generation, 2);
  });

  it('rolls back one generation, and no further', async () => {
    await teach(board, 60);
    await board.trainer.model.train();
    const first = await board.trainer.status();
    await board.trainer.backup.restore(await board.trainer.backup.take());
    assert.deepEqual(
      [(await board.trainer.status()).generation, (await board.trainer.status()).previousGeneration],
      [2, 1],
    );
    await board.trainer.model.rollBack();
    const back = await board.trainer.status();
    assert.deepEqual(
      [back.generation, back.previousGeneration, back.rolledBack],
      [1, 0, first.rolledBack + 1],
    );
    await assert.rejects(
      board.trainer.model.rollBack(),
      (error: unknown) => error instanceof TrainerError && error.code === 'NO_PREVIOUS',
    );
  });

  it('tells the data set per class, and its samples', async () => {
    const given: [number, string][] = [
      [15, 'heat'],
      [22, 'hold'],
      [23, 'hold'],
      [30, 'cool'],
    ];
    for (const [temperature, label] of given) await board.trainer.dataset.add([temperature, 40, 0.7], label);
    const summary = await board.trainer.dataset.summary();
    assert.equal(summary.stored, 4);
    assert.deepEqual(
      summary.perClass.map(({ label, count }) => [label, count]),
      [
        ['heat', 1],
        ['hold', 2],
        ['cool', 1],
      ],
    );
    const samples = await board.trainer.dataset.read();
    const step = (40 - 10) / 254;
    for (const [temperature, label] of given) {
      assert.ok(
        samples.some(
          (sample) =>
            sample.label === label && Math.abs((sample.features[0] as number) - temperature) <= step,
        ),
        `${label} at ${temperature}`,
      );
    }
    const csv = await board.trainer.dataset.csv();
    assert.equal(csv.split('\n')[0], 'air temperature,humidity,clothing,label,held_out,age');
    assert.equal(csv.trim().split('\n').length, 5);
    await board.trainer.dataset.clear();
    assert.equal((await board.trainer.dataset.summary()).stored, 0);
    assert.deepEqual(await board.trainer.dataset.read(), []);
  });

  it('waits for the data set of a board that is still busy with it', async () => {
    await board.trainer.dataset.add([15, 40, 0.7], 'heat');
    const bulk = Registers.bulkObject.address;
    for (const read of [() => board.trainer.dataset.read(), () => board.trainer.dataset.summary()]) {
      let busy = 7; // more often than the bus itself asks again
      board.faults.request = (frame) =>
        frame[2] === bulk >> 8 && frame[3] === (bulk & 0xff) && busy-- > 0
          ? { instead: exceptionTo(frame, 6) }
          : 'pass';
      await read();
      assert.ok(busy <= 0);
    }
  });

  it('keeps a log that says what happened', async () => {
    await teach(board, 60);
    await board.trainer.model.train();
    const log = await board.trainer.log.read();
    const events = log.map((record) => record.event);
    for (const event of ['start', 'definition', 'train-begin', 'train-end', 'promoted'] as const)
      assert.ok(events.includes(event), event);
    assert.match(
      log.find((record) => record.event === 'promoted')?.text ?? '',
      /^generation 1 installed; proposed before each truth/,
    );
    for (const [index, record] of log.entries()) assert.equal(record.number, (log[0]?.number ?? 0) + index);
  });

  it('teaches through a wire that loses frames, each sample once', async () => {
    let count = 0;
    board.faults.reply = () => (++count % 6 === 0 ? 'drop' : 'pass');
    await teach(board, 20);
    board.faults.reset();
    assert.equal((await board.trainer.status()).stitched, 20);
  }).timeout(20_000);
});

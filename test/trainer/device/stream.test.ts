import assert from 'node:assert/strict';
import { InputError, type StreamResult, type TrainerDefinition, TrainerError } from '../../../trainer';
import { noise } from '../../support/random';
import { comfort } from '../definition/examples';
import { type Board, openBoard } from './board';

const LEARNING = 600;
const WINDOW = 50;
const CALIBRATION = 100;

const definition: TrainerDefinition = {
  name: 'fan',
  channels: [
    { name: 'x', unit: 'g', min: -4, max: 4 },
    { name: 'y', unit: 'g', min: -4, max: 4 },
  ],
  model: {
    type: 'esn',
    units: 32,
    learningSamples: LEARNING,
    window: WINDOW,
    calibration: CALIBRATION,
    patterns: 4,
  },
};

/** Two channels of a turning machine; a fault adds a rattle that is not a multiple of its speed. */
function* machine(samples: number, seed: number, fault = 0): Generator<number[]> {
  const random = noise(seed);
  for (let i = 0; i < samples; i++) {
    const phase = 0.37 * (i + 1000 * seed);
    const rattle = fault * Math.sin(1.93 * i);
    yield [Math.sin(phase) + 0.2 * random() + rattle, 0.7 * Math.cos(phase) + 0.2 * random() - rattle];
  }
}

describe('typed client: streams', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy(definition);
  });
  afterEach(() => board.close());

  async function learnHealthy(): Promise<void> {
    const learning = board.trainer.model.learn();
    // Samples after the phase has been ended are scored, so a few too many do no harm.
    await board.trainer.stream.send(machine(LEARNING + WINDOW * (CALIBRATION + 20), 1));
    const result = await learning;
    assert.equal(result.result, 'promoted');
    assert.equal(result.generation, 1);
  }

  it('learns the healthy signal, is silent on it, raises an alarm on another, and takes the verdict', async () => {
    await learnHealthy();
    const healthy = await board.trainer.stream.send(machine(WINDOW * 20, 2));
    assert.equal(healthy.samples, WINDOW * 20);
    assert.equal(healthy.lost, 0);
    assert.ok(healthy.last.calibrated);
    assert.equal(healthy.last.alarm, false);

    const windows: StreamResult[] = [];
    const faulty = await board.trainer.stream.send(machine(WINDOW * 10, 3, 0.8), {
      onWindow: (result) => windows.push(result),
    });
    assert.equal(faulty.windows, 10);
    assert.ok(windows.length > 0);
    assert.equal(faulty.last.alarm, true);
    assert.ok(faulty.last.score > faulty.last.threshold);
    assert.equal(faulty.last.residuals.length, 2);
    const verdict = await board.trainer.feedback('alarm', { confirmed: true });
    assert.equal(verdict.judgement, 'satisfied');
    assert.ok((await board.trainer.log.read()).some((record) => record.event === 'alarm'));
  }).timeout(60_000);

  it('brings patterns back with the model, on another board too, and refuses what is no table', async () => {
    await learnHealthy();
    await board.trainer.stream.send(machine(WINDOW * 10, 3, 0.8));
    await board.trainer.stream.send(machine(WINDOW * 30, 4));
    const backup = await board.trainer.backup.take();
    assert.equal(backup.patterns?.bytes, 4 * (4 + 4 * 5));
    const table = Buffer.from(backup.patterns.data, 'base64');
    assert.equal(table.readUInt16LE(0), 1, 'one pattern, met once');

    const other = await openBoard();
    try {
      await other.trainer.deploy(definition);
      await other.trainer.backup.restore(backup);
      assert.deepEqual((await other.trainer.backup.take()).patterns, backup.patterns);
      assert.ok((await other.trainer.log.read()).some(({ event }) => event === 'patterns-restored'));

      const damaged = Uint8Array.from(table);
      damaged[2] = 7; // neither confirmed nor not
      const forged = {
        ...backup,
        patterns: { bytes: damaged.length, data: Buffer.from(damaged).toString('base64') },
      };
      await assert.rejects(
        other.trainer.backup.restore(forged),
        (error) => error instanceof TrainerError && error.code === 'MODEL_CONTENT',
      );
      await assert.rejects(
        other.trainer.backup.restore({
          ...backup,
          patterns: { bytes: 52, data: Buffer.alloc(52).toString('base64') },
        }),
        (error) => error instanceof TrainerError && error.code === 'MODEL_SHAPE',
      );
      assert.deepEqual(
        (await other.trainer.backup.take()).patterns,
        backup.patterns,
        'the table is untouched',
      );
    } finally {
      await other.close();
    }
  }).timeout(60_000);

  it('takes each frame once, whatever the wire loses', async () => {
    let count = 0;
    board.faults.reply = () => (++count % 4 === 0 ? 'drop' : 'pass');
    const { samples, lost } = await board.trainer.stream.send(machine(300, 1));
    board.faults.reset();
    assert.equal(samples, 300);
    assert.equal(lost, 0);
    assert.equal((await board.trainer.status()).inferences, 300);
  }).timeout(20_000);

  it('goes on with the numbers where another call left them', async () => {
    await board.trainer.stream.send(machine(100, 1));
    const { last, lost } = await board.trainer.stream.send(machine(100, 2));
    assert.equal(lost, 0);
    assert.equal(last.nextSequence, 200);
  });

  it('names sample and channel of a value that is no number', async () => {
    await assert.rejects(
      board.trainer.stream.send([
        [0, 0],
        [0, Number.NaN],
      ]),
      (error: unknown) =>
        error instanceof InputError && error.field === 'y' && error.message.startsWith('sample 1, y must be'),
    );
    await assert.rejects(
      board.trainer.stream.send([[0]]),
      /sample 0, features must have one value for each of x, y/,
    );
  });

  it('says how many samples were sent before a wrong one, and sends them', async () => {
    const samples = [...machine(238, 1), [0, Number.NaN]];
    await assert.rejects(
      board.trainer.stream.send(samples),
      (error: unknown) =>
        error instanceof InputError &&
        /^sample 238, y must be a finite number.*\. Samples before it that were sent: 238\.$/.test(
          error.message,
        ),
    );
    // The board works the last frame off behind its answer.
    while ((await board.trainer.status()).inferences < 238) await new Promise(setImmediate);
    await assert.rejects(board.trainer.stream.send([[0, Number.NaN]]), /Nothing was sent\.$/);
  });

  it('says that there is no alarm to judge, and that features do not fit', async () => {
    await assert.rejects(
      board.trainer.feedback('alarm', { confirmed: true }),
      (error: unknown) => error instanceof TrainerError && error.code === 'TICKET_UNKNOWN',
    );
    await board.trainer.deploy(comfort());
    await assert.rejects(board.trainer.stream.send([[0, 0, 0]]), /do not fit the deployed model/);
  });
});

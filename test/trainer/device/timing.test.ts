/** What the board does in its own time: settling, expiry, trainings on demand, drift, saves. On a clock that the test moves. */
import assert from 'node:assert/strict';
import { openBus, Trainer, type TrainerDefinition, TrainerError } from '../../../trainer';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';

const base: TrainerDefinition = {
  name: 'room',
  features: [
    { name: 'room', min: 0, max: 45, scale: 100 },
    { name: 'outdoor', min: -30, max: 45, scale: 100 },
  ],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'cool', actuation: -100 },
  ],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 21, band: 1, scale: 100, tooLow: 'heat', tooHigh: 'cool' },
  stitching: { capacity: 40, satisfactoryShare: 1 },
  training: { mode: 'manual', minSamples: 4, minNewSamples: 4 },
  save: { intervalSeconds: 3600 },
};

describe('a trainer in its own time', () => {
  let board: VirtualBoard;
  let trainer: Trainer;
  let bus: ReturnType<typeof openBus>;
  let runs = 0;

  async function begin(changes: Partial<TrainerDefinition> = {}): Promise<void> {
    board = new VirtualBoard({ clock: 'manual' });
    bus = openBus({ kind: 'virtual', id: `timing ${++runs}`, connect: async () => new BoardPipe(board) });
    trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy({ ...base, ...changes });
  }
  afterEach(async () => {
    await bus.close();
    board.close();
  });
  function pass(seconds: number): void {
    board.advance(1000 * seconds);
    board.poll(2);
    board.runUntilIdle();
  }
  const ask = async (room: number): Promise<number> => (await trainer.infer([room, 10])).ticket;

  it('waits until the plant has settled: what comes before is not judged, what comes after is', async () => {
    await begin({ feedback: { ...base.feedback, settleSeconds: 60 } as TrainerDefinition['feedback'] });
    const ticket = await ask(15);
    pass(59);
    assert.equal((await trainer.feedback(ticket, { outcome: 18 })).judgement, 'too-early');
    let status = await trainer.status();
    assert.deepEqual([status.discarded['too-early'], status.judged, status.samplesStored], [1, 0, 0]);
    pass(2);
    assert.equal((await trainer.feedback(ticket, { outcome: 21 })).judgement, 'satisfied');
    status = await trainer.status();
    assert.deepEqual([status.discarded['too-early'], status.judged, status.samplesStored], [1, 1, 1]);
  });

  it('lets a decision expire that nobody judged in time, and never stitches it', async () => {
    await begin({ feedback: { ...base.feedback, expireSeconds: 300 } as TrainerDefinition['feedback'] });
    const [late, inTime] = [await ask(15), await ask(16)];
    pass(299);
    assert.equal((await trainer.feedback(inTime, { outcome: 25 })).judgement, 'unsatisfied');
    pass(2);
    assert.equal((await trainer.feedback(late, { outcome: 25 })).judgement, 'discarded');
    const status = await trainer.status();
    assert.deepEqual([status.discarded.expired, status.judged, status.samplesStored], [1, 1, 1]);
  });

  it('trains by itself when there is enough that is new and the loop does badly, not sooner than its pause', async () => {
    await begin({
      feedback: { rule: 'label' },
      training: {
        mode: 'auto',
        minSamples: 4,
        minNewSamples: 4,
        accuracyWindow: 4,
        accuracyThreshold: 0.9,
        cooldownSeconds: 100,
      },
    });
    const wrong = async (room: number, label: string): Promise<void> => {
      await trainer.feedback(await ask(room), { label });
      pass(1);
    };
    const rooms: [number, string][] = [
      [10, 'heat'],
      [30, 'cool'],
      [12, 'heat'],
    ];
    for (const [room, label] of rooms) await wrong(room, label);
    assert.equal((await trainer.status()).trainings, 0, 'three are not four');
    await wrong(31, 'cool');
    assert.deepEqual([(await trainer.status()).trainings, (await trainer.status()).generation], [1, 1]);
    // The plant turned round: everything it decides now is wrong.
    for (const room of [10, 30, 12, 31, 11, 32]) await wrong(room, room < 20 ? 'cool' : 'heat');
    assert.equal((await trainer.status()).trainings, 1, 'the pause is not over');
    pass(100);
    assert.equal((await trainer.status()).trainings, 2);
  });

  it('raises the drift alarm when trainings do not help, and takes it back when the loop does well', async () => {
    await begin({
      feedback: { rule: 'label' },
      stitching: { capacity: 40, satisfactoryShare: 1, holdOutEvery: 0 },
      training: {
        mode: 'auto',
        minSamples: 4,
        minNewSamples: 4,
        accuracyWindow: 6,
        accuracyThreshold: 0.9,
        driftTrainings: 3,
      },
    });
    // Nothing can be learned from this: what is right has nothing to do with what is measured.
    let drift = false;
    for (let i = 0; i < 60 && !drift; i++) {
      await trainer.feedback(await ask(15 + (i % 5)), { label: i % 3 === 0 ? 'heat' : 'cool' });
      pass(1);
      drift = (await trainer.status()).drift;
    }
    assert.ok(drift, 'no alarm');
    assert.ok((await trainer.status()).trainings >= 3);
    assert.ok((await trainer.log.read()).some(({ event }) => event === 'drift'));
    for (let i = 0; i < 6; i++) {
      const { ticket, label } = await trainer.infer([15 + i, 10]);
      await trainer.feedback(ticket, { label });
      pass(1);
    }
    assert.equal((await trainer.status()).drift, false);
  });

  it('spares its memory: changes are saved together, at most once in the interval', async () => {
    await begin();
    pass(1);
    const { saves } = await trainer.status();
    for (let i = 0; i < 30; i++) {
      await trainer.feedback(await ask(15), { outcome: 25 });
      pass(60);
    }
    assert.equal((await trainer.status()).saves, saves, 'half an hour');
    pass(1801);
    assert.equal((await trainer.status()).saves, saves + 1);
    pass(7200);
    assert.equal((await trainer.status()).saves, saves + 1, 'nothing has changed since');
    board.restart();
    board.runUntilIdle();
    assert.equal((await trainer.status()).stitched, 30);
  });

  it('says how long a trainer has been on, past an hour and a restart', async () => {
    await begin();
    pass(4000);
    assert.equal((await trainer.status()).uptimeSeconds, 4000);
    await assert.rejects(
      trainer.model.rollBack(),
      (error) => error instanceof TrainerError && error.code === 'NO_PREVIOUS',
    );
    board.restart();
    assert.equal((await trainer.status()).uptimeSeconds, 0);
  });
});

import assert from 'node:assert/strict';
import { DefinitionMismatchError, InputError, TrainerError } from '../../../trainer';
import { comfort, smallest } from '../definition/examples';
import { type Board, illegalFunction, openBoard } from './board';

const FEATURES = [21.5, 40, 0.7];

describe('typed client: the closed loop', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard(comfort());
    await board.trainer.deploy(comfort());
  });
  afterEach(() => board.close());

  it('decides with the default class while untrained', async () => {
    const decision = await board.trainer.infer(FEATURES);
    assert.deepEqual(
      { ...decision, ticket: 0 },
      {
        ticket: 0,
        classIndex: 1,
        label: 'hold',
        actuation: 0,
        confidence: 0,
        generation: 0,
        by: 'start-rule',
        clamped: [],
      },
    );
  });

  it('takes one transaction a decision', async () => {
    await board.trainer.infer(FEATURES);
    board.faults.sent.length = 0;
    for (let i = 0; i < 10; i++) await board.trainer.infer(FEATURES);
    assert.deepEqual(board.faults.sent, new Array(10).fill(23));
  });

  it('takes functions 16 and 3 where 23 is refused, and remembers it', async () => {
    board.faults.request = (frame) => (frame[1] === 23 ? { instead: illegalFunction(frame) } : 'pass');
    const other = board.another(comfort());
    assert.equal((await other.infer(FEATURES)).label, 'hold');
    board.faults.sent.length = 0;
    const { ticket } = await other.infer(FEATURES);
    assert.equal((await other.feedback(ticket, { outcome: 22 })).judgement, 'satisfied');
    assert.deepEqual(board.faults.sent, [16, 3, 16, 3]);
  });

  it('takes functions 16 and 3 where 23 is swallowed, and remembers it', async () => {
    board.faults.request = (frame) => (frame[1] === 23 ? 'drop' : 'pass');
    const other = board.another(comfort());
    for (let i = 0; i < 2; i++) assert.equal((await other.infer(FEATURES)).label, 'hold');
    board.faults.sent.length = 0;
    await other.infer(FEATURES);
    assert.deepEqual(board.faults.sent, [16, 3]);
  });

  it('gives the same answer for the same ticket, and runs nothing twice', async () => {
    const first = await board.trainer.infer(FEATURES, { ticket: 77 });
    const before = await board.trainer.status();
    assert.deepEqual(await board.trainer.infer(FEATURES, { ticket: 77 }), first);
    const after = await board.trainer.status();
    assert.equal(after.inferences, before.inferences);
    assert.equal(after.repeats, before.repeats + 1);
  });

  it('survives lost requests, lost, doubled and late replies without a wrong or double effect', async () => {
    const before = await board.trainer.status();
    let count = 0;
    board.faults.request = () => (++count % 7 === 0 ? 'drop' : 'pass');
    board.faults.reply = (frame) => {
      if (frame[1] !== 23) return 'pass';
      const turn = count % 5;
      return turn === 1 ? 'drop' : turn === 2 ? 'twice' : turn === 3 ? { lateMs: 230 } : 'pass';
    };
    let satisfied = 0;
    for (let i = 0; i < 12; i++) {
      const decision = await board.trainer.infer([15 + i, 40, 0.7]);
      const verdict = await board.trainer.feedback(decision.ticket, { outcome: i % 2 === 0 ? 22 : 20 });
      assert.equal(verdict.ticket, decision.ticket);
      // Too cold was not wrong when it heated already.
      const isGood = i % 2 === 0 || decision.label === 'heat';
      assert.equal(verdict.judgement, isGood ? 'satisfied' : 'unsatisfied');
      if (isGood) satisfied++;
    }
    board.faults.reset();
    const after = await board.trainer.status();
    assert.equal(after.inferences - before.inferences, 12);
    assert.equal(after.judged - before.judged, 12);
    assert.equal(after.satisfied - before.satisfied, satisfied);
  }).timeout(20_000);

  it('judges an outcome by the rule and names what would have been right', async () => {
    const judge = async (outcome: number): Promise<unknown> => {
      const { ticket } = await board.trainer.infer(FEATURES);
      const { judgement, truth } = await board.trainer.feedback(ticket, { outcome });
      return [judgement, truth];
    };
    assert.deepEqual(await judge(22.4), ['satisfied', 'hold']);
    assert.deepEqual(await judge(21.4), ['unsatisfied', 'heat']);
    // The last truth decided, and heating went too far; then holding is not enough.
    assert.deepEqual(await judge(22.6), ['unsatisfied', 'hold']);
    assert.deepEqual(await judge(22.6), ['unsatisfied', 'cool']);
  });

  it('takes labels, overrides and discards', async () => {
    const ticket = async (): Promise<number> => (await board.trainer.infer(FEATURES)).ticket;
    assert.equal((await board.trainer.feedback(await ticket(), { label: 'heat' })).truth, 'heat');
    const decision = await board.trainer.infer(FEATURES);
    assert.equal(
      (await board.trainer.feedback(decision.ticket, { override: decision.label })).judgement,
      'satisfied',
    );
    assert.deepEqual(
      (await board.trainer.feedback(await ticket(), { discard: 'sensor-fault' })).judgement,
      'discarded',
    );
    assert.equal((await board.trainer.status()).discarded['sensor-fault'], 1);
  });

  it('counts the same feedback once, and refuses another one for the same ticket', async () => {
    const { ticket } = await board.trainer.infer(FEATURES);
    await board.trainer.feedback(ticket, { outcome: 20 });
    await board.trainer.feedback(ticket, { outcome: 20 });
    assert.equal((await board.trainer.status()).judged, 1);
    await assert.rejects(board.trainer.feedback(ticket, { outcome: 22 }), (error: unknown) => {
      assert.ok(error instanceof TrainerError);
      assert.equal(error.code, 'TICKET_JUDGED');
      assert.match(
        error.message,
        new RegExp(`feedback for ticket ${ticket}: this ticket was already judged`),
      );
      return true;
    });
  });

  it('names a stale ticket', async () => {
    const { ticket } = await board.trainer.infer(FEATURES);
    for (let i = 0; i < 8; i++) await board.trainer.infer(FEATURES);
    await assert.rejects(
      board.trainer.feedback(ticket, { outcome: 22 }),
      (error: unknown) =>
        error instanceof TrainerError &&
        error.code === 'TICKET_UNKNOWN' &&
        error.message.includes(`ticket ${ticket}`),
    );
  });

  it('refuses bad input by field before anything is sent; the model is untouched', async () => {
    const { ticket } = await board.trainer.infer(FEATURES);
    const before = await board.trainer.status();
    board.faults.sent.length = 0;
    const wrong: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['features', () => board.trainer.infer([1, 2])],
      ['humidity', () => board.trainer.infer([21, Number.NaN, 1])],
      ['air temperature', () => board.trainer.infer([50, 40, 1])],
      ['wind', () => board.trainer.infer({ wind: 1 })],
      ['ticket', () => board.trainer.infer(FEATURES, { ticket: 0 })],
      ['ticket', () => board.trainer.infer(FEATURES, { ticket: 65_536 })],
      ['ticket', () => board.trainer.feedback(1.5, { outcome: 1 })],
      ['outcome', () => board.trainer.feedback(ticket, { outcome: Number.POSITIVE_INFINITY })],
      ['label', () => board.trainer.feedback(ticket, { label: 'warm' })],
      ['override', () => board.trainer.feedback(ticket, { override: 'off' })],
      ['discard', () => board.trainer.feedback(ticket, { discard: 'bored' as 'other' })],
      ['feedback', () => board.trainer.feedback(ticket, {} as { outcome: number })],
      [
        'feedback',
        () => board.trainer.feedback(ticket, { outcome: 1, label: 'heat' } as { outcome: number }),
      ],
      ['label', () => board.trainer.dataset.add(FEATURES, 'warm')],
      ['mode', () => board.trainer.setMode('off' as 'auto')],
    ];
    for (const [field, action] of wrong) {
      await assert.rejects(
        action(),
        (error: unknown) => error instanceof InputError && error.field === field,
        field,
      );
    }
    assert.deepEqual(board.faults.sent, []);
    const after = await board.trainer.status();
    assert.deepEqual(
      [after.inferences, after.judged, after.generation],
      [before.inferences, before.judged, before.generation],
    );
  });

  it('takes another number when another master owns it', async () => {
    const taken = await board.trainer.infer(FEATURES);
    const other = board.another(comfort());
    // The other client is about to use the very next number; make it the taken one.
    const counter = (other as unknown as { to: { loop: { tickets: { last: number } } } }).to.loop.tickets;
    counter.last = taken.ticket === 1 ? 65_535 : taken.ticket - 1;
    const decision = await other.infer([25, 40, 0.7]);
    assert.notEqual(decision.ticket, taken.ticket);
    await assert.rejects(
      other.infer([26, 40, 0.7], { ticket: taken.ticket }),
      (error: unknown) => error instanceof TrainerError && error.code === 'TICKET_TAKEN',
    );
  });

  it('refuses to decide when the board runs another definition', async () => {
    const other = board.another(smallest());
    await assert.rejects(other.infer([0.5]), DefinitionMismatchError);
    const before = (await board.trainer.status()).inferences;
    await other.deploy(smallest());
    assert.equal((await other.infer([0.5])).label, 'no');
    // The first client believes its own definition still runs, until the board answers for another one.
    await assert.rejects(board.trainer.infer(FEATURES), DefinitionMismatchError);
    assert.equal(before, 0);
  });

  it("uses the board's own definition when it was given none, without names", async () => {
    const plain = board.another();
    const decision = await plain.infer([21.5, 40, 0.7]);
    assert.equal(decision.label, 'class 1');
    const { id, ...feature } = plain.definition?.features[0] ?? { id: '' };
    assert.deepEqual(feature, { name: 'feature 1', unit: '', min: 10, max: 40, scale: 100 });
    assert.match(id, /^#\d{3}:[0-9a-f]{8}$/);
  });

  it('discards what waits when the set point changes, the actuator is overridden or a sensor fails', async () => {
    const spoiled = async (change: () => Promise<void>): Promise<string> => {
      const { ticket } = await board.trainer.infer(FEATURES);
      await change();
      return (await board.trainer.feedback(ticket, { outcome: 22 })).judgement;
    };
    assert.equal(await spoiled(() => board.trainer.process.setPoint(23)), 'discarded');
    assert.equal(await spoiled(() => board.trainer.process.setManualOverride(true)), 'discarded');
    await board.trainer.process.setManualOverride(false);
    assert.equal(await spoiled(() => board.trainer.process.setSensorFault(true)), 'discarded');
    await board.trainer.process.setSensorFault(false);
    const { discarded, judged } = await board.trainer.status();
    assert.deepEqual(
      [discarded['set-point-changed'], discarded['manual-override'], discarded['sensor-fault'], judged],
      [1, 1, 1, 0],
    );
  });
});

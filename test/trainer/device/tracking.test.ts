/** The rule tracking: a process value corrects what a continuous output gave, and the network learns what holds the set point. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { DefinitionError, type TrainerDefinition, TrainerError } from '../../../trainer';
import { documentOf, encodeDefinition, fieldAtOffset, parseDefinition } from '../../../trainer/definition';
import { readBlob } from '../../../trainer/definition/blob';
import { decodeDefinition } from '../../../trainer/definition/codec';
import { type Board, openBoard } from './board';

const SET_POINT = 21;

/** A heating valve: 0.5 K for each per cent, so that the right gain is 2 % for each K. The definition knows it roughly. */
const room = (outside: number, valve: number): number => outside + 0.5 * valve;

const definition = (feedback: object = {}, over: Partial<TrainerDefinition> = {}): TrainerDefinition => ({
  features: [{ name: 'outside', min: -20, max: 20 }],
  outputs: [{ name: 'valve', unit: '%', min: 0, max: 100, tolerance: 2, initial: 40 }],
  model: {
    type: 'dnn',
    epochs: 60,
    layers: [
      { kind: 'dense', units: 8, activation: 'relu' },
      { kind: 'dense', units: 1 },
    ],
  },
  stitching: { capacity: 200 },
  training: { mode: 'manual', minSamples: 20 },
  feedback: {
    rule: 'tracking',
    setPoint: SET_POINT,
    gain: 1.6,
    band: 0.25,
    unit: '°C',
    ...feedback,
  } as never,
  ...over,
});

describe('the rule tracking', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  /** Targets of the samples, oldest first. */
  async function targets(): Promise<(number | undefined)[]> {
    const samples = await board.trainer.dataset.read();
    return samples.sort((a, b) => b.age - a.age).map((sample) => sample.targets?.[0]);
  }

  async function settleTo(wanted: readonly number[]): Promise<void> {
    for (let left = 3000; left > 0; left--) {
      if (JSON.stringify(await targets()) === JSON.stringify(wanted)) return;
      await wait(10);
    }
    assert.deepEqual(await targets(), wanted);
  }

  it('corrects what was given by gain times the error; inside the band it was right', async () => {
    await board.trainer.deploy(definition());
    const { trainer } = board;
    const judge = async (outcome: number): Promise<(string | undefined)[]> => {
      const { ticket } = await trainer.infer([0]);
      const verdict = await trainer.feedback(ticket, { outcome });
      assert.deepEqual(
        await trainer.feedback(ticket, { outcome }),
        verdict,
        'the same again changes nothing',
      );
      await assert.rejects(
        trainer.feedback(ticket, { outcome: outcome + 1 }),
        (error) => error instanceof TrainerError && error.code === 'TICKET_JUDGED',
      );
      return [verdict.judgement, verdict.truth];
    };
    assert.deepEqual(await judge(SET_POINT - 5), ['unsatisfied', 'valve 48 %']);
    assert.deepEqual(await judge(SET_POINT + 5), ['unsatisfied', 'valve 32 %']);
    assert.deepEqual(await judge(SET_POINT - 0.25), ['satisfied', 'valve 40 %']);
    assert.deepEqual(await judge(SET_POINT - 1), ['satisfied', 'valve 41.6 %'], 'within the tolerance');
    assert.deepEqual(await judge(SET_POINT - 300), ['unsatisfied', 'valve 100 %'], 'within the range');
    assert.deepEqual(await judge(SET_POINT + 300), ['unsatisfied', 'valve 0 %']);
    await settleTo([48, 32, 40, 41.6, 100, 0]);
    const { ticket } = await trainer.infer([0]);
    const given = await trainer.feedback(ticket, { override: 63 });
    assert.deepEqual([given.judgement, given.truth], ['unsatisfied', 'valve 63 %'], 'a hand names its value');
  });

  it('what is more of the output may lower the outcome', async () => {
    await board.trainer.deploy(definition({ gain: -2 }));
    const { ticket } = await board.trainer.infer([0]);
    assert.equal((await board.trainer.feedback(ticket, { outcome: SET_POINT + 10 })).truth, 'valve 60 %');
  });

  it('brings a process value to its set point', async () => {
    await board.trainer.deploy(definition());
    /** Mean distance from the set point. */
    const drive = async (): Promise<number> => {
      let off = 0;
      for (let k = 0; k < 40; k++) {
        const outside = -18 + ((k * 13) % 37);
        const { ticket, outputs } = await board.trainer.infer([outside]);
        const outcome = room(outside, outputs?.valve as number);
        off += Math.abs(outcome - SET_POINT) / 40;
        await board.trainer.feedback(ticket, { outcome });
      }
      return off;
    };
    const first = await drive();
    for (let round = 0; round < 4; round++) {
      await board.trainer.model.train();
      await drive();
    }
    const last = await drive();
    // The initial value, given whatever is outside, is some 9 K off.
    assert.ok(first > 8 && last < 1.5, `${first} K, then ${last} K`);
  });

  it('judges again what it kept when the set point or the gain is another one; what a hand named stays', async () => {
    await board.trainer.deploy(definition());
    const { trainer } = board;
    for (const outcome of [16, 21, 26]) {
      const { ticket } = await trainer.infer([0]);
      await trainer.feedback(ticket, { outcome });
    }
    await trainer.dataset.add([5], 77);
    await settleTo([48, 40, 32, 77]);
    await trainer.process.setPoint(26);
    assert.equal(await trainer.process.readSetPoint(), 26);
    await settleTo([56, 48, 40, 77]);
    await trainer.deploy(definition({ gain: 3 }));
    await settleTo([55, 40, 25, 77]);
    // Another scale of both: the same values.
    const { outputs = [] } = definition();
    await trainer.deploy(
      definition({ gain: 3, scale: 10 }, { outputs: [{ ...outputs[0], scale: 10 }] as never }),
    );
    await settleTo([55, 40, 25, 77]);
    await trainer.process.setPoint(23);
    await settleTo([61, 46, 31, 77]);
  });

  it('an outcome that is too early is none, and one of another set point is discarded', async () => {
    await board.trainer.deploy(definition({ settleSeconds: 600 }));
    const early = await board.trainer.infer([0]);
    assert.equal((await board.trainer.feedback(early.ticket, { outcome: 16 })).judgement, 'too-early');
    await board.trainer.deploy(definition());
    const { ticket } = await board.trainer.infer([0]);
    await board.trainer.process.setPoint(25);
    const { judgement, reason } = await board.trainer.feedback(ticket, { outcome: 16 });
    assert.deepEqual([judgement, reason], ['discarded', 'set-point-changed']);
    await settleTo([]);
  });

  it('is the same document after the blob, and says what does not go with it', () => {
    const complete = parseDefinition(definition());
    assert.deepEqual(parseDefinition(JSON.parse(JSON.stringify(documentOf(complete)))), complete);
    const blob = encodeDefinition(complete);
    const { feedback } = decodeDefinition(blob);
    assert.deepEqual(feedback.rule === 'tracking' && [feedback.setPoint, feedback.gain, feedback.band], [
      SET_POINT,
      1.6,
      0.25,
    ]);
    assert.equal(fieldAtOffset(complete, readBlob(blob).get('tracking')?.at ?? 0), 'feedback.gain');
    const problems = (feedback_: object, over: object = {}): string[] => {
      try {
        parseDefinition({ ...definition(feedback_), ...over });
        return [];
      } catch (error) {
        assert.ok(error instanceof DefinitionError);
        return error.issues.map(({ path }) => path);
      }
    };
    assert.deepEqual(problems({ gain: 0 }), ['feedback.gain']);
    assert.deepEqual(problems({ gain: undefined }), ['feedback.gain']);
    const [valve] = definition().outputs ?? [];
    assert.deepEqual(
      problems(
        {},
        {
          outputs: [valve, { ...valve, name: 'fan' }],
          model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
        },
      ),
      ['feedback.rule'],
    );
    assert.deepEqual(
      problems(
        {},
        {
          outputs: undefined,
          classes: [{ label: 'a' }, { label: 'b' }],
          model: { type: 'svm-linear' },
        },
      ),
      ['feedback.rule'],
    );
  });
});

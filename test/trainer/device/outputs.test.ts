/** Continuous outputs: values in place of classes, taught, trained, given, kept, and never taken for others. */
import assert from 'node:assert/strict';
import { DefinitionError, InputError, type TrainerDefinition, TrainerError } from '../../../trainer';
import {
  BulkObject,
  FeedbackKind,
  Judgement,
  Registers,
  State,
  TrainerErrors,
} from '../../../trainer/contract/contract.generated';
import { documentOf, encodeDefinition, parseDefinition } from '../../../trainer/definition';
import { decodeDefinition } from '../../../trainer/definition/codec';
import { changeReport } from '../../../trainer/session/change_report';
import { firmwarePlanner, VirtualBoard } from '../../../trainer/virtual';
import { uniform } from '../../support/random';
import { exceptionOf, readRequest, registersOf, writeRequest } from '../virtual/frames';
import { deployTo } from '../virtual/raw_deploy';
import { type Board, openBoard } from './board';

interface Row {
  readonly features: number[];
  readonly valve: number;
  readonly fan: number;
}

/** A valve that opens with the square of the cold outside, a fan that follows the guests. */
function rows(count: number, seed: number): Row[] {
  const next = uniform(seed);
  return Array.from({ length: count }, () => {
    const [outside, guests, hour] = [next(), next(), next()];
    return {
      features: [40 * outside - 20, 30 * guests, 24 * hour],
      valve: 100 * (1 - outside) ** 2,
      fan: 1 + 2 * guests,
    };
  });
}

/** The order of the registers is not that of the identities. */
const definition = (over: Partial<TrainerDefinition> = {}): TrainerDefinition => ({
  name: 'air handling',
  features: [
    { name: 'outside', min: -20, max: 20 },
    { name: 'guests', min: 0, max: 30 },
    { name: 'hour', min: 0, max: 24 },
  ],
  outputs: [
    { name: 'valve', unit: '%', min: 0, max: 100, tolerance: 5, initial: 30 },
    { name: 'fan', unit: 'm/s', min: 1, max: 3 },
  ],
  model: {
    type: 'dnn',
    epochs: 60,
    layers: [
      { kind: 'dense', units: 16, activation: 'relu' },
      { kind: 'dense', units: 2 },
    ],
  },
  stitching: { capacity: 250 },
  training: { mode: 'manual', minSamples: 20 },
  feedback: { rule: 'label' },
  ...over,
});

const oneOutput = (over: Partial<TrainerDefinition> = {}): TrainerDefinition => {
  const both = definition();
  return {
    ...both,
    outputs: (both.outputs ?? []).slice(0, 1),
    model: { type: 'dnn', epochs: 30, layers: [{ kind: 'dense', units: 1 }] },
    ...over,
  };
};

describe('continuous outputs', () => {
  let board: Board;

  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  async function teach(count: number, seed = 1): Promise<void> {
    for (const { features, valve, fan } of rows(count, seed))
      await board.trainer.dataset.add(features, { valve, fan });
  }

  async function errors(seed = 2): Promise<{ valve: number; fan: number }> {
    const sums = { valve: 0, fan: 0 };
    const asked = rows(50, seed);
    for (const { features, valve, fan } of asked) {
      const { outputs } = await board.trainer.infer(features);
      sums.valve += Math.abs((outputs?.valve as number) - valve) / asked.length;
      sums.fan += Math.abs((outputs?.fan as number) - fan) / asked.length;
    }
    return sums;
  }

  it('begin with their initial values and are learned from targets', async () => {
    await board.trainer.deploy(definition());
    const before = await board.trainer.infer([0, 10, 12]);
    assert.deepEqual(
      [before.outputs, before.generation, before.by],
      [{ valve: 30, fan: 2 }, 0, 'start-rule'],
    );
    assert.equal(before.label, 'valve 30 %, fan 2 m/s');
    await teach(200);
    const { result } = await board.trainer.model.train();
    assert.equal(result, 'promoted');
    const { valve, fan } = await errors();
    // The mean of the targets is 26 % and 0.5 m/s off.
    assert.ok(valve < 6 && fan < 0.12, `off by ${valve} % and ${fan} m/s`);
    const { outputs = [], samples, balancedAccuracy } = await board.trainer.model.lastEvaluation();
    assert.equal(samples, 40);
    assert.deepEqual(
      outputs.map(({ name, unit }) => [name, unit]),
      [
        ['valve', '%'],
        ['fan', 'm/s'],
      ],
    );
    for (const { error = 99, meanError = 0 } of outputs)
      assert.ok(error < meanError / 3, `${error} ${meanError}`);
    assert.ok(balancedAccuracy > 0.93 && balancedAccuracy < 1, String(balancedAccuracy));
  });

  it('stay within their range, whatever the network says', async () => {
    await board.trainer.deploy(oneOutput());
    for (let k = 0; k < 60; k++)
      await board.trainer.dataset.add([(k % 40) - 20, 10, 12], k % 40 < 8 ? 0 : 100);
    await board.trainer.model.train();
    for (const outside of [-20, 20]) {
      const { outputs } = await board.trainer.infer([outside, 10, 12]);
      assert.ok(
        (outputs?.valve as number) >= 0 && (outputs?.valve as number) <= 100,
        JSON.stringify(outputs),
      );
    }
    const { actuation } = await board.trainer.infer([20, 10, 12]);
    assert.equal(actuation, 100, 'the first output is the actuation, in its unit');
  });

  it('are judged by targets: satisfactory within the tolerance, the same again changes nothing', async () => {
    await board.trainer.deploy(definition());
    const { trainer } = board;
    const near = await trainer.infer([0, 10, 12]);
    const verdict = await trainer.feedback(near.ticket, { target: [33, 2.02] });
    assert.deepEqual([verdict.judgement, verdict.truth], ['satisfied', 'valve 33 %, fan 2.02 m/s']);
    assert.deepEqual(await trainer.feedback(near.ticket, { target: { fan: 2.02, valve: 33 } }), verdict);
    await assert.rejects(
      trainer.feedback(near.ticket, { target: [33, 2.5] }),
      (error) => error instanceof TrainerError && error.code === 'TICKET_JUDGED',
    );
    const far = await trainer.infer([1, 10, 12]);
    assert.equal((await trainer.feedback(far.ticket, { override: [60, 2] })).judgement, 'unsatisfied');
    const samples = await trainer.dataset.read();
    assert.deepEqual(
      samples.map(({ targets }) => targets),
      [
        [33, 2.02],
        [60, 2],
      ],
    );
    assert.deepEqual((await trainer.dataset.summary()).perClass, [{ label: 'values', count: 2 }]);
    assert.equal((await trainer.dataset.csv()).split('\n')[0], 'outside,guests,hour,valve,fan,held_out,age');
    assert.equal((await trainer.status()).judged, 2);
  });

  it('refuse a target that is out of range, missing or a label, and keep what they have', async () => {
    await board.trainer.deploy(definition());
    const { trainer } = board;
    for (const [target, named] of [
      [[101, 2], 'valve'],
      [[50, Number.NaN], 'fan'],
      [{ valve: 3 }, 'fan'],
      [{ valve: 3, pump: 1 }, 'pump'],
      [50, 'label'],
      ['open', 'label'],
    ] as const)
      await assert.rejects(
        trainer.dataset.add([0, 10, 12], target as never),
        (error) => error instanceof InputError && error.message.includes(named),
      );
    const { ticket } = await trainer.infer([0, 10, 12]);
    await assert.rejects(trainer.feedback(ticket, { label: 'open' }), InputError);
    assert.equal((await trainer.status()).samplesStored, 0);
  });

  it('survive a restart of the board, and travel in a backup', async () => {
    await board.trainer.deploy(definition());
    await teach(100);
    await board.trainer.model.train();
    const asked = rows(5, 3).map(({ features }) => features);
    const given = async (): Promise<unknown[]> => {
      const values: unknown[] = [];
      for (const features of asked) values.push((await board.trainer.infer(features)).outputs);
      return values;
    };
    const [before, samples] = [await given(), await board.trainer.dataset.read()];
    await board.trainer.save();
    const backup = JSON.parse(JSON.stringify(await board.trainer.backup.take('running', { samples: true })));
    await board.trainer.restart();
    assert.deepEqual(await given(), before);
    assert.deepEqual(await board.trainer.dataset.read(), samples);
    await board.trainer.factoryReset();
    await board.trainer.deploy(definition());
    await board.trainer.backup.restore(backup);
    assert.deepEqual(await given(), before);
    const { taught } = await board.trainer.backup.restoreSamples(backup);
    assert.equal(taught, 100);
    assert.deepEqual(
      (await board.trainer.dataset.read()).map(({ targets }) => targets),
      samples.map(({ targets }) => targets),
    );
  });

  it('a candidate that is worse on held-out samples does not take over', async () => {
    await board.trainer.deploy(definition());
    await teach(150);
    assert.equal((await board.trainer.model.train()).result, 'promoted');
    const good = await errors();
    // The same network, hardly trained from random weights.
    const { model } = definition();
    await board.trainer.deploy(
      definition({ model: { ...model, epochs: 1, rate: 0.0001, warmStart: false } as never }),
    );
    assert.equal((await board.trainer.status()).generation, 1, 'rate and epochs keep the model');
    assert.equal((await board.trainer.model.train()).result, 'rejected');
    assert.deepEqual(await errors(), good);
  });

  it('what was learned follows the identity: moved and renamed stays, another range trains anew, another output discards', async () => {
    await board.trainer.deploy(definition());
    await teach(120);
    await board.trainer.model.train();
    const asked = [5, 10, 12];
    const { outputs: before } = await board.trainer.infer(asked);
    const [valve, fan] = definition().outputs as [never, never];
    const { outputs: given = [] } = definition();
    await board.trainer.deploy(
      definition({
        outputs: [
          { ...(given[1] as object) },
          { ...(given[0] as object), id: 'valve', name: 'opening' },
        ] as never,
      }),
    );
    const { outputs: after, generation } = await board.trainer.infer(asked);
    assert.deepEqual([after, generation], [{ fan: before?.fan, opening: before?.valve }, 1]);
    assert.deepEqual((await board.trainer.dataset.read())[0]?.targets?.length, 2);
    const targets = (await board.trainer.dataset.read()).map((sample) => sample.targets?.[1]);

    // Another range: the targets stay what they were, the model does not.
    const wider = definition({ outputs: [{ ...(valve as object), max: 400 }, fan] as never });
    const status = await board.trainer.status();
    const report = changeReport(
      await board.trainer.readDefinition(),
      status,
      parseDefinition(wider),
      await firmwarePlanner(),
    );
    assert.deepEqual([report.cause, report.kept.samples, report.discarded.generation], ['outputs', 120, 1]);
    await board.trainer.deploy(wider);
    const now = await board.trainer.dataset.read();
    for (const [index, { targets: values }] of now.entries())
      assert.ok(Math.abs((values?.[0] as number) - (targets[index] as number)) < 0.11);
    assert.equal((await board.trainer.status()).generation, 0);

    await board.trainer.deploy(definition({ outputs: [valve, { ...(fan as object), id: 'pump' }] as never }));
    assert.equal((await board.trainer.status()).samplesStored, 0);
  });

  it('a definition with outputs is the same document after the blob', () => {
    const complete = parseDefinition(definition());
    assert.equal(complete.stitching.holdOutEvery, 5);
    assert.deepEqual(parseDefinition(JSON.parse(JSON.stringify(documentOf(complete)))), complete);
    const blob = encodeDefinition(complete);
    const read = decodeDefinition(blob);
    assert.deepEqual(
      read.outputs?.map(({ min, max, tolerance, initial }) => [min, max, tolerance, initial]),
      [
        [0, 100, 5, 30],
        [1, 3, 0.04, 2],
      ],
    );
    assert.deepEqual(Buffer.from(encodeDefinition(read)).subarray(0, -4).length, blob.length - 4);
  });

  it('says what does not go with outputs', () => {
    const { outputs = [], model } = definition();
    const problems = (over: object): string[] => {
      try {
        parseDefinition({ ...definition(), ...over });
        return [];
      } catch (error) {
        assert.ok(error instanceof DefinitionError);
        return error.issues.map(({ path }) => path);
      }
    };
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ classes: [{ label: 'a' }, { label: 'b' }] }), ['classes']);
    assert.deepEqual(problems({ model: { type: 'svm-linear' } }), ['outputs']);
    assert.deepEqual(problems({ feedback: { rule: 'limit', limit: 3, side: 'above', truth: 'values' } }), [
      'feedback.rule',
    ]);
    assert.deepEqual(problems({ stitching: { holdOutEvery: 0 } }), ['stitching.holdOutEvery']);
    assert.deepEqual(problems({ outputs: [{ ...outputs[0], initial: 101 }, outputs[1]] }), [
      'outputs[0].initial',
    ]);
    assert.deepEqual(problems({ outputs: [outputs[0], { ...outputs[1], name: 'valve' }] }), [
      'outputs[1].name',
      'outputs[1].id',
    ]);
    assert.deepEqual(problems({ model: { ...model, layers: [{ kind: 'dense', units: 3 }] } }), [
      'model.layers[0].units',
    ]);
  });
});

describe('continuous outputs for a plain master', () => {
  let board: VirtualBoard;
  const { ticket, outputs, actuation, feedbackTicket, feedbackJudgement, samplesStored, lastError } =
    Registers;
  const { targetTicket, targetKind, targets, targetClaim } = Registers;

  const begin = (given: TrainerDefinition): void => {
    board = new VirtualBoard({ clock: 'manual' });
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(given))));
    board.runUntilIdle();
    assert.equal(write(ticket.address, 7, 0, 10_000, 12_000), 0);
  };
  const write = (address: number, ...words: number[]): number =>
    exceptionOf(board.exchange(writeRequest(1, address, ...words)));
  const read = ({ address }: { address: number }, words = 1): number[] =>
    registersOf(board.exchange(readRequest(1, address, words)));

  afterEach(() => board.close());

  it('stand in one register each, the first one as the actuation too; others read 0', () => {
    begin(definition());
    assert.deepEqual(read(outputs, 8), [3_000, 2_000, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(read(actuation), [3_000]);
  });

  it('take their targets in one request; the same again changes nothing', () => {
    begin(definition());
    assert.equal(write(targetTicket.address, 7, FeedbackKind.TEACH, 4_000, 2_500), 0);
    assert.equal(write(targetTicket.address, 7, FeedbackKind.TEACH, 4_000, 2_500), 0);
    assert.equal(write(targetTicket.address, 7, FeedbackKind.TEACH, 4_000, 2_501), 3);
    assert.deepEqual(read(lastError), [TrainerErrors.TICKET_JUDGED.code]);
    assert.deepEqual(read(targets, 8), [4_000, 2_500, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual([read(feedbackTicket), read(feedbackJudgement)], [[7], [Judgement.UNSATISFIED]]);
    assert.deepEqual(read(samplesStored), [1]);
  });

  it('take their targets word by word under a claim', () => {
    begin(definition());
    assert.equal(write(targetClaim.address, 7), 0);
    assert.equal(write(targetKind.address, FeedbackKind.LABEL), 0);
    assert.equal(write(targets.address, 3_400), 0);
    assert.equal(write(targets.address + 1, 2_010), 0);
    assert.equal(write(targetTicket.address, 7), 0);
    assert.deepEqual(read(targets, 2), [3_400, 2_010]);
    assert.deepEqual(read(feedbackJudgement), [Judgement.SATISFIED]);
  });

  it('refuse too few targets and one out of range, and keep nothing of them', () => {
    begin(definition());
    for (const [words, error] of [
      [[FeedbackKind.TEACH, 4_000], 'WORDS_MISSING'],
      [[FeedbackKind.TEACH, 4_000, 999], 'TARGET_RANGE'],
      [[FeedbackKind.TEACH, 0x8000, 2_000], 'TARGET_RANGE'],
    ] as const) {
      assert.equal(write(targetTicket.address, 7, ...words), 3);
      assert.deepEqual(read(lastError), [TrainerErrors[error].code]);
    }
    assert.equal(write(feedbackTicket.address, 7, FeedbackKind.TEACH, 4_000), 3, 'one value for two outputs');
    assert.deepEqual(read(samplesStored), [0]);
    assert.deepEqual(read(feedbackJudgement), [Judgement.NONE]);
  });

  it('are judged in the feedback block when there is one alone', () => {
    begin(oneOutput());
    assert.equal(write(feedbackTicket.address, 7, FeedbackKind.TEACH, 7_000), 0);
    assert.deepEqual([read(targets), read(samplesStored)], [[7_000], [1]]);
  });

  it('wait for a save that runs, and so does who reads the data set', () => {
    board = new VirtualBoard({ clock: 'manual' });
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(definition()))));
    board.poll(3);
    assert.equal(read(Registers.state)[0], State.SAVING);
    assert.equal(write(ticket.address, 7, 0, 10_000, 12_000), 0);
    assert.equal(write(targetTicket.address, 7, FeedbackKind.LABEL, 4_000, 2_500), 0);
    assert.deepEqual(read(samplesStored), [0]);
    assert.equal(write(Registers.bulkObject.address, BulkObject.DATASET, 0), 6);
    assert.equal(write(Registers.bulkObject.address, BulkObject.DEFINITION, 0), 0);
    board.runUntilIdle();
    assert.equal(write(Registers.bulkObject.address, BulkObject.DATASET, 0), 0);
    assert.deepEqual([read(samplesStored), read(Registers.bulkTotal, 2)], [[1], [0, 12 + 4 + 3 + 4]]);
  });

  it('are discarded like every decision', () => {
    begin(definition());
    assert.equal(write(feedbackTicket.address, 7, FeedbackKind.DISCARD, 1), 0);
    assert.deepEqual(read(feedbackJudgement), [Judgement.DISCARDED]);
    assert.equal(write(feedbackTicket.address, 7, FeedbackKind.DISCARD, 1), 0);
    assert.deepEqual(read(samplesStored), [0]);
  });
});

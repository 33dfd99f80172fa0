/** Networks as a family of a trainer: deployed, trained through the protocol, kept, taken back, and never lost. */
import assert from 'node:assert/strict';
import { DefinitionError, type TrainerDefinition, TrainerError } from '../../../trainer';
import { parseDefinition, planMemory } from '../../../trainer/definition';
import { crc32 } from '../../../trainer/definition/crc32';
import { firmwarePlanner } from '../../../trainer/virtual';
import { uniform } from '../../support/random';
import { type Board, openBoard } from './board';

type DenseLayer = Extract<NetworkModel['layers'][number], { kind: 'dense' }>;
type ConvLayer = Extract<NetworkModel['layers'][number], { kind: 'conv' }>;
/** In front of a model's block. */
const HEAD_BYTES = 24;

type NetworkModel = Extract<TrainerDefinition['model'], { type: 'dnn' }>;

/** Where a bump lies in a row of twelve readings: left, middle or right. */
const LABELS = ['left', 'middle', 'right'] as const;
const WIDTH = 12;

interface Row {
  readonly features: number[];
  readonly label: string;
}

function rows(count: number, seed: number): Row[] {
  const next = uniform(seed);
  return Array.from({ length: count }, (_, index) => {
    const kind = index % LABELS.length;
    const centre = kind * 4 + 1.5 + (next() - 0.5) * 2;
    const features = Array.from(
      { length: WIDTH },
      (_one, at) => 90 * Math.exp(-((at - centre) ** 2)) + 10 * next(),
    );
    return { features, label: LABELS[kind] as string };
  });
}

const CONVOLUTION: NetworkModel = {
  type: 'dnn',
  layers: [
    { kind: 'conv', filters: 4, kernelWidth: 3, padding: 'same', activation: 'relu' },
    { kind: 'max-pool', kernelWidth: 2 },
    { kind: 'dense', units: 3 },
  ],
};
const DENSE: NetworkModel = {
  type: 'dnn',
  layers: [
    { kind: 'dense', units: 8, activation: 'relu' },
    { kind: 'dense', units: 3 },
  ],
};

const definition = (model: NetworkModel): TrainerDefinition => ({
  name: 'bumps',
  features: Array.from({ length: WIDTH }, (_, index) => ({
    name: `reading ${index}`,
    min: 0,
    max: 100,
    scale: 10,
  })),
  classes: LABELS.map((label) => ({ label })),
  outOfRange: 'clamp',
  model,
  feedback: { rule: 'label', tickets: 4 },
  stitching: { capacity: 120, holdOutEvery: 5 },
  training: { mode: 'manual', minSamples: 20 },
});

describe('networks on a trainer', () => {
  let board: Board;

  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  async function teach(count = 90, seed = 1): Promise<void> {
    for (const { features, label } of rows(count, seed)) await board.trainer.dataset.add(features, label);
  }
  async function decisions(seed = 2): Promise<string[]> {
    const decided: string[] = [];
    for (const { features } of rows(30, seed)) decided.push((await board.trainer.infer(features)).label);
    return decided;
  }
  async function right(seed = 2): Promise<number> {
    const decided = await decisions(seed);
    return rows(30, seed).filter(({ label }, index) => label === decided[index]).length;
  }

  for (const [name, model] of [
    ['a dense network', DENSE],
    ['a convolution', CONVOLUTION],
    ['a dense network in floating point', { ...DENSE, format: 'f32' }],
    [
      'a convolution in floating point before a dense layer of bytes',
      {
        ...CONVOLUTION,
        layers: CONVOLUTION.layers.with(0, { ...CONVOLUTION.layers[0], format: 'f32' } as ConvLayer),
      },
    ],
    [
      'a network with sparse updates and early stop',
      { ...DENSE, lambdaMin: 0.3, lambdaMax: 0.8, patience: 3, epochs: 60 },
    ],
  ] as const) {
    it(`${name} learns from taught samples and decides`, async () => {
      await board.trainer.deploy(definition(model));
      const [first] = rows(1, 2);
      assert.deepEqual(
        [
          (await board.trainer.infer(first?.features as number[])).label,
          (await board.trainer.status()).generation,
        ],
        ['left', 0],
      );
      await teach();
      const trained = await board.trainer.model.train();
      assert.equal(trained.result, 'promoted');
      assert.ok((await right()) >= 28, `${await right()} of 30`);
      const { accuracy, samples } = await board.trainer.model.evaluate();
      assert.equal(samples, 18);
      assert.ok(accuracy >= 0.9, `held-out accuracy ${accuracy}`);
      const status = await board.trainer.status();
      assert.ok(status.trainWork > 0);
    });
  }

  for (const [epochs, stride, points] of [
    [20, 1, 20],
    [100, 4, 25],
  ] as const)
    it(`draws the learning curve of ${epochs} epochs in ${points} points`, async () => {
      await board.trainer.deploy(definition({ ...DENSE, epochs }));
      assert.deepEqual(await board.trainer.model.learningCurve(), []);
      await teach(100);
      await board.trainer.model.train();
      const curve = await board.trainer.model.learningCurve();
      assert.deepEqual(
        curve.map(({ epoch }) => epoch),
        Array.from({ length: points }, (_, index) => (index + 1) * stride),
      );
      const [first, last] = [curve[0], curve.at(-1)];
      assert.ok(first !== undefined && last !== undefined && last.loss < first.loss);
      const { accuracy } = await board.trainer.model.evaluate();
      assert.equal(((last.error as number) + accuracy).toFixed(3), '1.000');
    });

  it('keeps network and samples through a restart, to the byte', async () => {
    await board.trainer.deploy(definition(CONVOLUTION));
    await teach();
    await board.trainer.model.train();
    const before = await board.trainer.status();
    const decided = await decisions();
    await board.trainer.save();
    await board.trainer.restart();
    const after = await board.trainer.status();
    assert.equal(after.startReason, 'slot-newest');
    assert.deepEqual(
      [after.modelFingerprint, after.generation, after.samplesStored],
      [before.modelFingerprint, before.generation, before.samplesStored],
    );
    assert.deepEqual(await decisions(), decided);
  });

  it('comes back from a backup, but not under other layers or with numbers out of range', async () => {
    await board.trainer.deploy(definition(DENSE));
    await teach();
    await board.trainer.model.train();
    const decided = await decisions();
    const { modelFingerprint } = await board.trainer.status();
    const backup = JSON.parse(JSON.stringify(await board.trainer.backup.take()));
    await board.trainer.model.reset();
    assert.equal((await board.trainer.status()).generation, 0);
    const restored = await board.trainer.backup.restore(backup);
    assert.equal(restored.modelFingerprint, modelFingerprint);
    assert.deepEqual(await decisions(), decided);

    const bytes = Buffer.from(backup.model.data, 'base64');
    bytes.fill(0xff, HEAD_BYTES + 4, HEAD_BYTES + 40); // the ranges: no numbers
    bytes.writeUInt32LE(crc32(bytes.subarray(HEAD_BYTES)), 12);
    const wrong = { ...backup, model: { ...backup.model, data: bytes.toString('base64') } };
    await assert.rejects(board.trainer.backup.restore(wrong), /its numbers are out of range/);
    assert.equal((await board.trainer.status()).modelFingerprint, modelFingerprint);

    // The same bytes in memory, another activation function.
    const [first, last] = DENSE.layers as [DenseLayer, DenseLayer];
    await board.trainer.deploy(definition({ ...DENSE, layers: [{ ...first, activation: 'relu6' }, last] }));
    assert.equal((await board.trainer.status()).generation, 0);
    await board.trainer.model.train();
    const { definition: blob } = await board.trainer.backup.take();
    await assert.rejects(
      board.trainer.backup.restore({ ...backup, definition: blob }),
      /made for another definition/,
    );
  });

  it('takes a training back', async () => {
    await board.trainer.deploy(definition(DENSE));
    await teach(60, 1);
    await board.trainer.model.train();
    const first = await board.trainer.status();
    await teach(30, 7);
    await board.trainer.model.train();
    assert.notEqual((await board.trainer.status()).modelFingerprint, first.modelFingerprint);
    await board.trainer.model.rollBack();
    assert.equal((await board.trainer.status()).modelFingerprint, first.modelFingerprint);
  });

  it('keeps the running network when a training is cancelled', async () => {
    await board.trainer.deploy(definition({ ...DENSE, epochs: 20_000 }));
    await teach();
    const began = board.trainer.model.train();
    began.catch(() => undefined);
    while (!(await board.trainer.isTraining())) await board.trainer.status();
    await board.trainer.model.cancel();
    await began.catch(() => undefined);
    assert.equal((await board.trainer.status()).generation, 0);
    await board.trainer.deploy(definition(DENSE));
    await board.trainer.model.train();
    const { generation, modelFingerprint } = await board.trainer.status();
    await board.trainer.deploy(definition({ ...DENSE, epochs: 20_000 }));
    const again = board.trainer.model.train();
    again.catch(() => undefined);
    while (!(await board.trainer.isTraining())) await board.trainer.status();
    const { features } = rows(1, 2)[0] as Row;
    assert.equal((await board.trainer.infer(features)).generation, generation);
    await board.trainer.model.cancel();
    await again.catch(() => undefined);
    const after = await board.trainer.status();
    assert.deepEqual([after.generation, after.modelFingerprint], [generation, modelFingerprint]);
  });

  it('goes on with a cancelled training where it was, unless something has changed', async () => {
    const { trainer } = board;
    await trainer.deploy(definition({ ...DENSE, epochs: 65_535 }));
    await teach(120);
    /** Progress, in permille, of a training that is stopped as soon as it has come to `least`. */
    const stopAt = async (least: number): Promise<number> => {
      const training = trainer.model.train();
      training.catch(() => undefined);
      let first: number | undefined;
      for (;;) {
        const { state, progress } = await trainer.status();
        if (state !== 'training') continue;
        first ??= progress;
        if (progress >= least) break;
      }
      await trainer.model.cancel();
      await assert.rejects(training, /cancelled/);
      return first;
    };
    const reached = 0.02;
    await stopAt(reached);
    assert.ok((await stopAt(reached)) >= reached, 'it began where it was');
    await teach(1, 5);
    assert.ok((await stopAt(reached)) < reached, 'a new sample: it began anew');
  });

  it('stops a training whose numbers overflow, says so and keeps the running network', async () => {
    const deep: NetworkModel = {
      ...{ type: 'dnn', format: 'f32', rate: 0.01 },
      layers: [
        { kind: 'dense', units: 8 },
        { kind: 'dense', units: 8 },
        { kind: 'dense', units: 3 },
      ],
    };
    await board.trainer.deploy(definition(deep));
    await teach();
    await board.trainer.model.train();
    const { modelFingerprint } = await board.trainer.status();
    await board.trainer.deploy(definition({ ...deep, rate: 10, gate: 0, epochs: 200 }));
    await assert.rejects(board.trainer.model.train(), (error: unknown) => {
      assert.ok(error instanceof TrainerError);
      assert.equal(error.code, 'NUMERIC');
      const { layer, epoch } =
        /not finite in layer (?<layer>\d+), epoch (?<epoch>\d+); the running model is untouched\. .*model\.rate/.exec(
          error.message,
        )?.groups ?? {};
      assert.ok(Number(layer) >= 1 && Number(layer) <= deep.layers.length, error.message);
      assert.ok(Number(epoch) >= 1 && Number(epoch) <= 200, error.message);
      assert.equal(error.detail, Number(layer));
      return true;
    });
    assert.equal((await board.trainer.status()).modelFingerprint, modelFingerprint);
    const failed = (await board.trainer.log.read()).find(({ event }) => event === 'train-failed');
    assert.match(failed?.text ?? '', /not finite; the running model is untouched \(layer [123]\)/);
  });

  it('keeps the network when only the training changes, and trains again when the layers do', async () => {
    await board.trainer.deploy(definition(DENSE));
    await teach();
    await board.trainer.model.train();
    const { modelFingerprint } = await board.trainer.status();
    await board.trainer.deploy(definition({ ...DENSE, rate: 0.02, epochs: 5, gate: 0.2 }));
    assert.equal((await board.trainer.status()).modelFingerprint, modelFingerprint);
    await board.trainer.deploy(definition(CONVOLUTION));
    const status = await board.trainer.status();
    assert.deepEqual([status.generation, status.samplesStored], [0, 90]);
    await board.trainer.model.train();
    assert.ok((await right()) >= 28, `${await right()} of 30`);
  });

  it('says of frozen layers that have no weights where they come from', async () => {
    await board.trainer.deploy(
      definition({
        ...DENSE,
        layers: [
          { kind: 'dense', units: 8, update: 'frozen' },
          { kind: 'dense', units: 3 },
        ],
      }),
    );
    await teach();
    await assert.rejects(board.trainer.model.train(), /restore or import a model that has them/);
  });
});

describe('definitions of networks', () => {
  async function refused(model: Partial<NetworkModel>): Promise<string> {
    try {
      planMemory(parseDefinition(definition({ ...DENSE, ...model })), await firmwarePlanner());
    } catch (error) {
      assert.ok(error instanceof DefinitionError);
      return error.message;
    }
    return 'taken';
  }

  it('name the layer whose shape does not match, and what it reads', async () => {
    assert.match(
      await refused({
        layers: [
          { kind: 'conv', filters: 2, kernelWidth: 20 },
          { kind: 'dense', units: 3 },
        ],
      }),
      /model\.layers\[0\].*layer 1 \(conv 1 x 20\) does not fit its input \(the network's input, 1 x 12 x 1\)/,
    );
    assert.match(
      await refused({
        layers: [
          { kind: 'conv', filters: 4, kernelWidth: 3 },
          { kind: 'max-pool', kernelWidth: 11 },
          { kind: 'dense', units: 3 },
        ],
      }),
      /layer 2 \(max-pool 1 x 11\) does not fit its input \(layer 1, 1 x 10 x 4\)/,
    );
    assert.match(
      await refused({
        layers: [
          { kind: 'dense', units: 4 },
          { kind: 'dense', units: 3 },
          { kind: 'add', other: 1 },
        ],
      }),
      /layer 3 \(add\): the shapes of its two inputs differ/,
    );
  });

  it('name the layer that reads in another number format what an earlier one reads too', async () => {
    assert.match(
      await refused({
        layers: [
          { kind: 'dense', units: 3 },
          { kind: 'dense', units: 3, format: 'f32' },
          { kind: 'dense', units: 3, input: 1 },
          { kind: 'add', other: 2 },
        ],
      }),
      /model\.layers\[2\].*layer 3 \(dense\) reads in another number format what an earlier layer reads too/,
    );
  });

  it('want an output for each class, and an input for each feature', async () => {
    assert.match(
      await refused({ layers: [{ kind: 'dense', units: 4 }] }),
      /model\.layers\[0\]\.units.*must be 3/,
    );
    assert.match(
      await refused({ layers: [{ kind: 'conv', filters: 3, kernelWidth: 3 }] }),
      /layer 1 \(conv 1 x 3\): outputs that it gives: 30, classes of the definition: 3/,
    );
    assert.match(
      await refused({ height: 5 }),
      /height x width x channels must be the number of features \(12\), got 5 x 2 x 1 = 10/,
    );
    assert.match(
      await refused({
        layers: [{ kind: 'dense', units: 3 }, { kind: 'softmax' }, { kind: 'dense', units: 3 }],
      }),
      /layer 2 \(softmax\) must be the last layer/,
    );
  });

  it('plan their layers: shapes, parameters, work, buffers', async () => {
    const planner = await firmwarePlanner();
    const { encodeDefinition } = await import('../../../trainer/definition');
    const plan = planner.network(encodeDefinition(parseDefinition(definition(CONVOLUTION))));
    assert.ok(plan !== undefined);
    assert.equal(plan.fault, undefined);
    assert.deepEqual(
      plan.layers.map(({ height, width, channels, parameters, forwardMacs }) => [
        ...[height, width, channels],
        ...[parameters, forwardMacs],
      ]),
      [
        [1, 12, 4, 16, 144],
        [1, 6, 4, 0, 0],
        [1, 1, 3, 75, 72],
      ],
    );
    assert.equal(plan.parameters, 91);
    assert.ok(plan.buffers.every(({ offset, bytes }) => offset + bytes <= plan.stepBytes + 3));
    assert.ok(plan.buffers.some(({ kind, layer }) => kind === 'error' && layer === 3));
  });
});

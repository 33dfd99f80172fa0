/** Imported networks on a trainer: they decide as the original, to the bit, and are trained on. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODELS, PUBLISHED } from '../../bench/dnn/published';
import { parseDefinition, type TrainerDefinition } from '../../trainer/definition';
import { storedFeatures } from '../../trainer/device';
import { importTflite, openWeights, readNetwork, WeightsError, weightsOf } from '../../trainer/network';
import { WordedError } from '../../trainer/text';
import { generationOf, HostGeneration } from '../../trainer/virtual';
import { reference } from '../support/int8_reference';
import { longRow, picture, pictures } from '../support/networks';
import { randomBelow } from '../support/random';
import { type Net, tfliteFile } from '../support/tflite';
import { comfort } from './definition/examples';
import { type Board, openBoard } from './device/board';

const LABELS = ['a', 'b', 'c', 'd', 'e'];
const INPUTS = 48;
const WIDE = 301;

/** Bytes of an input as a board stores them: -127 to 127. */
function inputs(count: number, seed = 5): Int8Array[] {
  const random = randomBelow(seed);
  return Array.from({ length: count }, () => Int8Array.from({ length: INPUTS }, () => random(255) - 127));
}

const largest = (values: ArrayLike<number>): number => {
  const all = Array.from(values);
  return all.indexOf(Math.max(...all));
};

/** What a plant would measure for these bytes. */
const measured = ({ range }: Net, bytes: Int8Array): number[] =>
  Array.from(bytes, (byte) => range.scale * (byte - range.zero));

async function hosted(net: Net, options = {}): Promise<HostGeneration> {
  const { definition, weights } = importTflite(tfliteFile(net), options);
  return HostGeneration.of(parseDefinition(definition), openWeights(weights));
}

describe('an imported network', function () {
  this.timeout(120_000);

  it('gives what the original gives, to the bit, with every layer that can be imported', async () => {
    for (const trained of ['all', 'biases', 'head'] as const) {
      const net = pictures();
      const generation = await hosted(net, { trained });
      const seen = new Set<number>();
      for (const input of inputs(150)) {
        const bytes = reference(net, input);
        assert.deepEqual(
          Array.from(generation.outputs(input)),
          bytes.map((byte) => (byte + 128) / 256),
        );
        seen.add(largest(bytes));
      }
      assert.ok(seen.size >= 3, 'the inputs tell something');
    }
  });

  it('keeps a zero that is the lowest byte of its input', async () => {
    const net = pictures(-128);
    const { definition } = importTflite(tfliteFile(net));
    assert.deepEqual(
      [definition.features?.[0]?.min, definition.features?.[0]?.max],
      [0, 254 * net.range.scale],
    );
    const generation = await hosted(net);
    for (const input of inputs(60)) {
      const bytes = input.map((byte) => byte - 1);
      assert.ok(bytes.includes(-128) || !input.includes(-127));
      assert.deepEqual(
        Array.from(generation.outputs(input)),
        reference(net, bytes).map((byte) => (byte + 128) / 256),
      );
    }
    const pooled: Net = { ...net, shape: [1, 4, 1, 8], steps: net.steps.slice(4) };
    const from = { ...pooled, range: { scale: 0.04, zero: -128 } };
    assert.ok((importTflite(tfliteFile(from)).definition.features?.[0]?.min ?? 0) > 0, 'a pool reads it');
  });

  describe('on a board', () => {
    let board: Board;

    beforeEach(async () => {
      board = await openBoard();
    });
    afterEach(() => board.close());

    async function deploy(definition: TrainerDefinition, model: Uint8Array): Promise<void> {
      await board.trainer.deploy(definition);
      await board.trainer.model.write(model);
    }

    it('decides as the original from values in engineering units, at once', async () => {
      const net = pictures();
      const { definition, weights } = importTflite(tfliteFile(net), { labels: LABELS });
      await deploy(definition, await generationOf(parseDefinition(definition), openWeights(weights)));
      for (const input of inputs(60)) {
        const { label } = await board.trainer.infer(measured(net, input));
        assert.equal(label, LABELS[largest(reference(net, input))]);
      }
    });

    it('sees every byte of its input as it is', async () => {
      const net = pictures();
      const { definition } = importTflite(tfliteFile(net));
      await board.trainer.deploy(definition);
      const bytes = Array.from({ length: 6 }, (_, row) =>
        Int8Array.from({ length: INPUTS }, (_one, i) => Math.min(127, row * INPUTS + i - 127)),
      );
      for (const row of bytes) await board.trainer.dataset.add(measured(net, row), 'class 0');
      const stored = (await board.trainer.dataset.read()).sort((a, b) => b.age - a.age);
      stored.forEach(({ features }, row) => {
        features.forEach((value, i) => {
          const wanted = net.range.scale * ((bytes[row]?.[i] as number) - net.range.zero);
          assert.ok(Math.abs(value - wanted) < net.range.scale / 2, `row ${row}, ${i}: ${value}`);
        });
      });
    });

    async function teach(net: Net, count: number): Promise<void> {
      const random = randomBelow(9);
      for (let i = 0; i < count; i++) {
        const bright = i % 2 === 0;
        await board.trainer.dataset.add(measured(net, picture(random, bright)), bright ? 'bright' : 'dark');
      }
    }

    for (const trained of ['all', 'biases', 'head'] as const)
      it(`is trained on with a new head (${trained}), and goes back to what it was`, async () => {
        const net = pictures();
        const { definition, weights } = importTflite(tfliteFile(net), {
          ...{ classes: ['dark', 'bright'], trained },
        });
        const larger = { ...definition, stitching: { capacity: 300 }, training: { mode: 'manual' as const } };
        const model = await generationOf(parseDefinition(larger), openWeights(weights));
        await deploy(larger, model);
        const { modelFingerprint } = await board.trainer.status();
        await teach(net, 160);
        const { result } = await board.trainer.model.train();
        assert.equal(result, 'promoted');
        assert.notEqual((await board.trainer.status()).modelFingerprint, modelFingerprint);
        const { accuracy } = await board.trainer.model.evaluate();
        assert.ok(accuracy > 0.8, `held-out accuracy ${accuracy}`);
        await board.trainer.model.rollBack();
        assert.equal((await board.trainer.status()).modelFingerprint, modelFingerprint);
      });
  });

  it('keeps a head of continuous values: what the original says, finer than its bytes', async () => {
    const net = pictures();
    const last = net.steps.slice(0, -1);
    const values: Net = { ...net, steps: last };
    const names = LABELS;
    const { definition, weights } = importTflite(tfliteFile(values), { outputs: names });
    assert.equal(definition.classes, undefined);
    const range = last.at(-1)?.range as Net['range'];
    const board = await openBoard();
    try {
      await board.trainer.deploy(definition);
      await board.trainer.model.write(await generationOf(parseDefinition(definition), openWeights(weights)));
      for (const input of inputs(40)) {
        const { outputs = {} } = await board.trainer.infer(measured(net, input));
        reference(values, input).forEach((byte, i) => {
          const [said, got] = [range.scale * (byte - range.zero), outputs[names[i] as string] as number];
          const inside = byte > -128 && byte < 127;
          // Its bytes are rounded; at their ends the original says no more.
          const near = inside
            ? Math.abs(got - said) <= 0.51 * range.scale
            : Math.sign(got) === Math.sign(said);
          assert.ok(near, `output ${i}: ${got} for ${said}`);
        });
      }
    } finally {
      await board.close();
    }
    const opened = openWeights(weights);
    await assert.rejects(
      generationOf(
        parseDefinition({ ...definition, outputs: [...(definition.outputs ?? [])].reverse() }),
        opened,
      ),
      /the identities \(id\) of its outputs/,
    );
    assert.throws(
      () => importTflite(tfliteFile(net), { outputs: names }),
      /its outputs are no continuous values/,
    );
    assert.throws(
      () => importTflite(tfliteFile(values), { outputs: ['y'] }),
      /names given: 1, outputs of the network: 5/,
    );
  });

  it('trains on this computer to the bytes of a board', async () => {
    const net = pictures();
    const { definition, weights } = importTflite(tfliteFile(net), { labels: LABELS });
    const whole: TrainerDefinition = {
      ...definition,
      ...{ stitching: { capacity: 100, holdOutEvery: 0 }, training: { mode: 'manual', minSamples: 10 } },
    };
    const complete = parseDefinition(whole);
    const here = await HostGeneration.of(complete, openWeights(weights));
    const board = await openBoard();
    try {
      await board.trainer.deploy(whole);
      await board.trainer.model.write(here.model());
      const rows = inputs(30);
      const labels = Uint8Array.from(rows, (_, i) => i % LABELS.length);
      for (const [i, row] of rows.entries())
        await board.trainer.dataset.add(measured(net, row), LABELS[labels[i] as number] as string);
      await board.trainer.model.train();
      const features = Int8Array.from(
        rows.flatMap((row) => [...storedFeatures(complete, measured(net, row))]),
      );
      assert.deepEqual(features, Int8Array.from(rows.flatMap((row) => [...row])));
      assert.equal(here.train({ features, labels }), 0);
      const there = await board.trainer.model.read();
      const HEAD_BYTES = 24;
      assert.deepEqual(here.model().subarray(HEAD_BYTES), there.subarray(HEAD_BYTES));
    } finally {
      await board.close();
    }
  });

  it('is refused, or is one that can be asked, whatever was damaged in its file', async () => {
    const whole = tfliteFile(pictures());
    const random = randomBelow(4);
    let asked = 0;
    for (let round = 0; round < 200; round++) {
      const bytes = whole.slice();
      for (let i = random(3); i >= 0; i--) bytes[random(bytes.length)] = random(256);
      try {
        const { definition, weights } = importTflite(bytes);
        const complete = parseDefinition(definition);
        const generation = await HostGeneration.of(complete, openWeights(weights));
        assert.ok(generation.model().length > 0);
        const outputs = generation.outputs(new Int8Array(complete.features.length).fill(5));
        assert.ok(outputs.length >= 2 && outputs.every(Number.isFinite));
        asked++;
      } catch (error) {
        assert.ok(error instanceof WordedError, String(error));
      }
    }
    assert.ok(asked > 20, `${asked} of 200`);
  });

  it('is refused with the figure when a definition cannot hold it', () => {
    const net = pictures();
    const wide: Net = { ...net, shape: [1, 200, 100, 2], steps: net.steps.slice(0, 1) };
    assert.throws(
      () => importTflite(tfliteFile(wide)),
      /40.?000 inputs \(200 x 100 x 2\), a definition holds at most 32.?768 features; what fits is /,
    );
    assert.throws(
      () => importTflite(tfliteFile(net), { labels: ['a', 'b'] }),
      /labels given: 2, outputs of the network: 5/,
    );
    const coarse: Net = { ...net, range: { scale: 1e12, zero: 0 } };
    assert.throws(() => importTflite(tfliteFile(coarse)), /scale of its input/);
    const alone: Net = { ...net, steps: net.steps.slice(0, 1) };
    assert.throws(() => importTflite(tfliteFile(alone), { classes: ['a', 'b'] }), /in front of its head/);
  });

  it('takes more inputs than there are registers as an array, and decides as the original from every byte', async () => {
    const wide = longRow(WIDE, LABELS.length);
    const { definition, weights } = importTflite(tfliteFile(wide), { labels: LABELS });
    assert.equal(definition.features?.[0]?.count, WIDE);
    const board = await openBoard();
    try {
      await board.trainer.deploy(definition);
      await board.trainer.model.write(await generationOf(parseDefinition(definition), openWeights(weights)));
      const random = randomBelow(8);
      const seen = new Set<number>();
      for (let i = 0; i < 40; i++) {
        const bytes = Int8Array.from({ length: WIDE }, () => random(256) - 128);
        const { classIndex } = await board.trainer.infer(measured(wide, bytes));
        const answer = reference(wide, bytes);
        const [first, second] = Array.from(answer).sort((a, b) => b - a);
        if (first === second) continue; // the board computes on where the original rounds
        assert.equal(classIndex, largest(answer));
        seen.add(classIndex);
      }
      assert.ok(seen.size > 1, 'the inputs tell something');
    } finally {
      await board.close();
    }
  });

  for (const name of MODELS)
    it(`says of the published ${name} what stands in the way, or takes it over`, async function () {
      if (!existsSync(PUBLISHED)) this.skip();
      const bytes = readFileSync(join(PUBLISHED, `${name}.tflite`));
      const classes = ['a', 'b', 'c'];
      if (name === 'ad01_int8') {
        assert.throws(() => importTflite(bytes), /its number of outputs is 640,/);
        return;
      }
      if (name !== 'hello_world_int8') {
        await decidesAsPublished(name, bytes);
        return;
      }
      const { definition, weights } = importTflite(bytes, { classes });
      const model = await generationOf(parseDefinition(definition), openWeights(weights));
      assert.ok(model.length > 300);
      const sine = importTflite(bytes, { outputs: ['sine'] });
      const [output] = sine.definition.outputs ?? [];
      assert.ok(output !== undefined);
      const generation = await HostGeneration.of(parseDefinition(sine.definition), openWeights(sine.weights));
      const { cases, output: range } = JSON.parse(readFileSync(join(PUBLISHED, `${name}.json`), 'utf8')) as {
        cases: { input: string; output: string }[];
        output: { scale: number; zeroPoint: number };
      };
      let compared = 0;
      for (const each of cases) {
        const [byte, answer] = [each.input, each.output].map((text) =>
          Buffer.from(text, 'base64').readInt8(0),
        ) as [number, number];
        // Its zero is its lowest byte, so that a board's bytes are one higher; the highest has no place. At an end the original says no more.
        if (byte === 127 || answer === -128 || answer === 127) continue;
        compared++;
        const [value] = generation.outputs(Int8Array.of(byte + 1));
        const said = range.scale * (answer - range.zeroPoint);
        assert.ok(Math.abs(output.max * (value as number) - said) <= 0.51 * range.scale, `${byte}: ${value}`);
      }
      assert.ok(compared > 200, `${compared} inputs`);
      assert.throws(
        () => importTflite(bytes),
        /its number of outputs is 1, a definition decides between 2 and 16 classes/,
      );
    });
});

/** Deployed on a board with enough memory, a network with an array as its input gives the class of the original. */
async function decidesAsPublished(name: string, bytes: Uint8Array): Promise<void> {
  const { definition, weights } = importTflite(bytes, { trained: 'head' });
  const [input] = definition.features as unknown as [{ count: number }];
  const complete = parseDefinition(definition);
  const generation = await HostGeneration.of(complete, openWeights(weights));
  const board = await openBoard(undefined, 1, { arenaBytes: 2 ** 22, board: 'large' });
  try {
    await board.trainer.deploy(definition);
    await board.trainer.model.write(generation.model());
    const network = readNetwork(bytes);
    const { cases } = JSON.parse(readFileSync(join(PUBLISHED, `${name}.json`), 'utf8')) as {
      cases: { input: string; output: string }[];
    };
    for (const each of cases) {
      const [given, answer] = [each.input, each.output].map(
        (text) => new Int8Array(Buffer.from(text, 'base64')),
      );
      assert.equal(given?.length, input.count);
      const { scale, zero } = network.inputRange;
      const values = Array.from(given as Int8Array, (byte) => scale * (byte - zero));
      const { classIndex } = await board.trainer.infer(values);
      assert.equal(classIndex, largest(answer as Int8Array), `${name}: as the original`);
    }
  } finally {
    await board.close();
  }
}

describe('a file of weights', function () {
  this.timeout(60_000);
  const { definition, weights } = importTflite(tfliteFile(pictures()));

  it('is refused when anything in it has changed', () => {
    const whole = JSON.stringify(weights);
    const random = randomBelow(3);
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const at = random(whole.length);
      const changed = whole.slice(0, at) + String.fromCharCode(33 + random(90)) + whole.slice(at + 1);
      let document: unknown;
      try {
        document = JSON.parse(changed);
      } catch {
        continue; // what reads the file says so
      }
      const told = ({ format, version, crc32, network }: typeof weights): string =>
        JSON.stringify([format, version, crc32, network]);
      if (told(document as typeof weights) === told(weights)) continue;
      assert.throws(() => openWeights(document), WeightsError);
      refused++;
    }
    assert.ok(refused > 1000, `${refused} were documents`);
    for (const none of [
      undefined,
      null,
      7,
      [],
      {},
      { ...weights, version: 2 },
      { ...weights, network: null },
    ])
      assert.throws(() => openWeights(none), WeightsError);
  });

  it('is refused, or gives numbers, whatever numbers stand in it', async () => {
    const odd = [0, -1, 1e-50, 1e-45, 1e-30, 1e20, 3e38, 1e39, Number.NaN, Number.POSITIVE_INFINITY];
    const random = randomBelow(5);
    const complete = parseDefinition(definition);
    let [refused, asked] = [0, 0];
    for (let round = 0; round < 120; round++) {
      const network = readNetwork(tfliteFile(pictures()));
      const at = random(network.layers.length);
      const number = odd[random(odd.length)] as number;
      const ranges = network.ranges.map((range, i) => (i === at ? { ...range, scale: number } : range));
      network.parameters[0]?.scales.fill(odd[random(odd.length)] as number, 0, random(2));
      network.parameters[1]?.biases.fill(0x7fff_ffff, 0, random(2));
      try {
        const opened = openWeights(
          JSON.parse(
            JSON.stringify(weightsOf({ ...network, ...(random(2) === 0 ? { ranges } : {}) }, 'odd')),
          ),
        );
        const generation = await HostGeneration.of(complete, opened);
        generation.model();
        assert.ok(generation.outputs(new Int8Array(INPUTS).fill(7)).every(Number.isFinite));
        asked++;
      } catch (error) {
        assert.ok(error instanceof WeightsError, String(error));
        refused++;
      }
    }
    assert.ok(asked > 10 && refused > 10, `${asked} asked, ${refused} refused`);
  });

  it('is refused for another network, and the layer is named', async () => {
    const opened = openWeights(weights);
    const refusal = (layers: TrainerDefinition['model']): Promise<Uint8Array> =>
      generationOf(parseDefinition({ ...definition, model: layers }), opened);
    const model = definition.model as Extract<TrainerDefinition['model'], { type: 'dnn' }>;
    const changed = model.layers.map((layer) =>
      layer.kind === 'conv' && layer.kernelWidth === 1
        ? { ...layer, kernelHeight: 2, padding: 'same' as const }
        : layer,
    );
    await assert.rejects(
      refusal({ ...model, layers: changed }),
      /layer 2 is conv, 36 in the definition and conv, 20 in the weights/,
    );
    await assert.rejects(
      refusal({ ...model, layers: model.layers.slice(0, -1) }),
      /layers of the definition: 8, layers of the weights: 9/,
    );
    await assert.rejects(
      generationOf(
        parseDefinition({ ...definition, features: [...(definition.features ?? [])].reverse() }),
        opened,
      ),
      /the identities \(id\) of its features/,
    );
    await assert.rejects(generationOf(parseDefinition(comfort()), opened), /the definition has no network/);
  });

  it('lets a definition train less of a layer, but not a new head', async () => {
    const { definition: other, weights: held } = importTflite(tfliteFile(pictures()), {
      classes: ['a', 'b'],
    });
    const model = other.model as Extract<TrainerDefinition['model'], { type: 'dnn' }>;
    const withUpdate = (number: number, update: 'frozen' | 'bias'): TrainerDefinition => ({
      ...other,
      model: {
        ...model,
        layers: model.layers.map((layer, i) => (i === number - 1 ? { ...layer, update } : layer)),
      },
    });
    const opened = openWeights(held);
    assert.ok((await generationOf(parseDefinition(withUpdate(1, 'frozen')), opened)).length > 0);
    await assert.rejects(
      generationOf(parseDefinition(withUpdate(model.layers.length, 'bias')), opened),
      /layer \d \(dense\) has none, and the definition does not train all of it/,
    );
  });
});

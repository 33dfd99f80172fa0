/** The sparse scheme that fits a board at the least loss. */
import assert from 'node:assert/strict';
import {
  boardOf,
  type CompleteDefinition,
  encodeDefinition,
  MemoryError,
  parseDefinition,
  planMemory,
} from '../../trainer/definition';
import { FitError, fitScheme, withScheme } from '../../trainer/fit';
import { importTflite, openWeights } from '../../trainer/network';
import { firmwarePlanner, type StoredSamples } from '../../trainer/virtual';
import { picture, pictures } from '../support/networks';
import { randomBelow } from '../support/random';
import { tfliteFile } from '../support/tflite';
import { comfort } from './definition/examples';

const BOARD = 'stm32f405';
const { definition, weights } = importTflite(tfliteFile(pictures()), { classes: ['dark', 'bright'] });
const opened = openWeights(weights);

function samples(count: number, seed: number): StoredSamples {
  const random = randomBelow(seed);
  return {
    features: Int8Array.from(
      Array.from({ length: count }, (_, i) => [...picture(random, i % 2 === 0)]).flat(),
    ),
    labels: Uint8Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : 0)),
  };
}

const data = { train: samples(120, 11), test: samples(80, 12) };

const withCapacity = (capacity: number): CompleteDefinition =>
  parseDefinition({ ...definition, board: BOARD, stitching: { capacity } });

const needOf = async (complete: CompleteDefinition): Promise<number> =>
  planMemory(complete, await firmwarePlanner(), 0xffff_fff0).total;

/** A data set so large that a training of all layers is too much by less than the head alone saves. */
async function tight(): Promise<CompleteDefinition> {
  const { arena } = boardOf(BOARD);
  let capacity = 1000;
  while ((await needOf(withCapacity(capacity))) <= arena) capacity++;
  return withCapacity(capacity);
}

describe('the scheme of a sparse training', function () {
  this.timeout(120_000);

  it('trains everything where there is room, because nothing less learns more', async () => {
    const found = await fitScheme(withCapacity(200), opened, data);
    assert.deepEqual(found.chosen.scheme.filter(Boolean), ['all', 'all', 'all', 'all']);
    assert.ok(found.chosen.accuracy > 0.9);
    assert.deepEqual(
      found.candidates.map(({ loss }) => loss),
      [...found.candidates.map(({ loss }) => loss)].sort((a, b) => a - b),
    );
    const head = found.candidates.find(({ scheme }) => scheme[0] === 'frozen' && scheme[1] === 'frozen');
    assert.ok((head?.loss ?? 0) > found.chosen.loss, 'the head alone learns less');
  });

  it('fits the board where everything does not, and takes the least loss of what fits', async () => {
    const definitionOf = await tight();
    const { arena } = boardOf(BOARD);
    const found = await fitScheme(definitionOf, opened, data);
    const all = found.candidates.find(({ scheme }) =>
      scheme.every((part) => part === undefined || part === 'all'),
    );
    assert.equal(all?.fits, false, 'it is shown, and not taken');
    assert.equal(await needOf(found.definition), found.chosen.neededBytes);
    assert.ok(found.chosen.neededBytes <= arena);
    for (const { fits, loss } of found.candidates) if (fits) assert.ok(loss >= found.chosen.loss);
    assert.ok(found.chosen.scheme.some((part) => part !== 'frozen' && part !== undefined && part !== 'all'));
    assert.notDeepEqual(encodeDefinition(found.definition), encodeDefinition(definitionOf));
    assert.deepEqual(found.definition, withScheme(definitionOf, found.chosen.scheme));
  });

  it('says what would fit when not even the head does', async () => {
    await assert.rejects(
      fitScheme(withCapacity(4000), opened, data),
      (error: unknown) => error instanceof MemoryError && error.largestCapacity > 1000,
    );
  });

  it('is judged by the error of continuous outputs, each in its place', async () => {
    const { steps } = pictures();
    const values = importTflite(tfliteFile({ ...pictures(), steps: steps.slice(0, -1) }), {
      outputs: ['a', 'b', 'c', 'd', 'e'],
    });
    // Identities in another order than the outputs: what is learned must find its place.
    const outputs = (values.definition.outputs ?? []).map((output, i) => ({
      ...output,
      ...{ id: undefined, min: -1, max: 1, scale: 1000, tolerance: 0.4, name: `v${9 - i}` },
    }));
    const complete = parseDefinition({ ...values.definition, board: BOARD, outputs });
    const without = { ...openWeights(values.weights) };
    const head = without.layers.length - 1;
    const layers = without.layers.map((layer, i) => (i < head ? layer : { ...layer, parameters: undefined }));
    const given = ({ features, labels }: StoredSamples): StoredSamples => ({
      features,
      labels: new Uint8Array(labels.length),
      targets: Int16Array.from(
        [...labels].flatMap((label) => [800, -800, 0, 400, 0].map((v) => (label === 0 ? -v : v))),
      ),
    });
    const found = await fitScheme(
      complete,
      { ...without, layers },
      { train: given(data.train), test: given(data.test) },
    );
    const { loss, accuracy } = found.chosen;
    assert.ok(loss < 0.1, `mean absolute error ${loss} of the range`);
    assert.ok(accuracy > 0.5, `${accuracy} within the tolerances`);
  });

  it('is refused for a definition without a network, and for data of one class', async () => {
    await assert.rejects(fitScheme(parseDefinition(comfort()), opened, data), FitError);
    const oneClass = { ...data.train, labels: new Uint8Array(data.train.labels.length) };
    await assert.rejects(
      fitScheme(withCapacity(200), opened, { ...data, train: oneClass }),
      /a short training ended with an error: .*class/,
    );
  });
});

/** One short training on this computer, and what it is worth on samples that it has not seen. */
import { type CompleteDefinition, outputsOf, rowBytesOf } from '../definition';
import { errorWords } from '../device';
import type { NetworkWeights } from '../network';
import { type Text, text, WordedError } from '../text';
import { HostGeneration, type StoredSamples } from '../virtual';

/** No scheme can be chosen. Nothing was sent to a board. */
export class FitError extends WordedError {
  readonly code = 'FIT';

  constructor(problem: Text) {
    super(text('fit.refused', { problem }));
  }
}

export interface FitData {
  readonly train: StoredSamples;
  readonly test: StoredSamples;
}

/** On the samples that were not trained on. */
export interface Outcome {
  /** Mean cross-entropy; of continuous outputs the mean absolute error, in shares of the range. */
  readonly loss: number;
  /** Share decided right; of continuous outputs with every value within its tolerance. */
  readonly accuracy: number;
}

/** A probability that a byte cannot tell from none. */
const PROBABILITY_LEAST = 1 / 512;

/** Probabilities of the classes; `outputs` are logits, or probabilities already. */
function probabilities(outputs: Float32Array, softmax: boolean): number[] {
  if (softmax) return Array.from(outputs);
  const largest = Math.max(...outputs);
  const powers = Array.from(outputs, (output) => Math.exp(output - largest));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

/** How far the continuous outputs are from their targets. */
function judgedValues(
  generation: HostGeneration,
  definition: CompleteDefinition,
  { features, labels, targets = new Int16Array() }: StoredSamples,
): Outcome {
  const outputs = outputsOf(definition);
  const order = generation.outputOrder;
  const width = rowBytesOf(definition);
  let [loss, right] = [0, 0];
  labels.forEach((_, row) => {
    const values = generation.outputs(features.subarray(row * width, (row + 1) * width));
    const errors = outputs.map(({ min, max, scale }, index) => {
      const value = Math.max(-1, Math.min(1, values[order.indexOf(index)] as number));
      const target = (targets[row * outputs.length + index] as number) / scale;
      return Math.abs((min + max + (max - min) * value) / 2 - target);
    });
    loss += outputs.reduce((sum, { min, max }, index) => sum + (errors[index] as number) / (max - min), 0);
    if (outputs.every(({ tolerance }, index) => (errors[index] as number) <= tolerance)) right++;
  });
  return { loss: loss / (labels.length * outputs.length), accuracy: right / labels.length };
}

/** How good the generation is now. */
export function judged(
  generation: HostGeneration,
  definition: CompleteDefinition,
  samples: StoredSamples,
): Outcome {
  if (outputsOf(definition).length > 0) return judgedValues(generation, definition, samples);
  const { features, labels } = samples;
  const { model } = definition;
  const softmax = model.type === 'dnn' && model.layers.at(-1)?.kind === 'softmax';
  const width = rowBytesOf(definition);
  const order = generation.classOrder;
  let [loss, right] = [0, 0];
  labels.forEach((label, row) => {
    const shares = probabilities(
      generation.outputs(features.subarray(row * width, (row + 1) * width)),
      softmax,
    );
    const truth = order.indexOf(label);
    loss -= Math.log(Math.max(shares[truth] as number, PROBABILITY_LEAST));
    if (shares.indexOf(Math.max(...shares)) === truth) right++;
  });
  return { loss: loss / labels.length, accuracy: right / labels.length };
}

/** @throws FitError when the training ends with an error */
export async function trained(
  definition: CompleteDefinition,
  weights: NetworkWeights,
  { train, test }: FitData,
  seed: number,
): Promise<Outcome> {
  const seeded = { ...definition, seed };
  const generation = await HostGeneration.of(seeded, weights);
  const code = generation.train(train);
  if (code !== 0) throw new FitError(text('fit.training', { error: errorWords(code) }));
  return judged(generation, seeded, test);
}

/** One short training on this computer, and what it is worth on samples that it has not seen. */
import type { CompleteDefinition } from '../definition';
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
  /** Mean cross-entropy. */
  readonly loss: number;
  /** Share decided right. */
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

/** How good the generation is now. */
export function judged(
  generation: HostGeneration,
  definition: CompleteDefinition,
  { features, labels }: StoredSamples,
): Outcome {
  const { model } = definition;
  const softmax = model.type === 'dnn' && model.layers.at(-1)?.kind === 'softmax';
  const width = definition.features.length;
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

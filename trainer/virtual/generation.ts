/** A model made on the host from the weights of an imported network, by the firmware's own code: it travels to a board as a backup does. */
import {
  type CompleteDefinition,
  encodeDefinition,
  type LayerPlan,
  type NetworkPlan,
  outputsOf,
  planMemory,
  rowBytesOf,
  storedOrder,
} from '../definition';
import { type LayerType, type NetworkWeights, WeightsError } from '../network';
import { text } from '../text';
import { exchangeOf, type FirmwareExports, instantiate } from './firmware';
import { firmwarePlanner, noBoard } from './planner';

/** More than any board has. */
const UNBOUNDED = 0xffff_fff0;

const WEIGHTED: readonly LayerType[] = ['dense', 'conv', 'depthwise'];

const kindOf = (type: string): string => type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The definition's order of inputs, and of outputs that have weights, must be the file's: a board goes by identities. */
function checkOrder({ features, classes, outputs }: CompleteDefinition, { layers }: NetworkWeights): void {
  const moved = (entries: readonly { readonly id: string }[]): boolean =>
    storedOrder(entries).some((place, index) => place !== index);
  const head = layers.filter(({ type }) => WEIGHTED.includes(type)).at(-1);
  if (moved(features)) throw new WeightsError(text('weights.order', { list: 'features' }));
  if (head?.parameters !== undefined && moved(classes))
    throw new WeightsError(text('weights.order', { list: 'classes' }));
  if (head?.parameters !== undefined && moved(outputs ?? []))
    throw new WeightsError(text('weights.order', { list: 'outputs' }));
}

/** Layer `number` with weights as the definition has it. */
function checkLayer(
  number: number,
  kind: string,
  planned: LayerPlan,
  given: NetworkWeights['layers'][0],
): void {
  const { parameters, type } = given;
  const said = (count: number): string => `${kind}, ${count}`;
  const got = (parameters?.weights.length ?? 0) + (parameters?.biases.length ?? 0);
  if (parameters === undefined && kindOf(type) === kind && planned.trained === planned.parameters) return;
  if (parameters === undefined) throw new WeightsError(text('weights.missing', { number, layer: kind }));
  const fits =
    kindOf(type) === kind && got === planned.parameters && parameters.biases.length === planned.channels;
  if (!fits)
    throw new WeightsError(
      text('weights.layer', { number, wanted: said(planned.parameters), got: `${kindOf(type)}, ${got}` }),
    );
}

function checkLayers(definition: CompleteDefinition, plan: NetworkPlan, { layers }: NetworkWeights): void {
  const { model } = definition;
  const wanted = model.type === 'dnn' ? model.layers : [];
  if (wanted.length !== layers.length)
    throw new WeightsError(text('weights.count', { wanted: wanted.length, got: layers.length }));
  wanted.forEach(({ kind }, i) => {
    const [planned, given] = [plan.layers[i], layers[i]];
    if (planned === undefined || given === undefined) return;
    if (planned.parameters > 0) checkLayer(i + 1, kind, planned, given);
    else if (kindOf(given.type) !== kind || given.parameters !== undefined)
      throw new WeightsError(text('weights.layer', { number: i + 1, wanted: kind, got: kindOf(given.type) }));
  });
}

/** Copies the bytes into the instance; returns where they lie. */
function placed(firmware: FirmwareExports, of: ArrayBufferView): number {
  const at = firmware.wasm_room(of.byteLength);
  if (at === 0) throw new WeightsError(text('weights.memory'));
  new Uint8Array(firmware.memory.buffer, at, of.byteLength).set(
    new Uint8Array(of.buffer, of.byteOffset, of.byteLength),
  );
  return at;
}

/** Samples as a board stores them. */
export interface StoredSamples {
  /** Rows of one byte a value, each as long as the board stores it. */
  readonly features: Int8Array;
  /** Number of the class of each, in the order of the definition. */
  readonly labels: Uint8Array;
  /** Of a definition with continuous outputs: those of a row one behind the other, in its order, in register units. */
  readonly targets?: Int16Array;
}

/** A generation of a definition's network on this computer. */
export class HostGeneration {
  private readonly input: number;

  private constructor(
    private readonly firmware: FirmwareExports,
    private readonly bytes: number,
    private readonly definition: CompleteDefinition,
  ) {
    this.input = placed(firmware, new Int8Array(rowBytesOf(definition)));
  }

  /**
   * The first generation: weights where there are any, random numbers where a layer has none.
   * @throws DefinitionError; WeightsError when the weights are those of another network
   */
  static async of(definition: CompleteDefinition, weights: NetworkWeights): Promise<HostGeneration> {
    const blob = encodeDefinition(definition);
    const planner = await firmwarePlanner();
    const plan = planner.network(blob);
    if (definition.model.type !== 'dnn' || plan === undefined)
      throw new WeightsError(text('weights.noNetwork'));
    // What a board would refuse for any other reason than its memory is said here already.
    planMemory(definition, planner, UNBOUNDED);
    checkOrder(definition, weights);
    checkLayers(definition, plan, weights);
    const firmware = instantiate(noBoard);
    exchangeOf(firmware).set(blob);
    const bytes = firmware.wasm_generation(blob.length);
    if (bytes === 0) throw new WeightsError(text('weights.memory'));
    [weights.input, ...weights.layers.map(({ range }) => range)].forEach(({ scale, zero }, number) => {
      firmware.wasm_generation_range(number, scale, zero);
    });
    weights.layers.forEach(({ parameters }, i) => {
      if (parameters === undefined) return;
      const { weights: values, scales, biases } = parameters;
      firmware.wasm_generation_layer(
        i + 1,
        ...([values, scales, biases].map((each) => placed(firmware, each)) as [number, number, number]),
      );
    });
    return new HostGeneration(firmware, bytes, definition);
  }

  /** Header and block, as ModelPart.write takes them. @throws WeightsError when its numbers are out of range */
  model(): Uint8Array {
    const at = this.firmware.wasm_generation_end();
    if (at === 0) throw new WeightsError(text('weights.range'));
    return new Uint8Array(this.firmware.memory.buffer, at, this.bytes).slice();
  }

  /** Class, in the order of the definition, that each output is for. */
  get classOrder(): readonly number[] {
    return storedOrder(this.definition.classes);
  }

  /** Continuous output, in the order of the definition, that each output of the network is. */
  get outputOrder(): readonly number[] {
    return storedOrder(outputsOf(this.definition));
  }

  /** What the network gives for one row of stored features: logits, or probabilities behind a softmax. */
  outputs(features: Int8Array): Float32Array {
    const { firmware } = this;
    new Int8Array(firmware.memory.buffer, this.input, features.length).set(features);
    const count = firmware.wasm_generation_outputs(this.input);
    return new Float32Array(
      firmware.memory.buffer.slice(firmware.wasm_exchange(), firmware.wasm_exchange() + 4 * count),
    );
  }

  /** One training, as a board does it. @returns the error's code of the contract; 0 = it is trained */
  train({ features, labels, targets }: StoredSamples): number {
    const { firmware, classOrder, outputOrder } = this;
    const ordered = targets?.map((_, at) => {
      const place = outputOrder[at % outputOrder.length] as number;
      return targets[at - (at % outputOrder.length) + place] as number;
    });
    const heldOut = new Uint8Array(labels.length + 4);
    const truths = labels.map((label) => classOrder.indexOf(label));
    return firmware.wasm_generation_train(
      placed(firmware, features),
      placed(firmware, truths),
      placed(firmware, heldOut),
      ordered === undefined ? 0 : placed(firmware, ordered),
      labels.length,
    );
  }
}

/** HostGeneration.of and .model at once. */
export async function generationOf(
  definition: CompleteDefinition,
  weights: NetworkWeights,
): Promise<Uint8Array> {
  return (await HostGeneration.of(definition, weights)).model();
}

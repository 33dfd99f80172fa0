/** An imported network as a definition: the board that runs it decides as the network does, and trains it on. */
import { Limits } from '../contract/contract.generated';
import {
  findIssues,
  type LayerDefinition,
  type OutputDefinition,
  type TrainerDefinition,
} from '../definition';
import { type Text, text } from '../text';
import { NetworkImportError } from './errors';
import { lastWhere, withNewHead } from './head';
import { withInputUpToOne, withOutputsUpToOne, withZeroStored } from './normalise';
import { readNetwork } from './read';
import type { ImportedNetwork, NetworkLayer, Range } from './types';
import { type WeightsDocument, weightsOf } from './weights';

/** What trainings on the board change: the head alone; besides the biases of all layers; or everything. */
export type TrainedPart = 'head' | 'biases' | 'all';

export interface ImportOptions {
  /** Of the definition. */
  readonly name?: string;
  /** Labels of a new head, which is learned from the start. Without it, the network keeps its own. */
  readonly classes?: readonly string[];
  /** What the outputs of the network's own head are called, in their order; default "class 0" and on. */
  readonly labels?: readonly string[];
  /** Names of the outputs of the network's own head, when they are continuous values. */
  readonly outputs?: readonly string[];
  readonly trained?: TrainedPart;
  readonly board?: string;
  /** Places of the data set; default that of every definition. */
  readonly samples?: number;
}

export interface Imported {
  readonly definition: TrainerDefinition;
  readonly weights: WeightsDocument;
}

const NAME = 'imported network';
/** Of one training on; chosen for the transfer in the bench. */
const RATE = 0.01;
const GATE = 0.2;
const BYTE_MOST = 127;
const REGISTER_MOST = 32_767;
const [SCALE_POWER_LEAST, SCALE_POWER_MOST] = [-6, 6];
/** Register steps that a byte of the input is worth at least: then every byte is what the board makes of its register. */
const STEPS_LEAST = 4;

const KINDS = {
  dense: 'dense',
  conv: 'conv',
  depthwise: 'depthwise',
  maxPool: 'max-pool',
  averagePool: 'average-pool',
  globalAveragePool: 'global-average-pool',
  flatten: 'flatten',
  add: 'add',
  softmax: 'softmax',
} as const satisfies Record<NetworkLayer['type'], LayerDefinition['kind']>;

const UNITS = { dense: 'units', conv: 'filters', depthwise: 'multiplier' } as const;

/** Layer `number` of the definition; the first is 1. */
function layerOf(layer: NetworkLayer, number: number): LayerDefinition {
  const { type, outputs, kernel, stride, padding, activation, input, with: other, update } = layer;
  const reference = (from: number): number | 'network' => (from === 0 ? 'network' : from);
  return {
    kind: KINDS[type],
    ...(type === 'dense' || type === 'conv' || type === 'depthwise'
      ? { [UNITS[type]]: outputs, update }
      : {}),
    ...(kernel === undefined ? {} : { kernelHeight: kernel[0], kernelWidth: kernel[1] }),
    ...(stride === undefined ? {} : { strideHeight: stride[0], strideWidth: stride[1] }),
    ...(padding === undefined ? {} : { padding }),
    ...(activation === undefined ? {} : { activation }),
    ...(other === undefined ? {} : { other: reference(other) }),
    ...(input === undefined || input === number - 1 ? {} : { input: reference(input) }),
  } as LayerDefinition;
}

/** The layers with what is trained of each. */
function updated({ layers, parameters }: ImportedNetwork, trained: TrainedPart): NetworkLayer[] {
  const weighted = (layer: NetworkLayer, i: number): boolean =>
    parameters[i] !== undefined || layer.type === 'dense';
  const head = lastWhere(layers, weighted);
  const rest = { head: 'frozen', biases: 'bias', all: 'all' } as const;
  return layers.map((layer, i) =>
    weighted(layer, i) ? { ...layer, update: i === head ? 'all' : rest[trained] } : layer,
  );
}

/** Largest magnitude that a byte of the range means. */
const largestOf = ({ scale, zero }: Range): number => scale * (BYTE_MOST + 1 + Math.abs(zero));

/** Register steps for an engineering unit: the largest power of ten with which the range stays in a register. */
function registerScale(range: Range): number {
  const largest = largestOf(range);
  const power = Math.min(SCALE_POWER_MOST, Math.floor(Math.log10(REGISTER_MOST / largest)));
  // Dividing keeps 0.1 and 0.01 exact, which 10 ** -1 need not be.
  return power >= 0 ? 10 ** power : 1 / 10 ** -power;
}

/** Features whose stored bytes are the network's input: bytes of -127 to 127. */
function featuresOf(count: number, range: Range): NonNullable<TrainerDefinition['features']> {
  const scale = registerScale(range);
  const value = (byte: number): number => Math.round(range.scale * (byte - range.zero) * scale) / scale;
  const [min, max] = [value(-BYTE_MOST), value(BYTE_MOST)];
  return Array.from({ length: count }, (_, i) => ({
    name: `x${i + 1}`,
    // A board stores features in the order of their identities.
    id: `x${String(i + 1).padStart(3, '0')}`,
    ...{ min, max, scale },
  }));
}

/** More inputs than registers: one feature, an array of all bytes. */
function arrayOf(count: number, range: Range): NonNullable<TrainerDefinition['features']> {
  const value = (byte: number): number => range.scale * (byte - range.zero);
  return [{ name: 'input', count, min: value(-BYTE_MOST - 1), max: value(BYTE_MOST) }];
}

/** Of a long row of values that a dense layer reads there are more than channels may be: its width follows from the count. */
function inputShape({ input, layers }: ImportedNetwork): readonly [number, number, number] {
  const [height, width, channels] = input;
  const row =
    channels > Limits.FEATURES_MAX &&
    height * width === 1 &&
    ['dense', 'flatten'].includes(layers[0]?.type ?? '');
  return row ? [1, 0, 1] : [height, width, channels];
}

/** Places of the data set and tickets for arrays, which are large. */
const ARRAY_SAMPLES_BYTES = 65_536;
const ARRAY_TICKETS = 2;
const SAMPLES_MOST = 180;

function classesOf(
  outputs: number,
  { classes, labels }: ImportOptions,
): NonNullable<TrainerDefinition['classes']> {
  if (classes !== undefined) return classes.map((label) => ({ label }));
  return Array.from({ length: outputs }, (_, i) => ({
    label: labels?.[i] ?? `class ${i}`,
    // So too classes: the network's outputs keep their order.
    id: `output ${String(i).padStart(2, '0')}`,
  }));
}

/** Continuous outputs of -half to half, so that every byte of the network's output has its place. */
function outputsIn(names: readonly string[], range: Range): { half: number; outputs: OutputDefinition[] } {
  const scale = registerScale(range);
  const half = Math.min(Math.ceil(largestOf(range) * scale), REGISTER_MOST) / scale;
  const outputs = names.map((name, i) => ({
    ...{ name, id: `output ${String(i).padStart(2, '0')}` },
    ...{ min: -half, max: half, scale },
  }));
  return { half, outputs };
}

/** Whether the head gives values that a range can be put to: no softmax, no bound of its own, nothing but its own layer. */
function givesValues({ layers, parameters }: ImportedNetwork): boolean {
  const head = lastWhere(parameters, (each) => each !== undefined);
  return (
    layers[head]?.activation !== 'relu6' && layers.slice(head + 1).every(({ type }) => type === 'flatten')
  );
}

/** Outputs of the last layer that says how many it has; undefined when none does. */
function outputsOf({ layers }: ImportedNetwork): number | undefined {
  return layers[lastWhere(layers, ({ type }) => type === 'dense' || type === 'conv')]?.outputs;
}

/** What a definition does not hold, all at once. */
function obstacles(network: ImportedNetwork, { classes, labels, outputs: names }: ImportOptions): Text[] {
  const { ARRAY_MAX, CLASSES_MAX, LAYERS_MAX, OUTPUTS_MAX } = Limits;
  const [height, width, channels] = network.input;
  const inputs = height * width * channels;
  const shape = network.input.join(' x ');
  const outputs = outputsOf(network);
  const reasons: Text[] = [];
  if (inputs > ARRAY_MAX) reasons.push(text('network.inputs', { inputs, shape, most: ARRAY_MAX }));
  if (network.layers.length > LAYERS_MAX)
    reasons.push(text('network.layers', { count: network.layers.length, most: LAYERS_MAX }));
  if (!fine(network.inputRange))
    reasons.push(text('network.inputScale', { scale: network.inputRange.scale }));
  if (names !== undefined) {
    if (names.length !== outputs || names.length > OUTPUTS_MAX)
      reasons.push(text('network.names', { outputs: outputs ?? 0, got: names.length, most: OUTPUTS_MAX }));
    if (!givesValues(network)) reasons.push(text('network.noValues'));
    if (!fine(network.ranges.at(-1) ?? network.inputRange)) reasons.push(text('network.outputScale'));
  } else if (classes === undefined && (outputs === undefined || outputs < 2 || outputs > CLASSES_MAX))
    reasons.push(text('network.outputs', { outputs: outputs ?? 0, most: CLASSES_MAX }));
  else if (labels !== undefined && labels.length !== outputs)
    reasons.push(text('network.labels', { outputs: outputs ?? 0, got: labels.length }));
  return reasons;
}

/** Whether registers tell the bytes of the input apart. */
function fine(range: Range): boolean {
  const scale = registerScale(range);
  return scale >= 10 ** SCALE_POWER_LEAST && range.scale * scale >= STEPS_LEAST;
}

/** The data set that was asked for; of arrays a small one. */
function stitchingOf(
  samples: number | undefined,
  bytes: number | undefined,
): Pick<TrainerDefinition, 'stitching' | 'training'> {
  if (samples !== undefined) return { stitching: { capacity: samples } };
  if (bytes === undefined) return {};
  const capacity = Math.max(2, Math.min(SAMPLES_MOST, Math.floor(ARRAY_SAMPLES_BYTES / bytes)));
  return { stitching: { capacity }, training: { minSamples: Math.min(capacity, 20) } };
}

/** A larger network than a definition holds, or one that it has no words for. */
function checked(definition: TrainerDefinition): TrainerDefinition {
  const issues = findIssues(definition);
  if (issues.length > 0)
    throw new NetworkImportError(
      issues.map(({ path, problem }) => text('network.definition', { path, problem })),
    );
  return definition;
}

/**
 * A definition that decides and trains as the network of the file, and its weights. Whether a board has the memory is said by planMemory.
 * @param bytes of an int8 .tflite file
 * @throws NetworkImportError with everything that stands in the way
 */
export function importTflite(bytes: Uint8Array, options: ImportOptions = {}): Imported {
  const { name = NAME, classes, outputs, trained = 'all', board, samples } = options;
  const original = readNetwork(bytes);
  const values = original.input.reduce((all, side) => all * side, 1);
  const array = values > Limits.FEATURES_MAX;
  const read = array ? original : withZeroStored(original);
  const reasons = obstacles(read, options);
  const whole = classes === undefined ? read : withNewHead(read, classes.length);
  if (whole === undefined) reasons.push(text('network.headAlone'));
  if (whole === undefined || reasons.length > 0) throw new NetworkImportError(reasons);
  const inside = withInputUpToOne(whole);
  const given = outputs === undefined ? undefined : outputsIn(outputs, read.ranges.at(-1) as Range);
  const network = given === undefined ? inside : withOutputsUpToOne(inside, given.half);
  const [height, width, channels] = inputShape(network);
  const definition: TrainerDefinition = {
    name,
    ...(board === undefined ? {} : { board }),
    features: array ? arrayOf(values, read.inputRange) : featuresOf(values, read.inputRange),
    ...(given === undefined
      ? { classes: classesOf(outputsOf(network) ?? 0, options) }
      : { outputs: given.outputs }),
    outOfRange: 'clamp',
    model: {
      type: 'dnn',
      ...{ height, width, channels },
      inputScale: network.inputRange.scale,
      inputZero: network.inputRange.zero,
      fixedRanges: true,
      rate: RATE,
      ...(given === undefined ? { gate: GATE } : {}),
      layers: updated(network, trained).map((layer, i) => layerOf(layer, i + 1)),
    },
    feedback: { rule: 'label', ...(array ? { tickets: ARRAY_TICKETS } : {}) },
    ...stitchingOf(samples, array ? values : undefined),
  };
  return { definition: checked(definition), weights: weightsOf(network, name) };
}

/** The network of a definition: what its fields mean together, and how the firmware plans its layers. */
import { type Text, text } from '../text';
import { valuesOf } from './array';
import { type DefinitionIssue, groupDigits } from './errors';
import { outputsOf } from './outputs';
import type { CompleteDefinition, LayerDefinition } from './types';

/** What one layer takes and gives, as the firmware plans it. */
export interface LayerPlan {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Weights and biases. */
  readonly parameters: number;
  /** Of them trained. */
  readonly trained: number;
  /** Multiply-accumulates of one sample. */
  readonly forwardMacs: number;
  readonly backwardMacs: number;
  /** Of one generation. */
  readonly modelBytes: number;
}

/** A buffer of a training step: steps are 1..layers forward, the loss, then error and update of each layer from the last. */
export interface BufferPlan {
  /** Layer that it belongs to; 0 = the network's input. */
  readonly layer: number;
  readonly kind:
    | 'activation'
    | 'mask'
    | 'argmax'
    | 'error'
    | 'forward scratch'
    | 'error scratch'
    | 'update scratch';
  readonly first: number;
  readonly last: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Why a layer cannot be: et_dnn_status of the firmware. */
export type LayerFault = 'kind' | 'input' | 'shape' | 'large' | 'head' | 'format';

/** The network of a definition, planned by the firmware's own code. */
export interface NetworkPlan {
  /** Number of the layer at fault, from 1, and what is wrong; the layers before it are planned. */
  readonly fault?: { readonly layer: number; readonly problem: LayerFault };
  readonly layers: readonly LayerPlan[];
  /** Bytes of a generation that training changes, and that it does not. */
  readonly trainedBytes: number;
  readonly frozenBytes: number;
  /** Buffers of a training step. */
  readonly stepBytes: number;
  readonly parameters: number;
  readonly forwardMacs: number;
  readonly backwardMacs: number;
  readonly buffers: readonly BufferPlan[];
}

type Network = Extract<CompleteDefinition['model'], { type: 'dnn' }>;
type Layer = Network['layers'][number];
type Say = (path: string, problem: Text) => void;

const isNetwork = (model: CompleteDefinition['model']): model is Network => model.type === 'dnn';

/** Height, width and channels of the input. */
export function inputShape(definition: CompleteDefinition): [number, number, number] | undefined {
  const { model } = definition;
  if (!isNetwork(model)) return undefined;
  const { height, channels } = model;
  return [
    height,
    model.width === 0 ? Math.floor(valuesOf(definition) / (height * channels)) : model.width,
    channels,
  ];
}

const shapeText = (shape: readonly number[]): string => shape.join(' x ');

/** What the firmware would refuse and the schema cannot say; shapes are the firmware's to check (networkIssue). */
export function networkMeaning(definition: CompleteDefinition, say: Say): void {
  const { model, storage, scaling } = definition;
  const values = valuesOf(definition);
  if (!isNetwork(model)) return;
  if (storage !== 'int8') say('storage', text('definition.network.storage'));
  if (scaling !== 'range') say('scaling', text('definition.network.scaling'));
  if (model.lambdaMax < model.lambdaMin)
    say(
      'model.lambdaMax',
      text('definition.network.lambda', { least: model.lambdaMin, got: model.lambdaMax }),
    );
  const shape = inputShape(definition) as [number, number, number];
  const inputs = shape[0] * shape[1] * shape[2];
  if (inputs !== values)
    say(
      'model.width',
      text('definition.network.inputs', { features: values, shape: shapeText(shape), inputs }),
    );
  const last = model.layers[model.layers.length - 1] as Layer;
  const { wanted, key } = headOf(definition);
  if (last.kind === 'dense' && last.units !== wanted)
    say(
      `model.layers[${model.layers.length - 1}].units`,
      key === 'outputs'
        ? text('definition.network.unitsOutputs', { outputs: wanted, got: last.units })
        : text('definition.network.units', { classes: wanted, got: last.units }),
    );
}

/** How many values the last layer gives: one for each class, or each continuous output. */
function headOf(definition: CompleteDefinition): {
  readonly wanted: number;
  readonly key: 'classes' | 'outputs';
} {
  const outputs = outputsOf(definition).length;
  return outputs > 0
    ? { wanted: outputs, key: 'outputs' }
    : { wanted: definition.classes.length, key: 'classes' };
}

function describe(layer: LayerDefinition): string {
  if (!('kernelWidth' in layer)) return layer.kind;
  return `${layer.kind} ${layer.kernelHeight ?? 1} x ${layer.kernelWidth}`;
}

/** Shape of what layer `number` reads, as far as it is planned. */
function shapeRead(definition: CompleteDefinition, plan: NetworkPlan, number: number): Text {
  const { input } = (definition.model as Network).layers[number - 1] as Layer;
  const from = input === 'network' ? 0 : input === 0 ? number - 1 : input;
  const planned = plan.layers[from - 1];
  if (from === 0)
    return text('definition.network.readInput', { shape: shapeText(inputShape(definition) ?? []) });
  if (planned === undefined) return text('definition.network.readUnknown', { number: from });
  const { height, width, channels } = planned;
  return text('definition.network.readLayer', { number: from, shape: shapeText([height, width, channels]) });
}

/** Weights of a row and terms of an error that the arithmetic holds: firmware/src/models/dnn/parts.h. */
const ROW_MOST = 32_000;
const TERMS_MOST = 8192;

function problemOf(
  definition: CompleteDefinition,
  plan: NetworkPlan,
  number: number,
  layer: Layer,
): Text | undefined {
  const { wanted, key } = headOf(definition);
  const named = { number, layer: describe(layer) };
  const read = shapeRead(definition, plan, number);
  switch (plan.fault?.problem) {
    case 'shape':
      return text(layer.kind === 'add' ? 'definition.network.add' : 'definition.network.shape', {
        ...named,
        read,
      });
    case 'input':
      return text('definition.network.input', named);
    case 'large':
      return text('definition.network.large', {
        ...named,
        ...{ read, row: groupDigits(ROW_MOST), terms: groupDigits(TERMS_MOST) },
      });
    case 'head':
      return layer.kind === 'softmax' && number < (definition.model as Network).layers.length
        ? text('definition.network.softmax', named)
        : key === 'outputs'
          ? text('definition.network.headOutputs', { ...named, outputs: wanted })
          : text('definition.network.head', { ...named, classes: wanted });
    case 'kind':
      return text('definition.network.kind', named);
    case 'format':
      return text('definition.network.format', named);
    default: {
      const { height, width, channels } = plan.layers[number - 1] as LayerPlan;
      const got = height * width * channels;
      if (got === wanted) return undefined;
      return key === 'outputs'
        ? text('definition.network.givesOutputs', { ...named, got, outputs: wanted })
        : text('definition.network.outputs', { ...named, got, classes: wanted });
    }
  }
}

/** The layer with the most bytes among those whose size is free, and the definition with another size of it. */
export interface SmallerLayer {
  readonly number: number;
  readonly layer: string;
  /** The size counts filters, not units. */
  readonly filters: boolean;
  readonly size: number;
  at(size: number): CompleteDefinition;
}

/** Undefined: no layer's size is free. The last one's is that of the classes; what an import brought has weights already. */
export function withSmallerLayer(
  definition: CompleteDefinition,
  plan: NetworkPlan,
): SmallerLayer | undefined {
  const { model } = definition;
  if (!isNetwork(model) || plan.frozenBytes > 0) return undefined;
  let index = -1;
  model.layers.slice(0, -1).forEach(({ kind }, i) => {
    const bytes = (at: number): number => plan.layers[at]?.modelBytes ?? 0;
    if ((kind === 'dense' || kind === 'conv') && (index < 0 || bytes(i) > bytes(index))) index = i;
  });
  const layer = model.layers[index];
  if (layer?.kind !== 'dense' && layer?.kind !== 'conv') return undefined;
  return {
    number: index + 1,
    layer: describe(layer),
    filters: layer.kind === 'conv',
    size: layer.kind === 'conv' ? layer.filters : layer.units,
    at: (size) => {
      const changed = layer.kind === 'conv' ? { ...layer, filters: size } : { ...layer, units: size };
      const layers = model.layers.map((each, i) => (i === index ? changed : each));
      return { ...definition, model: { ...model, layers } };
    },
  };
}

/** What is wrong with the layer that the firmware names; undefined when it names none. */
export function networkIssue(
  definition: CompleteDefinition,
  plan: NetworkPlan | undefined,
): DefinitionIssue | undefined {
  const { model } = definition;
  if (!isNetwork(model) || plan === undefined) return undefined;
  const number = plan.fault?.layer ?? model.layers.length;
  const layer = model.layers[number - 1];
  if (layer === undefined) return undefined;
  const problem = problemOf(definition, plan, number, layer);
  return problem === undefined ? undefined : { path: `model.layers[${number - 1}]`, problem };
}

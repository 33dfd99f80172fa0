/** A .tflite file becomes a network of ours: one layer for each operator, with weights, scales and biases as they are. */
import { type Text, text } from '../text';
import { NetworkImportError } from './errors';
import { FlatbufferError, type Table } from './flatbuffer';
import {
  INT8,
  INT32,
  Operator,
  readTflite,
  type TfliteModel,
  type TfliteOperator,
  type TfliteTensor,
} from './tflite';
import type { Activation, ImportedNetwork, LayerParameters, NetworkLayer, Padding, Range } from './types';

const LAYERS_MOST = 64;
const KERNEL_MOST = 255;
const SIDE_MOST = 4096;

const names = new Map<number, string>(Object.entries(Operator).map(([name, code]) => [code, name]));
/** Names of others, for the message. */
const others = new Map([
  [2, 'CONCATENATION'],
  [6, 'DEQUANTIZE'],
  [14, 'LOGISTIC'],
  [18, 'MUL'],
  [19, 'RELU'],
  [21, 'RELU6'],
  [28, 'TANH'],
  [34, 'PAD'],
  [39, 'TRANSPOSE'],
  [40, 'MEAN'],
  [43, 'SQUEEZE'],
  [45, 'STRIDED_SLICE'],
  [67, 'TRANSPOSE_CONV'],
  [114, 'QUANTIZE'],
]);

/** Why an operator cannot be taken over. */
class Refusal extends Error {
  constructor(readonly reason: Text) {
    super();
  }
}

/** One operator on its way to a layer. */
class Reader {
  readonly name: string;

  constructor(
    private readonly model: TfliteModel,
    readonly operator: TfliteOperator,
    private readonly at: number,
    private readonly layerOf: ReadonlyMap<number, number>,
  ) {
    const { code } = operator;
    this.name = names.get(code) ?? others.get(code) ?? `BUILTIN_${code}`;
  }

  refuse(why: 'operator' | 'type' | 'range' | 'shape' | 'order'): never {
    throw new Refusal(text(`network.${why}`, { at: this.at, name: this.name }));
  }

  refuseOption(option: string): never {
    throw new Refusal(text('network.option', { at: this.at, name: this.name, option }));
  }

  private tensor(index: number | undefined): TfliteTensor {
    const tensor = index === undefined ? undefined : this.model.tensors[index];
    if (tensor === undefined) this.refuse('shape');
    return tensor;
  }

  input(which: number): TfliteTensor {
    return this.tensor(this.operator.inputs[which]);
  }

  get output(): TfliteTensor {
    return this.tensor(this.operator.outputs[0]);
  }

  /** The layer that gives input `which`; 0 = the network's input. */
  source(which: number): number {
    const layer = this.layerOf.get(this.operator.inputs[which] ?? -1);
    if (layer === undefined) this.refuse('order');
    return layer;
  }

  option<T>(read: (options: Table) => T, otherwise: T): T {
    return this.operator.options === undefined ? otherwise : read(this.operator.options);
  }

  range(tensor: TfliteTensor): Range {
    const [scale] = tensor.scales;
    const zero = tensor.zeros[0] ?? 0;
    if (tensor.type !== INT8) this.refuse('type');
    if (tensor.scales.length !== 1 || scale === undefined || !(scale > 0 && Number.isFinite(scale)))
      this.refuse('range');
    if (!Number.isInteger(zero) || zero < -128 || zero > 127) this.refuse('range');
    return { scale, zero };
  }

  /** Height, width, channels of an activation. */
  shape(tensor: TfliteTensor): [number, number, number] {
    const [batch, ...rest] = tensor.shape;
    if (batch !== 1 || rest.length > 3) this.refuse('shape');
    const [h, w, c] = [...Array(3 - rest.length).fill(1), ...rest];
    for (const side of [h, w, c])
      if (!Number.isInteger(side) || side < 1 || side > SIDE_MOST * 16) this.refuse('shape');
    return [h, w, c];
  }

  activation(field: number): Activation {
    const code = this.option((options) => options.int8(field), 0);
    if (code === 0) return 'linear';
    if (code === 1) return 'relu';
    if (code === 3) return 'relu6';
    return this.refuseOption(`fused activation ${code}`);
  }

  padding(field: number): Padding {
    return this.option((options) => options.int8(field), 0) === 0 ? 'same' : 'valid';
  }

  pair(first: number, second: number): [number, number] {
    const pair: [number, number] = [
      this.option((options) => options.int32(first), 0),
      this.option((options) => options.int32(second), 0),
    ];
    for (const value of pair) if (value < 1 || value > KERNEL_MOST) this.refuse('shape');
    return pair;
  }

  noDilation(first: number, second: number): void {
    for (const field of [first, second])
      if (this.option((options) => options.int32(field, 1), 1) !== 1) this.refuseOption('dilation');
  }

  /** Weights of `channels` output channels, `count` in all; `dimension` is the one that counts the channels. */
  parameters(channels: number, count: number, dimension: number): LayerParameters {
    const weights = this.input(1);
    if (weights.type !== INT8) this.refuse('type');
    if (weights.data.length !== count) this.refuse('shape');
    if (weights.zeros.some((zero) => zero !== 0)) this.refuse('range');
    if (weights.scales.length !== 1 && weights.scales.length !== channels) this.refuse('range');
    if (weights.scales.length > 1 && weights.quantizedDimension !== dimension) this.refuse('range');
    const scales = Float32Array.from(
      { length: channels },
      (_, c) => weights.scales[c] ?? weights.scales[0] ?? 0,
    );
    if (scales.some((scale) => !(scale >= 0 && Number.isFinite(scale)))) this.refuse('range');
    const { buffer, byteOffset, length } = weights.data;
    return {
      weights: new Int8Array(buffer, byteOffset, length).slice(),
      scales,
      biases: this.biases(channels),
    };
  }

  /** Their scale is input scale times weight scale, whatever their own record says. */
  private biases(channels: number): Int32Array {
    const index = this.operator.inputs[2];
    if (index === undefined || index === -1) return new Int32Array(channels);
    const tensor = this.tensor(index);
    if (tensor.type !== INT32) this.refuse('type');
    if (tensor.data.length !== 4 * channels) this.refuse('shape');
    const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
    return Int32Array.from({ length: channels }, (_, c) => view.getInt32(4 * c, true));
  }
}

interface Read {
  readonly layer: NetworkLayer;
  readonly parameters?: LayerParameters;
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, side) => all * side, 1);
}

function convolution(reader: Reader): Read {
  const [outputs = 0, h = 0, w = 0, c = 0] = reader.input(1).shape;
  const [, , channels] = reader.shape(reader.input(0));
  if (c !== channels || h > KERNEL_MOST || w > KERNEL_MOST) reader.refuse('shape');
  reader.noDilation(4, 5);
  return {
    layer: {
      type: 'conv',
      outputs,
      kernel: [h, w],
      stride: reader.pair(2, 1),
      padding: reader.padding(0),
      activation: reader.activation(3),
    },
    parameters: reader.parameters(outputs, product([outputs, h, w, c]), 0),
  };
}

function depthwise(reader: Reader): Read {
  const [, h = 0, w = 0, outputs = 0] = reader.input(1).shape;
  const [, , channels] = reader.shape(reader.input(0));
  if (outputs % channels !== 0 || h > KERNEL_MOST || w > KERNEL_MOST) reader.refuse('shape');
  reader.noDilation(5, 6);
  return {
    layer: {
      type: 'depthwise',
      outputs: outputs / channels,
      kernel: [h, w],
      stride: reader.pair(2, 1),
      padding: reader.padding(0),
      activation: reader.activation(4),
    },
    parameters: reader.parameters(outputs, product([h, w, outputs]), 3),
  };
}

function dense(reader: Reader): Read {
  const [outputs = 0, inputs = 0] = reader.input(1).shape;
  if (product(reader.shape(reader.input(0))) !== inputs) reader.refuse('shape');
  return {
    layer: { type: 'dense', outputs, activation: reader.activation(0) },
    parameters: reader.parameters(outputs, outputs * inputs, 0),
  };
}

function pool(reader: Reader, type: 'averagePool' | 'maxPool'): Read {
  const [from, to] = [reader.range(reader.input(0)), reader.range(reader.output)];
  if (from.scale !== to.scale || from.zero !== to.zero) reader.refuseOption('another scale for its output');
  if (reader.activation(5) !== 'linear') reader.refuseOption('a fused activation');
  return {
    layer: { type, kernel: reader.pair(4, 3), stride: reader.pair(2, 1), padding: reader.padding(0) },
  };
}

function addition(reader: Reader): Read {
  const [shape, other] = [reader.shape(reader.input(0)), reader.shape(reader.input(1))];
  if (shape.join() !== other.join()) reader.refuseOption('inputs of different shapes');
  return { layer: { type: 'add', activation: reader.activation(0), with: reader.source(1) } };
}

function softmax(reader: Reader): Read {
  if (reader.option((options) => options.float32(0), 1) !== 1) reader.refuseOption('a beta other than 1');
  return { layer: { type: 'softmax' } };
}

/** A reshape keeps the bytes: a flatten, or, at the network's beginning, another view of its input. */
function reshape(reader: Reader): Read | undefined {
  const [from, to] = [reader.shape(reader.input(0)), reader.shape(reader.output)];
  if (product(from) !== product(to)) reader.refuse('shape');
  if (reader.source(0) === 0) return undefined;
  if (to[2] !== product(to)) reader.refuseOption('a shape with rows and columns');
  return { layer: { type: 'flatten' } };
}

function read(reader: Reader): Read | undefined {
  switch (reader.operator.code) {
    case Operator.CONV_2D:
      return convolution(reader);
    case Operator.DEPTHWISE_CONV_2D:
      return depthwise(reader);
    case Operator.FULLY_CONNECTED:
      return dense(reader);
    case Operator.AVERAGE_POOL_2D:
      return pool(reader, 'averagePool');
    case Operator.MAX_POOL_2D:
      return pool(reader, 'maxPool');
    case Operator.ADD:
      return addition(reader);
    case Operator.RESHAPE:
      return reshape(reader);
    case Operator.SOFTMAX:
      return softmax(reader);
    default:
      return reader.refuse('operator');
  }
}

class Importer {
  private readonly layers: NetworkLayer[] = [];
  private readonly ranges: Range[] = [];
  private readonly parameters: (LayerParameters | undefined)[] = [];
  private readonly operators: number[] = [];
  /** Tensor -> layer that gives it. */
  private readonly layerOf = new Map<number, number>();
  private readonly reasons: Text[] = [];
  private input: [number, number, number] = [1, 1, 1];

  constructor(private readonly model: TfliteModel) {}

  private take(operator: TfliteOperator, at: number): void {
    const reader = new Reader(this.model, operator, at, this.layerOf);
    const output = operator.outputs[0] ?? -1;
    try {
      const found = read(reader);
      if (found === undefined) {
        this.input = reader.shape(reader.output);
        this.layerOf.set(output, 0);
      } else {
        const source = reader.source(0);
        this.ranges.push(reader.range(reader.output));
        this.layers.push({ ...found.layer, input: source, update: 'frozen' });
        this.parameters.push(found.parameters);
        this.layerOf.set(output, this.layers.length);
      }
      this.operators.push(this.layerOf.get(output) ?? 0);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.reasons.push(error.reason);
      // So that what follows is judged by itself.
      this.layerOf.set(output, this.layers.length);
    }
  }

  run(): ImportedNetwork {
    const { model } = this;
    const [input] = model.inputs;
    if (model.inputs.length !== 1 || model.outputs.length !== 1 || input === undefined)
      throw new NetworkImportError([
        text('network.ends', { inputs: model.inputs.length, outputs: model.outputs.length }),
      ]);
    const [operator] = model.operators;
    if (operator === undefined) throw new NetworkImportError([text('network.empty')]);
    this.layerOf.set(input, 0);
    const reader = new Reader(model, operator, 0, this.layerOf);
    let inputRange: Range = { scale: 1, zero: 0 };
    try {
      const tensor = model.tensors[input] ?? reader.refuse('shape');
      this.input = reader.shape(tensor);
      inputRange = reader.range(tensor);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.reasons.push(error.reason);
    }
    model.operators.forEach((each, at) => {
      this.take(each, at);
    });
    if (this.layers.length > LAYERS_MOST)
      this.reasons.push(text('network.layers', { count: this.layers.length, most: LAYERS_MOST }));
    if (this.reasons.length > 0) throw new NetworkImportError(this.reasons);
    const { layers, ranges, parameters, operators } = this;
    return { input: this.input, inputRange, layers, ranges, parameters, operators };
  }
}

/** A larger file holds no network for a microcontroller. */
const FILE_MOST = 32 * 1024 * 1024;

/**
 * Reads an int8 network. Time and memory are bounded by the length of the file.
 * @param bytes of a .tflite file
 * @throws NetworkImportError with everything that stands in the way
 */
export function readNetwork(bytes: Uint8Array): ImportedNetwork {
  if (bytes.length > FILE_MOST)
    throw new NetworkImportError([text('network.file', { bytes: bytes.length, most: FILE_MOST })]);
  try {
    return new Importer(readTflite(bytes)).run();
  } catch (error) {
    if (error instanceof NetworkImportError) throw error;
    if (!(error instanceof FlatbufferError) && !(error instanceof RangeError)) throw error;
    throw new NetworkImportError([text('network.damaged', { detail: error.message })], { cause: error });
  }
}

/** A network as bytes, little-endian, in the layouts that firmware/include/edge_trainer/dnn.h reads. */
import type { ImportedNetwork, LayerType, NetworkLayer } from './types';

/** et_dnn_kind */
const KINDS: Readonly<Record<LayerType, number>> = {
  dense: 1,
  conv: 2,
  depthwise: 3,
  maxPool: 4,
  averagePool: 5,
  globalAveragePool: 6,
  flatten: 7,
  add: 8,
  softmax: 9,
};
const ACTIVATIONS = ['linear', 'relu', 'relu6'] as const;
const PADDINGS = ['valid', 'same'] as const;
const UPDATES = ['frozen', 'bias', 'all'] as const;
const NETWORK_INPUT = 255;

/** sizeof(et_dnn_layer) */
export const LAYER_BYTES = 16;

function reference(layer: number | undefined): number {
  if (layer === undefined) return 0;
  return layer === 0 ? NETWORK_INPUT : layer;
}

/** One et_dnn_layer. */
export function encodeLayer(layer: NetworkLayer): Uint8Array {
  const bytes = new Uint8Array(LAYER_BYTES);
  const view = new DataView(bytes.buffer);
  const [kernelHeight, kernelWidth] = layer.kernel ?? [0, 0];
  const [strideHeight, strideWidth] = layer.stride ?? [0, 0];
  bytes.set([
    KINDS[layer.type],
    ACTIVATIONS.indexOf(layer.activation ?? 'linear'),
    PADDINGS.indexOf(layer.padding ?? 'valid'),
    UPDATES.indexOf(layer.update ?? 'all'),
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
  ]);
  view.setUint16(8, layer.outputs ?? 0, true);
  view.setUint16(10, layer.trainedRows ?? 0, true);
  bytes[12] = reference(layer.input);
  bytes[13] = reference(layer.with);
  return bytes;
}

/**
 * A whole imported network: u16 height, width, channels, layers | f32 scale, i8 zero, 3 unused of the input | all layers, filled up to
 * four bytes | of each layer: f32 scale, i8 zero, 3 unused, u32 weights, u32 channels, i32 biases, f32 scales, i8 weights, filled up.
 */
export function encodeNetwork(network: ImportedNetwork): Uint8Array {
  const parts: Uint8Array[] = [];
  const range = (scale: number, zero: number): void => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat32(0, scale, true);
    bytes[4] = zero;
    parts.push(bytes);
  };
  const filled = (bytes: Uint8Array): void => {
    const whole = new Uint8Array((bytes.length + 3) & ~3);
    whole.set(bytes);
    parts.push(whole);
  };
  filled(new Uint8Array(Uint16Array.from([...network.input, network.layers.length]).buffer));
  range(network.inputRange.scale, network.inputRange.zero);
  filled(Buffer.concat(network.layers.map(encodeLayer)));
  network.layers.forEach((_, i) => {
    const { scale, zero } = network.ranges[i] ?? { scale: 1, zero: 0 };
    const parameters = network.parameters[i];
    range(scale, zero);
    const counts = [parameters?.weights.length ?? 0, parameters?.biases.length ?? 0];
    filled(new Uint8Array(Uint32Array.from(counts).buffer));
    if (parameters === undefined) return;
    filled(new Uint8Array(parameters.biases.buffer));
    filled(new Uint8Array(parameters.scales.buffer));
    filled(new Uint8Array(parameters.weights.buffer));
  });
  return Buffer.concat(parts);
}

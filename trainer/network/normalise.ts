/**
 * An imported network made ready for training: its input's range becomes 1.
 *
 * Images often enter as 0 to 255. Training then moves the first layer's weights by 255 times too much for every other layer, because
 * the gradient of a weight is the error times the input, and no single learning rate fits. Here the input's scale shrinks by its range
 * and the weight scales of the layers that read it grow as much: bytes, biases and every product of scales stay, so that the network
 * answers as before (to the rounding of a float).
 */
import { lastWhere } from './head';
import type { ImportedNetwork, Range } from './types';

const STEPS = 255;

interface Readers {
  /** Numbers of the layers (the first is 1) that compute with the network's input. */
  readonly computing: ReadonlySet<number>;
  /** Those that only give it another shape; 0 is the input itself. */
  readonly viewing: ReadonlySet<number>;
}

function readersOf(network: ImportedNetwork): Readers {
  const viewing = new Set([0]);
  const computing = new Set<number>();
  network.layers.forEach((layer, i) => {
    const inputs = [layer.input ?? i, ...(layer.with === undefined ? [] : [layer.with])];
    if (!inputs.some((input) => viewing.has(input))) return;
    (layer.type === 'flatten' ? viewing : computing).add(i + 1);
  });
  return { computing, viewing };
}

/**
 * The same network with an input of range 1; the network itself where that cannot be done without a change (a pool or a sum reads the
 * input, or the range is 1 at most already).
 */
export function withInputUpToOne(network: ImportedNetwork): ImportedNetwork {
  const range = STEPS * network.inputRange.scale;
  const { computing, viewing } = readersOf(network);
  const weighted = [...computing].every((number) => network.parameters[number - 1] !== undefined);
  if (range <= 1 || !weighted) return network;
  return {
    ...network,
    inputRange: { ...network.inputRange, scale: network.inputRange.scale / range },
    ranges: network.ranges.map((each, i) =>
      viewing.has(i + 1) ? { ...each, scale: each.scale / range } : each,
    ),
    parameters: network.parameters.map((each, i) =>
      each === undefined || !computing.has(i + 1)
        ? each
        : { ...each, scales: each.scales.map((scale) => scale * range) },
    ),
  };
}

const BYTE_LEAST = -128;

/**
 * The same network for a board, which stores a feature as a byte of -127 to 127. Where a value of 0 is the lowest byte, -128, all bytes of
 * the input move up by one: black pixels stay black, and the highest byte is the one that is read as its neighbour. No arithmetic
 * changes, because layers see the distance from zero. The network itself where zero is another byte, or a pool reads the input.
 */
export function withZeroStored(network: ImportedNetwork): ImportedNetwork {
  const { computing, viewing } = readersOf(network);
  const pooled = network.layers.some(({ type }, i) => computing.has(i + 1) && type.endsWith('Pool'));
  if (network.inputRange.zero !== BYTE_LEAST || pooled) return network;
  const moved = (range: Range): Range => ({ ...range, zero: range.zero + 1 });
  return {
    ...network,
    inputRange: moved(network.inputRange),
    ranges: network.ranges.map((range, i) => (viewing.has(i + 1) ? moved(range) : range)),
  };
}

/** The network's outputs as places in a range of -half to half, as a board gives continuous outputs; its bytes stay. */
export function withOutputsUpToOne(network: ImportedNetwork, half: number): ImportedNetwork {
  const head = lastWhere(network.parameters, (each) => each !== undefined);
  return {
    ...network,
    ranges: network.ranges.map((range, i) => (i < head ? range : { ...range, scale: range.scale / half })),
    parameters: network.parameters.map((each, i) =>
      each === undefined || i !== head ? each : { ...each, scales: each.scales.map((scale) => scale / half) },
    ),
  };
}

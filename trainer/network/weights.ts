/** The weights of a network as a JSON document: what a definition does not hold, for whoever deploys it. */
import { crc32 } from '../definition/crc32';
import { type Text, text } from '../text';
import { WeightsError } from './errors';
import type { ImportedNetwork, LayerParameters, LayerType, Range } from './types';

const FORMAT = 'edge-trainer-weights';
const VERSION = 1;

interface LayerWeights {
  readonly type: LayerType;
  /** Of what the layer gives. */
  readonly scale: number;
  readonly zero: number;
  /** Base64, little-endian: one byte a weight; one float, one 32-bit integer a channel. Missing: the layer has none yet. */
  readonly weights?: string;
  readonly scales?: string;
  readonly biases?: string;
}

export interface WeightsDocument {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** One line for people. */
  readonly about: string;
  /** CRC-32 of `network` as JSON without spaces, 8 hexadecimal digits. */
  readonly crc32: string;
  readonly network: { readonly input: Range; readonly layers: readonly LayerWeights[] };
}

/** What `weightsOf` wrote, read again. */
export interface NetworkWeights {
  readonly input: Range;
  readonly layers: readonly {
    readonly type: LayerType;
    readonly range: Range;
    readonly parameters: LayerParameters | undefined;
  }[];
}

const checksum = (network: unknown): string =>
  crc32(Buffer.from(JSON.stringify(network), 'utf8'))
    .toString(16)
    .padStart(8, '0');

function base64({ buffer, byteOffset, byteLength }: Int8Array | Int32Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** @param about one line for people: where the network comes from */
export function weightsOf(network: ImportedNetwork, about: string): WeightsDocument {
  const layers = network.layers.map(({ type }, i): LayerWeights => {
    const { scale, zero } = network.ranges[i] ?? { scale: 1, zero: 0 };
    const parameters = network.parameters[i];
    if (parameters === undefined) return { type, scale, zero };
    const { weights, scales, biases } = parameters;
    return {
      ...{ type, scale, zero },
      ...{ weights: base64(weights), scales: base64(scales), biases: base64(biases) },
    };
  });
  const { scale, zero } = network.inputRange;
  const held = { input: { scale, zero }, layers };
  return { format: FORMAT, version: VERSION, about, crc32: checksum(held), network: held };
}

function refuse(problem: Text): never {
  throw new WeightsError(problem);
}

function objectAt(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(text('weights.field', { field }));
  return value as Record<string, unknown>;
}

function rangeAt(value: Record<string, unknown>, field: string): Range {
  const { scale, zero } = value;
  if (typeof scale !== 'number' || !(Math.fround(scale) > 0) || !Number.isFinite(Math.fround(scale)))
    return refuse(text('weights.field', { field: `${field}.scale` }));
  if (typeof zero !== 'number' || !Number.isInteger(zero) || zero < -128 || zero > 127)
    return refuse(text('weights.field', { field: `${field}.zero` }));
  return { scale, zero };
}

/** Bytes on their own, so that they may be looked at as words. */
function bytesAt(value: unknown, field: string): ArrayBuffer {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    return refuse(text('weights.field', { field }));
  return Uint8Array.from(Buffer.from(value, 'base64')).buffer;
}

function parametersAt(layer: Record<string, unknown>, field: string): LayerParameters | undefined {
  const { weights, scales, biases } = layer;
  if (weights === undefined && scales === undefined && biases === undefined) return undefined;
  const [bytes, floats, words] = [
    bytesAt(weights, `${field}.weights`),
    bytesAt(scales, `${field}.scales`),
    bytesAt(biases, `${field}.biases`),
  ];
  if (floats.byteLength === 0 || floats.byteLength % 4 !== 0)
    refuse(text('weights.field', { field: `${field}.scales` }));
  if (words.byteLength !== floats.byteLength) refuse(text('weights.field', { field: `${field}.biases` }));
  const factors = new Float32Array(floats);
  if (factors.some((factor) => !(factor >= 0 && Number.isFinite(factor))))
    refuse(text('weights.field', { field: `${field}.scales` }));
  return {
    weights: new Int8Array(bytes),
    scales: factors,
    biases: new Int32Array(words),
  };
}

/**
 * Checks a document that may come from anywhere.
 * @throws WeightsError that names the field
 */
export function openWeights(document: unknown): NetworkWeights {
  const { format, version, crc32: said, network } = objectAt(document, 'the file');
  if (format !== FORMAT) refuse(text('weights.format', { format: FORMAT }));
  if (version !== VERSION) refuse(text('weights.version', { found: String(version), known: VERSION }));
  const { input, layers } = objectAt(network, 'network');
  if (said !== checksum(network)) refuse(text('weights.crc'));
  if (!Array.isArray(layers)) return refuse(text('weights.field', { field: 'network.layers' }));
  return {
    input: rangeAt(objectAt(input, 'network.input'), 'network.input'),
    layers: (layers as unknown[]).map((each, i) => {
      const field = `network.layers[${i}]`;
      const layer = objectAt(each, field);
      return {
        type: layer.type as LayerType,
        range: rangeAt(layer, field),
        parameters: parametersAt(layer, field),
      };
    }),
  };
}

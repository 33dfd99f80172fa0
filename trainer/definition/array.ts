/**
 * A feature that is an array, such as an image: the only feature of its definition, a byte for each value. The blob says how many
 * values there are in a section of its own. Layout: et_array of firmware/include/edge_trainer/definition.h.
 */
import { type Text, text } from '../text';
import { type CompleteDefinition, type CompleteFeature, isStream } from './types';

const ARRAY_BYTES = 4;
const STREAM_BYTES = 4;

export type ArrayFeature = CompleteFeature & { readonly count: number };

/** An array that is a window of a stream: its values are the newest ones. */
export type WindowFeature = ArrayFeature & { readonly streamChannels: number };

/** The feature that is an array; undefined: each feature is one value in one register. */
export function arrayOf({ features }: Pick<CompleteDefinition, 'features'>): ArrayFeature | undefined {
  const [feature] = features;
  return feature?.count === undefined ? undefined : (feature as ArrayFeature);
}

/** The feature that is a window of a stream; undefined: there is none. */
export function windowOf(definition: Pick<CompleteDefinition, 'features'>): WindowFeature | undefined {
  const array = arrayOf(definition);
  return array?.streamChannels === undefined ? undefined : (array as WindowFeature);
}

/** Samples of a window, each of all channels. */
export const samplesOf = ({ count, streamChannels }: WindowFeature): number => count / streamChannels;

/** What each value of a stream's sample is: the channels of a stream model, those of a window; empty where there is no stream. */
export function streamOf(
  definition: Pick<CompleteDefinition, 'features' | 'model'>,
): readonly CompleteFeature[] {
  if (isStream(definition)) return definition.features;
  const window = windowOf(definition);
  if (window === undefined) return [];
  const { streamChannels, count: _count, name, ...rest } = window;
  return Array.from({ length: streamChannels }, (_, channel) => ({
    ...rest,
    name: streamChannels === 1 ? name : `${name} ${channel + 1}`,
    id: `${rest.id}[${channel}]`,
  }));
}

/** Values of one sample. */
export const valuesOf = (definition: Pick<CompleteDefinition, 'features'>): number =>
  arrayOf(definition)?.count ?? definition.features.length;

/** One for each value of a sample, as tables name them: the features, an array's values by its name and their number. */
export function valueColumns({ features }: Pick<CompleteDefinition, 'features'>): readonly CompleteFeature[] {
  const array = arrayOf({ features });
  if (array === undefined) return features;
  const { name, id } = array;
  return Array.from({ length: array.count }, (_, i) => ({
    ...array,
    ...{ name: `${name}[${i}]`, id: `${id}[${i}]` },
  }));
}

/** Bytes that a board stores of a sample whose values are bytes. */
export const rowBytesOf = (definition: Pick<CompleteDefinition, 'features'>): number =>
  arrayOf(definition) === undefined ? definition.features.length : (valuesOf(definition) + 3) & ~3;

/** The bytes of the section; undefined: there is no array. */
export function encodeArray(definition: CompleteDefinition): Uint8Array | undefined {
  const array = arrayOf(definition);
  if (array === undefined) return undefined;
  const bytes = new Uint8Array(ARRAY_BYTES);
  new DataView(bytes.buffer).setUint16(0, array.count, true);
  return bytes;
}

/** The bytes of the section that says which stream the array is a window of; undefined: none. */
export function encodeArrayStream(definition: CompleteDefinition): Uint8Array | undefined {
  const window = windowOf(definition);
  if (window === undefined) return undefined;
  const bytes = new Uint8Array(STREAM_BYTES);
  bytes[0] = window.streamChannels;
  return bytes;
}

/** How many channels that section says. */
export const decodeArrayStream = (bytes: Uint8Array): number => bytes[0] as number;

/** How many values the section says. */
export const decodeArray = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0, true);

type Say = (path: string, problem: Text) => void;

/** What an array means beside the rest: it is alone, and a network reads it. */
export function arrayIssues(definition: CompleteDefinition, say: Say): void {
  definition.features.forEach(({ count, streamChannels }, index) => {
    if (streamChannels !== undefined && (count === undefined || count % streamChannels !== 0))
      say(
        `features[${index}].streamChannels`,
        text('definition.array.stream', { channels: streamChannels, count: count ?? 1 }),
      );
    if (count === undefined) return;
    const path = `features[${index}].count`;
    if (definition.model.type !== 'dnn') say(path, text('definition.array.family'));
    else if (definition.features.length > 1) say(path, text('definition.array.alone'));
    else if (definition.startRule.rule !== 'default-class')
      say('startRule', text('definition.array.startRule'));
    else if (definition.io !== undefined && streamChannels === undefined)
      say('io', text('definition.array.startRule'));
  });
}

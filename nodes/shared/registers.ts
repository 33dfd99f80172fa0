/**
 * Between messages and values: register words as node-red-contrib-modbus emits them, engineering units, samples of a stream, and
 * the write requests that node-red-contrib-modbus takes. No Node-RED in here.
 */
import { arrayOf, type CompleteDefinition, inputShape, streamOf } from '../../trainer/definition';
import type { Decision, Features } from '../../trainer/device';
import { MessageError } from './message_error';
import { networkValues } from './network_input';

/** How register words become engineering units. */
export interface RegisterReading {
  readonly signed: boolean;
  /** First word to use. */
  readonly offset: number;
  /** Words behind those that are used are no mistake: the value is part of a larger block. */
  readonly more: boolean;
  /** Words per engineering unit; undefined = the scale that the definition gives each value. */
  readonly divisor: number | undefined;
}

const WORD_MASK = 0xffff;
/** Names of values that an error text shows. */
const NAMES_SHOWN = 5;
const SIGN_BIT = 0x8000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** Two's complement of 16 bits: 65535 is -1. */
function signedWord(word: number): number {
  return word >= SIGN_BIT ? word - (WORD_MASK + 1) : word;
}

/** A value from -32768 to 65535 as the word that travels. */
export function wordOf(value: number): number {
  return Math.round(value) & WORD_MASK;
}

/**
 * The words of a payload: an array of words or bits, a Buffer of big-endian words, or the response object
 * `{ data, buffer }` of the second output of a node-red-contrib-modbus node.
 */
function wordsFrom(given: unknown): number[] {
  const payload = isRecord(given) && Object.hasOwn(given, 'data') ? given.data : given;
  if (Buffer.isBuffer(payload)) {
    if (payload.length % 2 !== 0) throw new MessageError('error.oddBuffer', { bytes: payload.length });
    return Array.from({ length: payload.length / 2 }, (_, index) => payload.readUInt16BE(2 * index));
  }
  const list = typeof payload === 'number' || typeof payload === 'boolean' ? [payload] : payload;
  if (!Array.isArray(list)) throw new MessageError('error.noRegisters', { got: typeof payload });
  return list.map((item: unknown, index) => {
    const word = typeof item === 'boolean' ? Number(item) : item;
    if (typeof word !== 'number' || !Number.isInteger(word) || word < -SIGN_BIT || word > WORD_MASK)
      throw new MessageError('error.noWord', { index, got: JSON.stringify(item) ?? String(item) });
    return word & WORD_MASK;
  });
}

/** Words as values while nobody says what they stand for: undefined when they are none. */
export function wordValues(
  payload: unknown,
  { signed, offset, divisor }: RegisterReading,
): number[] | undefined {
  try {
    const words = wordsFrom(payload).slice(offset);
    return words.map((word) => (signed ? signedWord(word) : word) / (divisor ?? 1));
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}

/** What one register word stands for. */
export interface NamedWord {
  readonly name: string;
  /** Words per engineering unit. */
  readonly scale: number;
}

/** What the words of a request stand for: a feature each; of an array its values in engineering units, one after the other. */
export function featureWordsOf(definition: CompleteDefinition): readonly NamedWord[] {
  const array = arrayOf(definition);
  if (array === undefined) return definition.features;
  return Array.from({ length: array.count }, (_, i) => ({ name: `${array.name}[${i}]`, scale: 1 }));
}

/** Names of a list for an error text, the first few of many. */
function someOf(names: readonly string[]): readonly string[] {
  return names.length <= NAMES_SHOWN ? names : [...names.slice(0, NAMES_SHOWN), '…'];
}

/**
 * Values from register words, one word each in this order.
 * @throws MessageError that names the values without a word, or says which words belong to no value: two words for each value, as PLCs
 *   have them for 32 bits, would otherwise pass for other values
 */
export function valuesFromRegisters(
  payload: unknown,
  named: readonly NamedWord[],
  reading: RegisterReading,
): number[] {
  const all = wordsFrom(payload);
  const end = reading.offset + named.length;
  if (all.length < end) {
    const missing = named.slice(Math.max(0, all.length - reading.offset)).map(({ name }) => name);
    throw new MessageError('error.fewRegisters', { needed: end, got: all.length, missing: someOf(missing) });
  }
  if (all.length > end && !reading.more)
    throw new MessageError('error.manyRegisters', {
      needed: end,
      got: all.length,
      names: someOf(named.map(({ name }) => name)),
      first: end + 1,
    });
  return named.map(({ scale }, index) => {
    const word = all[reading.offset + index] as number;
    return (reading.signed ? signedWord(word) : word) / (reading.divisor ?? scale);
  });
}

/** What a value is called in a refusal. */
export function kindOf(payload: unknown): string {
  if (payload === null) return 'null';
  return typeof payload === 'object' ? (payload.constructor?.name ?? 'object') : typeof payload;
}

/** Bytes and numbers that no engineering units can be read from as they are. */
function isOpaque(payload: unknown): boolean {
  return (
    Buffer.isBuffer(payload) ||
    payload instanceof ArrayBuffer ||
    payload instanceof DataView ||
    payload instanceof BigInt64Array ||
    payload instanceof BigUint64Array
  );
}

/**
 * Features in engineering units as a message carries them: array, typed array, object by name, or one number; for a network rows of an
 * image and Buffers, too.
 * @param definition what is asked; undefined while it is not known
 */
export function featuresFrom(payload: unknown, definition?: CompleteDefinition): Features {
  if (typeof payload === 'number') return [payload];
  const shape = definition === undefined ? undefined : inputShape(definition);
  const bytes = payload instanceof Uint8Array;
  if (isOpaque(payload) && !(bytes && shape !== undefined))
    throw new MessageError('error.noFeatures', { got: kindOf(payload) });
  const list = ArrayBuffer.isView(payload) ? Array.from(payload as unknown as ArrayLike<number>) : payload;
  if (Array.isArray(list)) return shape === undefined ? list : networkValues(list, shape, bytes);
  if (isRecord(list)) return list as Features;
  throw new MessageError('error.noFeatures', { got: kindOf(payload) });
}

/** 16-bit samples as a sensor gives them, whatever is set: register units of the definition, signed. */
const RAW: RegisterReading = { signed: true, offset: 0, more: false, divisor: undefined };

/**
 * Samples of a stream: rows of all channels, one row, or interleaved values, in engineering units; or a Buffer (big-endian) or
 * Int16Array of interleaved 16-bit values in register units.
 */
export function samplesFrom(payload: unknown, definition: CompleteDefinition): number[][] {
  const channels = streamOf(definition).length;
  if (Buffer.isBuffer(payload)) return samplesFromRegisters(payload, definition, RAW);
  if (payload instanceof Int16Array) return samplesFromRegisters(Array.from(payload), definition, RAW);
  if (Array.isArray(payload) && payload.every(Array.isArray)) return payload as number[][];
  if (Array.isArray(payload) && payload.length > 0 && payload.every(isRecord))
    throw new MessageError('error.noSamples', { channels });
  const flat = featuresFrom(payload);
  if (!Array.isArray(flat)) throw new MessageError('error.noSamples', { channels });
  return rows(flat as number[], channels);
}

/**
 * What a message gives to the window of a network: samples, or nothing, which asks for a decision about the window. That does a text, true or false,
 * an empty payload, or any payload under the topic "decide".
 */
export function windowSamplesFrom(
  { topic, payload }: { readonly topic?: unknown; readonly payload: unknown },
  definition: CompleteDefinition,
): number[][] | undefined {
  const empty = Array.isArray(payload) ? payload.length === 0 : isRecord(payload) && isEmpty(payload);
  if (topic === DECIDE || payload === null || payload === undefined || empty) return undefined;
  if (typeof payload === 'string' || typeof payload === 'boolean') return undefined;
  if (isRecord(payload) && !ArrayBuffer.isView(payload)) return [sampleOf(payload, definition)];
  return samplesFrom(payload, definition);
}

const DECIDE = 'decide';
const isEmpty = (record: Record<string, unknown>): boolean => Object.keys(record).length === 0;

/** One sample by the names of its channels. */
export function sampleOf(named: Readonly<Record<string, unknown>>, definition: CompleteDefinition): number[] {
  return streamOf(definition).map(({ name }) => named[name] as number);
}

/** Interleaved register words as samples. */
export function samplesFromRegisters(
  payload: unknown,
  definition: CompleteDefinition,
  reading: RegisterReading,
): number[][] {
  const stream = streamOf(definition);
  const channels = stream.length;
  const count = Math.max(0, wordsFrom(payload).length - reading.offset);
  const named = Array.from({ length: count }, (_, index) => stream[index % channels] as NamedWord);
  return rows(valuesFromRegisters(payload, named, reading), channels);
}

function rows(flat: readonly number[], channels: number): number[][] {
  if (flat.length === 0 || flat.length % channels !== 0)
    throw new MessageError('error.unevenSamples', { channels, got: flat.length });
  return Array.from({ length: flat.length / channels }, (_, row) =>
    flat.slice(row * channels, (row + 1) * channels),
  );
}

/** What a decision is turned into. */
export type DecisionOutput = 'decision' | 'label' | 'class' | 'actuation' | 'confidence' | 'flex-write';

/** Where a Flex-Write request goes. */
export interface WriteTarget {
  readonly unitid: number;
  readonly fc: 5 | 6 | 15 | 16;
  readonly address: number;
  readonly value: 'actuation' | 'class';
}

/** A request as the Flex-Write node of node-red-contrib-modbus takes it. */
export interface FlexWrite {
  readonly value: number | boolean | number[] | boolean[];
  readonly fc: number;
  readonly unitid: number;
  readonly address: number;
  readonly quantity: number;
}

/** Continuous outputs go as their registers hold them: the first, or with FC 16 all of them. Register words are unsigned on the wire (-100 is 65436); a coil is on when the value is not 0. */
function flexWrite(
  decision: Pick<Decision, 'actuation' | 'classIndex' | 'registers'>,
  target: WriteTarget,
): FlexWrite {
  const { registers } = decision;
  if (registers !== undefined && target.fc === 16)
    return {
      value: registers.map(wordOf),
      fc: target.fc,
      unitid: target.unitid,
      address: target.address,
      quantity: registers.length,
    };
  const number = target.value === 'class' ? decision.classIndex : (registers?.[0] ?? decision.actuation);
  const bits = target.fc === 5 || target.fc === 15;
  const single = bits ? number !== 0 : wordOf(number);
  const many = target.fc === 15 || target.fc === 16;
  return {
    value: many ? ([single] as number[] | boolean[]) : single,
    fc: target.fc,
    unitid: target.unitid,
    address: target.address,
    quantity: 1,
  };
}

export function outputOf(decision: Decision, output: DecisionOutput, target: WriteTarget): unknown {
  switch (output) {
    case 'label':
      return decision.label;
    case 'class':
      return decision.classIndex;
    case 'actuation':
      return decision.actuation;
    case 'confidence':
      return decision.confidence;
    case 'flex-write':
      return flexWrite(decision, target);
    default:
      return decision;
  }
}

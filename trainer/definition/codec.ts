/** Definition <-> blob. The blob is what the board runs; names, labels and units stay on the host, a hash of the names travels. */
import {
  ClassWeights,
  Covariance,
  Kernel,
  LimitSide,
  Limits,
  Mode,
  Model,
  OutOfRange,
  Readout,
  Reservoir,
  Rule,
  Scaling,
  Storage,
  SuspicionAction,
} from '../contract/contract.generated';
import { crc32 } from './crc32';
import { identityBytes, readIdentities, readIdentity, storedOrder, writeIdentity } from './identity';
import {
  ALWAYS_PERMILLE,
  CORRELATION_FIELDS,
  CRC_BYTES,
  ENTRY_BYTES,
  ESN_FIELDS,
  FIXED_BYTES,
  FIXED_FIELDS,
  type Field,
  LAYOUT,
  MAGIC,
  PARAMETERS_AT,
  PROCESS_FIELDS,
  readField,
  SVM_FIELDS,
  WEIGHT_ONE,
  writeField,
} from './layout';
import { decodePlantLimits, encodePlantLimits, PLANT_LIMITS_BYTES } from './plant_limits';
import { decodeStartRule, encodeStartRule, START_RULE_BYTES } from './start_rule';
import { type CompleteDefinition, isStream } from './types';

/** et_definition_part: what may stand at the end, { u16 part, u16 bytes } before each. */
const PART_START_RULE = 1;
const PART_PLANT_LIMITS = 2;
const PART_HEAD_BYTES = 4;
const PART_BYTES: ReadonlyMap<number, number> = new Map([
  [PART_START_RULE, START_RULE_BYTES],
  [PART_PLANT_LIMITS, PLANT_LIMITS_BYTES],
]);

/** "dead-band" <-> DEAD_BAND of the contract. */
const contractName = (word: string): string => word.toUpperCase().replace(/-/g, '_');
const definitionWord = (name: string): string => name.toLowerCase().replace(/_/g, '-');

function codeOf(values: Readonly<Record<string, number>>, word: string): number {
  const code = values[contractName(word)];
  if (code === undefined) throw new RangeError(`"${word}" has no code in the contract`);
  return code;
}

/** What a choice, a share or a flag is in the blob, and back. */
interface Coding {
  encode(value: unknown): number;
  decode(code: number): unknown;
}

const plain: Coding = { encode: (value) => value as number, decode: (code) => code };
const permille: Coding = {
  encode: (value) => Math.round((value as number) * 1000),
  decode: (code) => code / 1000,
};
const seconds = permille; // kept in milliseconds
const flag: Coding = { encode: (value) => (value === true ? 1 : 0), decode: (code) => code !== 0 };

function choice(values: Readonly<Record<string, number>>): Coding {
  const words = new Map(Object.entries(values).map(([name, code]) => [code, definitionWord(name)]));
  return {
    encode: (value) => codeOf(values, value as string),
    decode: (code) => {
      const word = words.get(code);
      if (word === undefined) throw new RangeError(`code ${code} is not in the contract`);
      return word;
    },
  };
}

const CODINGS: Readonly<Record<string, Coding>> = {
  'model.type': choice(Model),
  storage: choice(Storage),
  scaling: choice(Scaling),
  outOfRange: choice(OutOfRange),
  'feedback.rule': choice(Rule),
  'feedback.side': choice(LimitSide),
  'feedback.settleSeconds': seconds,
  'feedback.expireSeconds': seconds,
  'feedback.suspicion': choice(SuspicionAction),
  'stitching.satisfactoryShare': permille,
  'training.mode': choice(Mode),
  'training.accuracyThreshold': {
    encode: (value) => (value === 'always' ? ALWAYS_PERMILLE : permille.encode(value)),
    decode: (code) => (code === ALWAYS_PERMILLE ? 'always' : code / 1000),
  },
  'model.classWeights': choice(ClassWeights),
  'model.kernel': choice(Kernel),
  'model.warmStart': flag,
  'model.reservoir': choice(Reservoir),
  'model.readout': choice(Readout),
  'model.covariance': choice(Covariance),
  // Its channel as it is stored, from 1: see contextCodes and decodeContext.
  'model.context': {
    encode: () => 0,
    decode: (code) => (code === 0 ? '' : String(code)),
  },
};

function at(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
}

const KERNEL_ONLY = new Set(['kernel', 'gamma', 'coef0', 'degree', 'sv_budget']);

function parametersOf(type: CompleteDefinition['model']['type']): readonly Field[] {
  if (type === 'esn') return ESN_FIELDS;
  if (type === 'correlation') return CORRELATION_FIELDS;
  if (type === 'process') return PROCESS_FIELDS;
  return type === 'svm-kernel' ? SVM_FIELDS : SVM_FIELDS.filter((field) => !KERNEL_ONLY.has(field.name));
}

/** Codes of the feedback rule: classes as they are stored, outcomes in register units. A field the rule does not use is 0. */
function feedbackCodes(
  { feedback }: CompleteDefinition,
  index: (label: string) => number,
): Record<string, number> {
  switch (feedback.rule) {
    case 'label':
      return {};
    case 'dead-band':
      return {
        set_point: Math.round(feedback.setPoint * feedback.scale),
        band: Math.round(feedback.band * feedback.scale),
        class_low: index(feedback.tooLow),
        class_high: index(feedback.tooHigh),
      };
    case 'limit':
      return {
        set_point: Math.round(feedback.limit * feedback.scale),
        class_low: index(feedback.truth),
      };
  }
}

type StoredClass = CompleteDefinition['classes'][number];
type StoredFeature = CompleteDefinition['features'][number];

/** The context channel as it is stored, from 1, and its tolerance in register units. */
function contextCodes(
  { model }: CompleteDefinition,
  features: readonly StoredFeature[],
): Record<string, number> {
  if (model.type !== 'correlation' || model.context === '') return {};
  const index = features.findIndex((one) => one.name === model.context);
  return { context: index + 1, context_tolerance: model.contextTolerance * (features[index]?.scale ?? 1) };
}

/** The name of the context channel, and its tolerance in its unit; `model` is changed. */
function decodeContext(
  model: CompleteDefinition['model'],
  features: readonly { readonly entry: { readonly name: string; readonly scale: number } }[],
): void {
  if (model.type !== 'correlation' || model.context === '') return;
  const context = features[Number(model.context) - 1]?.entry;
  if (context === undefined) throw new BlobError(`channel ${model.context} of ${features.length}`);
  model.context = context.name;
  model.contextTolerance /= context.scale;
}

interface Part {
  readonly part: number;
  readonly bytes: Uint8Array;
}

/** The parts at the end: only what says something. Entries in the stored order. */
function endOf(
  { startRule }: CompleteDefinition,
  features: readonly StoredFeature[],
  classes: readonly StoredClass[],
): Part[] {
  const start = encodeStartRule(startRule, features, classes);
  const limits = encodePlantLimits(classes);
  return [
    ...(start === undefined ? [] : [{ part: PART_START_RULE, bytes: start }]),
    ...(limits === undefined ? [] : [{ part: PART_PLANT_LIMITS, bytes: limits }]),
  ];
}

/**
 * The blob of a definition that parseDefinition returned.
 * @returns the bytes, the last four their CRC-32
 */
export function encodeDefinition(definition: CompleteDefinition): Uint8Array {
  const classes = storedOrder(definition.classes).map((at) => definition.classes[at] as StoredClass);
  const features = storedOrder(definition.features).map((at) => definition.features[at] as StoredFeature);
  const index = (label: string): number => classes.findIndex((one) => one.label === label);
  const entryBytes = ENTRY_BYTES * (classes.length + features.length);
  const parts = endOf(definition, features, classes);
  const partBytes = parts.reduce((sum, { bytes }) => sum + PART_HEAD_BYTES + bytes.length, 0);
  const partsAt = FIXED_BYTES + entryBytes + identityBytes(features.length, classes.length);
  const length = partsAt + partBytes + CRC_BYTES;
  const blob = new Uint8Array(length);
  const view = new DataView(blob.buffer);
  const codes: Record<string, number> = {
    magic: MAGIC,
    layout: LAYOUT,
    length,
    features: features.length,
    classes: classes.length,
    default_class: Math.max(0, index(definition.defaultClass)),
    identified: 1,
    set_point: 0,
    band: 0,
    class_low: 0,
    class_high: 0,
    ...feedbackCodes(definition, index),
    ...contextCodes(definition, features),
  };
  const write = (field: Field, base: number): void => {
    const value = field.path === '' ? undefined : at(definition, field.path);
    const coding = CODINGS[field.path] ?? plain;
    writeField(view, field, codes[field.name] ?? (value === undefined ? 0 : coding.encode(value)), base);
  };
  for (const field of FIXED_FIELDS) write(field, 0);
  for (const field of parametersOf(definition.model.type)) write(field, PARAMETERS_AT);
  let offset = FIXED_BYTES;
  for (const { actuation, weight } of classes) {
    view.setInt16(offset, actuation, true);
    view.setUint16(offset + 2, Math.round(weight * WEIGHT_ONE), true);
    offset += ENTRY_BYTES;
  }
  for (const { min, max, scale } of features) {
    view.setInt16(offset, Math.round(min * scale), true);
    view.setInt16(offset + 2, Math.round(max * scale), true);
    offset += ENTRY_BYTES;
  }
  writeIdentity(view, offset, definition);
  offset = partsAt;
  for (const { part, bytes } of parts) {
    view.setUint16(offset, part, true);
    view.setUint16(offset + 2, bytes.length, true);
    blob.set(bytes, offset + PART_HEAD_BYTES);
    offset += PART_HEAD_BYTES + bytes.length;
  }
  view.setUint32(length - CRC_BYTES, crc32(blob.subarray(0, length - CRC_BYTES)), true);
  return blob;
}

/** What a board reports as definition_fingerprint when it runs this blob. */
export function fingerprintOf(blob: Uint8Array): number {
  return new DataView(blob.buffer, blob.byteOffset, blob.byteLength).getUint32(
    blob.byteLength - CRC_BYTES,
    true,
  );
}

/** The bytes are not a definition blob of this layout. */
export class BlobError extends Error {
  readonly code = 'DEFINITION_BLOB';

  constructor(problem: string) {
    super(`not a definition that this version reads: ${problem}`);
    this.name = 'BlobError';
  }
}

/** A scale as a person wrote it: 32 bits hold seven digits of it. */
function scaleOf(held: number): number {
  const written = Number(held.toPrecision(7));
  return Math.fround(written) === held ? written : held;
}

/** Fields of the fixed part and of the model's parameters, as the definition has them. */
function decodeFields(view: DataView): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  const put = (field: Field, base: number): void => {
    if (field.path === '') return;
    let target = decoded;
    const names = field.path.split('.');
    for (const name of names.slice(0, -1)) {
      target[name] ??= {};
      target = target[name] as Record<string, unknown>;
    }
    const raw = readField(view, field, base);
    try {
      target[names.at(-1) as string] = (CODINGS[field.path] ?? plain).decode(raw);
    } catch {
      throw new BlobError(`${field.path} has code ${raw}`);
    }
  };
  for (const field of FIXED_FIELDS) put(field, 0);
  const model = decoded.model as CompleteDefinition['model'];
  if (!['svm-linear', 'svm-kernel', 'esn', 'correlation', 'process'].includes(model.type))
    throw new BlobError(`model ${model.type} is not known here`);
  for (const field of parametersOf(model.type)) put(field, PARAMETERS_AT);
  return decoded;
}

/** The rule in engineering units. */
function decodeFeedback(
  given: CompleteDefinition['feedback'],
  code: (name: string) => number,
  label: (stored: number) => string,
  scale: number,
): CompleteDefinition['feedback'] {
  const { settleSeconds, expireSeconds, tickets, suspicion, rule } = given;
  const waiting = { settleSeconds, expireSeconds, tickets, suspicion };
  const outcome = { scale, unit: '' };
  const setPoint = code('set_point') / scale;
  if (rule === 'label') return { rule, ...waiting };
  if (rule === 'limit') {
    const side = code('limit_side') === LimitSide.ABOVE ? 'above' : 'below';
    return { rule, limit: setPoint, side, truth: label(code('class_low')), ...outcome, ...waiting };
  }
  return {
    rule,
    setPoint,
    band: code('band') / scale,
    tooLow: label(code('class_low')),
    tooHigh: label(code('class_high')),
    ...outcome,
    ...waiting,
  };
}

/** Places and numbers of entries of a blob that is sound in itself. @throws BlobError */
function partsOf(
  view: DataView,
  blob: Uint8Array,
): { featureCount: number; classCount: number; code(name: string): number } {
  if (blob.length < FIXED_BYTES + CRC_BYTES) throw new BlobError(`${blob.length} bytes are too few`);
  const codes = new Map(FIXED_FIELDS.map((field) => [field.name, readField(view, field)]));
  const code = (name: string): number => codes.get(name) as number;
  if (code('magic') !== MAGIC) throw new BlobError('it does not begin like one');
  if (code('layout') !== LAYOUT) throw new BlobError(`layout ${code('layout')}, known is ${LAYOUT}`);
  if (code('identified') !== 1) throw new BlobError('it has no identities');
  const [featureCount, classCount] = [code('features'), code('classes')];
  const entryBytes = ENTRY_BYTES * (featureCount + classCount);
  const length = FIXED_BYTES + entryBytes + identityBytes(featureCount, classCount) + CRC_BYTES;
  if (
    featureCount > Limits.FEATURES_MAX ||
    classCount > Limits.CLASSES_MAX ||
    length > blob.length ||
    code('length') !== blob.length
  )
    throw new BlobError('its length does not fit its content');
  if (crc32(blob.subarray(0, blob.length - CRC_BYTES)) !== fingerprintOf(blob))
    throw new BlobError('checksum wrong');
  return { featureCount, classCount, code };
}

/** Parts at the end by their number. */
function readParts(blob: Uint8Array, view: DataView, from: number): Map<number, Uint8Array> {
  const parts = new Map<number, Uint8Array>();
  const end = blob.length - CRC_BYTES;
  for (let offset = from; offset < end; ) {
    const bytes = end - offset < PART_HEAD_BYTES ? -1 : view.getUint16(offset + 2, true);
    const part = bytes < 0 ? 0 : view.getUint16(offset, true);
    if (bytes !== PART_BYTES.get(part) || offset + PART_HEAD_BYTES + bytes > end || parts.has(part))
      throw new BlobError('its length does not fit its content');
    parts.set(part, blob.subarray(offset + PART_HEAD_BYTES, offset + PART_HEAD_BYTES + bytes));
    offset += PART_HEAD_BYTES + bytes;
  }
  return parts;
}

function startRuleOf(...given: Parameters<typeof decodeStartRule>): CompleteDefinition['startRule'] {
  try {
    return decodeStartRule(...given);
  } catch (error) {
    throw new BlobError((error as Error).message);
  }
}

/** Entries in the order of the plant, from those in the stored order. */
function placed<T>(entries: readonly { readonly position: number; readonly entry: T }[]): T[] {
  const sorted = [...entries].sort((a, b) => a.position - b.position);
  if (sorted.some(({ position }, index) => position !== index))
    throw new BlobError('its positions are no order');
  return sorted.map(({ entry }) => entry);
}

/**
 * Reads a blob back, in engineering units. Names, labels and units are not in it: features are called "feature 1" and on, classes
 * "class 0" and on. Encoding the result gives the same blob but for the hash of the names.
 * @throws BlobError; the bytes may come from anywhere
 */
export function decodeDefinition(blob: Uint8Array): CompleteDefinition {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const { featureCount, classCount, code } = partsOf(view, blob);
  const decoded = decodeFields(view);
  const entriesEnd = FIXED_BYTES + ENTRY_BYTES * (featureCount + classCount);
  const identity = readIdentities(view, entriesEnd, featureCount, classCount);
  const label = (stored: number): string => {
    const one = identity.classes[stored];
    if (one === undefined) throw new BlobError(`class ${stored} of ${classCount}`);
    return `class ${one.position}`;
  };
  const word = (entry: number, second: 0 | 1): number =>
    view.getInt16(FIXED_BYTES + ENTRY_BYTES * entry + 2 * second, true);
  const features = identity.features.map(({ hash, scale: held, position }, i) => {
    const scale = scaleOf(held);
    const [min, max] = [word(classCount + i, 0) / scale, word(classCount + i, 1) / scale];
    return {
      position,
      entry: { name: `feature ${position + 1}`, id: readIdentity(i, hash), unit: '', min, max, scale },
    };
  });
  decodeContext(decoded.model as CompleteDefinition['model'], features);
  const classes = identity.classes.map(({ hash, position }, i) => ({
    position,
    entry: {
      label: label(i),
      id: readIdentity(i, hash),
      actuation: word(i, 0),
      weight: (word(i, 1) & 0xffff) / WEIGHT_ONE,
      holdSeconds: 0,
      opposed: [] as string[],
    },
  }));
  const parts = readParts(blob, view, entriesEnd + identityBytes(featureCount, classCount));
  const start = parts.get(PART_START_RULE);
  const limits = parts.get(PART_PLANT_LIMITS);
  const stored = { features: features.map(({ entry }) => entry), classes: classes.map(({ entry }) => entry) };
  if (limits !== undefined) decodePlantLimits(limits, stored.classes);
  return {
    ...(decoded as unknown as CompleteDefinition),
    name: 'trainer',
    board: 'virtual',
    features: placed(features),
    classes: placed(classes),
    defaultClass: classCount === 0 ? '' : label(code('default_class')),
    startRule:
      start === undefined ? { rule: 'default-class' } : startRuleOf(start, stored.features, stored.classes),
    feedback: decodeFeedback(
      decoded.feedback as CompleteDefinition['feedback'],
      code,
      label,
      scaleOf(identity.outcomeScale),
    ),
  };
}

/** Which field of the definition lies at this offset of its blob: what a board means by the detail of DEFINITION_FIELD. */
export function fieldAtOffset(definition: CompleteDefinition, offset: number): string {
  if (offset >= FIXED_BYTES) {
    const entry = Math.floor((offset - FIXED_BYTES) / ENTRY_BYTES);
    const second = (offset - FIXED_BYTES) % ENTRY_BYTES >= 2;
    const { classes, features } = definition;
    if (entry < classes.length)
      return `classes[${storedOrder(classes)[entry]}].${second ? 'weight' : 'actuation'}`;
    const inputs = isStream(definition) ? 'channels' : 'features';
    const feature = storedOrder(features)[entry - classes.length];
    return feature === undefined ? `${inputs}[].id` : `${inputs}[${feature}].${second ? 'max' : 'min'}`;
  }
  const within = (fields: readonly Field[], position: number): Field | undefined =>
    fields.filter((field) => field.offset <= position).at(-1);
  const field =
    offset >= PARAMETERS_AT
      ? within(parametersOf(definition.model.type), offset - PARAMETERS_AT)
      : within(FIXED_FIELDS, offset);
  if (field === undefined || field.path === '') return `the blob's field at byte ${offset}`;
  if (definition.feedback.rule === 'limit') {
    if (field.name === 'set_point') return 'feedback.limit';
    if (field.name === 'class_low') return 'feedback.truth';
  }
  return field.path;
}

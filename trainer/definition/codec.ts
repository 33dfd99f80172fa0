/** Definition <-> blob. The blob is what the board runs; names, labels and units stay on the host, a hash of the names travels. */

import {
  type DefinitionSectionName,
  DefinitionSections,
  Models,
  type StoredField,
  StoredFields,
} from '../contract/definition.generated';
import { text } from '../text';
import { decodeArray, decodeArrayStream, encodeArray, encodeArrayStream } from './array';
import {
  BlobError,
  FIELD_BYTES,
  readBlob,
  readField,
  type Section,
  viewOf,
  writeBlob,
  writeField,
} from './blob';
import {
  identityBytes,
  readIdentities,
  readIdentity,
  type StoredIdentity,
  storedOrder,
  writeIdentity,
} from './identity';
import { decodeLocalIo, encodeLocalIo } from './local_io';
import {
  decodeOutputs,
  decodeTracking,
  encodeOutputs,
  encodeTracking,
  TRACKING_BYTES,
  VALUES_CLASS,
} from './outputs';
import { decodePlantLimits, encodePlantLimits, PLANT_LIMITS_BYTES } from './plant_limits';
import { decodeStartRule, encodeStartRule, START_RULE_BYTES } from './start_rule';
import { type CompleteDefinition, isStream, type ModelType } from './types';

export { BlobError, fingerprintOf, readBlob } from './blob';

type Node = Record<string, unknown>;

/** Value at "stitching.capacity", below `node`. */
function at(node: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Node | undefined)?.[name], node);
}

function put(node: Node, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let target = node;
  for (const name of names) {
    target[name] ??= {};
    target = target[name] as Node;
  }
  target[last] = value;
}

const parent = (path: string): string => path.split('.').slice(0, -1).join('.');
const sibling = (path: string, name: string): string =>
  path.includes('.') ? `${parent(path)}.${name}` : name;

/** Whether the definition has this field: the ones of another model or rule are not in it. */
function applies(field: StoredField, document: unknown): boolean {
  return field.when === undefined || field.when.in.includes(String(at(document, field.when.path)));
}

/** The list of the model that has one entry of this section each, such as its layers. */
function entriesOfModel(model: CompleteDefinition['model'], list: string): readonly Node[] {
  return ((model as unknown as Node)[list] ?? []) as readonly Node[];
}

/** A table's fields have the entry of the table as their document: "features[].min" is "min" of one feature. */
const isEntry = (field: StoredField): boolean => field.path.includes('[]');
const inEntry = (field: StoredField): string => field.path.replace(/^.*\[\]\./, '');

/** Features and classes in the order in which the blob, and a board, store them. */
interface Stored {
  readonly features: CompleteDefinition['features'];
  readonly classes: CompleteDefinition['classes'];
}

function storedOf({ features, classes }: CompleteDefinition): Stored {
  return {
    features: storedOrder(features).map((index) => features[index] as Stored['features'][number]),
    classes: storedOrder(classes).map((index) => classes[index] as Stored['classes'][number]),
  };
}

/** Scale of the channel that the model names as its context; 1 when it names none. */
function contextScale(node: unknown, path: string, features: Stored['features']): number {
  const context = at(node, sibling(path, 'context'));
  return features.find((feature) => feature.name === context)?.scale ?? 1;
}

function codeOf(field: StoredField, node: unknown, path: string, stored: Stored): number {
  const value = at(node, path);
  if (field.word !== undefined && value === field.word.text) return field.word.code;
  switch (field.coding) {
    case 'model':
      return Models[value as ModelType].code;
    case 'choice': {
      const code = field.values?.[value as string];
      if (code === undefined) throw new RangeError(`"${String(value)}" has no code in the contract`);
      return code;
    }
    case 'flag':
      return value === true ? 1 : 0;
    case 'milli':
      return Math.round((value as number) * 1000);
    case '256ths':
      return Math.round((value as number) * 256);
    case 'register':
      return Math.round((value as number) * (at(node, sibling(path, 'scale')) as number));
    case 'class':
      return Math.max(
        0,
        stored.classes.findIndex((entry) => entry.label === value),
      );
    case 'channel':
      return 1 + stored.features.findIndex((feature) => feature.name === value);
    case 'channel-scale':
      return (value as number) * contextScale(node, path, stored.features);
    case 'plain':
      return value as number;
  }
}

function sectionsOf(type: ModelType): DefinitionSectionName[] {
  const names = Object.keys(DefinitionSections) as DefinitionSectionName[];
  return names.filter((name) => {
    const { family } = DefinitionSections[name];
    return family === undefined || family === Models[type].family;
  });
}

interface Table {
  readonly name: DefinitionSectionName;
  readonly list: 'features' | 'classes';
  readonly countAt: number;
}

/** The sections with one entry for each of a list. */
function tables(): Table[] {
  const names = Object.keys(DefinitionSections) as DefinitionSectionName[];
  return names.flatMap((name) => {
    const { list, countAt } = DefinitionSections[name];
    return list === undefined || countAt === undefined ? [] : [{ name, list, countAt }];
  });
}

/** Sections that are not made of fields; undefined where the definition has nothing to say in it. */
function ownSection(
  name: DefinitionSectionName,
  definition: CompleteDefinition,
  { features, classes }: Stored,
): Uint8Array | undefined {
  if (name === 'outputs') return encodeOutputs(definition);
  if (name === 'tracking') return encodeTracking(definition);
  if (name === 'array') return encodeArray(definition);
  if (name === 'array_stream') return encodeArrayStream(definition);
  if (name === 'start_rule') return encodeStartRule(definition.startRule, features, classes);
  if (name === 'plant_limits') return encodePlantLimits(classes);
  if (name === 'local_io') return encodeLocalIo(definition, features, classes);
  const bytes = new Uint8Array(identityBytes(features.length, classes.length));
  writeIdentity(viewOf(bytes), 0, definition);
  return bytes;
}

/**
 * The blob of a definition that parseDefinition returned. A field that the model or rule does not use is 0.
 * @returns the bytes, the last four their CRC-32
 */
export function encodeDefinition(definition: CompleteDefinition): Uint8Array {
  const stored = storedOf(definition);
  const sections = sectionsOf(definition.model.type).flatMap((name): Section[] => {
    const { bytes: size, list, ofModel, raw } = DefinitionSections[name];
    if (raw) {
      const bytes = ownSection(name, definition, stored);
      return bytes === undefined ? [] : [{ name, bytes }];
    }
    const entries: readonly unknown[] =
      ofModel !== undefined
        ? entriesOfModel(definition.model, ofModel)
        : list === undefined
          ? [definition]
          : stored[list];
    const bytes = new Uint8Array(size * entries.length);
    const view = viewOf(bytes);
    for (const field of StoredFields.filter((candidate) => candidate.section === name)) {
      entries.forEach((entry, index) => {
        if (!applies(field, isEntry(field) ? entry : definition)) return;
        const path = isEntry(field) ? inEntry(field) : field.path;
        writeField(view, field.type, index * size + field.at, codeOf(field, entry, path, stored));
      });
    }
    if (name === 'core')
      for (const table of tables()) writeField(view, 'u8', table.countAt, definition[table.list].length);
    return [{ name, bytes }];
  });
  return writeBlob(sections);
}

/** A scale as a person wrote it: 32 bits hold seven digits of it. */
function scaleOf(held: number): number {
  const written = Number(held.toPrecision(7));
  return Math.fround(written) === held ? written : held;
}

/** What a code of the blob means; values in register units are divided by `scale`. */
function meaningOf(
  field: StoredField,
  code: number,
  label: (stored: number) => string,
  scale: number,
): unknown {
  if (field.word !== undefined && code === field.word.code) return field.word.text;
  const known = <T>(word: T | undefined): T => {
    if (word === undefined) throw new BlobError(text('blob.code', { field: field.path, code }));
    return word;
  };
  switch (field.coding) {
    case 'model':
      return known((Object.keys(Models) as ModelType[]).find((name) => Models[name].code === code));
    case 'choice':
      return known(Object.entries(field.values ?? {}).find(([, value]) => value === code)?.[0]);
    case 'flag':
      return code !== 0;
    case 'milli':
      return code / 1000;
    case '256ths':
      return code / 256;
    case 'register':
      return code / scale;
    case 'class':
      return label(code);
    default:
      return code;
  }
}

/** Of a blob without identities, which a state of an earlier layout has: register units, in the order of the registers. */
function namelessIdentities(features: number, classes: number): StoredIdentity {
  return {
    names: 0,
    outcomeScale: 1,
    features: Array.from({ length: features }, (_, position) => ({ hash: position, scale: 1, position })),
    classes: Array.from({ length: classes }, (_, position) => ({ hash: position, position })),
  };
}

/** Sections of a blob as views, of the length that the contract says. */
class Parts {
  private readonly sections: ReadonlyMap<DefinitionSectionName, Section>;
  readonly features: number;
  readonly classes: number;

  constructor(blob: Uint8Array) {
    this.sections = readBlob(blob);
    const core = this.view('core');
    const countOf = (list: Table['list']): number =>
      core.getUint8(tables().find((table) => table.list === list)?.countAt ?? 0);
    this.features = countOf('features');
    this.classes = countOf('classes');
  }

  view(name: DefinitionSectionName, bytes = DefinitionSections[name].bytes): DataView {
    const section = this.sections.get(name);
    if (section === undefined) throw new BlobError(text('blob.sectionMissing', { section: name }));
    if (section.bytes.length !== bytes)
      throw new BlobError(text('blob.sectionBytes', { section: name, bytes: section.bytes.length }));
    return viewOf(section.bytes);
  }

  table({ name, list }: Table): DataView {
    return this.view(name, DefinitionSections[name].bytes * this[list]);
  }

  /** The entries of a section that holds as many as the model lists. */
  entries(name: DefinitionSectionName): DataView[] {
    const { bytes } = DefinitionSections[name];
    const view = this.view(name, this.sections.get(name)?.bytes.length);
    if (view.byteLength % bytes !== 0)
      throw new BlobError(text('blob.sectionBytes', { section: name, bytes: view.byteLength }));
    return Array.from(
      { length: view.byteLength / bytes },
      (_, index) => new DataView(view.buffer, view.byteOffset + index * bytes, bytes),
    );
  }

  /** A section that the blob may lack. */
  optional(name: DefinitionSectionName, bytes: number): Uint8Array | undefined {
    if (!this.sections.has(name)) return undefined;
    const { buffer, byteOffset } = this.view(name, bytes);
    return new Uint8Array(buffer, byteOffset, bytes);
  }

  /** All bytes of a section that the blob may lack, whatever its length. */
  whole(name: DefinitionSectionName): Uint8Array | undefined {
    return this.sections.get(name)?.bytes;
  }

  identities(): StoredIdentity {
    if (!this.sections.has('identity')) return namelessIdentities(this.features, this.classes);
    const view = this.view('identity', identityBytes(this.features, this.classes));
    return readIdentities(view, 0, this.features, this.classes);
  }
}

/** Fields that are in no table. What selects the variants comes first: the model, the rule. */
function decodeFields(parts: Parts, label: (stored: number) => string, outcomeScale: number): Node {
  const decoded: Node = {};
  const plain = StoredFields.filter((field) => !isEntry(field));
  const chosen = [
    ...plain.filter((field) => field.when === undefined),
    ...plain.filter((field) => field.when),
  ];
  for (const field of chosen) {
    if (!applies(field, decoded)) continue;
    if (field.path === 'defaultClass' && parts.classes === 0) {
      decoded.defaultClass = '';
      continue;
    }
    const code = readField(parts.view(field.section), field.type, field.at);
    put(decoded, field.path, meaningOf(field, code, label, outcomeScale));
    if (field.coding !== 'register') continue;
    put(decoded, sibling(field.path, 'scale'), outcomeScale);
    put(decoded, sibling(field.path, 'unit'), '');
  }
  return decoded;
}

/** Fields of one entry of a list; `scale` is that of a feature. */
function decodeEntry(parts: Parts, list: Table['list'], index: number, entry: Node, scale: number): Node {
  for (const table of tables().filter((candidate) => candidate.list === list)) {
    const base = index * DefinitionSections[table.name].bytes;
    for (const field of StoredFields.filter((candidate) => candidate.section === table.name)) {
      const code = readField(parts.table(table), field.type, base + field.at);
      entry[inEntry(field)] = meaningOf(field, code, String, scale);
    }
  }
  return entry;
}

/** The lists of the model, such as its layers; `model` is changed. What kind an entry is comes first, its fields follow from it. */
function decodeLists(parts: Parts, model: CompleteDefinition['model']): void {
  for (const name of sectionsOf(model.type)) {
    const { ofModel } = DefinitionSections[name];
    if (ofModel === undefined) continue;
    const fields = StoredFields.filter((field) => field.section === name);
    const chosen = [
      ...fields.filter((field) => field.when === undefined),
      ...fields.filter((field) => field.when),
    ];
    (model as unknown as Node)[ofModel] = parts.entries(name).map((view) => {
      const entry: Node = {};
      for (const field of chosen)
        if (applies(field, entry))
          entry[inEntry(field)] = meaningOf(field, readField(view, field.type, field.at), String, 1);
      return entry;
    });
  }
}

/** The name of the context channel, and its tolerance in its unit; `model` is changed. */
function decodeContext(model: CompleteDefinition['model'], features: Stored['features']): void {
  if (model.type !== 'correlation') return;
  const place = Number(model.context);
  if (place === 0) {
    model.context = '';
    return;
  }
  const context = features[place - 1];
  if (context === undefined) throw new BlobError(text('blob.channel', { place, count: features.length }));
  model.context = context.name;
  model.contextTolerance /= context.scale;
}

function startRuleOf(...given: Parameters<typeof decodeStartRule>): CompleteDefinition['startRule'] {
  try {
    return decodeStartRule(...given);
  } catch (error) {
    throw new BlobError(text('blob.startRule', { detail: (error as Error).message }));
  }
}

/** Entries in the order of the plant, from those in the stored order. */
function placed<T>(entries: readonly T[], positions: readonly { readonly position: number }[]): T[] {
  const sorted = entries
    .map((entry, index) => ({ entry, position: positions[index]?.position ?? -1 }))
    .sort((a, b) => a.position - b.position);
  if (sorted.some(({ position }, index) => position !== index)) throw new BlobError(text('blob.order'));
  return sorted.map(({ entry }) => entry);
}

/**
 * Reads a blob back, in engineering units. Names, labels and units are not in it: features are called "feature 1" and on, classes
 * "class 0" and on. Encoding the result gives the same blob but for the hash of the names.
 * @throws BlobError; the bytes may come from anywhere
 */
export function decodeDefinition(blob: Uint8Array): CompleteDefinition {
  const parts = new Parts(blob);
  const identity = parts.identities();
  const label = (stored: number): string => {
    const entry = identity.classes[stored];
    if (entry === undefined) throw new BlobError(text('blob.class', { place: stored, count: parts.classes }));
    return `class ${entry.position}`;
  };
  const decoded = decodeFields(parts, label, scaleOf(identity.outcomeScale));
  const features = identity.features.map(({ hash, scale: held, position }, index) => {
    const scale = scaleOf(held);
    const entry = { name: `feature ${position + 1}`, id: readIdentity(index, hash), unit: '', scale };
    return decodeEntry(parts, 'features', index, entry, scale) as unknown as Stored['features'][number];
  });
  const classes = identity.classes.map(({ hash }, index) => {
    const entry = { label: label(index), id: readIdentity(index, hash), holdSeconds: 0, opposed: [] };
    return decodeEntry(parts, 'classes', index, entry, 1) as unknown as Stored['classes'][number];
  });
  decodeContext(decoded.model as CompleteDefinition['model'], features);
  decodeLists(parts, decoded.model as CompleteDefinition['model']);
  const limits = parts.optional('plant_limits', PLANT_LIMITS_BYTES);
  if (limits !== undefined) decodePlantLimits(limits, classes);
  const array = parts.whole('array');
  if (array !== undefined && features[0] !== undefined) features[0].count = decodeArray(array);
  const stream = parts.whole('array_stream');
  if (stream !== undefined && features[0] !== undefined)
    features[0].streamChannels = decodeArrayStream(stream);
  const outputs = parts.whole('outputs');
  if (outputs !== undefined) decoded.defaultClass = VALUES_CLASS.label;
  const tracking = parts.optional('tracking', TRACKING_BYTES);
  if (tracking !== undefined)
    decodeTracking(tracking, decoded.feedback as CompleteDefinition['feedback'], scaleOf);
  const start = parts.optional('start_rule', START_RULE_BYTES);
  const local = parts.whole('local_io');
  return {
    ...(decoded as unknown as CompleteDefinition),
    name: 'trainer',
    board: 'virtual',
    startRule: start === undefined ? { rule: 'default-class' } : startRuleOf(start, features, classes),
    features: placed(features, identity.features),
    ...(local === undefined
      ? {}
      : { io: decodeLocalIo(local, features, scaleOf(identity.outcomeScale), label, scaleOf) }),
    ...(outputs === undefined
      ? { classes: placed(classes, identity.classes) }
      : { classes: [{ ...VALUES_CLASS, opposed: [] }], outputs: decodeOutputs(outputs, scaleOf) }),
  };
}

/** Hash of the names in a blob that decodes; see hashOfNames. */
export function namesIn(blob: Uint8Array): number {
  return new Parts(blob).identities().names;
}

/** Which field of the definition lies at this offset of its blob: what a board means by the detail of DEFINITION_FIELD. */
export function fieldAtOffset(definition: CompleteDefinition, offset: number): string {
  const inputs = isStream(definition) ? 'channels' : 'features';
  const order = { features: storedOrder(definition.features), classes: storedOrder(definition.classes) };
  for (const { name, bytes, at: start } of readBlob(encodeDefinition(definition)).values()) {
    if (offset < start || offset >= start + bytes.length) continue;
    if (name === 'identity') return `${inputs} or classes: identities, scales and places`;
    if (name === 'start_rule') return 'startRule';
    if (name === 'outputs') return 'outputs';
    if (name === 'tracking') return 'feedback.gain';
    if (name === 'local_io') return 'io';
    if (name === 'array') return `${inputs}[0].count`;
    if (name === 'array_stream') return `${inputs}[0].streamChannels`;
    if (name === 'plant_limits') return 'classes: holdSeconds and opposed';
    const { bytes: size, list, ofModel } = DefinitionSections[name];
    const within = (offset - start) % size;
    const place = Math.floor((offset - start) / size);
    const index = list === undefined ? place : (order[list][place] ?? 0);
    const entry = ofModel === undefined ? definition : entriesOfModel(definition.model, ofModel)[index];
    const field = StoredFields.find(
      (candidate) =>
        candidate.section === name &&
        applies(candidate, entry) &&
        within >= candidate.at &&
        within < candidate.at + FIELD_BYTES[candidate.type],
    );
    if (field !== undefined)
      return field.path.replace('features[]', `${inputs}[${index}]`).replace('[]', `[${index}]`);
    const counted = name === 'core' ? tables().find((table) => table.countAt === within)?.list : undefined;
    if (counted !== undefined) return counted === 'features' ? inputs : counted;
  }
  return `the blob's field at byte ${offset}`;
}

/**
 * What was learned belongs to the identity of features and classes. The blob stores them in the order of their identities, so
 * that two definitions with the same identities store the same things at the same places, whatever the names and wherever the
 * plant sees them; positions say where that is. Layout: et_identity_head of firmware/include/edge_trainer/definition.h.
 */
import { crc32 } from './crc32';
import type { CompleteDefinition } from './types';

interface Identified {
  readonly id: string;
}

/** An identity that was read from a board: only its hash is known there. The first number keeps the stored order. */
const READ = /^#(\d{3}):([0-9a-f]{8})$/;

export const readIdentity = (place: number, hash: number): string =>
  `#${String(place).padStart(3, '0')}:${hash.toString(16).padStart(8, '0')}`;

export function hashOf(id: string): number {
  const read = READ.exec(id);
  return read === null ? crc32(Buffer.from(id, 'utf8')) : Number.parseInt(read[2] as string, 16);
}

/** Indices of the entries in the order in which the blob, and a board, store them. */
export function storedOrder(entries: readonly Identified[]): number[] {
  const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return entries
    .map((_, index) => index)
    .sort((a, b) => before((entries[a] as Identified).id, (entries[b] as Identified).id));
}

/** Hash of what people and programs call features and classes, in the stored order: moving an entry does not change it. */
export function hashOfNames({ features, classes, outputs }: CompleteDefinition): number {
  const names = [
    ...(outputs === undefined ? [] : [storedOrder(outputs).map((index) => outputs[index]?.name)]),
    storedOrder(features).map((index) => features[index]?.name),
    storedOrder(classes).map((index) => classes[index]?.label),
  ];
  return crc32(Buffer.from(JSON.stringify(names), 'utf8'));
}

/** Bytes of the identity section of a blob. */
export const identityBytes = (features: number, classes: number): number =>
  8 + 4 * (2 * features + classes) + ((features + classes + 3) & ~3);

export function writeIdentity(view: DataView, at: number, definition: CompleteDefinition): void {
  const { features, classes, feedback } = definition;
  const [featureOrder, classOrder] = [storedOrder(features), storedOrder(classes)];
  let offset = at;
  view.setUint32(offset, hashOfNames(definition), true);
  view.setFloat32(offset + 4, feedback.rule === 'label' ? 1 : feedback.scale, true);
  offset += 8;
  const stored = [
    ...featureOrder.map((index) => features[index] as Identified),
    ...classOrder.map((index) => classes[index] as Identified),
  ];
  for (const { id } of stored) {
    view.setUint32(offset, hashOf(id), true);
    offset += 4;
  }
  for (const index of featureOrder) {
    view.setFloat32(offset, (features[index] as { scale: number }).scale, true);
    offset += 4;
  }
  for (const position of [...featureOrder, ...classOrder]) view.setUint8(offset++, position);
}

export interface StoredIdentity {
  readonly names: number;
  readonly outcomeScale: number;
  /** In the stored order, as the rest. */
  readonly features: readonly { readonly hash: number; readonly scale: number; readonly position: number }[];
  readonly classes: readonly { readonly hash: number; readonly position: number }[];
}

/** The bytes are checked to be there, not what they say. */
export function readIdentities(
  view: DataView,
  at: number,
  features: number,
  classes: number,
): StoredIdentity {
  const [hashes, scales] = [at + 8, at + 8 + 4 * (features + classes)];
  const positions = scales + 4 * features;
  const hash = (index: number): number => view.getUint32(hashes + 4 * index, true);
  const position = (index: number): number => view.getUint8(positions + index);
  return {
    names: view.getUint32(at, true),
    outcomeScale: view.getFloat32(at + 4, true),
    features: Array.from({ length: features }, (_, i) => ({
      hash: hash(i),
      scale: view.getFloat32(scales + 4 * i, true),
      position: position(i),
    })),
    classes: Array.from({ length: classes }, (_, i) => ({
      hash: hash(features + i),
      position: position(features + i),
    })),
  };
}

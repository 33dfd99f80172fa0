/** The definition blob: a head, tagged sections, a checksum. Little-endian. Where each field lies is in the generated contract. */

import {
  DefinitionBlob,
  type DefinitionSectionName,
  DefinitionSections,
  type FieldType,
} from '../contract/definition.generated';
import { type Text, text, WordedError } from '../text';
import { crc32 } from './crc32';

const HEAD_BYTES = 8;
const SECTION_HEAD_BYTES = 12;
const CRC_BYTES = 4;

export interface Section {
  readonly name: DefinitionSectionName;
  readonly bytes: Uint8Array;
}

/** A section found in a blob; `at` is where its bytes begin. */
export interface PlacedSection extends Section {
  readonly at: number;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes are not a definition blob of this layout. */
export class BlobError extends WordedError {
  readonly code = 'DEFINITION_BLOB';

  constructor(problem: Text) {
    super(text('blob.refused', { problem }));
  }
}

export function writeBlob(sections: readonly Section[]): Uint8Array {
  const length =
    HEAD_BYTES + sections.reduce((sum, { bytes }) => sum + SECTION_HEAD_BYTES + bytes.length, 0) + CRC_BYTES;
  const blob = new Uint8Array(length);
  const view = viewOf(blob);
  view.setUint16(0, DefinitionBlob.magic, true);
  view.setUint16(2, DefinitionBlob.layout, true);
  view.setUint32(4, length, true);
  let at = HEAD_BYTES;
  for (const { name, bytes } of sections) {
    const { id, layout } = DefinitionSections[name];
    view.setUint16(at, id, true);
    view.setUint16(at + 2, layout, true);
    view.setUint32(at + 4, bytes.length, true);
    view.setUint32(at + 8, crc32(bytes), true);
    blob.set(bytes, at + SECTION_HEAD_BYTES);
    at += SECTION_HEAD_BYTES + bytes.length;
  }
  view.setUint32(at, crc32(blob.subarray(0, at)), true);
  return blob;
}

/** Name of a section by its number; undefined when it is not in the contract. */
export function sectionName(id: number): DefinitionSectionName | undefined {
  const names = Object.keys(DefinitionSections) as DefinitionSectionName[];
  return names.find((name) => DefinitionSections[name].id === id);
}

/**
 * The sections of a blob that this version knows; others are skipped where they are optional.
 * @throws BlobError; the bytes may come from anywhere
 */
export function readBlob(blob: Uint8Array): Map<DefinitionSectionName, PlacedSection> {
  const view = viewOf(blob);
  if (blob.length < HEAD_BYTES + CRC_BYTES) throw new BlobError(text('blob.short', { bytes: blob.length }));
  if (view.getUint16(0, true) !== DefinitionBlob.magic) throw new BlobError(text('blob.start'));
  const layout = view.getUint16(2, true);
  if (layout !== DefinitionBlob.layout)
    throw new BlobError(text('blob.layout', { found: layout, known: DefinitionBlob.layout }));
  const end = blob.length - CRC_BYTES;
  if (view.getUint32(4, true) !== blob.length) throw new BlobError(text('blob.length'));
  if (crc32(blob.subarray(0, end)) !== view.getUint32(end, true)) throw new BlobError(text('blob.crc'));
  const found = new Map<DefinitionSectionName, PlacedSection>();
  let at = HEAD_BYTES;
  while (at < end) {
    if (at + SECTION_HEAD_BYTES > end) throw new BlobError(text('blob.length'));
    const id = view.getUint16(at, true);
    const from = at + SECTION_HEAD_BYTES;
    const length = view.getUint32(at + 4, true);
    if (length > end - from) throw new BlobError(text('blob.length'));
    const name = sectionName(id);
    const bytes = blob.subarray(from, from + length);
    if (crc32(bytes) !== view.getUint32(at + 8, true))
      throw new BlobError(text('blob.sectionCrc', { section: name ?? id }));
    if (name === undefined) {
      if (id < DefinitionBlob.optionalFrom) throw new BlobError(text('blob.sectionUnknown', { section: id }));
    } else {
      if (view.getUint16(at + 2, true) !== DefinitionSections[name].layout)
        throw new BlobError(
          text('blob.sectionLayout', { section: name, found: view.getUint16(at + 2, true) }),
        );
      if (found.has(name)) throw new BlobError(text('blob.sectionTwice', { section: name }));
      found.set(name, { name, bytes, at: from });
    }
    at = from + length;
  }
  return found;
}

/** What a board reports as definition_fingerprint when it runs this blob. */
export function fingerprintOf(blob: Uint8Array): number {
  return viewOf(blob).getUint32(blob.byteLength - CRC_BYTES, true);
}

export const FIELD_BYTES: Readonly<Record<FieldType, number>> = { u8: 1, u16: 2, i16: 2, u32: 4, f32: 4 };

export function readField(view: DataView, type: FieldType, at: number): number {
  switch (type) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'i16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'f32':
      return view.getFloat32(at, true);
  }
}

export function writeField(view: DataView, type: FieldType, at: number, value: number): void {
  if (type === 'u8') view.setUint8(at, value);
  else if (type === 'u16') view.setUint16(at, value, true);
  else if (type === 'i16') view.setInt16(at, value, true);
  else if (type === 'u32') view.setUint32(at, value, true);
  else view.setFloat32(at, value, true);
}

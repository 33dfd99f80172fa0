/**
 * Models as they travel: et_model_header (firmware/src/loop/trainer_state.h, little-endian), then the generation's block. And
 * backups of them as JSON that people can read the head of. A backup of one board restores on any other: byte order and layout are
 * part of the contract.
 */

import { Limits, Model } from '../contract/contract.generated';
import {
  arrayOf,
  BlobError,
  type CompleteDefinition,
  DefinitionError,
  decodeDefinition,
  documentOf,
  encodeDefinition,
  fingerprintOf,
  parseDefinition,
  type TrainerDefinition,
} from '../definition';
import { crc32 } from '../definition/crc32';
import { type Text, text, WordedError } from '../text';
import type { Identity } from './status';
import { wordOf } from './words';

const MAGIC = 0x4d45;
const LAYOUT = 1;
const HEADER_BYTES = 24;
const NOT_EVALUATED = 65_535;
const FORMAT = 'edge-trainer-backup';
const VERSION = 1;

/** These bytes or this file are no model or backup; nothing was changed. */
export class BackupError extends WordedError {
  readonly code = 'BACKUP_INVALID';
  readonly field: string;

  constructor(field: string, problem: Text) {
    super(text('backup.refused', { field, problem }));
    this.field = field;
  }
}

export interface ModelHead {
  readonly family: string;
  /** Fingerprint of what gives the model its shape and meaning. */
  readonly shape: number;
  /** CRC-32 of the block: what a board reports as model_fingerprint. */
  readonly fingerprint: number;
  readonly generation: number;
  /** Held-out balanced accuracy, 0 to 1; undefined = not evaluated. */
  readonly balancedAccuracy: number | undefined;
  /** Bytes of the block. */
  readonly bytes: number;
}

/** @throws BackupError; the bytes may come from anywhere */
export function readModelHead(bytes: Uint8Array): ModelHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint16(0, true) !== MAGIC)
    throw new BackupError('model.data', text('backup.noModel'));
  if (view.getUint8(2) !== LAYOUT)
    throw new BackupError('model.data', text('backup.layout', { found: view.getUint8(2), known: LAYOUT }));
  const length = view.getUint32(8, true);
  if (length !== bytes.length - HEADER_BYTES)
    throw new BackupError(
      'model.data',
      text('backup.length', { said: length, found: bytes.length - HEADER_BYTES }),
    );
  const crc = view.getUint32(12, true);
  const found = crc32(bytes.subarray(HEADER_BYTES));
  // A board reports 1 for a sum of 0, because 0 stands for "none".
  if (found !== crc && !(found === 0 && crc === 1)) throw new BackupError('model.data', text('backup.crc'));
  const accuracy = view.getUint16(18, true);
  return {
    family: wordOf(Model, view.getUint8(3)) ?? `family ${view.getUint8(3)}`,
    shape: view.getUint32(4, true),
    fingerprint: crc,
    generation: view.getUint16(16, true),
    balancedAccuracy: accuracy === NOT_EVALUATED ? undefined : accuracy / 1000,
    bytes: length,
  };
}

/** Samples by identity: they fit any definition that has these features and classes, wherever and whatever they are called. */
export interface SavedSamples {
  /** Identities, in the order of the values. */
  readonly features: readonly string[];
  /** Of continuous outputs, in the order of the targets. */
  readonly outputs?: readonly string[];
  /** Oldest first; values in engineering units. */
  readonly rows: readonly {
    /** Identity of the class. */
    readonly class: string;
    readonly heldOut: boolean;
    readonly values: readonly number[];
    readonly targets?: readonly number[];
  }[];
}

/** What a board has learned with what is needed to bring it back, as a JSON document. */
export interface Backup {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** One line for people. */
  readonly about: string;
  /** ISO 8601. */
  readonly created: string;
  readonly trainer: {
    readonly board: string;
    readonly serialNumber: string;
    readonly firmwareVersion: string;
  };
  readonly definition: {
    /** 8 hexadecimal digits. */
    readonly fingerprint: string;
    /** The document, when the client had it; names and units are only there. */
    readonly document?: TrainerDefinition;
    /** The blob the board runs, base64. */
    readonly data: string;
  };
  /** Missing: nothing was trained yet. */
  readonly model?: {
    readonly family: string;
    readonly generation: number;
    readonly balancedAccuracy: number | null;
    readonly fingerprint: string;
    readonly bytes: number;
    /** Header and block, base64. */
    readonly data: string;
  };
  /** Anomaly patterns of a stream model, base64; their names are in the definition's document. */
  readonly patterns?: { readonly bytes: number; readonly data: string };
  /** What the voices have earned, and the shift of a start rule that follows: head and tables, base64. */
  readonly voices?: { readonly bytes: number; readonly data: string };
  readonly samples?: SavedSamples;
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export interface BackupParts {
  readonly identity: Identity;
  readonly definition: CompleteDefinition | undefined;
  readonly blob: Uint8Array;
  /** Empty: nothing was trained yet. */
  readonly model: Uint8Array;
  /** Empty: a model without patterns. */
  readonly patterns: Uint8Array;
  /** Empty: a stream model, which has no voices. */
  readonly voices: Uint8Array;
  readonly samples?: SavedSamples;
}

/** What is in a backup, in one line. */
function contents(head: ModelHead | undefined, samples: SavedSamples | undefined): string {
  const count = samples === undefined ? '' : `samples: ${samples.rows.length}`;
  if (head === undefined) return ['no model', count].filter(Boolean).join(', ');
  const accuracy =
    head.balancedAccuracy === undefined
      ? 'not evaluated'
      : `balanced accuracy ${(100 * head.balancedAccuracy).toFixed(1)} %`;
  return [`${head.family}, generation ${head.generation}`, accuracy, count].filter(Boolean).join(', ');
}

export function composeBackup(
  { identity, definition, blob, model, patterns, voices, samples }: BackupParts,
  now = new Date(),
): Backup {
  const head = model.length === 0 ? undefined : readModelHead(model);
  const created = now.toISOString();
  return {
    format: FORMAT,
    version: VERSION,
    about: `${definition?.name ?? 'trainer'}: ${contents(head, samples)}; from ${identity.board} ${identity.serialNumber}, ${created.slice(0, 16).replace('T', ' ')} UTC`,
    created,
    trainer: {
      board: identity.board,
      serialNumber: identity.serialNumber,
      firmwareVersion: identity.firmwareVersion,
    },
    definition: {
      fingerprint: hex(fingerprintOf(blob)),
      ...(definition === undefined ? {} : { document: documentOf(definition) }),
      data: base64(blob),
    },
    ...(head === undefined
      ? {}
      : {
          model: {
            family: head.family,
            generation: head.generation,
            balancedAccuracy: head.balancedAccuracy ?? null,
            fingerprint: hex(head.fingerprint),
            bytes: head.bytes,
            data: base64(model),
          },
        }),
    ...(patterns.length === 0 ? {} : { patterns: { bytes: patterns.length, data: base64(patterns) } }),
    ...(voices.length === 0 ? {} : { voices: { bytes: voices.length, data: base64(voices) } }),
    ...(samples === undefined ? {} : { samples }),
  };
}

export interface OpenedBackup {
  readonly backup: Backup;
  /** With names when the backup has them. */
  readonly definition: CompleteDefinition;
  readonly blob: Uint8Array;
  /** Empty: the backup has samples only. */
  readonly model: Uint8Array;
  readonly head: ModelHead | undefined;
  /** Empty: there are none. */
  readonly patterns: Uint8Array;
  /** Empty: there are none. */
  readonly voices: Uint8Array;
  readonly samples: SavedSamples | undefined;
}

/** Rows that a definition may hold at most; more is no backup of a board. */
const MOST_ROWS = 4096;

/** @throws BackupError; the document may come from anywhere */
function samplesAt(value: unknown, definition: CompleteDefinition): SavedSamples | undefined {
  if (value === undefined) return undefined;
  const { features, outputs, rows } = object(value, 'samples');
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (!Array.isArray(features) || features.length > Limits.FEATURES_MAX || !features.every(isText))
    throw new BackupError('samples.features', text('backup.noList'));
  const count = arrayOf(definition)?.count ?? features.length;
  if (
    outputs !== undefined &&
    (!Array.isArray(outputs) || outputs.length > Limits.OUTPUTS_MAX || !outputs.every(isText))
  )
    throw new BackupError('samples.outputs', text('backup.noList'));
  if (!Array.isArray(rows) || rows.length > MOST_ROWS)
    throw new BackupError('samples.rows', text('backup.rows', { most: MOST_ROWS }));
  for (const [index, row] of (rows as unknown[]).entries()) {
    const { class: label, values, targets = [] } = object(row, `samples.rows[${index}]`);
    const numbers = (list: unknown, wanted: number): boolean =>
      Array.isArray(list) && list.length === wanted && list.every((value) => Number.isFinite(value));
    const fits = numbers(values, count) && numbers(targets, outputs?.length ?? 0);
    if (!isText(label) || !fits)
      throw new BackupError(`samples.rows[${index}]`, text('backup.row', { count }));
  }
  return { features, ...(outputs === undefined ? {} : { outputs }), rows } as SavedSamples;
}

function object(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BackupError(field, text('backup.missing'));
  return value as Record<string, unknown>;
}

function bytesAt(value: unknown, field: string): Uint8Array {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    throw new BackupError(field, text('backup.base64'));
  return Uint8Array.from(Buffer.from(value, 'base64'));
}

/**
 * Checks a document that may come from anywhere.
 * @throws BackupError that names the field
 */
export function openBackup(document: unknown): OpenedBackup {
  const backup = object(document, 'the file');
  if (backup.format !== FORMAT) throw new BackupError('format', text('backup.format', { format: FORMAT }));
  if (backup.version !== VERSION)
    throw new BackupError(
      'version',
      text('backup.version', { found: String(backup.version), known: VERSION }),
    );
  const given = object(backup.definition, 'definition');
  const blob = bytesAt(given.data, 'definition.data');
  const model =
    backup.model === undefined && (backup.samples !== undefined || backup.voices !== undefined)
      ? new Uint8Array()
      : bytesAt(object(backup.model, 'model').data, 'model.data');
  const head = model.length === 0 && backup.model === undefined ? undefined : readModelHead(model);
  let definition: CompleteDefinition;
  try {
    definition = decodeDefinition(blob);
  } catch (error) {
    if (error instanceof BlobError)
      throw new BackupError('definition.data', text('backup.damaged', { problem: error.text }));
    throw error;
  }
  // The names are taken only when they belong to this very blob.
  const named = namedDefinition(given.document);
  if (named !== undefined && fingerprintOf(encodeDefinition(named)) === fingerprintOf(blob))
    definition = named;
  const samples = samplesAt(backup.samples, definition);
  const block = (name: 'patterns' | 'voices'): Uint8Array =>
    backup[name] === undefined ? new Uint8Array() : bytesAt(object(backup[name], name).data, `${name}.data`);
  const [patterns, voices] = [block('patterns'), block('voices')];
  return { backup: backup as unknown as Backup, definition, blob, model, head, patterns, voices, samples };
}

function namedDefinition(document: unknown): CompleteDefinition | undefined {
  if (document === undefined) return undefined;
  try {
    return parseDefinition(document);
  } catch (error) {
    if (error instanceof DefinitionError) return undefined;
    throw error;
  }
}

export interface Comparison {
  readonly a: ModelHead;
  readonly b: ModelHead;
  /** They may stand in for each other on the same board. */
  readonly sameShape: boolean;
  readonly identical: boolean;
  /** Share of the block's bytes that differ; undefined when the shapes differ. */
  readonly differingShare: number | undefined;
  /** Balanced accuracy of b less that of a; undefined when one was not evaluated. */
  readonly accuracyChange: number | undefined;
}

/** Compares two models: header and block each, as `Trainer.readModel` or a backup gives them. */
export function compareModels(first: Uint8Array, second: Uint8Array): Comparison {
  const [a, b] = [readModelHead(first), readModelHead(second)];
  const sameShape = a.family === b.family && a.shape === b.shape && a.bytes === b.bytes;
  let differing = 0;
  for (let i = HEADER_BYTES; i < first.length; i++) if (first[i] !== second[i]) differing++;
  return {
    a,
    b,
    sameShape,
    identical: sameShape && a.fingerprint === b.fingerprint,
    differingShare: sameShape && a.bytes > 0 ? differing / a.bytes : undefined,
    accuracyChange:
      a.balancedAccuracy === undefined || b.balancedAccuracy === undefined
        ? undefined
        : b.balancedAccuracy - a.balancedAccuracy,
  };
}

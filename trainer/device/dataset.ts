/** The stitched samples on a board: how many of each class, and the samples themselves. Layout: firmware/src/loop/bulk.c. */

import { Storage } from '../contract/contract.generated';
import {
  arrayOf,
  type CompleteDefinition,
  outputsOf,
  rowBytesOf,
  storedOrder,
  valueColumns,
} from '../definition';
import { type Text, text } from '../text';
import { measuredArray } from './array_input';
import { csvCell } from './csv_cell';
import { ProtocolError } from './errors';

const MAGIC = 0x5344;
const LAYOUT = 1;
const HEADER_BYTES = 12;
/** label, flags, age (u16), then the features, then the targets (i16) */
const RECORD_BYTES = 4;
const HELD_OUT = 1;
const JUDGED = 2;

export interface DatasetSummary {
  readonly stored: number;
  readonly capacity: number;
  /** Stitched since the last training. */
  readonly new: number;
  readonly heldOut: number;
  readonly bytes: number;
  /** In the order of the classes. */
  readonly perClass: readonly { readonly label: string; readonly count: number }[];
}

export interface StoredSample {
  readonly label: string;
  readonly classIndex: number;
  /** Kept out of training, for evaluation. */
  readonly heldOut: boolean;
  /** The board keeps the outcome that it was judged by: another rule judges it again. */
  readonly judged: boolean;
  /** Samples stitched since this one; 1 = the newest. */
  readonly age: number;
  /** Engineering units, as exactly as the board stores them (254 or 65534 steps over the range). */
  readonly features: readonly number[];
  /** What the continuous outputs should have been, in their order; only of a definition with outputs. */
  readonly targets?: readonly number[];
}

/** @throws ProtocolError when the bytes are no data set of this definition */
export function decodeDataset(
  unit: number,
  definition: CompleteDefinition,
  bytes: Uint8Array,
): StoredSample[] {
  if (bytes.length === 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bad = (problem: Text): ProtocolError => new ProtocolError(unit, problem);
  if (bytes.length < HEADER_BYTES || view.getUint16(0, true) !== MAGIC)
    throw bad(text('protocol.dataset.start'));
  if (view.getUint8(2) !== LAYOUT)
    throw bad(text('protocol.dataset.layout', { found: view.getUint8(2), known: LAYOUT }));
  const narrow = view.getUint8(3) === Storage.INT8;
  const [featureCount, classCount, samples] = [view.getUint8(4), view.getUint8(5), view.getUint16(6, true)];
  const outputs = outputsOf(definition);
  if (
    featureCount !== definition.features.length ||
    classCount !== definition.classes.length ||
    view.getUint8(10) !== outputs.length
  )
    throw bad(text('protocol.dataset.other'));
  const array = arrayOf(definition);
  const targetsAt = RECORD_BYTES + (narrow ? rowBytesOf(definition) : 2 * featureCount);
  const record = targetsAt + 2 * outputs.length;
  const outputOrder = storedOrder(outputs);
  if (bytes.length !== HEADER_BYTES + samples * record) throw bad(text('protocol.dataset.length'));

  const [features, classes] = [storedOrder(definition.features), storedOrder(definition.classes)];
  /** Where the board stores the feature of each register. */
  const places = features.map((_, register) => features.indexOf(register));
  return Array.from({ length: samples }, (_, sample) => {
    const at = HEADER_BYTES + sample * record;
    const classIndex = classes[view.getUint8(at)];
    const label = classIndex === undefined ? undefined : definition.classes[classIndex]?.label;
    if (classIndex === undefined || label === undefined)
      throw bad(text('protocol.dataset.class', { sample, class: view.getUint8(at) }));
    return {
      label,
      classIndex,
      heldOut: (view.getUint8(at + 1) & HELD_OUT) !== 0,
      judged: (view.getUint8(at + 1) & JUDGED) !== 0,
      age: view.getUint16(at + 2, true),
      features:
        array !== undefined
          ? measuredArray(array, bytes.subarray(at + RECORD_BYTES, at + targetsAt))
          : definition.features.map(({ min, max, scale }, register) => {
              const index = places[register] as number;
              const stored = narrow
                ? view.getInt8(at + RECORD_BYTES + index) / 127
                : view.getInt16(at + RECORD_BYTES + 2 * index, true) / 32_767;
              const [least, most] = [Math.round(min * scale), Math.round(max * scale)];
              return Math.round((least + most) / 2 + (stored * (most - least)) / 2) / scale;
            }),
      ...(outputs.length === 0
        ? {}
        : {
            targets: outputs.map(
              ({ scale }, register) =>
                view.getInt16(at + targetsAt + 2 * outputOrder.indexOf(register), true) / scale,
            ),
          }),
    };
  });
}

/** The samples as CSV: features by name, then the label or the targets by name, then held_out, age. */
export function datasetCsv(definition: CompleteDefinition, samples: readonly StoredSample[]): string {
  const outputs = outputsOf(definition).map(({ name }) => name);
  const truth = outputs.length === 0 ? ['label'] : outputs;
  const header = [...valueColumns(definition).map(({ name }) => name), ...truth, 'held_out', 'age'];
  const rows = samples.map((sample) => [
    ...sample.features,
    ...(sample.targets ?? [sample.label]),
    sample.heldOut ? 1 : 0,
    sample.age,
  ]);
  return [header, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

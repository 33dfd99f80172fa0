/** The bench's data sets as files of samples for its programs (layout: problem.h). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InputError, numbersOf, readBareTable, readTable, type Table } from '../data';

const root = resolve(__dirname, '../../..');
export const SHARED = resolve(root, '../shared/data');
/** Debian's package dataset-fashion-mnist. */
const FASHION = '/usr/share/datasets/fashion-mnist';
const IDX_IMAGES_HEAD = 16;
const IDX_LABELS_HEAD = 8;

export interface Samples {
  /** One row a sample. */
  readonly inputs: readonly Int8Array[];
  readonly labels?: readonly number[];
  /** Of each sample, one number an output. */
  readonly targets?: readonly (readonly number[])[];
  readonly train: number;
}

export function needFile(path: string, how: string): Buffer {
  if (!existsSync(path)) throw new Error(`${path} is missing: ${how}`);
  return path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);
}

/** Images of an idx file as bytes less 128, and their labels. */
function idx(images: Buffer, labels: Buffer): { readonly inputs: Int8Array[]; readonly labels: number[] } {
  const count = images.readUInt32BE(4);
  const pixels = images.readUInt32BE(8) * images.readUInt32BE(12);
  return {
    inputs: Array.from({ length: count }, (_, i) =>
      Int8Array.from(
        images.subarray(IDX_IMAGES_HEAD + i * pixels, IDX_IMAGES_HEAD + (i + 1) * pixels),
        (byte) => byte - 128,
      ),
    ),
    labels: [...labels.subarray(IDX_LABELS_HEAD, IDX_LABELS_HEAD + count)],
  };
}

function sharedFile(name: string): string {
  const path = join(SHARED, name);
  if (!existsSync(path)) throw new Error(`${path} is missing: it lies in the folder of shared data`);
  return path;
}

/** A table of the shared data. Throws Error when it is missing or none. */
export const sharedTable = (name: string): Table => readTable(sharedFile(name));

export function fashion(): Samples {
  const how = 'apt install dataset-fashion-mnist';
  const [first, second] = ['train', 't10k'].map((part) =>
    idx(
      needFile(join(FASHION, `${part}-images-idx3-ubyte.gz`), how),
      needFile(join(FASHION, `${part}-labels-idx1-ubyte.gz`), how),
    ),
  );
  if (first === undefined || second === undefined) throw new Error('no Fashion-MNIST');
  return {
    inputs: [...first.inputs, ...second.inputs],
    labels: [...first.labels, ...second.labels],
    train: first.inputs.length,
  };
}

export function mnist(): Samples {
  const file = (name: string): Buffer =>
    needFile(join(SHARED, 'mnist-10k', name), 'it lies in the folder of shared data');
  return { ...idx(file('images-idx3-ubyte.gz'), file('labels-idx1-ubyte.gz')), train: 8000 };
}

/** A shuffled order, the same every time (mulberry32). */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const out = [...values];
  let state = seed >>> 0;
  for (let i = out.length - 1; i > 0; i--) {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const j = ((t ^ (t >>> 14)) >>> 0) % (i + 1);
    const swap = out[i] as T;
    out[i] = out[j] as T;
    out[j] = swap;
  }
  return out;
}

const PIXELS = 64;

/** Digits of 8x8 pixels from 0 to 16, the digit behind them. Throws InputError that names the line where a row is none. */
export function digitsOf(file: string): number[][] {
  const table = readBareTable(file);
  if (table.names.length !== PIXELS + 1)
    throw new InputError(
      `${file}: a row has ${table.names.length} cells instead of ${PIXELS} pixels and their digit`,
    );
  return numbersOf(table).map((row, i) => {
    const wrong = row.findIndex(
      (value, at) => !Number.isInteger(value) || value < 0 || value > (at < PIXELS ? 16 : 9),
    );
    if (wrong < 0) return row;
    const wanted = wrong < PIXELS ? 'a pixel from 0 to 16' : 'a digit';
    throw new InputError(
      `${file}: line ${table.rows[i]?.number} has ${row[wrong]} in column "${wrong + 1}" instead of ${wanted}`,
    );
  });
}

/** 1797 of them, pixels in steps of 8. */
export function digits(order: 'as they stand' | 'shuffled'): Samples {
  let rows = digitsOf(sharedFile('digits.csv.gz'));
  if (order === 'shuffled') rows = shuffled(rows, 1);
  return {
    inputs: rows.map((row) => Int8Array.from(row.slice(0, PIXELS), (value) => Math.min(127, value * 8))),
    labels: rows.map((row) => row[PIXELS] ?? 0),
    train: 1000,
  };
}

export function writeSamples(path: string, samples: Samples): void {
  const { inputs, labels, targets, train } = samples;
  const outputs = targets?.[0]?.length ?? Math.max(...(labels ?? [0])) + 1;
  const head = Uint32Array.from([
    train,
    inputs.length - train,
    inputs[0]?.length ?? 0,
    outputs,
    targets === undefined ? 0 : 1,
  ]);
  const bytes = inputs.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const answers =
    targets === undefined ? Buffer.from(labels ?? []) : Buffer.from(Float32Array.from(targets.flat()).buffer);
  writeFileSync(path, Buffer.concat([Buffer.from(head.buffer), ...bytes, answers]));
}

/** What stands in a .tflite file, in terms of its schema: operators with their tensors, nothing interpreted yet. */
import { Flatbuffer, FlatbufferError, type Table } from './flatbuffer';

/** Built-in operator codes of the schema that the importer knows. */
export const Operator = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  FULLY_CONNECTED: 9,
  MAX_POOL_2D: 17,
  RESHAPE: 22,
  SOFTMAX: 25,
} as const;

export const INT8 = 9;
export const INT32 = 2;

export interface TfliteTensor {
  readonly shape: readonly number[];
  readonly type: number;
  /** Empty for what is computed. */
  readonly data: Uint8Array;
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  readonly quantizedDimension: number;
}

export interface TfliteOperator {
  readonly code: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Table | undefined;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

function tensorOf(table: Table, buffers: readonly Table[]): TfliteTensor {
  const quantization = table.table(4);
  const buffer = buffers[table.int32(2)];
  if (buffer === undefined) throw new FlatbufferError(`buffer ${table.int32(2)} of ${buffers.length}`);
  return {
    shape: table.int32s(0),
    type: table.int8(1),
    data: buffer.bytes(0),
    scales: quantization?.float32s(2) ?? [],
    zeros: quantization?.int64s(3) ?? [],
    quantizedDimension: quantization?.int32(6) ?? 0,
  };
}

/** @throws FlatbufferError when an offset, a length or an index leads nowhere */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const file = new Flatbuffer(bytes);
  if (file.identifier !== 'TFL3') throw new FlatbufferError('no TFL3 at its beginning');
  const model = file.root();
  // The larger of the old code of 8 bits and the new one.
  const codes = model.tables(1).map((code) => Math.max(code.int8(0), code.int32(3)));
  const graphs = model.tables(2);
  const [graph] = graphs;
  if (graph === undefined || graphs.length !== 1)
    throw new FlatbufferError(`${graphs.length} subgraphs instead of one`);
  const buffers = model.tables(4);
  const tensors = graph.tables(0).map((table) => tensorOf(table, buffers));
  const known = (indices: readonly number[]): readonly number[] => {
    for (const index of indices)
      if (index < -1 || index >= tensors.length)
        throw new FlatbufferError(`tensor ${index} of ${tensors.length}`);
    return indices;
  };
  const operators = graph.tables(3).map((table) => {
    const code = codes[table.int32(0)];
    if (code === undefined) throw new FlatbufferError(`operator code ${table.int32(0)} of ${codes.length}`);
    return {
      code,
      inputs: known(table.int32s(1)),
      outputs: known(table.int32s(2)),
      options: table.table(4),
    };
  });
  return { tensors, operators, inputs: known(graph.int32s(1)), outputs: known(graph.int32s(2)) };
}

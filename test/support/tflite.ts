/** Writes small .tflite files: operators one behind the other, each with the tensor that it gives. */
import { type Field, type Fields, flatbuffer } from './flatbuffer';

export const Operator = {
  ADD: 0,
  AVERAGE_POOL: 1,
  CONV: 3,
  DEPTHWISE: 4,
  DENSE: 9,
  LOGISTIC: 14,
  MAX_POOL: 17,
  RESHAPE: 22,
  SOFTMAX: 25,
  PAD: 34,
} as const;

const INT8 = 9;
const INT32 = 2;

/** A byte q means scale * (q - zero). */
export interface ByteRange {
  readonly scale: number;
  readonly zero: number;
}

export interface Step {
  readonly code: number;
  /** Of what it gives, with the batch. */
  readonly shape: readonly number[];
  readonly range: ByteRange;
  /** The number of the step that it reads, the first is 1, 0 = the input; default: the one before. */
  readonly input?: number;
  /** Second input of an ADD. */
  readonly with?: number;
  /** Fields of its options. */
  readonly options?: Fields;
  readonly weights?: {
    readonly shape: readonly number[];
    readonly values: Int8Array;
    /** One, or one a channel. */
    readonly scales: readonly number[];
    /** The dimension of `shape` that counts the channels. */
    readonly dimension?: number;
    readonly biases: Int32Array;
  };
}

export interface Net {
  readonly shape: readonly number[];
  readonly range: ByteRange;
  readonly steps: readonly Step[];
}

function quantized(scales: readonly number[], zero: number, dimension = 0): Field {
  return {
    kind: 'table',
    fields: {
      2: { kind: 'float32s', values: scales },
      3: { kind: 'int64s', values: scales.map(() => zero) },
      6: { kind: 'int32', value: dimension },
    },
  };
}

export function tfliteFile({ shape, range, steps }: Net): Uint8Array {
  const tensors: Fields[] = [];
  const buffers: Fields[] = [{}];
  const tensor = (sides: readonly number[], type: number, field: Field, data?: Uint8Array): number => {
    if (data !== undefined) buffers.push({ 0: { kind: 'bytes', bytes: data } });
    tensors.push({
      0: { kind: 'int32s', values: sides },
      1: { kind: 'int8', value: type },
      2: { kind: 'int32', value: data === undefined ? 0 : buffers.length - 1 },
      4: field,
    });
    return tensors.length - 1;
  };
  const activation = (sides: readonly number[], { scale, zero }: ByteRange): number =>
    tensor(sides, INT8, quantized([scale], zero));
  /** Tensor that each step gives; the first is the input. */
  const given = [activation(shape, range)];
  const operators = steps.map((step, at): Fields => {
    const inputs = [given[step.input ?? at] as number];
    if (step.with !== undefined) inputs.push(given[step.with] as number);
    if (step.weights !== undefined) {
      const { shape: sides, values, scales, dimension, biases } = step.weights;
      inputs.push(tensor(sides, INT8, quantized(scales, 0, dimension), new Uint8Array(values.buffer)));
      inputs.push(tensor([biases.length], INT32, quantized([1], 0), new Uint8Array(biases.buffer)));
    }
    given.push(activation(step.shape, step.range));
    return {
      0: { kind: 'int32', value: at },
      1: { kind: 'int32s', values: inputs },
      2: { kind: 'int32s', values: [given.at(-1) as number] },
      4: { kind: 'table', fields: step.options ?? {} },
    };
  });
  const graph: Fields = {
    0: { kind: 'tables', all: tensors },
    1: { kind: 'int32s', values: [given[0] as number] },
    2: { kind: 'int32s', values: [given.at(-1) as number] },
    3: { kind: 'tables', all: operators },
  };
  const codes = steps.map(
    ({ code }): Fields => ({ 0: { kind: 'int8', value: code }, 3: { kind: 'int32', value: code } }),
  );
  return flatbuffer('TFL3', {
    0: { kind: 'int32', value: 3 },
    1: { kind: 'tables', all: codes },
    2: { kind: 'tables', all: [graph] },
    4: { kind: 'tables', all: buffers },
  });
}

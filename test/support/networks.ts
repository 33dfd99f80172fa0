/** Networks of our own making for the tests of imports; every layer that can be imported is in one of them. */
import { randomBelow } from './random';
import { type ByteRange, type Net, Operator, type Step } from './tflite';

const int8 = (value: number) => ({ kind: 'int8', value }) as const;
const int32 = (value: number) => ({ kind: 'int32', value }) as const;
const [SAME, VALID] = [0, 1];
const [LINEAR, RELU, RELU6] = [0, 1, 3];
const SOFTMAX_RANGE: ByteRange = { scale: 1 / 256, zero: -128 };

function product(shape: readonly number[]): number {
  return shape.reduce((all, side) => all * side, 1);
}

export function weightsFor(
  random: (below: number) => number,
  shape: readonly number[],
  dimension: number,
  perChannel = true,
): NonNullable<Step['weights']> {
  const channels = shape[dimension] as number;
  return {
    ...{ shape, dimension },
    values: Int8Array.from({ length: product(shape) }, () => random(255) - 127),
    scales: perChannel ? Array.from({ length: channels }, () => (4 + random(8)) / 1000) : [0.006],
    biases: Int32Array.from({ length: channels }, () => random(4001) - 2000),
  };
}

/** A dense layer over one row of many inputs. */
export function longRow(inputs: number, outputs: number): Net {
  return {
    ...{ shape: [1, 1, 1, inputs], range: { scale: 0.5, zero: -20 } },
    steps: [
      {
        code: Operator.DENSE,
        shape: [1, outputs],
        range: { scale: 8, zero: 12 },
        options: { 0: int8(LINEAR) },
        weights: weightsFor(randomBelow(3), [outputs, inputs], 0, false),
      },
    ],
  };
}

/** A classifier of small pictures, 6 x 4 with 2 channels, with a residual block: 8 kinds of operators. */
export function pictures(zero = -20, outputs = 5): Net {
  const random = randomBelow(1);
  const steps: Step[] = [
    {
      code: Operator.CONV,
      shape: [1, 6, 4, 4],
      range: { scale: 0.15, zero: -128 },
      options: { 0: int8(SAME), 1: int32(1), 2: int32(1), 3: int8(RELU) },
      weights: weightsFor(random, [4, 3, 3, 2], 0),
    },
    {
      code: Operator.CONV,
      shape: [1, 6, 4, 4],
      range: { scale: 0.21, zero: 7 },
      options: { 0: int8(VALID), 1: int32(1), 2: int32(1), 3: int8(LINEAR) },
      weights: weightsFor(random, [4, 1, 1, 4], 0),
    },
    {
      code: Operator.ADD,
      shape: [1, 6, 4, 4],
      range: { scale: 0.25, zero: -90 },
      with: 1,
      options: { 0: int8(RELU) },
    },
    {
      code: Operator.DEPTHWISE,
      shape: [1, 3, 2, 8],
      range: { scale: 0.04, zero: -128 },
      options: { 0: int8(SAME), 1: int32(2), 2: int32(2), 3: int32(2), 4: int8(RELU6) },
      weights: weightsFor(random, [1, 3, 3, 8], 3),
    },
    {
      code: Operator.MAX_POOL,
      shape: [1, 2, 1, 8],
      range: { scale: 0.04, zero: -128 },
      options: { 0: int8(VALID), 1: int32(1), 2: int32(1), 3: int32(2), 4: int32(2) },
    },
    {
      code: Operator.AVERAGE_POOL,
      shape: [1, 1, 1, 8],
      range: { scale: 0.04, zero: -128 },
      options: { 0: int8(VALID), 1: int32(1), 2: int32(1), 3: int32(1), 4: int32(2) },
    },
    { code: Operator.RESHAPE, shape: [1, 8], range: { scale: 0.04, zero: -128 } },
    {
      code: Operator.DENSE,
      shape: [1, outputs],
      // Coarse: outputs are often equal, and the first of them must win.
      range: { scale: 0.3, zero: 12 },
      options: { 0: int8(LINEAR) },
      weights: weightsFor(random, [outputs, 8], 0, false),
    },
    {
      code: Operator.SOFTMAX,
      shape: [1, outputs],
      range: SOFTMAX_RANGE,
      options: { 0: { kind: 'float32', value: 1 } },
    },
  ];
  return { shape: [1, 6, 4, 2], range: { scale: 0.02, zero }, steps };
}

/** A picture for them as a board stores it, its upper half bright or dark. */
export function picture(random: (below: number) => number, bright: boolean): Int8Array {
  const pixels = 48;
  return Int8Array.from({ length: pixels }, (_, i) => {
    const value = random(161) - 80;
    return i < pixels / 2 ? value + (bright ? 45 : -45) : value;
  });
}

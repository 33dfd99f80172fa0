/** What a network of tflite.ts gives, in the integer arithmetic of TensorFlow Lite's reference kernels, written down a second time. */
import { type Net, Operator, type Step } from './tflite';

/** Height, width, channels, values. */
interface Tensor {
  readonly sides: readonly [number, number, number];
  readonly values: readonly number[];
}

/** value * real, rounded twice: the factor has 31 bits. */
function scaled(value: number, real: number): number {
  if (real === 0) return 0;
  let exponent = Math.floor(Math.log2(real)) + 1;
  let factor = Math.round((real / 2 ** exponent) * 2 ** 31);
  if (factor === 2 ** 31) {
    factor /= 2;
    exponent++;
  }
  if (exponent < -31) return 0;
  const product = BigInt(value) * 2n ** BigInt(Math.max(exponent, 0)) * BigInt(factor);
  const half = 2n ** 30n;
  // BigInt divides towards zero.
  const high = (product + (product >= 0n ? half : 1n - half)) / 2n ** 31n;
  const right = Math.max(-exponent, 0);
  if (right === 0) return Number(high);
  const divisor = 2n ** BigInt(right);
  const away = high >= 0n ? divisor / 2n : -(divisor / 2n);
  return Number((high + away) / divisor);
}

const sidesOf = (shape: readonly number[]): [number, number, number] => {
  const rest = shape.slice(1);
  return [...Array(3 - rest.length).fill(1), ...rest] as [number, number, number];
};

function bounded(value: number, { range, options }: Step, field: number): number {
  const code = options?.[field];
  const activation = code?.kind === 'int8' ? code.value : 0;
  const low = activation === 0 ? -128 : range.zero;
  const high = activation === 3 ? Math.min(127, range.zero + Math.round(6 / range.scale)) : 127;
  return Math.max(Math.max(-128, low), Math.min(high, value));
}

const number = ({ options }: Step, field: number): number => {
  const found = options?.[field];
  return found?.kind === 'int32' || found?.kind === 'int8' ? found.value : 0;
};

/** Visits the taps of each window that lie inside. */
function windows(
  from: Tensor,
  to: readonly [number, number, number],
  kernel: readonly [number, number],
  stride: readonly [number, number],
  same: boolean,
  visit: (at: readonly [number, number], taps: readonly { y: number; x: number; tap: number }[]) => void,
): void {
  const before = (side: 0 | 1): number =>
    same ? Math.floor(Math.max((to[side] - 1) * stride[side] + kernel[side] - from.sides[side], 0) / 2) : 0;
  for (let row = 0; row < to[0]; row++)
    for (let column = 0; column < to[1]; column++) {
      const taps = [];
      for (let i = 0; i < kernel[0]; i++)
        for (let j = 0; j < kernel[1]; j++) {
          const [y, x] = [row * stride[0] + i - before(0), column * stride[1] + j - before(1)];
          if (y >= 0 && x >= 0 && y < from.sides[0] && x < from.sides[1])
            taps.push({ y, x, tap: i * kernel[1] + j });
        }
      visit([row, column], taps);
    }
}

const at = ({ sides, values }: Tensor, y: number, x: number, c: number): number =>
  values[(y * sides[1] + x) * sides[2] + c] as number;

function convolution(step: Step, from: Tensor, input: Step['range'], depthwise: boolean): number[] {
  const { weights, range, shape } = step;
  if (weights === undefined) throw new Error('no weights');
  const to = sidesOf(shape);
  const dense = step.code === Operator.DENSE;
  const seen: Tensor = dense ? { sides: [1, 1, from.values.length], values: from.values } : from;
  const kernel: [number, number] = dense ? [1, 1] : [weights.shape[1] as number, weights.shape[2] as number];
  const stride: [number, number] = dense ? [1, 1] : [number(step, 2), number(step, 1)];
  const same = !dense && number(step, 0) === 0;
  const fused = dense ? 0 : depthwise ? 4 : 3;
  const out: number[] = [];
  const taps = kernel[0] * kernel[1];
  const channels = to[2];
  const depth = seen.sides[2];
  windows(seen, to, kernel, stride, same, (_, visited) => {
    for (let c = 0; c < channels; c++) {
      let sum = weights.biases[c] as number;
      for (const { y, x, tap } of visited) {
        if (depthwise) {
          const value = at(seen, y, x, Math.floor((c * depth) / channels)) - input.zero;
          sum += value * (weights.values[tap * channels + c] as number);
        } else
          for (let d = 0; d < depth; d++)
            sum +=
              (at(seen, y, x, d) - input.zero) * (weights.values[(c * taps + tap) * depth + d] as number);
      }
      const weight = Math.fround(weights.scales[weights.scales.length > 1 ? c : 0] as number);
      const real = (Math.fround(input.scale) * weight) / Math.fround(range.scale);
      out.push(bounded(scaled(sum, real) + range.zero, step, fused));
    }
  });
  return out;
}

function pool(step: Step, from: Tensor): number[] {
  const to = sidesOf(step.shape);
  const kernel: [number, number] = [number(step, 4), number(step, 3)];
  const out: number[] = [];
  windows(from, to, kernel, [number(step, 2), number(step, 1)], number(step, 0) === 0, (_, taps) => {
    for (let c = 0; c < to[2]; c++) {
      const values = taps.map(({ y, x }) => at(from, y, x, c));
      const sum = values.reduce((all, value) => all + value, 0);
      const half = Math.floor(values.length / 2);
      out.push(
        step.code === Operator.MAX_POOL
          ? Math.max(...values)
          : Math.trunc((sum > 0 ? sum + half : sum - half) / values.length),
      );
    }
  });
  return out;
}

function addition(step: Step, tensor: Tensor, other: Tensor, ranges: readonly Step['range'][]): number[] {
  const [a, b] = ranges as [Step['range'], Step['range']];
  const [first, second, given] = [a.scale, b.scale, step.range.scale].map(Math.fround) as [
    number,
    number,
    number,
  ];
  const twice = 2 * Math.max(first, second);
  return tensor.values.map((value, i) => {
    const sum =
      scaled((value - a.zero) * 2 ** 20, first / twice) +
      scaled(((other.values[i] as number) - b.zero) * 2 ** 20, second / twice);
    return bounded(scaled(sum, twice / (2 ** 20 * given)) + step.range.zero, step, 0);
  });
}

function softmax(from: Tensor, { scale }: Step['range']): number[] {
  const largest = Math.max(...from.values);
  const powers = from.values.map((value) => Math.exp(Math.fround(scale) * (value - largest)));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => Math.min(127, Math.floor(256 * (power / sum) + 0.5) - 128));
}

/** The bytes that the last step gives. */
export function reference(net: Net, input: Int8Array): number[] {
  const given: Tensor[] = [{ sides: sidesOf(net.shape), values: [...input] }];
  const ranges = [net.range, ...net.steps.map(({ range }) => range)];
  net.steps.forEach((step, i) => {
    const number1 = step.input ?? i;
    const from = given[number1] as Tensor;
    const range = ranges[number1] as Step['range'];
    const values = (): readonly number[] => {
      switch (step.code) {
        case Operator.CONV:
        case Operator.DENSE:
          return convolution(step, from, range, false);
        case Operator.DEPTHWISE:
          return convolution(step, from, range, true);
        case Operator.ADD:
          return addition(step, from, given[step.with as number] as Tensor, [
            range,
            ranges[step.with as number] as Step['range'],
          ]);
        case Operator.SOFTMAX:
          return softmax(from, range);
        case Operator.RESHAPE:
          return from.values;
        default:
          return pool(step, from);
      }
    };
    given.push({ sides: sidesOf(step.shape), values: values() });
  });
  return [...(given.at(-1) as Tensor).values];
}

/** The input of a network as a message carries it: flat, in rows like an image, or as bytes. No Node-RED in here. */
import { MessageError } from './message_error';

/** Lists within lists of equal length, from the outside in: [8, 8] for eight rows of eight; undefined when the lengths differ. */
function shapeOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || !value.some(Array.isArray)) return Array.isArray(value) ? [value.length] : [];
  const [first, ...others] = value.map(shapeOf);
  const alike = first !== undefined && others.every((shape) => shape?.join() === first.join());
  return alike ? [value.length, ...first] : undefined;
}

/** Shapes that the input may be written in: rows of pixels of channels, without the sides of one. */
function allowed([height, width, channels]: readonly [number, number, number]): string[] {
  const whole = [height, width, channels];
  const sides = [whole, channels === 1 ? [height, width] : whole, height === 1 ? [width, channels] : whole];
  return [[height * width * channels], ...sides].map((shape) => shape.join());
}

/**
 * The values of a network's input in the order of its features.
 * @param list values in one row, or rows of pixels of channels
 * @param shape height, width and channels of the input
 * @param bytes whether they came as a Buffer
 * @throws MessageError for a length or a shape that is not the input's
 */
export function networkValues(
  list: readonly unknown[],
  shape: readonly [number, number, number],
  bytes: boolean,
): number[] {
  const needed = shape[0] * shape[1] * shape[2];
  const got = shapeOf(list);
  if (got !== undefined && allowed(shape).includes(got.join())) return list.flat(2) as number[];
  const values = { needed, shape: shape.join(' x ') };
  if (bytes) throw new MessageError('error.inputBytes', { ...values, got: list.length });
  if (got === undefined) throw new MessageError('error.inputRagged', values);
  throw new MessageError('error.inputShape', { ...values, got: got.join(' x ') });
}

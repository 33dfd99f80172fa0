/** Values of a PLC by their registers: what a plant's address list says, read and written over a bus. */
export { planReads } from './plan';
export {
  KINDS,
  ORDERS,
  PointError,
  pointFrom,
  type RegisterPoint,
  type StoredPoint,
  TYPES,
} from './point';
export { ReadError, RegisterReader } from './reader';
export { checkWritable, ValueError, writeRequest } from './value';

/** Values of a PLC by their registers: what a plant's address list says, read and written over a bus. */
export { planReads, type ReadBlock } from './plan';
export {
  KINDS,
  ORDERS,
  PointError,
  type PointKind,
  type PointType,
  pointFrom,
  type RegisterPoint,
  type StoredPoint,
  TYPES,
} from './point';
export { ReadError, type ReadingBus, RegisterReader } from './reader';
export { checkWritable, ValueError, writeRequest } from './value';

/** The trainer definition: types, validation, defaults, binary codec, boards, memory need. */
export {
  type ArrayFeature,
  arrayOf,
  rowBytesOf,
  samplesOf,
  streamOf,
  valueColumns,
  valuesOf,
  type WindowFeature,
  windowOf,
} from './array';
export { type Board, type BootLoaderFacts, boardOf, boardsWith, isKnownBoard, knownBoards } from './boards';
export { definitionHeader } from './c_header';
export {
  BlobError,
  decodeDefinition,
  encodeDefinition,
  fieldAtOffset,
  fingerprintOf,
  namesIn,
  readBlob,
} from './codec';
export { complete, defaultOutcomeScale, defaultScale, documentOf } from './complete';
export { crc32 } from './crc32';
export { DefinitionError, type DefinitionIssue } from './errors';
export { type Family, families, familyOf } from './families';
export { hashOf, hashOfNames, storedOrder } from './identity';
export { channelIssues, type LocalInput, type LocalIo } from './local_io';
export { memorySvg, memoryText } from './memory_picture';
export { type BufferPlan, inputShape, type LayerFault, type LayerPlan, type NetworkPlan } from './network';
export { outputsOf } from './outputs';
export {
  type ChangeAnswer,
  type FateWord,
  largestCapacity,
  MemoryError,
  type MemoryNeed,
  type MemoryPlanner,
  memoryError,
  type PlanAnswer,
  planMemory,
  refusedSection,
} from './planner';
export { definitionSchema, type SchemaNode } from './schema';
export type * from './types';
export { isStream, regimePlaces } from './types';
export { findIssues, isWellFormed, parseDefinition } from './validate';

/** Talk to a trainer from a program: bus, typed client, definition, virtual trainer. No Node-RED in here. */
export * from './bus';
export * from './definition';
export * from './device';
export {
  type Imported,
  type ImportOptions,
  importTflite,
  NetworkImportError,
  type NetworkWeights,
  openWeights,
  type WeightsDocument,
  WeightsError,
} from './network';
export * from './session';
export { type LookUp, type Text, type TextKey, type Word, WordedError, worded } from './text';
export * from './virtual';

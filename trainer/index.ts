/** Talk to a trainer from a program: bus, typed client, definition, virtual trainer. No Node-RED in here. */
export * from './bus';
export * from './definition';
export * from './device';
export * from './session';
export { type LookUp, type Text, type TextKey, type Word, WordedError, worded } from './text';
export * from './virtual';

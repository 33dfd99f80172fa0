import type { Family } from './family';

/** Slow processes: how their channels follow each other, and alarms when they no longer do. */
export const process: Family = {
  types: ['process'],
  words: 'process',
  stream: true,
  inputs: 'channels',
  pages: ['general', 'inputs', 'model', 'learning', 'json'],
  general: ['scaling', 'outOfRange', 'seed'],
  learning: ['training'],
};

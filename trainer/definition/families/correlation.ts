import type { Family } from './family';

/** Correlations of a signal with itself and between its channels: what a healthy signal looks like, and alarms when it does not. */
export const correlation: Family = {
  types: ['correlation'],
  words: 'correlation',
  stream: true,
  inputs: 'channels',
  pages: ['general', 'inputs', 'model', 'learning', 'json'],
  general: ['scaling', 'outOfRange', 'seed'],
  learning: ['training'],
};

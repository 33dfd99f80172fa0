import type { Family } from './family';

/** Echo state networks: what a healthy signal sounds like, and alarms when it does not. */
export const esn: Family = {
  types: ['esn'],
  words: 'esn',
  stream: true,
  inputs: 'channels',
  pages: ['general', 'inputs', 'model', 'learning', 'json'],
  general: ['scaling', 'outOfRange', 'seed'],
  learning: ['training'],
};

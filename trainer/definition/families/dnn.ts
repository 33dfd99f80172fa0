import type { Family } from './family';

/** Networks: decisions between classes, judged by feedback. */
export const dnn: Family = {
  types: ['dnn'],
  words: 'dnn',
  stream: false,
  inputs: 'features',
  pages: ['general', 'inputs', 'classes', 'feedback', 'start', 'model', 'learning', 'json'],
  general: ['outOfRange', 'seed'],
  learning: ['stitching', 'training'],
};

import type { Family } from './family';

/** Support vector machines: decisions between classes, judged by feedback. */
export const svm: Family = {
  types: ['svm-linear', 'svm-kernel', 'svm-both'],
  words: 'svm',
  stream: false,
  inputs: 'features',
  pages: ['general', 'inputs', 'classes', 'feedback', 'start', 'model', 'learning', 'json'],
  general: ['scaling', 'outOfRange', 'storage', 'seed'],
  learning: ['stitching', 'training'],
};

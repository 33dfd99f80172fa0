/** The families of models. A new one is a file in this folder and a line here. */
import type { ModelType } from '../types';
import { correlation } from './correlation';
import { dnn } from './dnn';
import { esn } from './esn';
import type { Family } from './family';
import { process } from './process';
import { svm } from './svm';

export type { Family, Page } from './family';

export const families: readonly Family[] = [svm, dnn, correlation, process, esn];

/** @throws RangeError for a type that no family has */
export function familyOf(type: ModelType): Family {
  const family = families.find(({ types }) => types.includes(type));
  if (family === undefined) throw new RangeError(`no family of models has the type ${String(type)}`);
  return family;
}

/** The families of models, from what firmware/contract/families says of each. */
import { FamilyGeneral, Models } from '../contract/definition.generated';
import type { ModelType } from './types';

/** Pages of the form of a definition, in the order of the tabs. */
export type Page =
  | 'general'
  | 'inputs'
  | 'classes'
  | 'start'
  | 'model'
  | 'feedback'
  | 'learning'
  | 'io'
  | 'json';

export interface Family {
  /** Types in the definition that are this family. */
  readonly types: readonly ModelType[];
  /** Where labels and tips of its fields are in the catalogue: "svm" for field.svm.cost. */
  readonly words: string;
  /** It learns from a stream of samples and raises alarms, instead of making decisions that are judged. */
  readonly stream: boolean;
  /** Section of the definition that lists its inputs. */
  readonly inputs: 'features' | 'channels';
  /** Pages of the form that it has something to ask on. */
  readonly pages: readonly Page[];
  /** Fields of the first page, besides name and board. */
  readonly general: readonly string[];
  /** Sections of the page "learning". */
  readonly learning: readonly string[];
}

type OfKind = Pick<Family, 'stream' | 'inputs' | 'pages' | 'learning'>;

const KINDS: Readonly<Record<(typeof Models)[ModelType]['kind'], OfKind>> = {
  decide: {
    stream: false,
    inputs: 'features',
    pages: ['general', 'inputs', 'classes', 'feedback', 'start', 'model', 'learning', 'io', 'json'],
    learning: ['stitching', 'training'],
  },
  stream: {
    stream: true,
    inputs: 'channels',
    pages: ['general', 'inputs', 'model', 'learning', 'json'],
    learning: ['training'],
  },
};

const TYPES = Object.keys(Models) as ModelType[];

export const families: readonly Family[] = (
  Object.entries(FamilyGeneral) as [keyof typeof FamilyGeneral, readonly string[]][]
).map(([words, general]) => {
  const types = TYPES.filter((type) => Models[type].family === words);
  // The models of a family are all of one kind.
  const [first] = types as [ModelType];
  return { types, words, general, ...KINDS[Models[first].kind] };
});

/** @throws RangeError for a type that no family has */
export function familyOf(type: ModelType): Family {
  const family = families.find(({ types }) => types.includes(type));
  if (family === undefined) throw new RangeError(`no family of models has the type ${String(type)}`);
  return family;
}

/** What the host says about a family of models; one file a family, in this folder. */
import type { ModelType } from '../types';

/** Pages of the form of a definition, in the order of the tabs. */
export type Page = 'general' | 'inputs' | 'classes' | 'start' | 'model' | 'feedback' | 'learning' | 'json';

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

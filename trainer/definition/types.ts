/**
 * The trainer definition, the one document that says what a trainer measures, decides, learns from and remembers. Its types are
 * generated from firmware/contract/definition.json and families/: `TrainerDefinition` is what a person writes, everything that has a
 * default may be left out. `CompleteDefinition` is the same with every default filled in (see complete.ts); all other code works on
 * that.
 *
 * Values are in engineering units. A register holds round(value * scale).
 */
import {
  type ClassDefinition,
  type FeatureDefinition,
  type FeedbackSettings,
  type TrainerDefinition as GeneratedDefinition,
  type LayerDefinition,
  type ModelSettings,
  Models,
  type ModelType,
  type OutputDefinition,
  type SaveSettings,
  type StitchingSettings,
  type TrainingSettings,
} from '../contract/definition.generated';
import type { CompleteLocalIo, LocalIo } from './local_io';
import type { CompleteStartRule, StartRule } from './start_rule';

export type * from '../contract/definition.generated';

export interface TrainerDefinition extends GeneratedDefinition {
  /** What decides before other voices have proved better. */
  startRule?: StartRule;
  /** Channels of the board itself, which closes the loop without a master. */
  io?: LocalIo;
}

type Complete<T> = T extends unknown ? Required<T> : never;

/** A model with nothing left out, in its lists neither. */
type CompleteModel<T> = T extends { layers: readonly unknown[] }
  ? Omit<Required<T>, 'layers'> & { layers: Complete<LayerDefinition>[] }
  : Complete<T>;

/** Without a count it is one value; with one, an array: see array.ts. */
export type CompleteFeature = Required<Omit<FeatureDefinition, ArrayField>> &
  Pick<FeatureDefinition, ArrayField>;
type ArrayField = 'count' | 'streamChannels';

export type CompleteOutput = Required<OutputDefinition>;

/** A definition with nothing left out. `features` holds the channels when the model is a stream model. */
export interface CompleteDefinition {
  name: string;
  board: string;
  features: CompleteFeature[];
  /** With outputs the one class that stands for all values, see outputs.ts. */
  classes: Required<ClassDefinition>[];
  /** Continuous outputs; undefined: decisions are between classes. */
  outputs?: CompleteOutput[];
  /** Empty for a stream model. */
  defaultClass: string;
  startRule: CompleteStartRule;
  storage: 'int8' | 'int16';
  scaling: 'range' | 'standard';
  outOfRange: 'refuse' | 'clamp';
  seed: number;
  model: CompleteModel<ModelSettings>;
  feedback: Complete<FeedbackSettings>;
  stitching: Required<StitchingSettings>;
  training: Required<TrainingSettings>;
  save: Required<SaveSettings>;
  /** Undefined: a master asks for the decisions. */
  io?: CompleteLocalIo;
  patternNames?: string[];
  regimeNames?: string[];
}

/** Whether the definition's model learns from a stream instead of from judged decisions. See also streamOf. */
export function isStream(definition: { model: { type: ModelType } }): boolean {
  return Models[definition.model.type].kind === 'stream';
}

/** Places for operating regimes that a stream model's definition has. */
export function regimePlaces({ model }: CompleteDefinition): number {
  return 'regimes' in model ? model.regimes : 1;
}

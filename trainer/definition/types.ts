/**
 * The trainer definition, the one document that says what a trainer measures, decides, learns from and remembers.
 * `TrainerDefinition` is what a person writes: everything that has a default may be left out. `CompleteDefinition` is the
 * same with every default filled in (see complete.ts); all other code works on that.
 *
 * Values are in engineering units. A register holds round(value * scale).
 */
import { familyOf } from './families';

import type { CompleteStartRule, StartRule } from './start_rule';

/** One measured value, or one channel of a stream. */
export interface FeatureDefinition {
  name: string;
  /** Identity: what was learned belongs to it, whatever the name and the place in the list. Default: the name. */
  id?: string;
  unit?: string;
  min: number;
  max: number;
  /** Register units per engineering unit. */
  scale?: number;
}

export interface ClassDefinition {
  label: string;
  /** Identity, as of a feature. Default: the label. */
  id?: string;
  /** Value of the actuation register when this class is decided, -32768..32767. */
  actuation?: number;
  /** Least time that the plant stays in this class, seconds. */
  holdSeconds?: number;
  /** Labels of classes that never follow this one directly. */
  opposed?: string[];
  /** Weight in the training loss; used with class weights "explicit" only. */
  weight?: number;
}

export type ModelType = 'svm-linear' | 'svm-kernel' | 'esn' | 'correlation' | 'process';

interface SvmSettings {
  cost?: number;
  tolerance?: number;
  maxEpochs?: number;
  classWeights?: 'none' | 'balanced' | 'explicit';
  warmStart?: boolean;
}

export interface SvmLinearSettings extends SvmSettings {
  type: 'svm-linear';
}

export interface SvmKernelSettings extends SvmSettings {
  type: 'svm-kernel';
  kernel?: 'rbf' | 'polynomial' | 'linear';
  gamma?: number;
  coef0?: number;
  degree?: number;
  svBudget?: number;
}

export interface EsnSettings {
  type: 'esn';
  units?: number;
  reservoir?: 'cycle' | 'sparse';
  readout?: 'ridge' | 'rls';
  cycleWeight?: number;
  inputWeight?: number;
  leak?: number;
  ridge?: number;
  washout?: number;
  window?: number;
  hop?: number;
  calibration?: number;
  falseAlarm?: number;
  alarmOn?: number;
  alarmOff?: number;
  patterns?: number;
  decimation?: number;
  forgetting?: number;
  learningSamples?: number;
}

export interface CorrelationSettings {
  type: 'correlation';
  window?: number;
  hop?: number;
  scoreEvery?: number;
  lags?: number;
  learningWindows?: number;
  covariance?: 'full' | 'diagonal';
  regimes?: number;
  /** Name of the channel that tells the operating point; empty = none. */
  context?: string;
  /** In the unit of that channel. */
  contextTolerance?: number;
  falseAlarm?: number;
  offShare?: number;
  alarmOn?: number;
  alarmOff?: number;
  patterns?: number;
  decimation?: number;
}

export interface ProcessSettings {
  type: 'process';
  window?: number;
  lags?: number;
  learningSamples?: number;
  ridge?: number;
  margin?: number;
  alarmOn?: number;
  alarmOff?: number;
  patterns?: number;
  decimation?: number;
}

export type ModelSettings =
  | SvmLinearSettings
  | SvmKernelSettings
  | EsnSettings
  | CorrelationSettings
  | ProcessSettings;

interface TicketSettings {
  settleSeconds?: number;
  expireSeconds?: number;
  tickets?: number;
  /** What the board does when the feedback looks wrong. */
  suspicion?: 'pause' | 'report' | 'off';
}

export interface LabelRule extends TicketSettings {
  rule: 'label';
}

export interface DeadBandRule extends TicketSettings {
  rule: 'dead-band';
  setPoint: number;
  /** Half width: an outcome within setPoint +- band is satisfactory. */
  band: number;
  scale?: number;
  unit?: string;
  /** Label of the class that would have been right when the outcome is too low, too high. */
  tooLow: string;
  tooHigh: string;
}

export interface LimitRule extends TicketSettings {
  rule: 'limit';
  limit: number;
  side: 'above' | 'below';
  scale?: number;
  unit?: string;
  /** Label of the class that would have been right when the outcome is beyond the limit. */
  truth: string;
}

export type FeedbackSettings = LabelRule | DeadBandRule | LimitRule;

export interface StitchingSettings {
  capacity?: number;
  satisfactoryShare?: number;
  holdOutEvery?: number;
}

export interface TrainingSettings {
  mode?: 'auto' | 'manual' | 'frozen';
  minNewSamples?: number;
  minSamples?: number;
  accuracyWindow?: number;
  accuracyThreshold?: number | 'always';
  cooldownSeconds?: number;
  driftTrainings?: number;
}

export interface SaveSettings {
  intervalSeconds?: number;
}

export interface TrainerDefinition {
  name?: string;
  /** Name of a board of boards.json. */
  board?: string;
  /** What a supervised model decides from. */
  features?: FeatureDefinition[];
  /** What a stream model (correlation, process, esn) listens to, instead of features. */
  channels?: FeatureDefinition[];
  classes?: ClassDefinition[];
  defaultClass?: string;
  /** What decides before others have earned their word. */
  startRule?: StartRule;
  storage?: 'int8' | 'int16';
  scaling?: 'range' | 'standard';
  outOfRange?: 'refuse' | 'clamp';
  seed?: number;
  model: ModelSettings;
  feedback?: FeedbackSettings;
  stitching?: StitchingSettings;
  training?: TrainingSettings;
  save?: SaveSettings;
  /** Stream models: names of the anomaly patterns 1, 2, ...; empty = none. Kept on the host, never sent. */
  patternNames?: string[];
}

type Complete<T> = T extends unknown ? Required<T> : never;

/** A definition with nothing left out. `features` holds the channels when the model is a stream model. */
export interface CompleteDefinition {
  name: string;
  board: string;
  features: Required<FeatureDefinition>[];
  classes: Required<ClassDefinition>[];
  /** Empty for a stream model. */
  defaultClass: string;
  startRule: CompleteStartRule;
  storage: 'int8' | 'int16';
  scaling: 'range' | 'standard';
  outOfRange: 'refuse' | 'clamp';
  seed: number;
  model: Complete<ModelSettings>;
  feedback: Complete<FeedbackSettings>;
  stitching: Required<StitchingSettings>;
  training: Required<TrainingSettings>;
  save: Required<SaveSettings>;
  patternNames?: string[];
}

/** Whether the definition's model learns from a stream instead of from judged decisions. */
export function isStream(definition: { model: { type: ModelType } }): boolean {
  return familyOf(definition.model.type).stream;
}

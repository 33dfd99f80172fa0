/** What a display shows of one trainer: plain data, small enough to be sent whole, named so that a change of it is a small one. */
import type { BusState } from '../bus';
import type { CompleteDefinition } from '../definition';
import type { AlarmAnswer, Evaluation, Identity, Pattern, TrainerStatus, Voice } from '../device';
import type { LinkFault, SessionState } from '../session';
import type { Word } from '../text';

/** A sentence of the display's own catalogue. */
export interface Saying {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export interface Link {
  readonly kind: SessionState['kind'];
  /** Only with "lost". */
  readonly fault?: LinkFault;
  /** The system's own message about it; why the definition of the device is not on the board. */
  readonly why?: Word;
}

/** A decision and, as soon as it is known, whether it was right. */
export interface ShownDecision {
  /** Seconds since 1970. */
  readonly at: number;
  readonly label: string;
  readonly by: string;
  readonly confidence: number;
  readonly judgement?: 'satisfied' | 'unsatisfied' | 'discarded';
  readonly truth?: string;
}

export interface ShownRecord {
  /** Seconds since 1970, as far as the board's clock tells. */
  readonly at: number;
  readonly event: string;
  /** Which of the things that the event may mean; see LogRecord. */
  readonly detail?: string;
  readonly a: number;
  readonly b: number;
  readonly generation: number;
  readonly text: string;
}

/** Seconds since 1970; then shares from 0 to 1, null = not known: outcomes that were satisfactory, start rule, last truth. */
export type AccuracyPoint = readonly [number, number | null, number | null, number | null];

/** Seconds since 1970, score, threshold. */
export type ScorePoint = readonly [number, number, number];

export interface ShownStream {
  readonly alarm: boolean;
  /** What somebody has answered to this alarm. */
  readonly answer?: AlarmAnswer;
  /** Seconds since 1970; undefined = before anybody looked. */
  readonly answeredAt?: number;
  readonly newPattern: boolean;
  readonly calibrated: boolean;
  readonly learning: boolean;
  readonly machineOff: boolean;
  readonly notLearned: boolean;
  readonly stopped: boolean;
  readonly constantChannels: readonly number[];
  readonly regime: number;
  readonly pattern: number;
  readonly patternName: string;
  readonly score: number;
  readonly threshold: number;
  readonly windows: number;
  readonly samplesLost: number;
  readonly residuals: readonly number[];
}

/** The window of a stream that a network decides about. */
export interface ShownWindow {
  /** Samples it holds, and as many as a decision takes. */
  readonly held: number;
  readonly needed: number;
  /** No samples come: what it holds is too old, and the next sample begins a new one. */
  readonly stopped: boolean;
}

export interface ShownLayer {
  readonly kind: string;
  /** Height, width and channels of what it gives. */
  readonly shape: readonly number[];
  readonly parameters: number;
  /** Of them trained. */
  readonly trained: number;
  /** Of one generation. */
  readonly bytes: number;
}

export interface ShownOutputError {
  readonly name: string;
  readonly unit: string;
  /** Mean absolute error of the running model, engineering units; null = not evaluated. */
  readonly error: number | null;
  /** Of the rule that always says the mean. */
  readonly meanError: number | null;
}

export interface Card {
  readonly name: string;
  readonly unit: number;
  readonly wire: string;
  /** The settings are wrong: why, in the language of the runtime. */
  readonly problem?: string;
  readonly link: Link;
  readonly lock?: TrainerStatus['lock'];
  readonly hasKey?: boolean;
  readonly board?: Pick<Identity, 'board' | 'firmwareVersion' | 'serialNumber' | 'arenaBytes'>;
  readonly match?: 'same' | 'different' | 'none' | 'not-given';
  /** It has a definition that can be deployed. */
  readonly deployable?: boolean;
  readonly definition?: {
    readonly model: string;
    readonly stream: boolean;
    readonly linear: boolean;
    readonly classes: readonly string[];
    readonly defaultClass: string;
    /** Continuous outputs; empty: it decides between classes. */
    readonly outputs: readonly {
      readonly name: string;
      readonly unit: string;
      readonly min: number;
      readonly max: number;
    }[];
    readonly features: readonly {
      readonly name: string;
      readonly unit: string;
      readonly min: number;
      readonly max: number;
    }[];
  };
  readonly status?: Pick<
    TrainerStatus,
    | 'mode'
    | 'frozenBy'
    | 'generation'
    | 'previousGeneration'
    | 'windowFilled'
    | 'samplesStored'
    | 'samplesCapacity'
    | 'samplesNew'
    | 'samplesHeldOut'
    | 'memoryUsedBytes'
    | 'saveState'
    | 'drift'
  > & {
    readonly windowAccuracy: number | null;
    /** What a frozen trainer does again when it is unfrozen. */
    readonly modeBefore: 'auto' | 'manual';
  };
  /** Seconds since 1970; undefined = never. */
  readonly savedAt?: number;
  readonly waits?: Saying;
  readonly job?: {
    readonly doing: string;
    readonly progress: number;
    /** Seconds; undefined = not known yet. */
    readonly left?: number;
  };
  readonly voices?: readonly Pick<Voice, 'name' | 'accuracy' | 'truths'>[];
  readonly suspicion?: string;
  /** Of a network: shape of the input, and its layers as the firmware plans them. */
  readonly network?: { readonly input: readonly number[]; readonly layers: readonly ShownLayer[] };
  readonly window?: ShownWindow;
  /** Of a network, the training that runs or was the last: epoch, loss, error on the held-out samples (null = none held out). */
  readonly curve?: readonly (readonly [number, number, number | null])[];
  readonly outputErrors?: readonly ShownOutputError[];
  readonly perClass?: readonly number[];
  readonly evaluation?: Pick<
    Evaluation,
    'confusion' | 'samples' | 'accuracy' | 'balancedAccuracy' | 'generation'
  >;
  readonly stream?: ShownStream;
  readonly patterns?: readonly Pattern[];
  readonly regimes?: readonly string[];
  readonly bus?: {
    readonly state: BusState;
    readonly waiting: number;
    readonly meanReplyMs: number;
    readonly requests: number;
    readonly timeouts: number;
    readonly crcErrors: number;
    readonly reconnects: number;
  };
  /** By number, so that a new one is a small change. */
  readonly points?: Readonly<Record<string, AccuracyPoint>>;
  readonly scores?: Readonly<Record<string, ScorePoint>>;
  readonly decisions?: Readonly<Record<string, ShownDecision>>;
  readonly log?: Readonly<Record<string, ShownRecord>>;
  /** How the last long job that was started here ended. */
  readonly notice?: { readonly number: number; readonly text: string; readonly bad: boolean };
}

/** What has to happen before the board trains by itself; in the order in which the board looks (train_on_demand.c). */
export function waitsFor(
  status: TrainerStatus,
  definition: CompleteDefinition,
  onlyClass: string | undefined,
): Saying | undefined {
  const { training } = definition;
  const say = (key: string, values: Saying['values'] = {}): Saying => ({ key, values });
  if (status.mode === 'frozen') return say('frozen');
  if (status.mode === 'manual') return say('command');
  if (status.samplesStored < training.minSamples)
    return say('samples', { stored: status.samplesStored, needed: training.minSamples });
  if (onlyClass !== undefined) return say('otherClass', { label: onlyClass });
  if (status.samplesNew < Math.max(1, training.minNewSamples))
    return say('newSamples', { got: status.samplesNew, needed: Math.max(1, training.minNewSamples) });
  if (status.generation === 0) return undefined;
  const { accuracyThreshold } = training;
  if (typeof accuracyThreshold !== 'number') return undefined;
  const { samplesStored: stored, samplesNew: fresh, samplesCapacity } = status;
  const more = Math.min(stored - 2 * fresh, Math.ceil(samplesCapacity / 2) - fresh);
  if (accuracyThreshold > 0 && more <= 0) return undefined;
  if (status.windowAccuracy === undefined) return say('judgement');
  if (status.windowAccuracy >= accuracyThreshold)
    return say(accuracyThreshold > 0 ? 'worse' : 'command', {
      percent: Math.round(100 * status.windowAccuracy),
      threshold: Math.round(100 * accuracyThreshold),
      more,
    });
  return undefined;
}

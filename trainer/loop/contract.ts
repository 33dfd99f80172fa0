/** What a loop needs from its plant and its trainer, and what it reports. */
import type { CompleteDefinition } from '../definition';
import type { Decision, Features, Outcome, Verdict } from '../device';
import { type Text, text, WordedError } from '../text';
import type { HeldBy } from './holding';

/** The plant at one moment. */
export interface Reading {
  /** Of a window the sample that the plant gives now; undefined: the stream gives all of them. */
  readonly features: Features | undefined;
  /** Process value afterwards; undefined: outcomes come by themselves, with `Loop.judge`. */
  readonly outcome: number | undefined;
  /** A new outcome is there whenever this changes; undefined: after the settling time. */
  readonly counter: number | undefined;
  /** Somebody runs the plant by hand. */
  readonly override: boolean;
  /** The plant refuses to be run. */
  readonly interlock: boolean;
}

export interface LoopPlant {
  /** @throws what the PLC says; FeaturesError */
  read(): Promise<Reading>;
  write(value: number): Promise<void>;
}

/** What the trainer has learned so far. */
export interface Learning {
  readonly generation: number;
  readonly samples: number;
  /** Samples that the first training needs. */
  readonly needed: number;
  /** All samples are of this class. */
  readonly onlyClass: string | undefined;
}

export interface LoopTrainer {
  /** Its definition, brought onto the board where it is not there. @throws why it cannot be, or why the trainer is away */
  ready(): Promise<CompleteDefinition>;
  infer(features: Features | undefined): Promise<Decision>;
  feedback(ticket: number, outcome: Outcome): Promise<Verdict>;
  /** Set point or limit of the rule at the last verdict, which somebody else may have moved; undefined: that of the definition. */
  setPoint(): number | undefined;
  learning(): Learning;
}

/** There are no features to decide by. */
export class FeaturesError extends WordedError {
  readonly code = 'NO_FEATURES';
  readonly what: 'none' | 'old';

  constructor(what: 'none' | 'old', seconds = 0) {
    super(text(`loop.features.${what}`, { seconds }));
    this.what = what;
  }
}

/** The trainer cannot decide: it is away, or has no definition. */
export class NotReadyError extends WordedError {
  readonly code = 'LOOP_NOT_READY';
  readonly what: 'connecting' | 'noDefinition' | 'stream';

  constructor(what: 'connecting' | 'noDefinition' | 'stream') {
    super(text(`loop.${what}`));
    this.what = what;
  }
}

/** The trainer does not answer, or its wire is lost. */
export class AwayError extends WordedError {
  readonly code = 'LOOP_AWAY';

  constructor(why: Text) {
    super(why);
  }
}

/** Why a loop puts its fail-safe value. */
export type FailSafeReason = 'plant' | 'features' | 'trainer';

export type LoopState =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running';
      readonly decision: Decision;
      /** The value in effect at the plant. */
      readonly value: number;
      /** The decision waits: its value may not be put yet. */
      readonly heldBy: HeldBy | undefined;
      /** Process value, else the first feature, with its unit. */
      readonly measured: number | undefined;
      readonly unit: string;
      /** What was measured is a process value, and where the rule wants it. */
      readonly held: boolean;
      readonly learning: Learning;
    }
  | {
      readonly kind: 'by-hand';
      /** Why the trainer could not decide now; undefined: it could. */
      readonly away: Error | undefined;
    }
  | { readonly kind: 'interlocked'; readonly written: boolean; readonly away: Error | undefined }
  | {
      readonly kind: 'fail-safe';
      readonly why: FailSafeReason;
      readonly error: Error;
      /** Whether the value reached the plant. */
      readonly written: boolean;
    };

export interface LoopEvents {
  state: [LoopState];
  /** A value was put; `decision` is undefined for the fail-safe value. */
  put: [{ readonly value: number; readonly decision: Decision | undefined }];
  verdict: [{ readonly verdict: Verdict; readonly outcome: Outcome }];
  /** An outcome that the trainer did not take; the loop goes on. */
  notTaken: [Error];
}

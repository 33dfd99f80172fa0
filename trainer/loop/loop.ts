/**
 * The closed loop of a plant and a trainer: reads, judges the decision before, asks for the next one, puts its value. It keeps the
 * tickets, and puts the fail-safe value whenever it cannot decide. One step each time somebody calls `step`; it has no clock of its own.
 */
import { EventEmitter } from 'node:events';
import { BusError } from '../bus';
import type { CompleteDefinition } from '../definition';
import {
  type Decision,
  type Features,
  InputError,
  type Outcome,
  ProtocolError,
  TrainerError,
  type Verdict,
} from '../device';
import { text } from '../text';
import {
  type FailSafeReason,
  FeaturesError,
  type LoopEvents,
  type LoopPlant,
  type LoopState,
  type LoopTrainer,
  NotReadyError,
  type Reading,
} from './contract';
import { type HeldBy, Holding, type HoldingTimes, type InEffect } from './holding';
import { isHeld, outcomeOf, processValueOf } from './outcome';

export interface LoopOptions extends HoldingTimes {
  /** Actuation value while nothing can be decided. */
  readonly failSafe: number;
  /** Time from a decision to its outcome, milliseconds; undefined: that of the definition's rule. */
  readonly settleMs?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  readonly before?: Carried;
}

/** A decision whose value is in effect, and whether it was judged. */
interface Open {
  readonly decision: Decision;
  readonly at: number;
  judged: boolean;
}

/** What a loop that begins anew takes over. */
export interface Carried {
  readonly inEffect: InEffect;
  readonly open: Open | undefined;
  readonly counter: number | undefined;
  readonly hearsOutcomes: boolean;
}

/** Trainer and features are there within this time after the start, or they are away. */
const CONNECT_MS = 10_000;

/** Answers of a trainer that has nothing to decide by. */
const OF_FEATURES: readonly unknown[] = ['FEATURE_RANGE', 'WINDOW_SHORT', 'WINDOW_STOPPED'];

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** The trainer answered, and does not take this; it is there all the same. */
const isAnswer = (error: unknown): boolean =>
  error instanceof TrainerError || error instanceof InputError || error instanceof ProtocolError;

function settleMsOf({ feedback }: CompleteDefinition): number {
  return 'settleSeconds' in feedback ? 1000 * feedback.settleSeconds : 0;
}

function firstOf(
  { features: [first] }: CompleteDefinition,
  features: Features | undefined,
): number | undefined {
  if (features === undefined) return undefined;
  const named = features as Readonly<Record<string, number>>;
  return Array.isArray(features) ? (features[0] as number | undefined) : named[first?.name ?? ''];
}

export class Loop {
  private readonly plant: LoopPlant;
  private readonly trainer: LoopTrainer;
  private readonly options: LoopOptions;
  private readonly holding: Holding;
  private readonly events = new EventEmitter<LoopEvents>();
  private open: Open | undefined;
  private counter: number | undefined;
  /** Process values come by message, so that nobody can read one when the settling time is over. */
  private hearsOutcomes: boolean;
  /** The feedback rule, once the trainer was ready. */
  private rule: CompleteDefinition['feedback']['rule'] | undefined;
  private measured: number | undefined;
  private current: LoopState = { kind: 'starting' };
  /** Steps and judgements go one after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  private stepping: Promise<void> | undefined;
  private ended = false;
  /** Until then a trainer that is being connected, and features that are yet to come, are no reason for the fail-safe value. */
  private settledAt: number;

  constructor(plant: LoopPlant, trainer: LoopTrainer, options: LoopOptions) {
    this.plant = plant;
    this.trainer = trainer;
    this.options = options;
    const { before, now } = options;
    this.holding = new Holding(options, now(), before?.inEffect);
    this.open = before?.open;
    this.counter = before?.counter;
    this.hearsOutcomes = before?.hearsOutcomes ?? false;
    this.settledAt = now() + CONNECT_MS;
  }

  get state(): LoopState {
    return this.current;
  }

  /** Ticket of the decision that is in effect. */
  get ticket(): number | undefined {
    return this.open?.decision.ticket;
  }

  on<E extends keyof LoopEvents>(event: E, listener: (...args: LoopEvents[E]) => void): this {
    (this.events as EventEmitter).on(event, listener as (...args: unknown[]) => void);
    return this;
  }

  /** Goes round once. Never rejects: what is wrong is in the state. While it goes round, the same round is returned. */
  step(): Promise<void> {
    this.stepping ??= this.inTurn(() => this.round()).finally(() => {
      this.stepping = undefined;
    });
    return this.stepping;
  }

  /**
   * An outcome that comes by itself, of the decision in effect or of the one with `ticket`. A process value without a ticket is one of
   * many: the first one after the settling time judges the decision, the others only say where the plant is.
   * @returns undefined when it judges nothing
   * @throws InputError without a decision, what the trainer says
   */
  judge(outcome: Outcome | number, ticket?: number): Promise<Verdict | undefined> {
    return this.inTurn(async () => {
      const value = processValueOf(outcome);
      if (value === undefined) return this.reportOf(outcome as Outcome, ticket);
      const oneOfMany = ticket === undefined && this.rule !== 'label';
      const definition = await this.readyDefinition().catch((error: unknown) => {
        // The state says why; of many process values each would say it again.
        if (!oneOfMany) throw error;
      });
      if (definition === undefined) return undefined;
      this.look(definition, value);
      if (ticket === undefined && this.rule !== 'label') return this.judgeHeard(definition, value);
      return this.reportOf(typeof outcome === 'number' ? outcomeOf(definition, value) : outcome, ticket);
    });
  }

  /** Ends the loop: what is under way comes to its end, then nothing is put any more. @returns what the next loop takes over */
  async handOver(): Promise<Carried> {
    this.ended = true;
    await this.turn;
    const { open, counter, hearsOutcomes } = this;
    return { inEffect: this.holding.state, open, counter, hearsOutcomes };
  }

  /** Ends the loop and puts the fail-safe value. @returns whether it reached the plant */
  async end(): Promise<boolean> {
    await this.handOver();
    return this.put(this.options.failSafe, undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.turn.then(work, work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async round(): Promise<void> {
    if (this.ended) return;
    // Whatever the plant does, the board gets its definition.
    const definition = await this.readyDefinition().catch(asError);
    if (this.ended) return;
    const away = definition instanceof Error ? definition : undefined;
    let reading: Reading;
    try {
      reading = await this.plant.read();
    } catch (error) {
      if (!this.ended) await this.doWithout(error, away);
      return;
    }
    if (this.ended) return;
    if (reading.override) return this.leaveToHand(reading, away);
    if (reading.interlock) return this.standStill(reading, away);
    if (definition instanceof Error) {
      if (!this.isStarting(definition)) await this.fallBack('trainer', definition);
      return;
    }
    this.settledAt = 0;
    try {
      const waits = await this.judgeReading(definition, reading);
      if (!this.ended) await this.decide(definition, reading, waits);
    } catch (error) {
      if (this.ended) return;
      const { code } = error as { code?: unknown };
      const features = error instanceof InputError || OF_FEATURES.includes(code);
      await this.fallBack(features ? 'features' : 'trainer', error);
    }
  }

  private async readyDefinition(): Promise<CompleteDefinition> {
    const definition = await this.trainer.ready();
    this.rule = definition.feedback.rule;
    return definition;
  }

  /** There is no reading. A trainer that is away is said before features that are missing: without it they would be of no use. */
  private async doWithout(error: unknown, away: Error | undefined): Promise<void> {
    if (!(error instanceof FeaturesError)) await this.fallBack('plant', error);
    else if (away === undefined) {
      if (!(this.begins && error.what === 'none')) await this.fallBack('features', error);
    } else if (!this.isStarting(away)) await this.fallBack('trainer', away);
  }

  private get begins(): boolean {
    return this.options.now() < this.settledAt;
  }

  /** Why the trainer is away, once that is worth saying. */
  private newsOf(away: Error | undefined): Error | undefined {
    return away === undefined || this.isStarting(away) ? undefined : away;
  }

  /** The trainer is being connected for the first time. */
  private isStarting(away: Error): boolean {
    return this.begins && away instanceof NotReadyError && away.what === 'connecting';
  }

  /** A process value is shown; the index of a class is none. */
  private look({ feedback }: CompleteDefinition, outcome: number): void {
    if (feedback.rule !== 'label') this.measured = outcome;
  }

  /** Judges the decision in effect when its outcome is there. @returns whether it still waits for it */
  private async judgeReading(definition: CompleteDefinition, reading: Reading): Promise<boolean> {
    const { outcome, counter } = reading;
    const before = this.counter;
    this.counter = counter;
    if (outcome === undefined) return this.waitsToHear(definition);
    this.look(definition, outcome);
    const { open } = this;
    if (open === undefined || open.judged) return false;
    if (counter !== undefined) {
      if (before === undefined || counter === before) return false;
      await this.tellReading(definition, outcome, open);
      return false;
    }
    if (this.age(open) < this.settleMs(definition)) return true;
    await this.tellReading(definition, outcome, open);
    return !open.judged;
  }

  private age({ at }: Open): number {
    return this.options.now() - at;
  }

  private settleMs(definition: CompleteDefinition): number {
    return this.options.settleMs ?? settleMsOf(definition);
  }

  /** Process values come by message: whether the decision stands until the first one after its settling time, or for twice that time. */
  private waitsToHear(definition: CompleteDefinition): boolean {
    const { open, hearsOutcomes } = this;
    return hearsOutcomes && open?.judged === false && this.age(open) < 2 * this.settleMs(definition);
  }

  /** A process value that came by message. */
  private async judgeHeard(definition: CompleteDefinition, value: number): Promise<Verdict | undefined> {
    this.hearsOutcomes = true;
    const { open } = this;
    if (open === undefined || open.judged || this.age(open) < this.settleMs(definition)) return undefined;
    return this.tellReading(definition, value, open);
  }

  private async tellReading(
    definition: CompleteDefinition,
    outcome: number,
    open: Open,
  ): Promise<Verdict | undefined> {
    try {
      return await this.report(open.decision.ticket, outcomeOf(definition, outcome), open);
    } catch (error) {
      if (!isAnswer(error)) throw error;
      // Unknown after a restart of the board, expired, or no value of the rule: nothing is learned from it.
      open.judged = true;
      this.events.emit('notTaken', asError(error));
      return undefined;
    }
  }

  /** @throws InputError without a decision */
  private reportOf(outcome: Outcome, ticket: number | undefined): Promise<Verdict> {
    const open = ticket === undefined || ticket === this.ticket ? this.open : undefined;
    const number = ticket ?? open?.decision.ticket;
    if (number === undefined) throw new InputError('ticket', text('input.noDecision'));
    return this.report(number, outcome, open);
  }

  private async report(ticket: number, outcome: Outcome, open: Open | undefined): Promise<Verdict> {
    const verdict = await this.trainer.feedback(ticket, outcome);
    if (open !== undefined && verdict.judgement !== 'too-early') open.judged = true;
    this.events.emit('verdict', { verdict, outcome });
    return verdict;
  }

  private async decide(definition: CompleteDefinition, { features }: Reading, waits: boolean): Promise<void> {
    const { open } = this;
    if (waits && open !== undefined) {
      // A PLC that has restarted has lost the value.
      await this.carryOut(definition, open.decision, open.decision.actuation, undefined);
      return;
    }
    const decision = await this.trainer.infer(features);
    if (this.ended) return;
    const now = this.options.now();
    const heldBy = this.holding.refusal(decision.actuation, now);
    if (heldBy === undefined) this.open = { decision, at: now, judged: false };
    const value = heldBy === undefined ? decision.actuation : (this.holding.value ?? this.options.failSafe);
    const first = firstOf(definition, features);
    await this.carryOut(definition, decision, value, heldBy, first);
  }

  private async carryOut(
    definition: CompleteDefinition,
    decision: Decision,
    value: number,
    heldBy: HeldBy | undefined,
    first?: number,
  ): Promise<void> {
    if (this.ended || !(await this.put(value, decision))) return;
    const { feedback, features } = definition;
    const outcome = this.measured;
    const ruleUnit = 'unit' in feedback ? feedback.unit : '';
    this.become({
      kind: 'running',
      decision,
      value,
      heldBy,
      measured: outcome ?? first,
      unit: outcome === undefined ? (features[0]?.unit ?? '') : ruleUnit,
      held: outcome !== undefined && isHeld(definition, outcome, this.trainer.setPoint()),
      learning: this.trainer.learning(),
    });
  }

  /** Writes a value. @returns false when the plant did not take it; the state says so then */
  private async put(value: number, decision: Decision | undefined): Promise<boolean> {
    try {
      await this.plant.write(value);
    } catch (error) {
      this.open = undefined;
      if (decision !== undefined)
        this.become({ kind: 'fail-safe', why: 'plant', error: asError(error), written: false });
      return false;
    }
    this.holding.put(value, this.options.now());
    this.events.emit('put', { value, decision });
    return true;
  }

  private async fallBack(why: FailSafeReason, reason: unknown): Promise<void> {
    // Shows the state before the write: at a plant that is away, the write ends with its time-out only.
    if (why === 'plant') this.become({ kind: 'fail-safe', why, error: asError(reason), written: false });
    // What comes next is not the outcome of the decision before.
    if (why === 'trainer') this.open = undefined;
    else await this.discard('sensor-fault');
    const written = await this.put(this.options.failSafe, undefined);
    this.become({ kind: 'fail-safe', why, error: asError(reason), written });
  }

  private async leaveToHand({ counter }: Reading, away: Error | undefined): Promise<void> {
    await this.discard('manual-override');
    this.counter = counter;
    this.holding.release(this.options.now());
    this.become({ kind: 'by-hand', away: this.newsOf(away) });
  }

  private async standStill({ counter }: Reading, away: Error | undefined): Promise<void> {
    await this.discard('other');
    this.counter = counter;
    const written = await this.put(this.options.failSafe, undefined);
    this.become({ kind: 'interlocked', written, away: this.newsOf(away) });
  }

  /** The decision in effect is not learned from. */
  private async discard(discard: 'sensor-fault' | 'manual-override' | 'other'): Promise<void> {
    const { open } = this;
    this.open = undefined;
    if (open === undefined || open.judged) return;
    try {
      await this.report(open.decision.ticket, { discard }, open);
    } catch (error) {
      // It expires on the board by itself.
      if (!(error instanceof BusError)) this.events.emit('notTaken', asError(error));
    }
  }

  private become(state: LoopState): void {
    this.current = state;
    this.events.emit('state', state);
  }
}

/** Decisions and their feedback: the part of the protocol that runs all day. One transaction each where the path supports it. */

import {
  Blocks,
  DecidedBy,
  DiscardReason,
  FeedbackKind,
  Judgement,
  Registers,
  TrainerErrors,
} from '../contract/contract.generated';
import { type CompleteDefinition, outputsOf, windowOf } from '../definition';
import { text } from '../text';
import type { AccessOptions, UnitAccess } from './access';
import { ArraySender } from './array_sender';
import { InputError, ProtocolError, TrainerError } from './errors';
import { classIndex, type Features, type InputWords, inputWords, outcomeRegister } from './features';
import type { Lock } from './lock';
import { isBusy, whileBusy } from './patience';
import { placeName } from './place_names';
import type { Discard } from './status';
import type { SampleSender } from './stream';
import { describeValues, type TargetValues, targetWords, valuesByName } from './targets';
import { task } from './task';
import { TICKET_MAX, TicketCounter } from './tickets';
import type { DecidedByWord } from './voices';
import { WindowInput } from './window_input';
import { allWords, codeOfWord, type WordOf, wordOf } from './words';

export interface Decision {
  /** Number to judge this decision by. */
  readonly ticket: number;
  readonly classIndex: number;
  /** The class; of continuous outputs their names and values, for people. */
  readonly label: string;
  /** Value for the actuator, as the definition gives it; the first continuous output. */
  readonly actuation: number;
  /** Continuous outputs by name, engineering units; only of a definition that has them. */
  readonly outputs?: Readonly<Record<string, number>>;
  /** The same as their registers hold them, in the order of the definition. */
  readonly registers?: readonly number[];
  /** Share of decisions with this confidence that came true; 0 = nothing has come true yet. */
  readonly confidence: number;
  /** Generation of the model that decided; 0 = untrained. */
  readonly generation: number;
  /** Whose word decided, or which limit of the plant held it back. */
  readonly by: DecidedByWord;
  /** Features whose value was outside its range and was taken as the nearest bound (definition: outOfRange "clamp"). */
  readonly clamped: readonly string[];
}

/** What is known afterwards about a decision; exactly one of them. */
export type Outcome =
  /** Process value, engineering units of the rule. */
  | { readonly outcome: number }
  /** What would have been right. */
  | { readonly label: string }
  /** What the continuous outputs should have been. */
  | { readonly target: TargetValues }
  /** What an operator did instead. */
  | { readonly override: string | TargetValues }
  /** It cannot be judged. */
  | { readonly discard: Discard }
  /** Stream models: the alarm was false, or real; a text is the name of its pattern. */
  | { readonly falseAlarm: true }
  | { readonly confirmed: true | string };

export interface Verdict {
  readonly ticket: number;
  readonly judgement: Exclude<WordOf<typeof Judgement>, 'none'>;
  /** Label that would have been right, or the targets; undefined when there is none. */
  readonly truth: string | undefined;
  /** Why it was discarded, or must be sent again later ("too-early"). */
  readonly reason?: Discard;
}

const DECISION = Blocks.decision;
/** Read whole: not as long as a decision, so that a late decision under the same ticket cannot be taken for a verdict, nor the reverse. */
const FEEDBACK = Blocks.feedback;
const NO_TRUTH = 65_535;
const PERMILLE = 1000;
/** Another master may come between the two halves of a write and read, or own the number. */
const ATTEMPTS = 5;
/** A decision that a board makes in slices. */
const DECISION_PAUSE_FIRST_MS = 2;
const DECISION_PAUSE_LAST_MS = 100;
/** A lesson that has to wait for a job. */
const LESSON_PAUSE_FIRST_MS = 5;
const LESSON_PAUSE_LAST_MS = 200;
const OUTCOME_FIELDS = [
  'outcome',
  'label',
  'target',
  'override',
  'discard',
  'falseAlarm',
  'confirmed',
] as const;

function checkTicket(ticket: unknown): asserts ticket is number {
  if (typeof ticket !== 'number' || !Number.isInteger(ticket) || ticket < 1 || ticket > TICKET_MAX)
    throw new InputError('ticket', text('input.whole', { least: 1, most: TICKET_MAX, got: String(ticket) }));
}

/** Values of a feedback: one, or the target of each continuous output. */
export interface FeedbackWords {
  readonly values: readonly number[];
  readonly targets: boolean;
}

const single = (value: number): FeedbackWords => ({ values: [value], targets: false });

/** What would have been right: a label, or targets where the definition has continuous outputs. */
export function truthWords(
  definition: CompleteDefinition,
  field: string,
  truth: string | TargetValues,
): FeedbackWords {
  return outputsOf(definition).length > 0 || typeof truth !== 'string'
    ? { values: targetWords(definition, field, truth), targets: true }
    : single(classIndex(definition, field, truth));
}

/** Kind and values of an outcome. */
export function outcomeWords(
  definition: CompleteDefinition,
  given: Outcome,
): FeedbackWords & { readonly kind: FeedbackKind } {
  const fields = OUTCOME_FIELDS.filter(
    (name) => (given as Record<string, unknown> | null)?.[name] !== undefined,
  );
  const [field] = fields;
  if (field === undefined || fields.length > 1)
    throw new InputError(
      'feedback',
      text('input.oneOf', {
        names: OUTCOME_FIELDS,
        got: fields.length === 0 ? text('input.none') : fields,
      }),
    );
  const values = given as {
    outcome: number;
    label: string;
    target: TargetValues;
    override: string | TargetValues;
    discard: string;
    falseAlarm: unknown;
    confirmed: unknown;
  };
  switch (field) {
    case 'outcome':
      return { kind: FeedbackKind.OUTCOME, ...single(outcomeRegister(definition, values.outcome)) };
    case 'label':
    case 'target':
      return { kind: FeedbackKind.LABEL, ...truthWords(definition, field, values[field]) };
    case 'override':
      return { kind: FeedbackKind.OVERRIDE, ...truthWords(definition, 'override', values.override) };
    case 'discard': {
      const value = codeOfWord(DiscardReason, String(values.discard));
      if (value === undefined)
        throw new InputError(
          'discard',
          text('input.noReason', { got: values.discard, names: allWords(DiscardReason) }),
        );
      return { kind: FeedbackKind.DISCARD, ...single(value) };
    }
    default:
      if (field === 'confirmed' && typeof values.confirmed === 'string') placeName(field, values.confirmed);
      else if (values[field] !== true)
        throw new InputError(field, text(field === 'confirmed' ? 'input.trueOrName' : 'input.true'));
      return {
        kind: field === 'confirmed' ? FeedbackKind.CONFIRMED : FeedbackKind.FALSE_ALARM,
        ...single(0),
      };
  }
}

export class ClosedLoop {
  private readonly access: UnitAccess;
  private readonly lock: Lock;
  private readonly tickets = new TicketCounter();
  private clampedTotal = 0;
  private readonly arrays: ArraySender;
  private readonly window: WindowInput;

  /** Values that were outside their range and were clamped, of all decisions so far. */
  get clampedValues(): number {
    return this.clampedTotal;
  }

  /** In force at the last verdict, in register units. */
  setPoint: number | undefined;

  constructor(access: UnitAccess, lock: Lock, sender: SampleSender) {
    this.access = access;
    this.lock = lock;
    this.arrays = new ArraySender(access, lock);
    this.window = new WindowInput(access, sender);
  }

  /**
   * One decision.
   * @param features undefined: the newest window of the stream. A window that is given goes through the stream, which begins anew behind it
   * @param ticket the caller's own number, so that the same inference can be asked for again
   */
  async infer(
    definition: CompleteDefinition,
    features: Features | undefined,
    ticket: number | undefined,
    how: AccessOptions,
  ): Promise<Decision> {
    if (ticket !== undefined) checkTicket(ticket);
    const window = windowOf(definition);
    const clamped: string[] = [];
    if (window !== undefined) {
      const newest = (): Promise<Omit<Decision, 'clamped'>> =>
        this.window.decided(window, how, (words) => this.decided(definition, { words }, ticket, how));
      const decision =
        features === undefined
          ? await newest()
          : await this.window.given(definition, window, features, { ...how, clamped }, newest);
      this.clampedTotal += clamped.length;
      return { ...decision, clamped };
    }
    const input = inputWords(definition, features, clamped);
    const decision = await this.arrays.inTurn(input, () => this.decided(definition, input, ticket, how));
    this.clampedTotal += clamped.length;
    return { ...decision, clamped };
  }

  private async decided(
    definition: CompleteDefinition,
    input: InputWords,
    ticket: number | undefined,
    how: AccessOptions,
  ): Promise<Omit<Decision, 'clamped'>> {
    for (let attempt = 1; ; attempt++) {
      const number = ticket ?? this.tickets.next();
      try {
        const decision = await this.made(definition, number, input, how);
        if (decision !== undefined) return decision;
      } catch (error) {
        if (!(error instanceof TrainerError)) throw error;
        if (error.number === TrainerErrors.FEATURE_RANGE.code) throw this.outOfRange(definition, error);
        const taken = error.number === TrainerErrors.TICKET_TAKEN.code && ticket === undefined;
        if (!taken || attempt >= ATTEMPTS) throw error;
        this.tickets.jump();
      }
      if (attempt >= ATTEMPTS) throw this.disturbed('inferences');
    }
  }

  /** Asks until the decision is made: one that takes long is made in slices, one at a time. */
  private async made(
    definition: CompleteDefinition,
    ticket: number,
    input: InputWords,
    how: AccessOptions,
  ): Promise<Omit<Decision, 'clamped'> | undefined> {
    return whileBusy(DECISION_PAUSE_FIRST_MS, DECISION_PAUSE_LAST_MS, async () => {
      const decision = await this.arrays.withArray(input, how, () =>
        this.ask(definition, ticket, input.words, how),
      );
      if (decision !== 'pending') return decision;
      throw new TrainerError(this.access.unit, task('inference'), TrainerErrors.BUSY.code, 0);
    });
  }

  private async ask(
    definition: CompleteDefinition,
    ticket: number,
    words: readonly number[],
    how: AccessOptions,
  ): Promise<Omit<Decision, 'clamped'> | 'pending' | undefined> {
    const window = await this.access.writeRead(
      {
        writeAddress: Registers.ticket.address,
        values: [ticket, ...words],
        readAddress: DECISION.address,
        quantity: DECISION.words,
        belongs: (reply) =>
          reply.number('decisionTicket') === ticket || reply.number('pendingTicket') === ticket,
      },
      { doing: task('inference'), priority: 'control', ...how },
    );
    if (window === undefined) return undefined;
    if (window.number('pendingTicket') === ticket) return 'pending';
    const index = window.number('decisionClass');
    const decided = definition.classes[index];
    const confidence = window.number('confidence');
    if (decided === undefined || confidence > PERMILLE)
      throw new ProtocolError(
        this.access.unit,
        text('protocol.confidence', { index, confidence, classes: definition.classes.length }),
      );
    const outputs = outputsOf(definition);
    const registers = window.numbers('outputs', outputs.length);
    const actuation = window.number('actuation');
    if (actuation !== (registers[0] ?? decided.actuation))
      throw new ProtocolError(
        this.access.unit,
        text('protocol.actuation', { index, actuation, expected: registers[0] ?? decided.actuation }),
      );
    const by = wordOf(DecidedBy, window.number('decidedBy'));
    if (by === undefined)
      throw new ProtocolError(
        this.access.unit,
        text('protocol.decidedBy', { code: window.number('decidedBy') }),
      );
    return {
      ticket,
      classIndex: index,
      ...(outputs.length === 0
        ? { label: decided.label, actuation }
        : {
            label: describeValues(definition, registers),
            actuation: actuation / (outputs[0]?.scale ?? 1),
            outputs: valuesByName(definition, registers),
            registers,
          }),
      confidence: confidence / PERMILLE,
      generation: window.number('decisionGeneration'),
      by,
    };
  }

  /** Judges one decision. The same again changes nothing and gets the same answer. */
  async judge(
    definition: CompleteDefinition,
    ticket: number,
    kind: FeedbackKind,
    { values, targets }: FeedbackWords,
    how: AccessOptions,
  ): Promise<Verdict> {
    checkTicket(ticket);
    const words = values.map((value) => value & 0xffff);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const window = await this.access.writeRead(
        {
          writeAddress: targets ? Blocks.targets.address : FEEDBACK.address,
          values: [ticket, kind, ...words],
          readAddress: FEEDBACK.address,
          quantity: FEEDBACK.words,
          belongs: (reply) =>
            reply.number('feedbackTicket') === ticket &&
            reply.number('feedbackKind') === kind &&
            (reply.number('feedbackValue') & 0xffff) === words[0],
        },
        { doing: text('client.task.feedback', { ticket }), priority: 'control', ...how },
      );
      if (window === undefined) continue;
      this.setPoint = window.number('setPoint');
      const judgement = wordOf(Judgement, window.number('feedbackJudgement'));
      const truth = window.number('feedbackTruth');
      const label = definition.classes[truth]?.label;
      if (judgement === undefined || judgement === 'none' || (truth !== NO_TRUTH && label === undefined))
        throw new ProtocolError(
          this.access.unit,
          text('protocol.judged', { ticket, judgement: window.number('feedbackJudgement'), truth }),
        );
      const discarded = judgement === 'discarded' || judgement === 'too-early';
      const reason = discarded ? wordOf(DiscardReason, window.number('feedbackReason')) : undefined;
      const right =
        label === undefined || outputsOf(definition).length === 0
          ? label
          : targets
            ? describeValues(definition, values)
            : await this.corrected(definition, ticket, how);
      return { ticket, judgement, truth: right, ...(reason === undefined ? {} : { reason }) };
    }
    throw this.disturbed('feedbacks');
  }

  /** The target that follows from an outcome, in words; undefined when another feedback has come meanwhile. */
  private async corrected(
    definition: CompleteDefinition,
    ticket: number,
    how: AccessOptions,
  ): Promise<string | undefined> {
    const window = await this.access.read(Blocks.targets.address, 2 + outputsOf(definition).length, {
      doing: text('client.task.feedback', { ticket }),
      priority: 'control',
      ...how,
    });
    return window.number('targetTicket') === ticket
      ? describeValues(definition, window.numbers('targets', outputsOf(definition).length))
      : undefined;
  }

  /**
   * One decision and at once its ground truth. While a training or a save holds the data set, waits for its end.
   * @param features as of infer
   */
  async teach(
    definition: CompleteDefinition,
    features: Features | undefined,
    truth: FeedbackWords,
    how: AccessOptions,
  ): Promise<Decision> {
    let decision = await this.infer(definition, features, undefined, how);
    let refused = false;
    return whileBusy(LESSON_PAUSE_FIRST_MS, LESSON_PAUSE_LAST_MS, async () => {
      const judge = (): Promise<Verdict> =>
        this.lock.upload({ doing: task('teaching'), ...how }, () =>
          this.judge(definition, decision.ticket, FeedbackKind.TEACH, truth, how),
        );
      try {
        await judge();
      } catch (error) {
        // Other decisions may meanwhile have pushed a refused one out of the board's memory: then asks for it again.
        const gone = error instanceof TrainerError && error.number === TrainerErrors.TICKET_UNKNOWN.code;
        // The window of then has moved on, and this truth is not that of a later one.
        if (!(refused && gone) || features === undefined) {
          refused = isBusy(error);
          throw error;
        }
        refused = false;
        decision = await this.infer(definition, features, undefined, how);
        await judge();
      }
      return decision;
    });
  }

  private outOfRange(definition: CompleteDefinition, error: TrainerError): TrainerError {
    const feature = definition.features[error.detail];
    return feature === undefined
      ? error
      : new TrainerError(this.access.unit, task('inference'), error.number, error.detail, {
          field: feature.name,
          what: text('client.featureRange', { feature: feature.name }),
        });
  }

  private disturbed(what: 'inferences' | 'feedbacks'): ProtocolError {
    return new ProtocolError(this.access.unit, text(`protocol.${what}`, { attempts: ATTEMPTS }));
  }
}

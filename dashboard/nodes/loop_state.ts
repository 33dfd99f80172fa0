/** What the Loop widget shows: the process value in its band, the decisions beside it, and the feedback on each. */
import { number, object, type Point, text } from './points';

export interface Band {
  readonly low: number | null;
  readonly high: number | null;
}

/** A decision holds until the next one. */
export interface Stretch {
  readonly time: number;
  readonly label: string;
  ticket: number;
  judgement: string;
}

export interface LoopView {
  readonly points: readonly Point[];
  readonly decisions: readonly Stretch[];
  readonly labels: readonly string[];
  readonly band: Band;
  readonly unit: string;
  readonly value: number | null;
  readonly label: string;
  readonly confidence: number | null;
  readonly ticket: number | null;
  /** What is known of the last decision; empty = nothing yet. */
  readonly judgement: string;
  readonly truth: string;
  readonly notice: string;
}

export type LoopChange = Omit<LoopView, 'points'> & { readonly add: readonly Point[] };

export interface Action {
  readonly what: 'right' | 'wrong' | 'override';
  /** What would have been right, or what is to be done instead. */
  readonly label?: string;
  /** The decision that the person saw. */
  readonly ticket: number | null;
}

interface Outgoing {
  topic: string;
  payload: unknown;
  ticket?: number;
}

const POINTS = 600;
const DECISIONS = 200;
const SILENCE_MS = 120_000;

type Fields = Readonly<Record<string, unknown>>;

export class LoopState {
  private points: Point[] = [];
  private fresh: Point[] = [];
  private heard = 0;
  private changed = false;
  private now: Omit<LoopView, 'points'>;

  constructor(labels: readonly string[], band: Band, unit: string) {
    this.now = {
      ...{ decisions: [], labels, band, unit, value: null, label: '', confidence: null, ticket: null },
      ...{ judgement: '', truth: '', notice: '' },
    };
  }

  /**
   * A message of an infer, a feedback or a loop node, or a process value.
   * @param value the process value that the message carries, if any
   */
  take(msg: Fields, value: number | undefined, time: number): void {
    const payload = object(msg.payload);
    const decision = [object(msg.edgeTrainer), payload].find(
      (fields) => number(fields?.ticket) !== undefined && text(fields?.label) !== undefined,
    );
    const error = object(msg.error);
    if (error !== undefined) {
      this.put({ notice: text(error.message) ?? '' });
      return;
    }
    if (payload !== undefined && text(payload.judgement) !== undefined) this.judged(payload);
    else if (decision !== undefined) this.decided(decision, time);
    if (value !== undefined) this.measured(value, time);
  }

  view(): LoopView {
    return { ...this.now, points: this.points };
  }

  tick(): LoopChange | undefined {
    if (!this.changed) return undefined;
    this.changed = false;
    const add = this.fresh;
    this.fresh = [];
    this.points = [...this.points, ...add].slice(-POINTS);
    return { ...this.now, add };
  }

  /** Messages for the outputs: feedback, and an override for whoever actuates; undefined = nothing to do. */
  act({ what, label, ticket }: Action): readonly [Outgoing, Outgoing | null] | undefined {
    const decision = this.now.decisions.find((candidate) => candidate.ticket === ticket);
    if (ticket === null || decision === undefined) return undefined;
    if (what === 'right') return [{ topic: 'outcome', payload: { label: decision.label }, ticket }, null];
    if (label === undefined || !this.now.labels.includes(label)) return undefined;
    if (what === 'wrong') return [{ topic: 'outcome', payload: { label }, ticket }, null];
    return [
      { topic: 'outcome', payload: { override: label }, ticket },
      { topic: 'override', payload: label, ticket },
    ];
  }

  private put(values: Partial<LoopView>): void {
    this.now = { ...this.now, ...values };
    this.changed = true;
  }

  private decided(fields: Fields, time: number): void {
    const label = text(fields.label) as string;
    const ticket = number(fields.ticket) as number;
    // The message of a decision that goes on through the flow is no second decision.
    if (ticket === this.now.ticket) return;
    const stretch = { time, label, ticket, judgement: '' };
    const { labels, decisions } = this.now;
    this.put({
      labels: labels.includes(label) ? labels : [...labels, label],
      decisions: [...decisions, stretch].slice(-DECISIONS),
      ...{ label, ticket, judgement: '', truth: '', notice: '' },
      confidence: number(fields.confidence) ?? null,
    });
  }

  private judged(fields: Fields): void {
    const judgement = text(fields.judgement) as string;
    const ticket = number(fields.ticket);
    const decisions = this.now.decisions.map((decision) =>
      decision.ticket === ticket ? { ...decision, judgement } : decision,
    );
    const mine = ticket === this.now.ticket;
    this.put({
      decisions,
      notice: '',
      ...(mine ? { judgement, truth: text(fields.truth) ?? '' } : {}),
    });
  }

  private measured(value: number, time: number): void {
    if (this.heard > 0 && time - this.heard > SILENCE_MS) this.fresh.push([time - 1, null]);
    this.heard = time;
    this.fresh.push([time, value]);
    this.put({ value });
  }
}

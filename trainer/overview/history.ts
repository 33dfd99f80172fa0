/** What is remembered of a trainer while nobody looks: how its accuracy went, and its last decisions. Nothing is read for it. */
import type { Decision, TrainerStatus, Verdict, VoicesStatus } from '../device';
import type { AccuracyPoint, ScorePoint, ShownDecision } from './card';

/** Points that are kept; a full list loses every second of its older half. */
const POINTS = 240;
const SCORES = 180;
const DECISIONS = 12;

const now = (): number => Math.round(Date.now() / 1000);

/** Keyed by a growing number. */
class Series<T> {
  private next = 1;
  private readonly most: number;
  private readonly thin: boolean;
  readonly items = new Map<number, T>();

  /** @param thin true: the past is thinned out instead of cut off */
  constructor(most: number, thin: boolean) {
    this.most = most;
    this.thin = thin;
  }

  add(item: T): void {
    this.items.set(this.next++, item);
    if (this.items.size <= this.most) return;
    const keys = [...this.items.keys()];
    if (!this.thin) this.items.delete(keys[0] as number);
    else for (let at = 1; at < keys.length / 2; at += 2) this.items.delete(keys[at] as number);
  }

  object(): Record<string, T> {
    return Object.fromEntries(this.items);
  }
}

export class History {
  readonly points = new Series<AccuracyPoint>(POINTS, true);
  readonly scores = new Series<ScorePoint>(SCORES, false);
  readonly decisions = new Map<number, ShownDecision>();
  private judged: number | undefined;
  private voices: VoicesStatus | undefined;

  /** A look at the status: a point for every judgement. */
  look(status: TrainerStatus): void {
    if (status.judged === this.judged) return;
    const first = this.judged === undefined;
    this.judged = status.judged;
    if (first && status.judged === 0) return;
    const share = (name: string): number | null =>
      this.voices?.voices.find((voice) => voice.name === name)?.accuracy ?? null;
    this.points.add([now(), status.windowAccuracy ?? null, share('start-rule'), share('last-truth')]);
  }

  heard(voices: VoicesStatus): void {
    this.voices = voices;
  }

  score(score: number, threshold: number): void {
    this.scores.add([now(), score, threshold]);
  }

  decided({ ticket, label, by, confidence }: Decision): void {
    // A number comes round again: the newest stands last.
    this.decisions.delete(ticket);
    this.decisions.set(ticket, { at: Date.now() / 1000, label, by, confidence });
    for (const old of this.decisions.keys()) {
      if (this.decisions.size <= DECISIONS) break;
      this.decisions.delete(old);
    }
  }

  judge({ ticket, judgement, truth }: Verdict): void {
    const decision = this.decisions.get(ticket);
    if (decision === undefined || judgement === 'too-early') return;
    this.decisions.set(ticket, { ...decision, judgement, ...(truth === undefined ? {} : { truth }) });
  }
}

/** What the Learning widget shows: accuracy beside what the plant had before, promotions, and the samples. */
import { number, object, type Point, text, thinned } from './points';

export interface Promotion {
  readonly time: number;
  readonly generation: number;
}

export interface LearningView {
  /** Accuracy of the last decisions, of the baseline, of the model; shares from 0 to 1. */
  readonly points: readonly Point[];
  readonly promotions: readonly Promotion[];
  readonly classes: readonly { readonly label: string; readonly count: number }[];
  readonly accuracy: number | null;
  readonly baseline: number | null;
  readonly generation: number | null;
  readonly samples: number | null;
  readonly capacity: number | null;
  readonly trainings: number | null;
  readonly state: string;
  readonly progress: number | null;
  readonly lost: boolean;
}

export type LearningChange = Omit<LearningView, 'points'> & { readonly add: readonly Point[] };

const POINTS = 600;
const PROMOTIONS = 60;
/** The line goes on over one missing status; only a longer silence is a gap. */
const SILENCE_MS = 120_000;

type Fields = Readonly<Record<string, unknown>>;

export class LearningState {
  private points: Point[] = [];
  private fresh: Point[] = [];
  private heard = 0;
  /** Records say more than statuses; once they come, statuses make no points. */
  private records = false;
  private changed = false;
  private now: Omit<LearningView, 'points'> = {
    ...{ promotions: [], classes: [], accuracy: null, baseline: null, generation: null, samples: null },
    ...{ capacity: null, trainings: null, state: '', progress: null, lost: false },
  };

  /** A message of a monitor (status, event or record), or the counts of a dataset node. */
  take(msg: Fields, time: number): void {
    const payload = object(msg.payload);
    if (payload === undefined) return;
    if (Array.isArray(payload.perClass)) this.counts(payload.perClass);
    else if (text(payload.event) !== undefined) this.event(payload, number(payload.time) ?? time);
    else if (payload.record === 'status') this.record(payload, number(payload.time) ?? time);
    else if (text(payload.state) !== undefined && number(payload.generation) !== undefined)
      this.status(payload, time);
  }

  view(): LearningView {
    return { ...this.now, points: this.points };
  }

  tick(): LearningChange | undefined {
    if (!this.changed) return undefined;
    this.changed = false;
    const add = this.fresh;
    this.fresh = [];
    this.points = thinned([...this.points, ...add], POINTS);
    return { ...this.now, add };
  }

  private put(values: Partial<LearningView>): void {
    this.now = { ...this.now, ...values };
    this.changed = true;
  }

  private counts(classes: readonly unknown[]): void {
    this.put({
      classes: classes.flatMap((entry) => {
        const fields = object(entry);
        const label = text(fields?.label);
        return label === undefined ? [] : [{ label, count: number(fields?.count) ?? 0 }];
      }),
    });
  }

  private event(fields: Fields, time: number): void {
    if (fields.event === 'lost' || fields.event === 'back') this.put({ lost: fields.event === 'lost' });
    const generation = number(fields.generation);
    if (fields.event !== 'promoted' || generation === undefined) return;
    const { promotions } = this.now;
    // The same event comes as an event and as a record.
    if (promotions.some((promotion) => promotion.generation === generation)) return;
    this.put({ promotions: [...promotions, { time, generation }].slice(-PROMOTIONS) });
  }

  private status(fields: Fields, time: number): void {
    this.common(fields, time);
    this.put({
      samples: number(fields.samplesStored) ?? null,
      capacity: number(fields.samplesCapacity) ?? null,
      progress: fields.state === 'ready' ? null : (number(fields.progress) ?? null),
    });
    if (!this.records) this.point(time, number(fields.windowAccuracy), undefined, undefined);
  }

  private record(fields: Fields, time: number): void {
    this.common(fields, time);
    this.records = true;
    const baseline = number(fields.accuracy_start_rule) ?? number(fields.accuracy_last_truth);
    this.put({
      samples: number(fields.samples) ?? null,
      capacity: number(fields.samples_capacity) ?? null,
      baseline: baseline ?? null,
    });
    this.point(time, number(fields.accuracy), baseline, number(fields.accuracy_model));
  }

  private common(fields: Fields, time: number): void {
    if (this.heard > 0 && time - this.heard > SILENCE_MS) this.fresh.push([time - 1, null, null, null]);
    this.heard = time;
    this.put({
      state: text(fields.state) ?? '',
      generation: number(fields.generation) ?? null,
      trainings: number(fields.trainings) ?? null,
      lost: false,
    });
  }

  private point(time: number, accuracy?: number, baseline?: number, model?: number): void {
    if (accuracy === undefined && baseline === undefined) return;
    this.put({ accuracy: accuracy ?? null });
    this.fresh.push([time, accuracy ?? null, baseline ?? null, model ?? null]);
  }
}

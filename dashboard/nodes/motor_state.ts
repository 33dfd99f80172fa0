/** What the Motor widget shows: the score once a second, the light, and the alarms with the operator's answers. */
import { number, object, type Point, text } from './points';

export type Light = 'unknown' | 'learning' | 'healthy' | 'alarm' | 'off';

export interface Alarm {
  /** Counts the alarms of this widget. */
  readonly number: number;
  readonly began: number;
  ended: number | null;
  /** Largest score so far. */
  peak: number;
  /** 0 = not told apart yet. */
  pattern: number;
  name: string;
  seen: number;
  isNew: boolean;
  acknowledged: boolean;
  answer: 'none' | 'confirmed' | 'false';
}

export interface MotorView {
  readonly light: Light;
  readonly score: number | null;
  readonly threshold: number | null;
  /** Score and threshold. */
  readonly points: readonly Point[];
  /** Newest first. */
  readonly alarms: readonly Alarm[];
  /** Result of the last button, in the words of the node that answered. */
  readonly notice: string;
}

/** What changed in a second: points to add, and the rest as it is now. */
export type MotorChange = Omit<MotorView, 'points'> & { readonly add: readonly Point[] };

export interface Action {
  readonly what: 'acknowledge' | 'confirm' | 'name' | 'false-alarm';
  readonly alarm: number;
  readonly name?: string;
}

type Outgoing = { topic: string; payload: unknown } | null;

/** Five minutes. */
const POINTS = 300;
const ALARMS = 50;
/** Without a result for this long there is a gap. */
const SILENCE_MS = 2500;
const LONGEST_NAME = 40;

export class MotorState {
  private light: Light = 'unknown';
  private score: number | null = null;
  private threshold: number | null = null;
  private points: Point[] = [];
  private alarms: Alarm[] = [];
  private notice = '';
  private peak: number | null = null;
  private heard = 0;
  private count = 0;
  private changed = false;

  /** A message of an infer node, of a feedback node, or an error of one of them. */
  take(msg: Readonly<Record<string, unknown>>, now: number): void {
    const error = object(msg.error);
    const payload = object(msg.payload);
    if (error !== undefined) {
      this.notice = text(error.message) ?? '';
      this.changed = true;
    } else if (payload !== undefined && typeof payload.judgement === 'string') {
      this.judged(payload.judgement);
    } else if (payload !== undefined && number(payload.score) !== undefined) {
      this.result(payload, now);
    }
  }

  view(): MotorView {
    const { light, score, threshold, points, alarms, notice } = this;
    return { light, score, threshold, points, alarms, notice };
  }

  /** Once a second: what is to be shown anew; undefined = nothing. */
  tick(now: number): MotorChange | undefined {
    const add: Point[] = [];
    if (this.peak !== null) add.push([now, this.peak, this.threshold]);
    else if (this.points.length > 0 && now - this.heard > SILENCE_MS && this.points.at(-1)?.[1] !== null) {
      add.push([now, null, null]);
      this.light = 'unknown';
      this.score = null;
    }
    this.peak = null;
    if (add.length === 0 && !this.changed) return undefined;
    this.changed = false;
    this.points = [...this.points, ...add].slice(-POINTS);
    const { points: _, ...rest } = this.view();
    return { ...rest, add };
  }

  /** Messages for the outputs: feedback, name of a pattern, acknowledged; undefined = nothing to do. */
  act(action: Action): readonly [Outgoing, Outgoing, Outgoing] | undefined {
    const alarm = this.alarms.find((candidate) => candidate.number === action.alarm);
    if (alarm === undefined) return undefined;
    this.changed = true;
    // The trainer judges the present or last alarm, and each only once.
    const open = alarm === this.alarms[0] && alarm.answer === 'none';
    const name = (action.name ?? '').trim().slice(0, LONGEST_NAME);
    switch (action.what) {
      case 'acknowledge':
        alarm.acknowledged = true;
        return [null, null, { topic: 'acknowledged', payload: { ...alarm } }];
      case 'false-alarm':
        return open ? [{ topic: 'feedback', payload: { falseAlarm: true } }, null, null] : undefined;
      case 'confirm':
        return open ? [{ topic: 'feedback', payload: { confirmed: true } }, null, null] : undefined;
      case 'name':
        if (name === '') return undefined;
        if (open) return [{ topic: 'feedback', payload: { confirmed: name } }, null, null];
        if (alarm.pattern === 0) return undefined;
        for (const other of this.alarms) if (other.pattern === alarm.pattern) other.name = name;
        return [null, { topic: 'name-pattern', payload: { pattern: alarm.pattern, name } }, null];
    }
  }

  private result(payload: Readonly<Record<string, unknown>>, now: number): void {
    this.heard = now;
    this.threshold = number(payload.threshold) ?? null;
    const calibrated = payload.calibrated === true;
    const alarm = calibrated && payload.alarm === true;
    this.score = calibrated ? (number(payload.score) ?? null) : null;
    if (this.score !== null) this.peak = Math.max(this.peak ?? this.score, this.score);
    const light: Light = alarm
      ? 'alarm'
      : payload.machineOff === true
        ? 'off'
        : calibrated
          ? 'healthy'
          : payload.learning === true
            ? 'learning'
            : 'unknown';
    this.changed ||= light !== this.light;
    this.light = light;
    this.follow(alarm, payload, now);
  }

  private follow(alarm: boolean, payload: Readonly<Record<string, unknown>>, now: number): void {
    const [last] = this.alarms;
    const open = last !== undefined && last.ended === null ? last : undefined;
    if (!alarm) {
      if (open !== undefined) open.ended = now;
      return;
    }
    const current = open ?? this.begin(now);
    current.peak = Math.max(current.peak, this.score ?? 0);
    current.pattern = number(payload.pattern) ?? 0;
    current.name = text(payload.patternName) ?? '';
    current.seen = number(payload.patternSeen) ?? 0;
    current.isNew = payload.newPattern === true;
  }

  private begin(now: number): Alarm {
    const alarm: Alarm = {
      ...{ number: ++this.count, began: now, ended: null, peak: 0, pattern: 0, name: '', seen: 0 },
      ...{ isNew: false, acknowledged: false, answer: 'none' },
    };
    this.alarms = [alarm, ...this.alarms].slice(0, ALARMS);
    this.notice = '';
    return alarm;
  }

  private judged(judgement: string): void {
    const [last] = this.alarms;
    if (last !== undefined) last.answer = judgement === 'satisfied' ? 'confirmed' : 'false';
    this.notice = '';
    this.changed = true;
  }
}

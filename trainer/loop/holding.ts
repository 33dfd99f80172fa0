/** Times that a plant wants kept: how long a value stays, how long it runs, how long it stands still. */

/** Milliseconds; 0 = none. An actuation of 0 is off, every other one is on. */
export interface HoldingTimes {
  readonly holdMs: number;
  readonly leastOnMs: number;
  readonly leastOffMs: number;
}

export type HeldBy = 'hold' | 'on' | 'off';

/** What is in effect at the plant; handed over when a loop begins anew. */
export interface InEffect {
  /** Undefined: nobody knows, somebody else had the plant. It counts as off since then. */
  readonly value: number | undefined;
  readonly changedAt: number;
  readonly switchedAt: number;
}

const isOn = (value: number | undefined): boolean => value !== undefined && value !== 0;

export class Holding {
  private readonly times: HoldingTimes;
  private inEffect: InEffect;

  /** @param now milliseconds on the clock that all calls use */
  constructor(times: HoldingTimes, now: number, before?: InEffect) {
    this.times = times;
    this.inEffect = before ?? { value: undefined, changedAt: now, switchedAt: now };
  }

  get state(): InEffect {
    return this.inEffect;
  }

  get value(): number | undefined {
    return this.inEffect.value;
  }

  /** Why the plant may not go to this value yet; undefined: it may. */
  refusal(value: number, now: number): HeldBy | undefined {
    const { value: present, changedAt, switchedAt } = this.inEffect;
    if (value === present) return undefined;
    if (present !== undefined && now - changedAt < this.times.holdMs) return 'hold';
    if (isOn(value) && !isOn(present) && now - switchedAt < this.times.leastOffMs) return 'off';
    if (!isOn(value) && isOn(present) && now - switchedAt < this.times.leastOnMs) return 'on';
    return undefined;
  }

  /** The plant has this value now. */
  put(value: number, now: number): void {
    const { value: present, switchedAt } = this.inEffect;
    if (value === present) return;
    this.inEffect = { value, changedAt: now, switchedAt: isOn(value) === isOn(present) ? switchedAt : now };
  }

  /** Somebody else has the plant. */
  release(now: number): void {
    this.inEffect = { value: undefined, changedAt: now, switchedAt: now };
  }
}

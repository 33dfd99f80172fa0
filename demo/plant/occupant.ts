/**
 * An occupant who does not feel what the standard predicts for the mean of a large group: a neutral point of their own,
 * which changes on given days, a sensitivity, and a vote that is not exact.
 */
import type { SeededRandom } from './random';

export interface Preference {
  /** From the start of this day on; day 0 is the first. */
  readonly fromDay: number;
  /** The PMV at which this occupant feels neutral: negative likes it cooler than the standard says, positive warmer. */
  readonly neutral: number;
}

/** When and in what weather somebody is asked. */
export interface Moment {
  /** 0 is the first day, a Monday. */
  readonly day: number;
  /** Hour of the day, 0..24. */
  readonly hour: number;
  /** Running mean of the outdoor temperature over the days before, °C. */
  readonly outdoorMean: number;
}

export interface OccupantOptions {
  readonly preferences: readonly Preference[];
  /** What is added to the preference at a moment: people who take turns, who adapt to the weather, another use at weekends. */
  readonly varies?: (moment: Moment) => number;
  /** Sensation per unit of PMV, > 0; 1 as in the standard. */
  readonly sensitivity?: number;
  /** Deviation of a vote around the true sensation. */
  readonly voteNoise?: number;
}

/** Beyond this, a person counts as uncomfortable: the |PMV| <= 0.5 of ISO 7730, category B. */
export const COMFORT_LIMIT = 0.5;

export type VoteWord = 'warmer' | 'no change' | 'cooler';

export interface Vote {
  /** What the occupant says they feel, -3 (cold) .. 3 (hot). */
  readonly sensation: number;
  /** What they would like. */
  readonly wants: VoteWord;
}

export class Occupant {
  private readonly varies: (moment: Moment) => number;
  private readonly preferences: readonly Preference[];
  private readonly sensitivity: number;
  private readonly voteNoise: number;

  /** Throws RangeError when no preference holds from day 0. */
  constructor(
    options: OccupantOptions,
    private readonly random: SeededRandom,
  ) {
    this.preferences = [...options.preferences].sort((a, b) => a.fromDay - b.fromDay);
    this.varies = options.varies ?? (() => 0);
    this.sensitivity = options.sensitivity ?? 1;
    this.voteNoise = options.voteNoise ?? 0.2;
    if ((this.preferences[0]?.fromDay ?? 1) > 0) throw new RangeError('no preference for day 0');
    if (!(this.sensitivity > 0)) throw new RangeError('sensitivity must be over 0');
    if (!(this.voteNoise >= 0)) throw new RangeError('vote noise must not be negative');
  }

  neutral(moment: Moment): number {
    let neutral = 0;
    for (const preference of this.preferences)
      if (preference.fromDay <= moment.day) neutral = preference.neutral;
    return neutral + this.varies(moment);
  }

  /** What is felt where the standard predicts `pmv`, without the inexactness of a vote. */
  sensation(pmv: number, moment: Moment): number {
    return Math.max(-3, Math.min(3, this.sensitivity * (pmv - this.neutral(moment))));
  }

  isUncomfortable(pmv: number, moment: Moment): boolean {
    return Math.abs(this.sensation(pmv, moment)) > COMFORT_LIMIT;
  }

  /** Asked how it feels; every call draws one random number, so ask in the same order to get the same run. */
  vote(pmv: number, moment: Moment): Vote {
    const felt = this.sensation(pmv, moment) + this.random.normal(this.voteNoise);
    const sensation = Math.max(-3, Math.min(3, felt));
    return {
      sensation,
      wants: sensation > COMFORT_LIMIT ? 'cooler' : sensation < -COMFORT_LIMIT ? 'warmer' : 'no change',
    };
  }
}

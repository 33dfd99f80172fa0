/** Rooms, people and weather of the hvac bench. */
import type { Moment, OccupantOptions } from '../../demo/plant/occupant';
import { Plant } from '../../demo/plant/plant';
import type { WeatherYear } from '../../demo/plant/weather';

export const DAYS = 42;
export const SHIFT_DAY = 14;
export const COUNTED_FROM_DAY = 21;
export const DECISION_SECONDS = 300;
export const VOTE_MINUTES = 20;

export interface Scenario {
  readonly title: string;
  readonly weather: WeatherYear;
  readonly startDay: number;
  readonly occupant: OccupantOptions;
  readonly everyDay: boolean;
  /** One preference that changes once, or one that varies all the time. */
  readonly varied: boolean;
}

/** First day of a month of a year of 365 days, 1 = 1 January. */
export function firstDay(month: number): number {
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return 1 + lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
}

const shift = (before: number, after: number): OccupantOptions => ({
  preferences: [
    { fromDay: 0, neutral: before },
    { fromDay: SHIFT_DAY, neutral: after },
  ],
});

const varies = (how: (moment: Moment) => number): OccupantOptions => ({
  preferences: [{ fromDay: 0, neutral: 0 }],
  varies: how,
});

interface Kind {
  readonly title: string;
  readonly occupant: OccupantOptions;
  readonly everyDay: boolean;
  readonly varied: boolean;
}

/** PMV at which the people are neutral. */
export const KINDS: readonly Kind[] = [
  { title: 'cooler, then warmer', occupant: shift(-0.4, 0.8), everyDay: false, varied: false },
  { title: 'warmer, then cooler', occupant: shift(0.4, -0.8), everyDay: false, varied: false },
  {
    title: 'two who take turns at noon',
    occupant: varies(({ hour }) => (hour < 13 ? -0.6 : 0.6)),
    everyDay: false,
    varied: true,
  },
  {
    title: 'adapts to the weather',
    occupant: varies(({ outdoorMean }) => Math.max(-0.8, Math.min(0.8, 0.06 * (outdoorMean - 12)))),
    everyDay: false,
    varied: true,
  },
  {
    title: 'another use at weekends',
    occupant: varies(({ day }) => (day % 7 >= 5 ? -0.8 : 0.4)),
    everyDay: true,
    varied: true,
  },
];

export function plantOf({ weather, startDay, occupant, everyDay }: Scenario, seed: number): Plant {
  return new Plant({ weather, seed, startDay, voteMinutes: VOTE_MINUTES, occupant, everyDay });
}

/**
 * Three equal rooms of an office under one sky. Two people share each: one in the morning who likes it cooler than the standard says, one in
 * the afternoon who likes it warmer, so that no constant set point is right. One room has a set point that a trainer moves, one keeps the
 * design's, one moves it with every vote.
 */
import { Occupant } from './occupant';
import { SeededRandom } from './random';
import { Room, SET_POINT_STEP } from './room';
import { windowIrradiance } from './sun';
import { WeatherYear } from './weather';
import { humidityRatio } from './zone';

export interface OfficeOptions {
  readonly weather?: WeatherYear;
  /** First day, 1 = 1 January .. 365; it counts as a Monday. Default 200, 19 July. */
  readonly startDay?: number;
  readonly seed?: number;
}

const DAY_SECONDS = 86_400;
const STEP_SECONDS = 60;
const VOTE_SECONDS = 1800;
/** Hours of a working day: the people take turns at noon. */
const ARRIVE = 8;
export const TURN = 13;
const LEAVE = 18;
/** PMV at which each feels neutral. */
export const NEUTRAL = { morning: -0.7, afternoon: 0.7 } as const;

export class Office {
  readonly learned: Room;
  readonly frozen: Room;
  readonly lastVote: Room;
  occupiedSeconds = 0;
  private seconds = 0;
  private readonly weather: WeatherYear;
  private readonly startHours: number;

  constructor({ weather = WeatherYear.read(), startDay = 200, seed = 1 }: OfficeOptions = {}) {
    if (!Number.isInteger(startDay) || startDay < 1 || startDay > 365)
      throw new RangeError(`start day ${startDay} is not a day of the year, 1..365`);
    this.weather = weather;
    this.startHours = (startDay - 1) * 24;
    const room = (index: number): Room =>
      new Room(
        new Occupant(
          {
            preferences: [{ fromDay: 0, neutral: 0 }],
            varies: ({ hour }) => (hour < TURN ? NEUTRAL.morning : NEUTRAL.afternoon),
          },
          new SeededRandom(3 * seed + index),
        ),
      );
    [this.learned, this.frozen, this.lastVote] = [room(0), room(1), room(2)];
  }

  get rooms(): readonly Room[] {
    return [this.learned, this.frozen, this.lastVote];
  }
  /** Simulated seconds since the start. */
  get time(): number {
    return this.seconds;
  }
  /** 0 is the first day, a Monday. */
  get day(): number {
    return Math.floor(this.seconds / DAY_SECONDS);
  }
  /** Hour of the day, 0..24. */
  get hour(): number {
    return (this.seconds % DAY_SECONDS) / 3600;
  }
  get occupied(): boolean {
    return this.day % 7 < 5 && this.hour >= ARRIVE && this.hour < LEAVE;
  }
  get outdoor(): number {
    return this.weather.at(this.hours).temperature;
  }

  private get hours(): number {
    return this.startHours + this.seconds / 3600;
  }

  /** Lets `seconds` pass, in whole steps; what is over stays for the next call. @returns the seconds passed */
  advance(seconds: number): number {
    const steps = Math.floor(seconds / STEP_SECONDS);
    for (let i = 0; i < steps; i++) this.step();
    return steps * STEP_SECONDS;
  }

  private step(): void {
    const sample = this.weather.at(this.hours);
    const moment = { day: this.day, hour: this.hour, outdoorMean: 0 };
    const { occupied } = this;
    const inputs = {
      outdoor: sample.temperature,
      outdoorHumidityRatio: humidityRatio(sample.temperature, sample.humidity),
      windowIrradiance: windowIrradiance(sample, this.hours % 8760),
      people: occupied ? 1 : 0,
      ventilated: occupied,
    };
    for (const room of this.rooms) room.step(inputs, moment, STEP_SECONDS);
    if (occupied) this.occupiedSeconds += STEP_SECONDS;
    this.seconds += STEP_SECONDS;
    if (!occupied || this.seconds % VOTE_SECONDS !== 0) return;
    for (const room of this.rooms) {
      const { wants } = room.ask(moment);
      const way = wants === 'warmer' ? 1 : wants === 'cooler' ? -1 : 0;
      if (room === this.lastVote) room.thermostat.move(SET_POINT_STEP * way);
    }
  }
}

/** The zone with its weather, schedule, occupant and clock: what the PLC sees, and what a benchmark drives without one. */
import { type Moment, Occupant, type OccupantOptions, type Vote } from './occupant';
import { predictedMeanVote, relativeAirSpeed } from './pmv';
import { SeededRandom } from './random';
import { windowIrradiance } from './sun';
import { WeatherYear } from './weather';
import { humidityRatio, Zone } from './zone';

export interface PlantOptions {
  readonly weather?: WeatherYear;
  /** First day, 1 = 1 January .. 365, default 200, 19 July; it counts as a Monday. */
  readonly startDay?: number;
  readonly seed?: number;
  readonly occupant?: OccupantOptions;
  /** Step of the simulation, s. */
  readonly stepSeconds?: number;
  /** How often a present occupant is asked, simulated minutes. */
  readonly voteMinutes?: number;
  /** Whether people are there at weekends, too. */
  readonly everyDay?: boolean;
}

/** Likes it cooler than the standard says, and after two weeks warmer: in summer, someone who is cold in a cooled office. */
export const DEFAULT_OCCUPANT: OccupantOptions = {
  preferences: [
    { fromDay: 0, neutral: -0.4 },
    { fromDay: 14, neutral: 0.8 },
  ],
};

/** Office work in a season's clothes: 1.2 met; 0.5 clo in summer, 1 clo in winter (ISO 7730, annex C). */
export const METABOLIC_RATE = 1.2;
const SUMMER_CLOTHING = 0.5;
const WINTER_CLOTHING = 1;
const PEOPLE = 4;
/** Simulated hours of a working day: people 8 to 18, air conditioning from two hours before. */
const ARRIVE = 8;
const LEAVE = 18;
const SYSTEM_ON = 6;
const DAY_SECONDS = 86400;

export class Plant {
  readonly zone = new Zone();
  readonly occupant: Occupant;
  /** -100..100 %: what the controller asks; applied while the schedule is on. */
  command = 0;
  /** An operator's hand on the actuator, -100..100 %, or undefined. */
  override: number | undefined;
  vote: Vote | undefined;
  votes = 0;
  occupiedSeconds = 0;
  discomfortSeconds = 0;
  private seconds = 0;
  private trendAir: number;
  private trendPerHour = 0;
  private readonly weather: WeatherYear;
  private readonly startHours: number;
  private readonly stepSeconds: number;
  private readonly voteSeconds: number;
  private readonly everyDay: boolean;
  private outdoorMeanValue: number;

  /** Throws RangeError on a start day, step or vote interval that makes no sense, Error on an unreadable weather file. */
  constructor(options: PlantOptions = {}) {
    const startDay = options.startDay ?? 200;
    this.stepSeconds = options.stepSeconds ?? 60;
    this.voteSeconds = 60 * (options.voteMinutes ?? 30);
    if (!Number.isInteger(startDay) || startDay < 1 || startDay > 365) {
      throw new RangeError(`start day ${startDay} is not a day of the year, 1..365`);
    }
    if (!(this.stepSeconds >= 1 && this.stepSeconds <= 600)) throw new RangeError('step must be 1..600 s');
    if (!(this.voteSeconds >= this.stepSeconds)) throw new RangeError('votes cannot be closer than a step');
    this.weather = options.weather ?? WeatherYear.read();
    this.startHours = (startDay - 1) * 24;
    this.everyDay = options.everyDay ?? false;
    this.outdoorMeanValue = this.outdoorMeanOf(-1);
    this.occupant = new Occupant(options.occupant ?? DEFAULT_OCCUPANT, new SeededRandom(options.seed ?? 1));
    this.trendAir = this.zone.air;
  }

  /** Simulated seconds since the start. */
  get time(): number {
    return this.seconds;
  }
  /** 0 is the first day. */
  get day(): number {
    return Math.floor(this.seconds / DAY_SECONDS);
  }
  /** Hour of the day, 0..24. */
  get hour(): number {
    return (this.seconds % DAY_SECONDS) / 3600;
  }
  get workday(): boolean {
    return this.everyDay || this.day % 7 < 5;
  }
  get occupied(): boolean {
    return this.workday && this.hour >= ARRIVE && this.hour < LEAVE;
  }
  get people(): number {
    return this.occupied ? PEOPLE : 0;
  }
  /** Whether the air conditioning may run. */
  get scheduled(): boolean {
    return this.workday && this.hour >= SYSTEM_ON && this.hour < LEAVE;
  }
  get outdoor(): number {
    return this.weather.at(this.hours).temperature;
  }
  /** Running mean of the days before, °C: a fifth yesterday's, the rest the mean before (EN 16798-1, annex B). */
  get outdoorMean(): number {
    return this.outdoorMeanValue;
  }
  /** What the occupant feels now. */
  get sensation(): number {
    return this.occupant.sensation(this.pmv, this.moment);
  }
  /** Clothing worn, clo: between winter's and summer's with the outdoor temperature at 6 in the morning (Schiavon and
   * Lee 2013 found it to decide what people wear; the straight line between the two is ours). */
  get clothing(): number {
    const morning = this.weather.at(this.hours - this.hour + 6).temperature;
    const warmth = Math.max(0, Math.min(1, (morning - 5) / 17));
    return WINTER_CLOTHING + warmth * (SUMMER_CLOTHING - WINTER_CLOTHING);
  }
  /** What the standard predicts for the occupant's clothes and work. */
  get pmv(): number {
    return predictedMeanVote({
      air: this.zone.air,
      radiant: this.zone.radiant,
      airSpeed: relativeAirSpeed(this.zone.airSpeed, METABOLIC_RATE),
      humidity: this.zone.relativeHumidity,
      metabolicRate: METABOLIC_RATE,
      clothing: this.clothing,
    });
  }
  /** Change of the air temperature over the last quarter of an hour, K/h. */
  get trend(): number {
    return this.trendPerHour;
  }
  /** Electricity of the actuator since the start, kWh. */
  get energy(): number {
    return this.zone.electricity / 3.6e6;
  }
  /** What the actuator is told now, %. */
  get actuation(): number {
    return this.override ?? (this.scheduled ? this.command : 0);
  }

  private get moment(): Moment {
    return { day: this.day, hour: this.hour, outdoorMean: this.outdoorMeanValue };
  }

  /** Mean outdoor temperature of a day of the run; -1 is the day before the first. */
  private outdoorMeanOf(day: number): number {
    let sum = 0;
    for (let hour = 0; hour < 24; hour++)
      sum += this.weather.at(this.startHours + 24 * day + hour).temperature;
    return sum / 24;
  }

  private get hours(): number {
    return this.startHours + this.seconds / 3600;
  }

  /** Let `seconds` pass, in whole steps; what is over stays for the next call of the caller. Returns the seconds passed. */
  advance(seconds: number): number {
    const steps = Math.floor(seconds / this.stepSeconds);
    for (let i = 0; i < steps; i++) this.step();
    return steps * this.stepSeconds;
  }

  private step(): void {
    const weather = this.weather.at(this.hours);
    this.zone.step(
      {
        outdoor: weather.temperature,
        outdoorHumidityRatio: humidityRatio(weather.temperature, weather.humidity),
        windowIrradiance: windowIrradiance(weather, this.hours % 8760),
        people: this.people,
        ventilated: this.scheduled,
        command: this.actuation,
      },
      this.stepSeconds,
    );
    if (this.occupied) {
      this.occupiedSeconds += this.stepSeconds;
      if (this.occupant.isUncomfortable(this.pmv, this.moment)) this.discomfortSeconds += this.stepSeconds;
    }
    const before = this.seconds;
    this.seconds += this.stepSeconds;
    if (this.hour < before / 3600 - 24 * Math.floor(before / DAY_SECONDS))
      this.outdoorMeanValue = 0.8 * this.outdoorMeanValue + 0.2 * this.outdoorMeanOf(this.day - 1);
    if (Math.floor(before / 900) !== Math.floor(this.seconds / 900)) {
      this.trendPerHour = (this.zone.air - this.trendAir) * 4;
      this.trendAir = this.zone.air;
    }
    const asked = Math.floor(before / this.voteSeconds) !== Math.floor(this.seconds / this.voteSeconds);
    if (asked && this.occupied) {
      this.vote = this.occupant.vote(this.pmv, this.moment);
      this.votes++;
    }
  }
}

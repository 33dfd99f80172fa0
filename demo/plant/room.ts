/** One room of the office: its thermal model, its thermostat, and what is counted. */
import type { Occupant, Vote } from './occupant';
import { METABOLIC_RATE } from './plant';
import { predictedMeanVote, relativeAirSpeed } from './pmv';
import { Thermostat } from './thermostat';
import { Zone, type ZoneInputs } from './zone';

/** Summer clothes, clo (ISO 7730, annex C). */
export const CLOTHING = 0.5;
/** A set point for the mean of a large group in these clothes: the PMV of the standard is 0 there. */
export const DESIGN_SET_POINT = 23.5;
/** A request, or a vote, moves the set point by this, K; a request that stands does so again after the time below, s. */
export const SET_POINT_STEP = 0.5;
export const REQUEST_SECONDS = 600;

export class Room {
  readonly zone = new Zone();
  readonly thermostat = new Thermostat(DESIGN_SET_POINT);
  /** What is asked of the set point: -1 lower, 0 nothing, 1 raise. */
  request = 0;
  vote: Vote | undefined;
  votes = 0;
  discomfortSeconds = 0;
  private sinceMoved: number = REQUEST_SECONDS;
  private readonly occupant: Occupant;

  /** @param occupant the people of the office; every room has its own dice for their votes */
  constructor(occupant: Occupant) {
    this.occupant = occupant;
  }

  /** What the standard predicts. */
  get pmv(): number {
    return predictedMeanVote({
      air: this.zone.air,
      radiant: this.zone.radiant,
      airSpeed: relativeAirSpeed(this.zone.airSpeed, METABOLIC_RATE),
      humidity: this.zone.relativeHumidity,
      metabolicRate: METABOLIC_RATE,
      clothing: CLOTHING,
    });
  }

  /** Electricity of the heat pump since the start, kWh. */
  get energy(): number {
    return this.zone.electricity / 3.6e6;
  }

  step(
    inputs: Omit<ZoneInputs, 'command'>,
    moment: Parameters<Occupant['sensation']>[1],
    seconds: number,
  ): void {
    const occupied = inputs.people > 0;
    this.sinceMoved += seconds;
    if (this.request !== 0 && this.sinceMoved >= REQUEST_SECONDS) {
      this.thermostat.move(SET_POINT_STEP * this.request);
      this.sinceMoved = 0;
    }
    const command = this.thermostat.step(this.zone.air, occupied, seconds);
    this.zone.step({ ...inputs, command }, seconds);
    if (occupied && this.occupant.isUncomfortable(this.pmv, moment)) this.discomfortSeconds += seconds;
  }

  /** Whoever is in the room is asked. */
  ask(moment: Parameters<Occupant['sensation']>[1]): Vote {
    this.vote = this.occupant.vote(this.pmv, moment);
    this.votes++;
    return this.vote;
  }
}

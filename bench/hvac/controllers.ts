/**
 * Who decides in the hvac bench: the frozen design (the standard's PMV of a standard occupant), a controller that is told what is felt, a
 * set point that follows the last vote, and a trainer that starts from the design and learns from the votes.
 */
import { METABOLIC_RATE, type Plant } from '../../demo/plant/plant';
import { predictedMeanVote, relativeAirSpeed } from '../../demo/plant/pmv';
import type { TrainerDefinition } from '../../trainer';
import { DirectLoop } from '../direct_loop';
import { COUNTED_FROM_DAY, DAYS, DECISION_SECONDS, plantOf, type Scenario, SHIFT_DAY } from './scenarios';

/** Ends of the sensations that ask for each step of the actuator: nothing is to be done well within the +-0.5 of comfort. */
const ENDS = [-0.15, 0.15] as const;
const LABELS = ['heat', 'hold', 'cool'] as const;
const COMMANDS = [100, 0, -100] as const;
const HOLD = 1;
const AIR_SPEED = 0.1;

export interface Served {
  /** Of days 21 to 42: occupied hours with a sensation beyond +-0.5; kWh; changes of the command an hour. */
  readonly discomfortHours: number;
  readonly energy: number;
  readonly switchesPerHour: number;
  /** Discomfort of every week after the shift. */
  readonly weeks: readonly number[];
  readonly trainings: number;
  readonly suspicions: number;
}

const classOf = (sensation: number): number => {
  const step = ENDS.findIndex((end) => sensation <= end);
  return step < 0 ? ENDS.length : step;
};

/** What a designer assumes people to wear: in winter 1 clo, in summer 0.5, by the temperature of the day some degrees before noon. */
const assumedClothing = (outdoor: number): number =>
  1 - 0.5 * Math.max(0, Math.min(1, (outdoor - 3 - 5) / 17));

export function design(plant: Plant): number {
  const { zone, outdoor } = plant;
  return classOf(
    predictedMeanVote({
      air: zone.air,
      radiant: zone.radiant,
      airSpeed: relativeAirSpeed(AIR_SPEED, METABOLIC_RATE),
      humidity: zone.relativeHumidity,
      metabolicRate: METABOLIC_RATE,
      clothing: assumedClothing(outdoor),
    }),
  );
}

export const told = (plant: Plant): number => classOf(plant.sensation);

/** Roughly, at a desk. */
const KELVIN_OF_A_SENSATION = 3;

/** A thermostat whose set point every vote moves by half a kelvin, with the same steps as the others. */
export function lastVote(): (plant: Plant) => number {
  let setPoint = 22.5;
  let heard = 0;
  return (plant) => {
    if (plant.votes !== heard && plant.vote !== undefined) {
      heard = plant.votes;
      setPoint = Math.max(16, Math.min(30, setPoint + 0.5 * Math.sign(HOLD - classOf(plant.vote.sensation))));
    }
    const error = plant.zone.air - setPoint;
    return classOf(error / KELVIN_OF_A_SENSATION);
  };
}

/** Lives through the six weeks; `decide` is asked every five minutes while the plant is scheduled. */
export function live(
  plant: Plant,
  decide: (plant: Plant) => number,
  after: (plant: Plant, voted: boolean) => void = () => undefined,
): Served {
  const weeks: number[] = [];
  let [discomfort, energy, switches, hours, weekStart, current] = [0, 0, 0, 0, 0, HOLD];
  while (plant.day < DAYS) {
    const counted = plant.day >= COUNTED_FROM_DAY;
    if (!counted) [discomfort, energy] = [plant.discomfortSeconds, plant.energy];
    const week = Math.floor((plant.day - SHIFT_DAY) / 7);
    if (plant.day >= SHIFT_DAY && week >= weeks.length) {
      if (weeks.length > 0) weeks[weeks.length - 1] = (plant.discomfortSeconds - weekStart) / 3600;
      weeks.push(0);
      weekStart = plant.discomfortSeconds;
    }
    if (plant.scheduled) {
      const chosen = decide(plant);
      if (counted) {
        hours += DECISION_SECONDS / 3600;
        if (chosen !== current) switches++;
      }
      current = chosen;
      plant.command = COMMANDS[chosen] as number;
    }
    const { votes } = plant;
    plant.advance(DECISION_SECONDS);
    after(plant, plant.votes !== votes);
  }
  weeks[weeks.length - 1] = (plant.discomfortSeconds - weekStart) / 3600;
  return {
    discomfortHours: (plant.discomfortSeconds - discomfort) / 3600,
    energy: plant.energy - energy,
    switchesPerHour: switches / hours,
    weeks,
    trainings: 0,
    suspicions: 0,
  };
}

export const DEFINITION: TrainerDefinition = {
  name: 'zone air conditioning',
  features: [
    { name: 'air temperature', unit: '°C', min: 10, max: 40 },
    { name: 'radiant temperature', unit: '°C', min: 10, max: 40 },
    { name: 'humidity', unit: '%', min: 0, max: 100 },
    { name: 'outdoor temperature', unit: '°C', min: -30, max: 45 },
    { name: 'outdoor mean', unit: '°C', min: -30, max: 45 },
    { name: 'assumed clothing', unit: 'clo', min: 0, max: 2 },
    { name: 'hour', unit: 'h', min: 0, max: 24 },
    { name: 'weekend', min: 0, max: 1 },
  ],
  classes: LABELS.map((label, i) => ({
    label,
    actuation: COMMANDS[i] as number,
    holdSeconds: 600,
    ...(label === 'heat' ? { opposed: ['cool'] } : {}),
  })),
  defaultClass: 'hold',
  startRule: {
    rule: 'pmv',
    steps: LABELS.slice(0, -1).map((label, i) => ({ upTo: ENDS[i] as number, class: label })),
    above: 'cool',
    air: { feature: 'air temperature' },
    radiant: { feature: 'radiant temperature' },
    humidity: { feature: 'humidity' },
    airSpeed: { value: AIR_SPEED },
    metabolicRate: { value: METABOLIC_RATE },
    clothing: { feature: 'assumed clothing' },
    follow: 0.1,
    /* An actuator that works at all goes on to the middle of comfort: half as many switches. */
    hysteresis: 0.15,
  },
  storage: 'int16',
  scaling: 'standard',
  outOfRange: 'clamp',
  model: { type: 'svm-linear', cost: 10 },
  /* People here do change their minds from one day to the next: that is told, and learned from all the same. */
  feedback: { rule: 'label', suspicion: 'report' },
  stitching: { capacity: 180 },
  training: { mode: 'auto', minNewSamples: 10, minSamples: 20, accuracyWindow: 20, accuracyThreshold: 0.9 },
};

export async function learned(scenario: Scenario, seed: number): Promise<Served> {
  const loop = await DirectLoop.start(DEFINITION);
  const plant = plantOf(scenario, seed);
  let ticket: number | undefined;
  let suspicions = 0;
  const served = live(
    plant,
    ({ zone, outdoor, outdoorMean, hour, day }) => {
      const decision = loop.infer([
        zone.air,
        zone.radiant,
        zone.relativeHumidity,
        outdoor,
        outdoorMean,
        assumedClothing(outdoor),
        hour,
        day % 7 >= 5 ? 1 : 0,
      ]);
      ({ ticket } = decision);
      return decision.classIndex;
    },
    ({ vote, scheduled }, voted) => {
      loop.board.advance(1000 * DECISION_SECONDS);
      if (!voted || ticket === undefined || vote === undefined) return;
      loop.label(ticket, classOf(vote.sensation));
      if (loop.voices().number('suspicion') !== 0) suspicions++;
      if (!scheduled) ticket = undefined;
    },
  );
  const trainings = loop.status().number('trainings');
  loop.close();
  return { ...served, trainings, suspicions };
}

/** The room of the example "a room that learns": a trainer keeps it in a band, by what each decision did to it. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TrainerDefinition } from '../../trainer';
import { FeedbackKind } from '../../trainer/contract/contract.generated';
import { DirectLoop } from '../direct_loop';

const EXAMPLES = resolve(__dirname, '../../../examples');
const EXAMPLE = 'feedback - a room that learns.json';
const BEGINS_AT = 18;

export interface Plant {
  /** Share of the way to the outdoor temperature that the room goes in a step. */
  readonly leak: number;
  /** Kelvin that full power adds in a step. */
  readonly power: number;
  /** Steps of a radian of the day. */
  readonly day: number;
  /** Half the range of the outdoor temperature, kelvin. */
  readonly swing: number;
  /** Time of day at the start, radians; 0 = the outdoor temperature is the set point and rises. */
  readonly start?: number;
}

/** As the example's functions say. */
export const EXAMPLE_PLANT: Plant = { leak: 0.08, power: 1.5, day: 8, swing: 14 };

export interface Kept {
  /** Share of the second half of the steps that ended in the band. */
  readonly inBand: number;
  /** Share of them that heated after cooling or cooled after heating. */
  readonly reversals: number;
}

/** Says after a step what would have been right, or leaves that to the board's own rule. */
export type Judge = (decided: number, outcome: number) => number;

/** @throws Error when it is no definition that keeps a room by its own and the outdoor temperature */
export function definitionFrom(file: string): TrainerDefinition {
  const definition = JSON.parse(readFileSync(file, 'utf8')) as TrainerDefinition;
  if (definition.feedback?.rule !== 'dead-band') throw new Error(`${file}: the rule is not "dead-band"`);
  if (definition.features?.length !== 2)
    throw new Error(`${file}: there must be two features, the room's temperature and the outdoor one`);
  return definition;
}

export function exampleDefinition(): TrainerDefinition {
  const flow = JSON.parse(readFileSync(join(EXAMPLES, EXAMPLE), 'utf8')) as {
    definition?: TrainerDefinition;
  }[];
  const found = flow.find(({ definition }) => definition !== undefined)?.definition;
  if (found === undefined) throw new Error(`${EXAMPLE} has no definition`);
  return found;
}

/** Temperature and share of full power, -1..1, of each step in turn. */
async function steps(
  plant: Plant,
  count: number,
  decide: (room: number, outdoor: number) => number | Promise<number>,
  told: (after: number) => void,
  middle: number,
  band: number,
): Promise<Kept> {
  let [room, last, inBand, reversals] = [BEGINS_AT, 0, 0, 0];
  for (let step = 1; step <= count; step++) {
    const outdoor = middle + plant.swing * Math.sin((plant.start ?? 0) + step / plant.day);
    const share = await decide(room, outdoor);
    room += plant.leak * (outdoor - room) + plant.power * share;
    told(room);
    if (2 * step > count) {
      if (Math.abs(room - middle) <= band) inBand++;
      if (share * last < 0) reversals++;
    }
    last = share;
  }
  const counted = Math.floor(count / 2);
  return { inBand: inBand / counted, reversals: reversals / counted };
}

function ruleOf(definition: TrainerDefinition): { readonly setPoint: number; readonly band: number } {
  const { feedback } = definition;
  if (feedback?.rule !== 'dead-band') throw new Error('the definition has no dead band');
  return feedback;
}

/** A fresh virtual trainer keeps the room; `judge` = in place of the board's rule. */
export async function keptByTrainer(
  definition: TrainerDefinition,
  plant: Plant,
  count: number,
  judge?: Judge,
): Promise<Kept> {
  const { setPoint, band } = ruleOf(definition);
  const loop = await DirectLoop.start(definition);
  const { feedback } = loop.definition;
  const scale = feedback.rule === 'dead-band' ? feedback.scale : 1;
  const full = Math.max(1, ...loop.definition.classes.map(({ actuation }) => Math.abs(actuation)));
  let [ticket, decided] = [0, 0];
  try {
    return await steps(
      plant,
      count,
      (room, outdoor) => {
        const decision = loop.infer([room, outdoor]);
        ({ ticket, classIndex: decided } = decision);
        return decision.actuation / full;
      },
      (after) => {
        if (judge === undefined) loop.label(ticket, Math.round(after * scale), FeedbackKind.OUTCOME);
        else loop.label(ticket, judge(decided, after));
      },
      setPoint,
      band,
    );
  } finally {
    loop.close();
  }
}

/** A thermostat that heats below the band and cools above it. */
export function keptByThermostat(definition: TrainerDefinition, plant: Plant, count: number): Promise<Kept> {
  const { setPoint, band } = ruleOf(definition);
  return steps(
    plant,
    count,
    (room) => (room < setPoint - band ? 1 : room > setPoint + band ? -1 : 0),
    () => undefined,
    setPoint,
    band,
  );
}

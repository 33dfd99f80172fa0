/**
 * The demo's three rooms over 28 simulated days, beside each other as on its page: a set point that the trainer moves, the design's, and one
 * that every vote moves. The rooms are the demo's plant, the definition is that of the demo's flow, the loop is the one of the loop node, and the
 * trainer is the real firmware behind real frames; only the clocks are simulated.
 *
 *   npm run bench -- hvac-demo [--seeds 4] [--days 28] [--json]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Office } from '../demo/plant/office';
import type { Room } from '../demo/plant/room';
import type { TrainerDefinition } from '../trainer';
import { FeedbackKind } from '../trainer/contract/contract.generated';
import type { Decision, Features, Outcome, Verdict } from '../trainer/device';
import { Loop, type LoopPlant, type LoopTrainer, type Reading } from '../trainer/loop';
import { mean } from './data';
import { DirectLoop } from './direct_loop';

const STEP_SECONDS = 600;
const VOTES = { cooler: 0, 'no change': 1, warmer: 2 } as const;
const KINDS = ['learned', 'frozen', 'lastVote'] as const;

export interface Served {
  /** Hours and kWh a working day, switches of the heat pump a working day. */
  readonly discomfort: number;
  readonly energy: number;
  readonly switches: number;
}

const definition = (
  JSON.parse(readFileSync(join(__dirname, '../../demo/flow.json'), 'utf8')) as {
    type: string;
    name: string;
    definition?: TrainerDefinition;
  }[]
).find(({ type, name }) => type === 'edge-trainer-device' && name === 'set point')
  ?.definition as TrainerDefinition;

/** What the registers of the learned room say and take (demo/plant/plc.ts). */
class LearnedRoom implements LoopPlant {
  constructor(private readonly office: Office) {}

  read(): Promise<Reading> {
    const { learned, hour, occupied } = this.office;
    const hundredths = (value: number): number => Math.round(100 * value) / 100;
    return Promise.resolve({
      features: [learned.zone.air, learned.thermostat.setPoint, hour].map(hundredths),
      outcome: VOTES[learned.vote?.wants ?? 'no change'],
      counter: learned.votes,
      override: false,
      interlock: !occupied,
    });
  }

  write(value: number): Promise<void> {
    this.office.learned.request = value;
    return Promise.resolve();
  }
}

class DirectTrainer implements LoopTrainer {
  constructor(private readonly direct: DirectLoop) {}

  ready(): ReturnType<LoopTrainer['ready']> {
    return Promise.resolve(this.direct.definition);
  }

  infer(features: Features): Promise<Decision> {
    const decided = this.direct.infer(features as readonly number[]);
    const { label = '' } = this.direct.definition.classes[decided.classIndex] ?? {};
    return Promise.resolve({
      ...decided,
      label,
      generation: 0,
      by: 'default-class',
      clamped: [],
    } as unknown as Decision);
  }

  feedback(ticket: number, outcome: Outcome): Promise<Verdict> {
    const { classes } = this.direct.definition;
    if ('label' in outcome)
      this.direct.label(
        ticket,
        classes.findIndex(({ label }) => label === outcome.label),
      );
    else this.direct.label(ticket, 0, FeedbackKind.DISCARD);
    return Promise.resolve({ ticket, judgement: 'satisfied', truth: undefined });
  }

  setPoint(): undefined {
    return undefined;
  }

  learning(): ReturnType<LoopTrainer['learning']> {
    return { generation: 0, samples: 0, needed: 0, onlyClass: undefined };
  }
}

/** All three rooms, with the votes' dice thrown from `seed`. */
export async function live(seed: number, days: number): Promise<Record<(typeof KINDS)[number], Served>> {
  const office = new Office({ seed });
  const direct = await DirectLoop.start(definition);
  const loop = new Loop(new LearnedRoom(office), new DirectTrainer(direct), {
    failSafe: 0,
    holdMs: 0,
    leastOnMs: 0,
    leastOffMs: 0,
    now: () => 1000 * office.time,
  });
  while (office.day < days) {
    await loop.step();
    office.advance(STEP_SECONDS);
    direct.board.advance(1000 * STEP_SECONDS);
  }
  direct.close();
  const workdays = office.occupiedSeconds / 36_000;
  const served = (room: Room): Served => ({
    discomfort: room.discomfortSeconds / 3600 / workdays,
    energy: room.energy / workdays,
    switches: room.thermostat.switches / workdays,
  });
  return {
    learned: served(office.learned),
    frozen: served(office.frozen),
    lastVote: served(office.lastVote),
  };
}

function numberAfter(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

async function main(): Promise<void> {
  const days = numberAfter('days', 28);
  const seeds = Array.from({ length: numberAfter('seeds', 4) }, (_, i) => i + 1);
  const all: Awaited<ReturnType<typeof live>>[] = [];
  console.log(
    `${days} days; hours of discomfort, kWh and switches a working day, mean and worst over ${seeds.length} dice of the votes`,
  );
  for (const seed of seeds) all.push(await live(seed, days));
  const results: Record<string, number> = {};
  for (const kind of KINDS) {
    const key = kind === 'lastVote' ? 'last_vote' : kind;
    const of = (figure: keyof Served): number[] => all.map((year) => year[kind][figure]);
    const cells = (['discomfort', 'energy', 'switches'] as const).map((figure) => {
      const values = of(figure);
      return `${figure} ${mean(values).toFixed(2)} (worst ${Math.max(...values).toFixed(2)})`;
    });
    console.log(`${key.padEnd(10)} ${cells.join('   ')}`);
    results[`discomfort_hours_${key}`] = mean(of('discomfort'));
    results[`energy_${key}`] = mean(of('energy'));
    results[`switches_per_day_${key}`] = mean(of('switches'));
  }
  const ratio = (kind: 'frozen' | 'lastVote'): number =>
    Math.max(...all.map((year) => year.learned.discomfort / year[kind].discomfort));
  results.discomfort_worst_ratio_to_frozen = ratio('frozen');
  results.discomfort_worst_ratio_to_last_vote = ratio('lastVote');
  results.energy_worst_ratio_to_frozen = Math.max(
    ...all.map((year) => year.learned.energy / year.frozen.energy),
  );
  for (const [key, value] of Object.entries(results)) console.log(`${key.padEnd(40)} ${value.toFixed(3)}`);
  if (process.argv.includes('--json'))
    console.log(
      JSON.stringify(
        Object.fromEntries(Object.entries(results).map(([key, value]) => [key, Number(value.toFixed(3))])),
      ),
    );
}

if (require.main === module) void main();

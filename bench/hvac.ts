/**
 * Six weeks of an air-conditioned zone whose occupant changes what they like on day 14: a design-time model, frozen, against the same
 * model that learns on the board from the votes.
 *
 *   npm run bench -- hvac [--all] [--json]
 *
 * Both start from the same linear SVM, taught the standard's PMV of a standard occupant, and both decide {heat, hold, cool} through the
 * protocol every five simulated minutes on the same weather and plant. Discomfort: occupied hours, days 21 to 42, in which the
 * occupant's sensation is beyond +-0.5. Every figure is the mean over eight occupants, whose votes fall at other moments, with the worst
 * of the eight beside it: one occupant alone says little. The first scenario is the one that is reported. The second is the same with
 * the change the other way round, and --all adds seasons: energy follows what people like, so who wants it colder in July costs more,
 * however well it is learned. "told" is a controller that knows the occupant's sensation at every moment, the least that serving them takes.
 */
import { METABOLIC_RATE, Plant } from '../demo/plant/plant';
import { predictedMeanVote, relativeAirSpeed } from '../demo/plant/pmv';
import { SeededRandom } from '../demo/plant/random';
import { WeatherYear } from '../demo/plant/weather';
import type { Trainer, TrainerDefinition } from '../trainer';
import { onVirtualTrainer } from './on_virtual_trainer';

const DAYS = 42;
const OCCUPANTS = [1, 2, 3, 4, 5, 6, 7, 8];
const SHIFT_DAY = 14;
const COUNTED_FROM_DAY = 21;
const DECISION_SECONDS = 300;
const VOTE_MINUTES = 20;
const DESIGN_SAMPLES = 90;
/** Sensation within which nothing is to be done: tighter than the +-0.5 of comfort, so that the zone does not live on its edge. */
const BAND = 0.25;
const LABELS = ['heat', 'hold', 'cool'] as const;
const ACTUATION: Record<string, number> = { heat: 100, hold: 0, cool: -100 };

const DEFINITION: TrainerDefinition = {
  name: 'zone air conditioning',
  features: [
    { name: 'air temperature', unit: '°C', min: 10, max: 40 },
    { name: 'radiant temperature', unit: '°C', min: 10, max: 40 },
    { name: 'humidity', unit: '%', min: 0, max: 100 },
    { name: 'outdoor temperature', unit: '°C', min: -30, max: 45 },
  ],
  classes: LABELS.map((label) => ({ label, actuation: ACTUATION[label] as number })),
  defaultClass: 'hold',
  storage: 'int16',
  scaling: 'standard',
  outOfRange: 'clamp',
  model: { type: 'svm-linear', cost: 10, classWeights: 'none' },
  feedback: { rule: 'label' },
  /* Oldest first: what somebody liked two weeks ago is worth less than what they like now. */
  stitching: { capacity: 120, satisfactoryShare: 1, holdOutEvery: 5 },
  training: { mode: 'manual', minNewSamples: 10, minSamples: 20, accuracyWindow: 20, accuracyThreshold: 0.9 },
};

interface Scenario {
  readonly title: string;
  readonly startDay: number;
  /** PMV at which the occupant is neutral, before and from the shift on. */
  readonly before: number;
  readonly after: number;
}

const SCENARIOS: readonly Scenario[] = [
  { title: 'July, cooler then warmer', startDay: 200, before: -0.4, after: 0.8 },
  { title: 'July, warmer then cooler', startDay: 200, before: 0.4, after: -0.8 },
  { title: 'October, cooler then warmer', startDay: 274, before: -0.4, after: 0.8 },
  { title: 'October, warmer then cooler', startDay: 274, before: 0.4, after: -0.8 },
  { title: 'November, cooler then warmer', startDay: 320, before: -0.4, after: 0.8 },
  { title: 'November, warmer then cooler', startDay: 320, before: 0.4, after: -0.8 },
];

const classOf = (sensation: number): string =>
  sensation < -BAND ? 'heat' : sensation > BAND ? 'cool' : 'hold';

/** What a designer knows: the standard's vote over the conditions an office sees, as many samples of each class. */
async function teachDesign(trainer: Trainer): Promise<void> {
  const random = new SeededRandom(1);
  const between = (least: number, most: number): number => least + (most - least) * random.uniform();
  const missing = new Map<string, number>(LABELS.map((label) => [label, DESIGN_SAMPLES / LABELS.length]));
  while ([...missing.values()].some((count) => count > 0)) {
    const outdoor = between(-15, 33);
    const air = between(17, 30);
    const radiant = air + between(-1.5, 1.5);
    const humidity = between(20, 65);
    /* The occupant dresses by the morning, some degrees colder than the average of the day. */
    const clothing = 1 - 0.5 * Math.max(0, Math.min(1, (outdoor - 3 - 5) / 17));
    const pmv = predictedMeanVote({
      air,
      radiant,
      airSpeed: relativeAirSpeed(0.1, METABOLIC_RATE),
      humidity,
      metabolicRate: METABOLIC_RATE,
      clothing,
    });
    const label = classOf(pmv);
    const left = missing.get(label) ?? 0;
    if (left === 0 || Math.abs(pmv) > 1.5) continue;
    missing.set(label, left - 1);
    await trainer.addSample([air, radiant, humidity, outdoor], label);
  }
  await trainer.train();
  const { generation } = await trainer.status();
  if (generation === 0) throw new Error('the design-time model was not promoted');
}

interface Served {
  readonly discomfortHours: number;
  readonly energy: number;
}

interface Outcome extends Served {
  readonly trainings: number;
  readonly promoted: number;
  readonly rejected: number;
}

function plantOf({ startDay, before, after }: Scenario, weather: WeatherYear, occupant: number): Plant {
  return new Plant({
    weather,
    seed: occupant,
    startDay,
    voteMinutes: VOTE_MINUTES,
    occupant: {
      preferences: [
        { fromDay: 0, neutral: before },
        { fromDay: SHIFT_DAY, neutral: after },
      ],
    },
  });
}

/** Discomfort and energy of the days that count. */
class Counter {
  private discomfort = 0;
  private energy = 0;

  constructor(private readonly plant: Plant) {}

  /** Call before every decision. */
  look(): void {
    if (this.plant.day >= COUNTED_FROM_DAY) return;
    this.discomfort = this.plant.discomfortSeconds;
    this.energy = this.plant.energy;
  }

  served(): Served {
    return {
      discomfortHours: (this.plant.discomfortSeconds - this.discomfort) / 3600,
      energy: this.plant.energy - this.energy,
    };
  }
}

/** A controller that is told what the occupant feels. */
function told(scenario: Scenario, weather: WeatherYear, occupant: number): Served {
  const plant = plantOf(scenario, weather, occupant);
  const counter = new Counter(plant);
  while (plant.day < DAYS) {
    counter.look();
    plant.command = ACTUATION[classOf(plant.occupant.sensation(plant.pmv, plant.day))] as number;
    plant.advance(DECISION_SECONDS);
  }
  return counter.served();
}

function live(scenario: Scenario, learns: boolean, weather: WeatherYear, occupant: number): Promise<Outcome> {
  return onVirtualTrainer(DEFINITION, async (trainer, board) => {
    await teachDesign(trainer);
    await trainer.setMode(learns ? 'auto' : 'frozen');
    const atStart = await trainer.status();
    const plant = plantOf(scenario, weather, occupant);
    const counter = new Counter(plant);
    while (plant.day < DAYS) {
      counter.look();
      const { zone, votes } = plant;
      let ticket: number | undefined;
      if (plant.scheduled) {
        const decision = await trainer.infer([zone.air, zone.radiant, zone.relativeHumidity, plant.outdoor]);
        ({ ticket } = decision);
        plant.command = decision.actuation;
      }
      plant.advance(DECISION_SECONDS);
      board.advance(1000 * DECISION_SECONDS);
      if (learns && ticket !== undefined && plant.votes !== votes && plant.vote !== undefined) {
        await trainer.feedback(ticket, { label: classOf(plant.vote.sensation) });
        /* In the zone's time a training is over before the next decision. */
        await trainer.settled();
      }
    }
    const status = await trainer.status();
    return {
      ...counter.served(),
      trainings: status.trainings - atStart.trainings,
      promoted: status.promoted - atStart.promoted,
      rejected: status.rejected - atStart.rejected,
    };
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** `of` every occupant, one after the other. */
async function each<T>(of: (occupant: number) => T | Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (const occupant of OCCUPANTS) all.push(await of(occupant));
  return all;
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const weather = WeatherYear.read();
  const results: Record<string, number> = {};
  console.log(
    `Days ${COUNTED_FROM_DAY} to ${DAYS}; the preference shifts on day ${SHIFT_DAY}; mean of ${OCCUPANTS.length} occupants`,
  );
  console.log(
    '                                     discomfort, h                    energy, kWh          energy',
  );
  console.log(
    'scenario                      design learned   worst    told   design learned    told    ratio  trainings promoted rejected',
  );
  const scenarios = process.argv.includes('--all') ? SCENARIOS : SCENARIOS.slice(0, 2);
  for (const [index, scenario] of scenarios.entries()) {
    const design = await each((occupant) => live(scenario, false, weather, occupant));
    const learned = await each((occupant) => live(scenario, true, weather, occupant));
    const least = await each((occupant) => told(scenario, weather, occupant));
    const hours = (of: readonly Served[]): number => mean(of.map((one) => one.discomfortHours));
    const energy = (of: readonly Served[]): number => mean(of.map((one) => one.energy));
    const worst = Math.max(...learned.map((one) => one.discomfortHours));
    const ratio = energy(learned) / energy(design);
    const trainings = mean(learned.map((one) => one.trainings));
    const promoted = mean(learned.map((one) => one.promoted));
    const rejected = mean(learned.map((one) => one.rejected));
    const cells = [
      [hours(design), 1, 7],
      [hours(learned), 1, 8],
      [worst, 1, 8],
      [hours(least), 1, 8],
      [energy(design), 1, 9],
      [energy(learned), 1, 8],
      [energy(least), 1, 8],
      [ratio, 2, 9],
      [trainings, 0, 11],
      [promoted, 0, 9],
      [rejected, 0, 9],
    ] as const;
    const text = cells.map(([value, digits, width]) => value.toFixed(digits).padStart(width)).join('');
    console.log(`${scenario.title.padEnd(29)}${text}`);
    if (index === 1) {
      results.discomfort_hours_learned_opposite = Number(hours(learned).toFixed(2));
      results.energy_ratio_opposite = Number(ratio.toFixed(4));
    }
    if (index > 0) continue;
    results.discomfort_hours_design = Number(hours(design).toFixed(2));
    results.discomfort_hours_learned = Number(hours(learned).toFixed(2));
    results.discomfort_hours_learned_worst = Number(worst.toFixed(2));
    results.energy_ratio = Number(ratio.toFixed(4));
    results.trainings = Number(trainings.toFixed(1));
    results.promoted = Number(promoted.toFixed(1));
    results.rejected = Number(rejected.toFixed(1));
  }
  if (json) console.log(JSON.stringify(results));
}

void main();

/**
 * How long a trainer that knows nothing keeps a room in its band, by the rule "dead-band": the second half of 2000 decisions, through frames
 * of any master, in six rooms from four times of day each. Beside it a thermostat, and the trainer where the truth is the class of the side on which the room ended.
 *
 *   npm run bench -- band [DEFINITION] [--json]       (a definition with two features: the temperature of the room and the outdoor one)
 */
import type { TrainerDefinition } from '../../trainer';
import {
  definitionFrom,
  EXAMPLE_PLANT,
  exampleDefinition,
  type Kept,
  keptByThermostat,
  keptByTrainer,
  type Plant,
} from './room';

const DECISIONS = 2000;
/** Quarters of a day at which each room begins. */
const STARTS = 4;
const PLANTS: Readonly<Record<string, Plant>> = {
  example: EXAMPLE_PLANT,
  'strong heater': { ...EXAMPLE_PLANT, power: 1.8 },
  'weak heater': { ...EXAMPLE_PLANT, power: 1.2 },
  'slow day': { ...EXAMPLE_PLANT, day: 80 },
  'leaky room': { leak: 0.15, power: 1.8, day: 8, swing: 8 },
  'mild weather': { ...EXAMPLE_PLANT, swing: 5 },
};
const MODELS: readonly TrainerDefinition['model'][] = [
  { type: 'svm-linear', cost: 100 },
  { type: 'svm-kernel' },
];

async function main(): Promise<void> {
  const file = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
  const example = file === undefined ? exampleDefinition() : definitionFrom(file);
  const { feedback } = example;
  if (feedback?.rule !== 'dead-band') throw new Error('the example has another rule');
  const { setPoint, band } = feedback;
  const [low, high] = [feedback.tooLow, feedback.tooHigh].map((name) =>
    (example.classes ?? []).findIndex(({ label }) => label === name),
  ) as [number, number];
  const bySide = (decided: number, outcome: number): number =>
    outcome < setPoint - band ? low : outcome > setPoint + band ? high : decided;
  const ways: Record<string, (plant: Plant) => Promise<Kept>> = {
    thermostat: (plant) => keptByThermostat(example, plant, DECISIONS),
  };
  for (const model of MODELS) {
    const definition = { ...example, model };
    ways[model.type] = (plant) => keptByTrainer(definition, plant, DECISIONS);
    ways[`${model.type}, by side`] = (plant) => keptByTrainer(definition, plant, DECISIONS, bySide);
  }
  const figures: Record<string, number> = {};
  console.log(`share of the steps in the band (and reversals), of the last ${DECISIONS / 2}`);
  for (const [way, kept] of Object.entries(ways)) {
    const all: Kept[] = [];
    for (const [name, plant] of Object.entries(PLANTS)) {
      const results: Kept[] = [];
      for (let quarter = 0; quarter < STARTS; quarter++)
        results.push(await kept({ ...plant, start: (quarter * Math.PI) / 2 }));
      all.push(...results);
      const each = results.map(({ inBand, reversals }) => `${inBand.toFixed(3)} (${reversals.toFixed(3)})`);
      console.log(`${way.padEnd(22)} ${name.padEnd(16)} ${each.join('  ')}`);
    }
    const key = `band_${way.replaceAll(/\W+/g, '_')}`;
    const shares = all.map(({ inBand }) => inBand);
    figures[`${key}_mean`] = shares.reduce((sum, share) => sum + share, 0) / all.length;
    figures[`${key}_worst`] = Math.min(...shares);
    figures[`${key}_reversals_worst`] = Math.max(...all.map(({ reversals }) => reversals));
  }
  for (const [key, value] of Object.entries(figures)) console.log(`${key.padEnd(44)} ${value.toFixed(3)}`);
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

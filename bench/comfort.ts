/**
 * Occupants' votes as feedback: a trainer that decides {warmer, no change, cooler} before it is told the vote.
 *
 *   npm run bench -- comfort [FILE...] [--json]
 *
 * Every row goes through the protocol in order of time: decide, then label. Each building is a fresh start; the first 20 votes are left out.
 * It retrains at every tenth vote, from the 20th, 22nd ... 28th on: five phases, because one alone may be lucky. Balanced accuracy over the
 * three votes. Beside it the rules: |PMV| > 0.5 of the standard, and the vote before; and offline a linear SVM of LIBSVM on the last 180
 * votes, retrained as often, where svm-train is installed.
 *
 * A second definition knows neither PMV nor clothing nor activity, only temperature and humidity.
 */
import { basename } from 'node:path';
import type { TrainerDefinition } from '../trainer';
import { offlineSvm } from './comfort/offline';
import { balanced, lastVote, type Row, rowsOf, standardSays, VOTES } from './comfort/votes';
import { dataFiles, filesGiven, InputError, jsonOf, mean, printFigures, runBench, wordsGiven } from './data';
import { DirectLoop } from './direct_loop';

const PHASES = [20, 22, 24, 26, 28];
const SOURCE = 'ASHRAE Global Thermal Comfort Database II, doi 10.6078/D1F671';
const VOICES = ['start rule', 'following', 'last truth', 'model', 'second model'] as const;
const SILENT = 65_535;

const degrees = (name: string) => ({ name, unit: '°C', min: 10, max: 40 });

/** Ranges wider than any office. The seventh feature is the operative temperature, what a body feels. */
const definition = (minSamples: number): TrainerDefinition => ({
  name: 'comfort votes',
  features: [
    degrees('air temperature'),
    degrees('radiant temperature'),
    { name: 'humidity', unit: '%', min: 0, max: 100 },
    { name: 'air speed', unit: 'm/s', min: 0, max: 1 },
    { name: 'metabolic rate', unit: 'met', min: 0.8, max: 4 },
    { name: 'clothing', unit: 'clo', min: 0, max: 2 },
    degrees('operative temperature'),
  ],
  classes: VOTES.map((label) => ({ label })),
  defaultClass: 'no change',
  startRule: {
    rule: 'pmv',
    steps: [
      { upTo: -0.5, class: 'warmer' },
      { upTo: 0.5, class: 'no change' },
    ],
    above: 'cooler',
    air: { feature: 'air temperature' },
    radiant: { feature: 'radiant temperature' },
    humidity: { feature: 'humidity' },
    airSpeed: { feature: 'air speed' },
    metabolicRate: { feature: 'metabolic rate' },
    clothing: { feature: 'clothing' },
  },
  storage: 'int16',
  scaling: 'standard',
  outOfRange: 'clamp',
  model: MODEL,
  feedback: { rule: 'label' },
  stitching: { capacity: 180 },
  training: { mode: 'auto', minNewSamples: 10, minSamples, accuracyWindow: 30, accuracyThreshold: 'always' },
});

const MODEL: TrainerDefinition['model'] = { type: 'svm-both', cost: 1 };

/** Without what only the standard asks for: what a room controller has. */
const plain = (minSamples: number): TrainerDefinition => {
  const { startRule: _pmv, features, ...rest } = definition(minSamples);
  return {
    ...rest,
    features: (features ?? []).filter(({ name }) => ['air temperature', 'humidity'].includes(name)),
  };
};
const PLAIN_COLUMNS = [0, 2];

interface Learned {
  readonly all: number;
  /** Balanced accuracy of what each voice proposed; undefined = it never spoke. */
  readonly voices: readonly (number | undefined)[];
  readonly by: readonly number[];
}

async function learn(
  rows: readonly Row[],
  of: TrainerDefinition,
  columns?: readonly number[],
): Promise<Learned> {
  const loop = await DirectLoop.start(of);
  const decided: number[] = [];
  const proposed: number[][] = VOICES.map(() => []);
  const by = new Array<number>(7).fill(0);
  const fallback = VOTES.indexOf('no change');
  for (const { features, vote } of rows) {
    const decision = loop.infer(columns === undefined ? features : columns.map((i) => features[i] as number));
    decided.push(decision.classIndex);
    by[decision.by] = (by[decision.by] ?? 0) + 1;
    for (const [voice, word] of loop.proposed().entries()) proposed[voice]?.push(word === SILENT ? -1 : word);
    loop.label(decision.ticket, vote);
  }
  loop.close();
  return {
    all: balanced(rows, decided),
    voices: proposed.map((words) =>
      words.every((word) => word < 0)
        ? undefined
        : balanced(
            rows,
            words.map((word) => (word < 0 ? fallback : word)),
          ),
    ),
    by,
  };
}

interface Building {
  readonly pmv: number;
  readonly last: number;
  readonly learned: readonly number[];
  readonly plain: readonly number[];
  readonly plainBest: readonly number[];
  readonly offline: readonly number[];
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const given = filesGiven(wordsGiven());
  const files = given.length > 0 ? given : dataFiles('thermal-comfort', SOURCE);
  if (files.length === 0) throw new InputError(`comfort: no votes; give files, or get them: ${SOURCE}`);
  /* What cannot be read is said before anything runs. */
  const all = files.map((file) => ({ file, rows: rowsOf(file) }));
  const percent = (value: number): string =>
    (Number.isFinite(value) ? (100 * value).toFixed(1) : '-').padStart(7);
  console.log('Balanced accuracy, percent; learned: mean over five phases, and the least of them');
  console.log(
    'building              votes    PMV   last offline | learned  least | start follow   last  model second | plain  best voice of it',
  );
  const buildings: Building[] = [];
  for (const { file, rows } of all) {
    const pmv = balanced(rows, rows.map(standardSays));
    const last = balanced(rows, lastVote(rows));
    const learned: Learned[] = [];
    const without: Learned[] = [];
    const offline: number[] = [];
    for (const phase of PHASES) {
      learned.push(await learn(rows, definition(phase)));
      without.push(await learn(rows, plain(phase), PLAIN_COLUMNS));
      const reference = offlineSvm(rows, phase);
      if (reference !== undefined) offline.push(reference);
    }
    const least = Math.min(...learned.map(({ all }) => all));
    const voices = VOICES.map((_, voice) =>
      mean(learned.map((occupant) => occupant.voices[voice] ?? Number.NaN)),
    );
    const plainBest = without.map((occupant) => Math.max(...occupant.voices.map((voice) => voice ?? 0)));
    const building: Building = {
      pmv,
      last,
      offline,
      learned: learned.map(({ all }) => all),
      plain: without.map(({ all }) => all),
      plainBest,
    };
    buildings.push(building);
    console.log(
      `${basename(file).padEnd(20)}${String(rows.length).padStart(6)} ${percent(pmv)}${percent(last)}${percent(mean(offline))} |${percent(mean(building.learned))}${percent(least)} |${voices.map(percent).join('')} |${percent(mean(building.plain))}${percent(mean(plainBest))}`,
    );
  }
  const over = (of: (building: (typeof buildings)[number]) => number): number => mean(buildings.map(of));
  const worst = Math.min(
    ...buildings.flatMap(({ learned, pmv, last }) =>
      learned.map((accuracy) => accuracy - Math.max(pmv, last)),
    ),
  );
  const results = {
    comfort_mean_learned: over(({ learned }) => mean(learned)),
    comfort_least_phase_mean_learned: Math.min(
      ...PHASES.map((_, phase) => over(({ learned }) => learned[phase] as number)),
    ),
    comfort_mean_pmv: over(({ pmv }) => pmv),
    comfort_mean_last: over(({ last }) => last),
    comfort_mean_offline_svm: over(({ offline }) => mean(offline)),
    comfort_worst_minus_best_rule: worst,
    comfort_buildings: buildings.length,
    comfort_buildings_above_last: buildings.filter(({ learned, last }) => mean(learned) > last).length,
    comfort_least_phase_buildings_above_last: Math.min(
      ...PHASES.map(
        (_, phase) => buildings.filter(({ learned, last }) => (learned[phase] as number) > last).length,
      ),
    ),
    comfort_buildings_below_best_rule_by_0_05: buildings.filter(
      ({ learned, pmv, last }) => mean(learned) < Math.max(pmv, last) - 0.05,
    ).length,
    comfort_plain_mean_learned: over((building) => mean(building.plain)),
    comfort_plain_mean_minus_best_voice: over((building) => mean(building.plain) - mean(building.plainBest)),
    comfort_plain_worst_minus_best_voice: Math.min(
      ...buildings.map((building) => mean(building.plain) - mean(building.plainBest)),
    ),
  };
  printFigures(results);
  if (json) console.log(jsonOf(results));
}

runBench(main);

/**
 * Six weeks of an air-conditioned zone whose people do not feel what the standard predicts: a frozen design against a trainer that starts
 * from the same rule and learns on the board from their votes.
 *
 *   npm run bench -- hvac [--weather FILE...] [--months 1,4,7,10] [--occupants 8] [--json]
 *
 * Weather, plant and people are simulated (demo/plant), the trainer is the real firmware behind real frames. In the first two kinds the
 * preference changes once, on day 14; in the others it varies all the time. Discomfort: occupied hours of days 21 to 42 with a
 * sensation beyond +-0.5. "told" knows the sensation at every moment: the least that serving them takes. "last vote" is a thermostat whose
 * set point every vote moves by half a kelvin. A scenario is one kind, weather and month; its figures are means over the occupants, whose
 * votes fall at other moments. The sun's path is that of 42 degrees north whatever the weather.
 */
import { basename } from 'node:path';
import { dataFiles, filesGiven, InputError, jsonOf, mean, printFigures, runBench, wordsGiven } from './data';
import { design, lastVote, learned, live, type Served, told } from './hvac/controllers';
import { firstDay, KINDS, plantOf, type Scenario } from './hvac/scenarios';
import { weatherOf } from './hvac/weather';

const SOURCE = 'NREL TMY3 and DWD test reference years, see bench/README.md';

/** Values of `--name a b c` or `--name a,b,c`. */
function option(name: string): string[] | undefined {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return undefined;
  const rest = process.argv.slice(at + 1);
  const end = rest.findIndex((word) => word.startsWith('--'));
  const values = rest.slice(0, end < 0 ? undefined : end).flatMap((word) => word.split(','));
  if (values.length === 0) throw new InputError(`--${name} needs a value`);
  return values;
}

/** Whole numbers of an option. Throws InputError when one is none, or not from 1 to `most`. */
function wholeNumbers(name: string, most: number): number[] | undefined {
  return option(name)?.map((word) => {
    const value = Number(word);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new InputError(`--${name} ${word}: give whole numbers from 1 to ${most}`);
    return value;
  });
}

interface Contest {
  readonly scenario: Scenario;
  readonly design: readonly Served[];
  readonly told: readonly Served[];
  readonly last: readonly Served[];
  readonly learned: readonly Served[];
}

const hours = (of: readonly Served[]): number => mean(of.map((served) => served.discomfortHours));
const energy = (of: readonly Served[]): number => mean(of.map((served) => served.energy));
const switches = (of: readonly Served[]): number => mean(of.map((served) => served.switchesPerHour));
/** Under a quarter of an hour in three weeks nothing is told apart: it is the resolution of a ratio. */
const LEAST_HOURS = 0.25;
const ratio = (a: number, b: number): number => Math.max(a, LEAST_HOURS) / Math.max(b, LEAST_HOURS);

async function contest(scenario: Scenario, occupants: number): Promise<Contest> {
  const seeds = Array.from({ length: occupants }, (_, i) => i + 1);
  const all: Served[] = [];
  for (const seed of seeds) all.push(await learned(scenario, seed));
  /* Neither hears votes: for these the occupants are one. */
  const deaf = (decide: typeof design): Served[] => {
    const served = live(plantOf(scenario, 1), decide);
    return seeds.map(() => served);
  };
  return {
    scenario,
    design: deaf(design),
    told: deaf(told),
    last: seeds.map((seed) => live(plantOf(scenario, seed), lastVote())),
    learned: all,
  };
}

/** Hours of discomfort above the design's in the worst week after the shift, over all occupants. */
const worstWeek = ({ learned: ours, design: theirs }: Contest): number =>
  Math.max(
    ...ours.flatMap(({ weeks }, i) => weeks.map((week, j) => week - (theirs[i]?.weeks[j] ?? Number.NaN))),
  );

function summary(contests: readonly Contest[]): Record<string, number> {
  const constant = contests.filter(({ scenario }) => !scenario.varied);
  const varied = contests.filter(({ scenario }) => scenario.varied);
  const over = (of: readonly Contest[], figure: (contest: Contest) => number): number => mean(of.map(figure));
  const toDesign = (contest: Contest): number => ratio(hours(contest.learned), hours(contest.design));
  /* Where the design has none there is nothing to be worse than. */
  const worst = (of: readonly Contest[]): number =>
    Math.max(...of.filter((contest) => hours(contest.design) >= LEAST_HOURS).map(toDesign));
  const missed = constant.filter((contest) => toDesign(contest) > 0.5);
  for (const contest of missed)
    console.log(
      `over half: ${contest.scenario.title}: learned ${hours(contest.learned).toFixed(1)} h, told ${hours(contest.told).toFixed(1)} h, design ${hours(contest.design).toFixed(1)} h`,
    );
  return {
    hvac_scenarios: constant.length,
    hvac_mean_ratio: over(constant, toDesign),
    hvac_ratio_of_means:
      over(constant, (contest) => hours(contest.learned)) /
      over(constant, (contest) => hours(contest.design)),
    hvac_worst_ratio: worst(constant),
    hvac_scenarios_over_half: missed.length,
    hvac_scenarios_over_half_that_told_meets: missed.filter(
      (contest) => ratio(hours(contest.told), hours(contest.design)) <= 0.5,
    ).length,
    hvac_worst_week_excess_h: Math.max(...constant.map(worstWeek)),
    hvac_mean_vs_last_vote_ratio:
      over(constant, (contest) => hours(contest.learned)) / over(constant, (contest) => hours(contest.last)),
    hvac_energy_vs_told_ratio:
      over(constant, (contest) => energy(contest.learned)) /
      over(constant, (contest) => energy(contest.told)),
    hvac_switches_per_hour: over(constant, (contest) => switches(contest.learned)),
    hvac_varied_scenarios: varied.length,
    hvac_varied_ratio:
      over(varied, (contest) => hours(contest.learned)) / over(varied, (contest) => hours(contest.design)),
    hvac_varied_worst_ratio: worst(varied),
    hvac_varied_vs_last_vote_ratio:
      over(varied, (contest) => hours(contest.learned)) / over(varied, (contest) => hours(contest.last)),
    hvac_varied_energy_vs_last_vote_ratio:
      over(varied, (contest) => energy(contest.learned)) / over(varied, (contest) => energy(contest.last)),
    hvac_varied_switches_per_hour: over(varied, (contest) => switches(contest.learned)),
    hvac_suspicions: contests.reduce(
      (sum, contest) => sum + contest.learned.reduce((more, { suspicions }) => more + suspicions, 0),
      0,
    ),
  };
}

async function main(): Promise<void> {
  wordsGiven('--weather', '--months', '--occupants');
  const given = option('weather');
  const files = given === undefined ? dataFiles('weather', SOURCE) : filesGiven(given);
  if (files.length === 0) throw new InputError(`hvac: no weather; give files, or get them: ${SOURCE}`);
  const years = files.map((file) => ({ file, weather: weatherOf(file) }));
  const months = wholeNumbers('months', 12) ?? [1, 4, 7, 10];
  const occupants = wholeNumbers('occupants', 1000)?.[0] ?? 8;
  const contests: Contest[] = [];
  console.log('Days 21 to 42, means over the occupants');
  console.log(`${''.padEnd(58)}discomfort, h                        energy, kWh                  switches/h`);
  console.log(
    `${'scenario'.padEnd(58)} design  told last vote learned    told last vote learned  learned trainings`,
  );
  for (const { file, weather } of years) {
    for (const month of months) {
      for (const kind of KINDS) {
        const title = `${kind.title}, ${basename(file).replace(/\.csv$/, '')}, month ${month}`;
        const found = await contest({ ...kind, title, weather, startDay: firstDay(month) }, occupants);
        contests.push(found);
        const cells = [
          [hours(found.design), 7],
          [hours(found.told), 6],
          [hours(found.last), 10],
          [hours(found.learned), 8],
          [energy(found.told), 8],
          [energy(found.last), 10],
          [energy(found.learned), 8],
          [switches(found.learned), 9],
          [mean(found.learned.map(({ trainings }) => trainings)), 10],
        ] as const;
        console.log(
          `${title.padEnd(58)}${cells.map(([value, width]) => value.toFixed(1).padStart(width)).join('')}`,
        );
      }
    }
  }
  const results = summary(contests);
  printFigures(results);
  if (process.argv.includes('--json')) console.log(jsonOf(results));
}

runBench(main);

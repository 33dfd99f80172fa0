/**
 * SKAB by its published procedure: in each file a model is fitted on the first 400 rows, everything after is judged row by row against
 * `anomaly`, and the counts of all files are pooled. The data are GPL-3.0: they are read where they lie.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainerDefinition } from '../../trainer';
import { mean, type Report } from './figures';
import { dataFolder, nameOf, type Sample, table, tables } from './recordings';
import { events, run, type Scored } from './run';

const LEARNED = 400;
const SENSORS = 8;
/** Steps that the range of the learned rows has in a register, and how many times that range fits one. */
const STEPS = 4000;
/** Plain baseline: mean of so many rows, threshold so many times the largest of the learned rows. */
const AVERAGE = 10;
const MARGIN = 2;

interface Experiment {
  readonly name: string;
  readonly rows: Sample[];
  readonly anomaly: boolean[];
}

function experiment(file: string): Experiment {
  const { columns, rows } = table(file, ';');
  const label = columns.indexOf('anomaly');
  return {
    name: nameOf(file),
    rows: rows.map((row) => row.slice(1, 1 + SENSORS)),
    anomaly: rows.map((row) => label >= 0 && row[label] === 1),
  };
}

/** Scaled by the range of the rows that are learned; what is far outside stops at the rails of its register. */
function prepared(
  rows: readonly Sample[],
  learned: number,
): { definition: TrainerDefinition; samples: Sample[] } {
  const channels = Array.from({ length: SENSORS }, (_, k) => {
    const values = rows.slice(0, learned).map((row) => row[k] as number);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const centre = (least + most) / 2;
    return { centre, scale: STEPS / Math.max(most - least, 1e-6) };
  });
  const rail = 32_000;
  return {
    definition: {
      name: 'skab',
      channels: channels.map((_, k) => ({ name: `sensor ${k + 1}`, min: -rail, max: rail, scale: 1 })),
      model: { type: 'process', learningSamples: learned },
    },
    samples: rows.map((row) =>
      row.map((value, k) => {
        const { centre, scale } = channels[k] as { centre: number; scale: number };
        return Math.max(-rail, Math.min(rail, Math.round((value - centre) * scale)));
      }),
    ),
  };
}

/** Confusion of rows. */
class Counts {
  tp = 0;
  fp = 0;
  fn = 0;
  tn = 0;

  add(said: boolean, truth: boolean): void {
    if (truth) said ? this.tp++ : this.fn++;
    else said ? this.fp++ : this.tn++;
  }

  join(other: Counts): void {
    this.tp += other.tp;
    this.fp += other.fp;
    this.fn += other.fn;
    this.tn += other.tn;
  }

  get f1(): number {
    return (2 * this.tp) / (2 * this.tp + this.fp + this.fn);
  }

  get far(): number {
    return (100 * this.fp) / (this.fp + this.tn);
  }

  get mar(): number {
    return (100 * this.fn) / (this.fn + this.tp);
  }

  toString(): string {
    return `F1 ${this.f1.toFixed(3)}, FAR ${this.far.toFixed(2)} %, MAR ${this.mar.toFixed(2)} %`;
  }
}

/** Means of the last rows of one sensor. */
function averages(rows: readonly Sample[], sensor: number): number[] {
  let sum = 0;
  return rows.map((row, t) => {
    sum += row[sensor] as number;
    if (t >= AVERAGE) sum -= rows[t - AVERAGE]?.[sensor] as number;
    return sum / Math.min(AVERAGE, t + 1);
  });
}

/** The moving average beside it, from the same rows, in units of its own deviation. */
function movingAverage({ rows, anomaly }: Experiment): Counts {
  const deviations = Array.from({ length: SENSORS }, (_, k) => {
    const values = averages(rows, k);
    const learned = values.slice(AVERAGE - 1, LEARNED);
    const centre = mean(learned);
    const deviation = Math.sqrt(mean(learned.map((one) => (one - centre) ** 2)));
    return values.map((one) => Math.abs(one - centre) / Math.max(deviation, 1e-9));
  });
  const scores = rows.map((_, t) => Math.max(...deviations.map((sensor) => sensor[t] as number)));
  const threshold = MARGIN * Math.max(...scores.slice(AVERAGE - 1, LEARNED));
  const counts = new Counts();
  for (let t = LEARNED; t < rows.length; t++)
    counts.add((scores[t] as number) > threshold, anomaly[t] === true);
  return counts;
}

async function oneFile(
  file: string,
): Promise<{ counts: Counts; plain: Counts; windows: Scored[]; onset: number }> {
  const one = experiment(file);
  const { definition, samples } = prepared(one.rows, LEARNED);
  const windows = await run({ definition, healthy: [samples.slice(0, LEARNED)] }, samples.slice(LEARNED));
  const over = new Set(windows.filter(({ score, threshold }) => score > threshold).map(({ end }) => end));
  const counts = new Counts();
  for (let row = LEARNED; row < samples.length; row++)
    counts.add(over.has(row - LEARNED + 1), one.anomaly[row] === true);
  return { counts, plain: movingAverage(one), windows, onset: one.anomaly.indexOf(true) - LEARNED };
}

/** A long run without faults: learned from its first 2000 rows. */
async function anomalyFree(report: Report): Promise<void> {
  const folder = dataFolder('skab/anomaly-free');
  const [file] = folder === undefined ? [] : tables(folder);
  if (file === undefined) return;
  const learned = 2000;
  const { rows } = experiment(file);
  const { definition, samples } = prepared(rows, learned);
  const windows = await run({ definition, healthy: [samples.slice(0, learned)] }, samples.slice(learned));
  const over = windows.filter(({ score, threshold }) => score > threshold).length;
  report.note(
    'skab_anomaly_free_far',
    (100 * over) / windows.length,
    2,
    `${over} of ${windows.length} rows, learned from the first ${learned}`,
  );
  report.note(
    'skab_anomaly_free_alarm_events',
    events(windows),
    0,
    `in ${(windows.length / 3600).toFixed(1)} h`,
  );
}

export async function skab(report: Report, given: readonly string[]): Promise<void> {
  const folder = given[0] ?? dataFolder('skab/valve1');
  const inner =
    folder === undefined ? undefined : [join(folder, 'valve1'), folder].find((path) => existsSync(path));
  if (inner === undefined) {
    report.line(
      'skab: no data; they are in ../shared/data/skab (github.com/waico/SKAB), or give the folder with its files',
    );
    return;
  }
  report.line();
  report.line(
    `SKAB, process; ${inner.split('/').at(-1)}: fitted on the first ${LEARNED} rows of each file, threshold twice the largest learned score`,
  );
  const [all, plain] = [new Counts(), new Counts()];
  let [missed, early] = [0, 0];
  const delays: number[] = [];
  for (const file of tables(inner)) {
    const one = await oneFile(file);
    all.join(one.counts);
    plain.join(one.plain);
    const alarms = one.windows.filter(({ alarm }) => alarm);
    const first = alarms.find(({ end }) => end > one.onset);
    if (alarms.some(({ end }) => end <= one.onset)) early++;
    if (first === undefined) missed++;
    else delays.push((first.end - one.onset) / AVERAGE);
    report.line(
      `${nameOf(file).padEnd(4)} ${one.counts}; moving average ${one.plain}; alarm ${first === undefined ? 'missed' : `after ${first.end - one.onset} rows`}`,
    );
  }
  report.note('skab_f1', all.f1, 3, 'at least 0.83; published best of these files 0.78');
  report.note('skab_far', all.far, 2, 'percent, at most 12');
  report.note('skab_mar', all.mar, 2, 'percent');
  report.note(
    'skab_moving_average_f1',
    plain.f1,
    3,
    `FAR ${plain.far.toFixed(2)} %, MAR ${plain.mar.toFixed(2)} %`,
  );
  report.note(
    'skab_alarm_missed',
    missed,
    0,
    `of ${delays.length + missed} faults; in ${early} files an alarm before the fault`,
  );
  report.note('skab_alarm_delay_windows', mean(delays), 2, `of ${AVERAGE} rows`);
  if (given.length === 0) await anomalyFree(report);
}

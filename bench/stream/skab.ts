/**
 * SKAB by its published procedure: in each file a model is fitted on the first 400 rows, everything after is judged row by row against
 * `anomaly`, and the counts of all files are pooled. The data are GPL-3.0: they are read where they lie.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TrainerDefinition } from '../../trainer';
import { columnOf, dataFolder, InputError, numbersOf, readTable, tablesOf } from '../data';
import { mean, type Report } from './figures';
import { nameOf, type Sample } from './recordings';
import { events, run, type Scored } from './run';
import { noteRun } from './run_length';

const LEARNED = 400;
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

/** Columns that are no sensors; the others are, whatever their order. */
const LABELS = ['datetime', 'anomaly', 'changepoint'];

function experiment(file: string, learned: number): Experiment {
  const table = readTable(file);
  const sensors = table.names.flatMap((name, at) => (LABELS.includes(name.toLowerCase()) ? [] : [at]));
  const rows = numbersOf(table, sensors);
  if (rows.length <= learned)
    throw new InputError(`${file}: ${rows.length} rows; the first ${learned} are learned, give more`);
  const labelled = table.names.some((name) => name.toLowerCase() === 'anomaly');
  const labels = labelled ? numbersOf(table, [columnOf(table, 'anomaly')]) : [];
  return { name: nameOf(file), rows, anomaly: rows.map((_, row) => labels[row]?.[0] === 1) };
}

/** Scaled by the range of the rows that are learned; what is far outside stops at the rails of its register. */
function prepared(
  rows: readonly Sample[],
  learned: number,
): { definition: TrainerDefinition; samples: Sample[] } {
  const channels = (rows[0] ?? []).map((_, k) => {
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
    const shown = (value: number, digits: number): string =>
      Number.isFinite(value) ? value.toFixed(digits) : '-';
    return `F1 ${shown(this.f1, 3)}, FAR ${shown(this.far, 2)} %, MAR ${shown(this.mar, 2)} %`;
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
  const deviations = (rows[0] ?? []).map((_, k) => {
    const values = averages(rows, k);
    const learned = values.slice(AVERAGE - 1, LEARNED);
    const centre = mean(learned);
    const deviation = Math.sqrt(mean(learned.map((value) => (value - centre) ** 2)));
    return values.map((value) => Math.abs(value - centre) / Math.max(deviation, 1e-9));
  });
  const scores = rows.map((_, t) => Math.max(...deviations.map((sensor) => sensor[t] as number)));
  const threshold = MARGIN * Math.max(...scores.slice(AVERAGE - 1, LEARNED));
  const counts = new Counts();
  for (let t = LEARNED; t < rows.length; t++)
    counts.add((scores[t] as number) > threshold, anomaly[t] === true);
  return counts;
}

interface Judged {
  readonly counts: Counts;
  readonly plain: Counts;
  readonly windows: readonly Scored[];
  /** Row of the fault after those that were learned; undefined = the file has none. */
  readonly onset: number | undefined;
}

async function oneFile(experiment: Experiment): Promise<Judged> {
  const { definition, samples } = prepared(experiment.rows, LEARNED);
  const windows = await run({ definition, healthy: [samples.slice(0, LEARNED)] }, samples.slice(LEARNED));
  const at = experiment.anomaly.indexOf(true);
  const over = new Set(windows.filter(({ score, threshold }) => score > threshold).map(({ end }) => end));
  const counts = new Counts();
  for (let row = LEARNED; row < samples.length; row++)
    counts.add(over.has(row - LEARNED + 1), experiment.anomaly[row] === true);
  return { counts, plain: movingAverage(experiment), windows, onset: at < 0 ? undefined : at - LEARNED };
}

/** A long run without faults: learned from its first 2000 rows. */
async function anomalyFree(report: Report): Promise<void> {
  const folder = dataFolder('skab/anomaly-free');
  const [file] = folder === undefined ? [] : tablesOf(folder);
  if (file === undefined) return;
  const learned = 2000;
  const { rows } = experiment(file, learned);
  const { definition, samples } = prepared(rows, learned);
  const windows = await run({ definition, healthy: [samples.slice(0, learned)] }, samples.slice(learned));
  const over = windows.filter(({ score, threshold }) => score > threshold).length;
  report.note(
    'skab_anomaly_free_far',
    (100 * over) / windows.length,
    2,
    `${over} of ${windows.length} rows, learned from the first ${learned}`,
  );
  noteRun(report, 'skab_anomaly_free', [windows.filter((_, i) => i % AVERAGE === AVERAGE - 1)]);
  report.note(
    'skab_anomaly_free_alarm_events',
    events(windows),
    0,
    `in ${(windows.length / 3600).toFixed(1)} h`,
  );
}

/** Files of the folder, or of its valve1. Throws InputError when there are none, or one cannot be judged. */
function experiments(folder: string): Experiment[] {
  const inner = [join(folder, 'valve1'), folder].find((path) => existsSync(path)) ?? folder;
  const files = tablesOf(inner);
  if (files.length === 0) throw new InputError(`${inner}: the folder has no .csv file`);
  return files.map((file) => {
    columnOf(readTable(file), 'anomaly');
    return experiment(file, LEARNED);
  });
}

/** Alarms beside the rows: how many faults had one, how late, and how often one came before. */
class Alarms {
  missed = 0;
  early = 0;
  readonly delays: number[] = [];

  add({ windows, onset }: Judged): string {
    const alarms = windows.filter(({ alarm }) => alarm);
    if (onset === undefined) {
      if (alarms.length > 0) this.early++;
      return `no fault in it; ${alarms.length > 0 ? 'an' : 'no'} alarm`;
    }
    if (alarms.some(({ end }) => end <= onset)) this.early++;
    const first = alarms.find(({ end }) => end > onset);
    if (first === undefined) {
      this.missed++;
      return 'alarm missed';
    }
    this.delays.push((first.end - onset) / AVERAGE);
    return `alarm after ${first.end - onset} rows`;
  }
}

export async function skab(report: Report, given: readonly string[]): Promise<void> {
  if (given.length > 1) throw new InputError('skab: give one folder');
  const folder = given[0] ?? dataFolder('skab/valve1');
  if (folder === undefined) {
    report.line(
      'skab: no data; they are in ../shared/data/skab (github.com/waico/SKAB), or give the folder with its files',
    );
    return;
  }
  const files = experiments(folder);
  report.line();
  report.line(
    `SKAB, process; ${basename(folder)}: fitted on the first ${LEARNED} rows of each file, threshold twice the largest learned score`,
  );
  const [all, plain] = [new Counts(), new Counts()];
  const alarms = new Alarms();
  const scores: number[] = [];
  for (const file of files) {
    const judged = await oneFile(file);
    all.join(judged.counts);
    plain.join(judged.plain);
    if (judged.onset !== undefined) scores.push(judged.counts.f1);
    report.line(
      `${file.name.padEnd(4)} ${judged.counts}; moving average ${judged.plain}; ${alarms.add(judged)}`,
    );
  }
  const { missed, early, delays } = alarms;
  report.note('skab_f1', all.f1, 3, 'at least 0.83; published best of these files 0.78');
  report.note('skab_worst_f1', Math.min(...scores), 3, 'of a file');
  report.note('skab_far', all.far, 2, 'percent, at most 12');
  report.note('skab_mar', all.mar, 2, 'percent');
  report.note('skab_moving_average_f1', plain.f1, 3, `${plain}`);
  report.note(
    'skab_alarm_missed',
    missed,
    0,
    `of ${delays.length + missed} faults; in ${early} files an alarm before the fault`,
  );
  report.note('skab_alarm_delay_windows', mean(delays), 2, `of ${AVERAGE} rows`);
  if (given.length === 0) await anomalyFree(report);
}

/** A cooler fan with weights on its blades, at every speed that there is a recording of. */
import { mean, percent, type Report } from './figures';
import { checkRecording, definitionOf, fitted, KINDS, windowOf } from './machines';
import { type FanRecording, fan, fanFiles } from './recordings';
import {
  before,
  endOfAlarm,
  events,
  FAMILIES,
  type Family,
  type Judged,
  judge,
  over,
  run,
  type Scored,
} from './run';
import { noteRun } from './run_length';

/** Share of the healthy recording that is learned from. */
const LEARNS = 0.6;
const HZ = 50;
/** Below the first the fan hardly turns; between the two its configurations differ little. */
const GROUPS = [30, 40] as const;

interface SpeedFigures {
  readonly recording: FanRecording;
  readonly falseAlarms: number;
  readonly overThreshold: number;
  readonly windows: number;
  readonly seconds: number;
  readonly events: number;
  readonly quiet: readonly Scored[];
  readonly faults: readonly Judged[];
  /** Windows until the alarm ended, once the healthy signal was back; of the faults that had one then. */
  readonly ends: readonly number[];
}

async function oneSpeed(report: Report, family: Family, recording: FanRecording): Promise<SpeedFigures> {
  const { file, healthy } = recording;
  const learned = Math.round(healthy.length * LEARNS);
  const kind = fitted(KINDS.fan, healthy);
  const definition = definitionOf(family, kind, healthy[0]?.length ?? 3, learned);
  const machine = { definition, healthy: [healthy.slice(0, learned)] };
  const window = windowOf(family, kind);
  const rest = healthy.slice(learned);
  const quiet = await run(machine, rest);
  const faults: Judged[] = [];
  const ends: number[] = [];
  const key = `${before(family)}fan_${recording.name.replace(/\W+/g, '_')}`;
  for (const { name, samples } of recording.faults) {
    const whole = await run(machine, [...samples, ...rest]);
    const faulty = whole.filter(({ end }) => end <= samples.length);
    const fault = judge(`${file}, configuration ${name}`, quiet, faulty, 0, window);
    faults.push(fault);
    const end = endOfAlarm(whole, samples.length, window);
    if (end !== undefined) ends.push(end);
    report.note(
      `${key}_${name}_auc`,
      fault.auc,
      4,
      `RMS ${fault.rmsAuc.toFixed(4)}; over the threshold ${percent(fault.detection)}, RMS over its own ${percent(fault.rmsDetection)}, at 1.5 % false alarms ${percent(fault.detection15)}; alarm after ${fault.delay ?? 'never:'} windows, raised ${fault.alarms} times`,
    );
  }
  const seconds = rest.length / HZ;
  const falseAlarms = quiet.filter(({ score, threshold }) => score > threshold).length;
  report.line(
    `  healthy: ${falseAlarms} of ${quiet.length} windows over the threshold, ${events(quiet)} alarms in ${seconds.toFixed(0)} s`,
  );
  return {
    recording,
    falseAlarms: over(quiet),
    overThreshold: falseAlarms,
    windows: quiet.length,
    seconds,
    events: events(quiet),
    quiet,
    faults,
    ends,
  };
}

function summary(report: Report, family: Family, speeds: readonly SpeedFigures[]): void {
  const first = before(family);
  for (const least of GROUPS) {
    const some = speeds.filter(({ recording }) => !(recording.speed < least));
    const faults = some.flatMap((speed) => speed.faults);
    if (faults.length === 0) continue;
    const areas = faults.map((fault) => fault.auc);
    const key = `${first}fan${least}`;
    report.note(`${key}_mean_auc`, mean(areas), 4, `speeds ${least} and up`);
    report.note(`${key}_worst_auc`, Math.min(...areas), 4);
    report.note(
      `${key}_rms_mean_auc`,
      mean(faults.map((fault) => fault.rmsAuc)),
      4,
      'two-sided log RMS, on the board beside the score',
    );
    report.note(`${key}_mean_minus_rms`, mean(faults.map((fault) => fault.auc - fault.rmsAuc)), 4);
    report.note(
      `${key}_detection_at_1_5_percent`,
      mean(faults.map((fault) => fault.detection15)),
      4,
      'at the threshold with 1.5 % false alarms on the held-back healthy windows',
    );
    report.note(
      `${key}_detection_at_threshold`,
      mean(faults.map((fault) => fault.detection)),
      4,
      "at the board's own, frozen threshold",
    );
    report.note(
      `${key}_rms_detection_at_threshold`,
      mean(faults.map((fault) => fault.rmsDetection)),
      4,
      'two-sided log RMS at its own',
    );
    report.note(`${key}_false_alarms_percent`, 100 * mean(some.map((speed) => speed.falseAlarms)), 2);
    report.note(
      `${key}_false_alarms_worst_percent`,
      100 * Math.max(...some.map((speed) => speed.falseAlarms)),
      2,
    );
    if (least === GROUPS[0] && family === FAMILIES[0])
      report.countAlarms(
        some.reduce((sum, speed) => sum + speed.events, 0),
        some.reduce((sum, speed) => sum + speed.seconds, 0),
        faults,
      );
    report.note(
      `${key}_alarm_events_healthy`,
      some.reduce((sum, speed) => sum + speed.events, 0),
      0,
      `in ${some.reduce((sum, speed) => sum + speed.seconds, 0).toFixed(0)} s of healthy signal`,
    );
    report.noteFaults(`${key}_alarm`, faults);
    const ends = some.flatMap((speed) => speed.ends);
    report.note(
      `${key}_alarm_end_windows`,
      mean(ends),
      2,
      `until the alarm ends once all is well, of ${ends.length}; the longest ${Math.max(0, ...ends)}`,
    );
  }
  const judged = speeds.filter(({ recording }) => !(recording.speed < GROUPS[0]));
  report.note(
    `${first}fan_false_alarms_percent`,
    100 * mean(judged.map((speed) => speed.falseAlarms)),
    2,
    `${judged.reduce((sum, speed) => sum + speed.overThreshold, 0)} of ${judged.reduce((sum, speed) => sum + speed.windows, 0)} windows, speeds ${GROUPS[0]} and up`,
  );
  if (first === '')
    noteRun(
      report,
      'fan',
      judged.map((speed) => speed.quiet),
    );
  report.note(
    `${first}fan_false_alarms_worst_percent`,
    100 * Math.max(...judged.map((speed) => speed.falseAlarms)),
    2,
  );
}

export async function fans(
  report: Report,
  given: readonly string[],
  families: readonly Family[] = FAMILIES,
): Promise<void> {
  const files = fanFiles(given);
  if (files.length === 0) {
    report.line(
      'fan: no recordings; they are in ../shared/data/fan-vibration, or give files: configuration,x,y,z (1 = healthy)',
    );
    return;
  }
  const recordings = files.map(fan);
  for (const { file, healthy, faults } of recordings) {
    const named = faults.map(({ name, samples }) => ({ name: `${file}, configuration ${name}`, samples }));
    checkRecording({ name: file, healthy, faults: named }, fitted(KINDS.fan, healthy), LEARNS, families);
  }
  for (const family of families) {
    report.line('');
    report.line(`Fan, ${family}; healthy learned from: first ${LEARNS * 100} % of configuration 1`);
    const speeds: SpeedFigures[] = [];
    for (const recording of recordings) speeds.push(await oneSpeed(report, family, recording));
    summary(report, family, speeds);
  }
}

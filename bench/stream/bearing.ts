/** Bearing faults: the alarm from the onset on, and which faults are told apart. */
import { InputError } from '../data';
import { mean, percent, type Report } from './figures';
import { checkRecording, definitionOf, fitted, KINDS, windowOf } from './machines';
import { bearingFiles, moving, nameOf, type Sample, samplesOf } from './recordings';
import { before, events, FAMILIES, type Family, judge, type Machine, over, run } from './run';
import { noteRun } from './run_length';

const LEARNS = 0.2;
const HZ = 12_000;
/** Healthy samples before a fault sets in, after those that were learned from. */
const LEAD_IN = 512;
/** Samples of each part of the stream healthy, first fault, healthy, second fault, healthy, first fault again. */
const PATTERN_SAMPLES = 6000;

interface Fault {
  readonly file: string;
  readonly samples: readonly Sample[];
}

interface Bearing {
  readonly machine: Machine;
  readonly rest: readonly Sample[];
  readonly window: number;
  readonly key: string;
}

async function faultsOf(report: Report, bearing: Bearing, faults: readonly Fault[]): Promise<void> {
  const { machine, rest, window, key } = bearing;
  const quiet = await run(machine, rest);
  const judged = [];
  for (const { file, samples } of faults) {
    const stream = [...rest.slice(0, LEAD_IN), ...samples];
    const judgement = judge(file, quiet, await run(machine, stream), LEAD_IN, window);
    judged.push(judgement);
    report.note(
      `${key}_${nameOf(file).replace(/\W+/g, '_')}_auc`,
      judgement.auc,
      4,
      `RMS ${judgement.rmsAuc.toFixed(4)}; over the threshold ${percent(judgement.detection)}, at 1.5 % false alarms ${percent(judgement.detection15)}; alarm after ${judgement.delay === undefined ? 'never' : `${judgement.delay} windows, ${(((judgement.delay * window) / HZ) * 1000).toFixed(1)} ms`}`,
    );
  }
  if (key === 'bearing') {
    noteRun(report, key, [quiet]);
    report.countAlarms(events(quiet), rest.length / HZ, judged);
  }
  report.note(`${key}_mean_auc`, mean(judged.map((judgement) => judgement.auc)), 4);
  report.note(`${key}_worst_auc`, Math.min(...judged.map((judgement) => judgement.auc)), 4);
  report.note(`${key}_rms_worst_auc`, Math.min(...judged.map((judgement) => judgement.rmsAuc)), 4);
  report.note(`${key}_detection_at_threshold`, mean(judged.map((judgement) => judgement.detection)), 4);
  const overThreshold = quiet.filter(({ score, threshold }) => score > threshold).length;
  report.note(
    `${key}_false_alarms_percent`,
    100 * over(quiet),
    2,
    `${overThreshold} of ${quiet.length} windows`,
  );
  report.note(
    `${key}_alarm_events_healthy`,
    events(quiet),
    0,
    `in ${(rest.length / HZ).toFixed(1)} s of healthy signal`,
  );
  report.noteFaults(`${key}_alarm`, judged);
}

/** Two faults, the first one twice: each new the first time, known the second. */
async function patterns(report: Report, bearing: Bearing, faults: readonly Fault[]): Promise<void> {
  const [first, second] = faults;
  if (first === undefined || second === undefined) return;
  const [firstSamples, secondSamples] = [first.samples, second.samples];
  const { rest } = bearing;
  const calm = (part: number): readonly Sample[] =>
    rest.slice(part * PATTERN_SAMPLES, (part + 1) * PATTERN_SAMPLES);
  const parts = [
    firstSamples.slice(0, PATTERN_SAMPLES),
    secondSamples.slice(0, PATTERN_SAMPLES),
    firstSamples.slice(PATTERN_SAMPLES, 2 * PATTERN_SAMPLES),
  ];
  const stream: Sample[] = [...calm(0)];
  const spans = parts.map((part, index) => {
    const start = stream.length;
    stream.push(...part);
    const end = stream.length;
    stream.push(...calm(index + 1));
    return { start, end };
  });
  const windows = await run(bearing.machine, stream);
  const seen = spans.map(({ start, end }) => {
    const last = windows.filter((w) => w.end > start && w.end <= end && w.alarm).at(-1);
    return { pattern: last?.pattern ?? 0, fresh: last?.newPattern ?? false };
  });
  const [a, b, c] = seen;
  const right = [
    a?.fresh === true && a.pattern > 0,
    b?.fresh === true && b.pattern > 0 && b.pattern !== a?.pattern,
    c?.fresh === false && c.pattern > 0 && c.pattern === a?.pattern,
  ].filter(Boolean).length;
  const said = seen.map(({ pattern, fresh }) => `${fresh ? 'new' : 'known'} pattern ${pattern}`).join(', ');
  report.note(
    `${bearing.key.replace('bearing', 'pattern_events_correct')}`,
    right,
    0,
    `of 3: ${nameOf(first.file)}, ${nameOf(second.file)}, ${nameOf(first.file)} are ${said}`,
  );
}

/** The channels that move, of all files. Throws InputError when one cannot be read, or has other channels. */
function recordingsOf(healthyFile: string, faultFiles: readonly string[]) {
  const samples = samplesOf(healthyFile);
  const read = faultFiles.map((file) => samplesOf(file, samples[0]?.length));
  const [healthy = [], ...faults] = moving(healthyFile, samples, ...read);
  return { healthy, faults: faultFiles.map((file, i): Fault => ({ file, samples: faults[i] ?? [] })) };
}

export async function bearings(
  report: Report,
  given: readonly string[],
  families: readonly Family[] = FAMILIES,
): Promise<void> {
  const [healthyFile, ...faultFiles] = bearingFiles(given);
  if (given.length > 0 && faultFiles.length === 0)
    throw new InputError('bearing: give HEALTHY and at least one FAULT');
  if (healthyFile === undefined) {
    report.line(
      'bearing: no recordings; they are in ../shared/data/bearing-vibration, or give files: HEALTHY FAULT…, one column a channel',
    );
    return;
  }
  const { healthy, faults } = recordingsOf(healthyFile, faultFiles);
  const kind = fitted(KINDS.bearing, healthy);
  const named = faults.map(({ file, samples }) => ({ name: file, samples }));
  checkRecording({ name: healthyFile, healthy, faults: named }, kind, LEARNS, families);
  const learned = Math.round(healthy.length * LEARNS);
  for (const family of families) {
    report.line();
    report.line(`Bearing, ${family}; healthy learned from: first ${LEARNS * 100} %`);
    const bearing: Bearing = {
      machine: {
        definition: definitionOf(family, kind, healthy[0]?.length ?? 2, learned),
        healthy: [healthy.slice(0, learned)],
      },
      rest: healthy.slice(learned),
      window: windowOf(family, kind),
      key: `${before(family)}bearing`,
    };
    await faultsOf(report, bearing, faults);
    await patterns(report, bearing, faults);
  }
}

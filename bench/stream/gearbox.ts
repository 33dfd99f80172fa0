/** A broken tooth at several loads: learned and judged at one load, and judged at a load that was left out of a bank of regimes. */
import { mean, percent, type Report } from './figures';
import { checkRecording, definitionOf, fitted, KINDS, windowOf } from './machines';
import { gearboxFiles, type LoadFiles, moving, type Sample, samplesOf } from './recordings';
import { before, events, FAMILIES, type Family, type Judged, judge, over, run, type Scored } from './run';
import { noteRun } from './run_length';

interface Load {
  readonly name: string;
  readonly files: LoadFiles;
  readonly healthy: Sample[];
  readonly broken: Sample[];
}

/** The channels that move, of all loads. Throws InputError when a file cannot be read, or has other channels. */
function loadsOf(files: readonly LoadFiles[]): Load[] {
  const [first] = files;
  const wanted = first === undefined ? undefined : samplesOf(first.healthy)[0]?.length;
  const read = files.flatMap(({ healthy, broken }) => [
    samplesOf(healthy, wanted),
    samplesOf(broken, wanted),
  ]);
  const [, ...rows] = moving(
    first?.healthy ?? '',
    files.flatMap((_, i) => read[2 * i] ?? []),
    ...read,
  );
  return files.map((filesOfLoad, i) => ({
    name: filesOfLoad.load,
    files: filesOfLoad,
    healthy: rows[2 * i] ?? [],
    broken: rows[2 * i + 1] ?? [],
  }));
}

function line(load: Load, judgement: Judged, quiet: readonly Scored[]): string {
  const count = quiet.filter(({ score, threshold }) => score > threshold).length;
  return `load ${load.name}: AUC ${judgement.auc.toFixed(4)}, RMS ${judgement.rmsAuc.toFixed(4)}; over the threshold ${percent(judgement.detection)} of the fault, ${count} of ${quiet.length} healthy windows`;
}

function summary(
  report: Report,
  key: string,
  judged: readonly Judged[],
  quiet: readonly (readonly Scored[])[],
): void {
  const areas = judged.map((judgement) => judgement.auc);
  const raised = quiet.reduce((sum, windows) => sum + events(windows), 0);
  if (key.startsWith('gearbox')) {
    noteRun(report, key, quiet);
    report.countAlarms(raised, 0, judged);
  }
  report.note(`${key}_auc_256`, mean(areas), 4, `worst ${Math.min(...areas).toFixed(4)}`);
  report.note(`${key}_worst_auc_256`, Math.min(...areas), 4);
  report.note(`${key}_rms_auc_256`, mean(judged.map((judgement) => judgement.rmsAuc)), 4);
  report.note(
    `${key}_alarm_events_healthy`,
    raised,
    0,
    `in ${quiet.reduce((sum, windows) => sum + windows.length, 0)} windows`,
  );
  report.noteFaults(`${key}_alarm`, judged);
  report.note(`${key}_detection_256`, mean(judged.map((judgement) => judgement.detection)), 4);
  report.note(`${key}_false_alarms_percent`, 100 * mean(quiet.map(over)), 2);
  report.note(`${key}_false_alarms_worst_percent`, 100 * Math.max(...quiet.map(over)), 2);
}

async function sameLoad(
  report: Report,
  family: Family,
  kind: ReturnType<typeof fitted>,
  loads: readonly Load[],
): Promise<void> {
  const window = windowOf(family, kind);
  const judged: Judged[] = [];
  const quiets: Scored[][] = [];
  for (const load of loads) {
    const half = Math.floor(load.healthy.length / 2);
    const machine = {
      definition: definitionOf(family, kind, load.healthy[0]?.length ?? 4, half),
      healthy: [load.healthy.slice(0, half)],
    };
    const quiet = await run(machine, load.healthy.slice(half));
    const judgement = judge(load.files.broken, quiet, await run(machine, load.broken), 0, window);
    report.line(line(load, judgement, quiet));
    judged.push(judgement);
    quiets.push(quiet);
  }
  summary(report, `${before(family)}gearbox_same_load`, judged, quiets);
}

async function leaveOneOut(
  report: Report,
  kind: ReturnType<typeof fitted>,
  loads: readonly Load[],
): Promise<void> {
  const judged: Judged[] = [];
  const quiets: Scored[][] = [];
  for (const load of loads) {
    const others = loads.filter((candidate) => candidate !== load);
    const machine = {
      definition: definitionOf(
        'correlation',
        kind,
        load.healthy[0]?.length ?? 4,
        Math.min(...others.map(({ healthy }) => healthy.length)),
        others.length,
      ),
      healthy: others.map((other) => other.healthy),
    };
    const quiet = await run(machine, load.healthy);
    const judgement = judge(
      load.files.broken,
      quiet,
      await run(machine, load.broken),
      0,
      kind.lengths.window,
    );
    report.line(`left out ${line(load, judgement, quiet)}`);
    judged.push(judgement);
    quiets.push(quiet);
  }
  summary(report, 'gearbox_leave_one_load_out', judged, quiets);
}

export async function gearboxes(
  report: Report,
  given: readonly string[],
  families: readonly Family[] = FAMILIES,
): Promise<void> {
  const files = gearboxFiles(given);
  if (files.length === 0) {
    report.line(
      'gearbox: no recordings; they are in ../shared/data/gearbox-vibration, or give a folder with healthy-load-NN and broken-tooth-load-NN',
    );
    return;
  }
  const loads = loadsOf(files);
  const kind = fitted(
    KINDS.gearbox,
    loads.flatMap(({ healthy }) => healthy),
  );
  for (const { files: from, healthy, broken } of loads)
    checkRecording(
      { name: from.healthy, healthy, faults: [{ name: from.broken, samples: broken }] },
      kind,
      0.5,
      families,
    );
  for (const family of families) {
    report.line();
    report.line(
      `Gearbox, ${family}, windows of ${windowOf(family, kind)}; one load: learned from the first half of healthy`,
    );
    await sameLoad(report, family, kind, loads);
    if (family !== 'correlation' || loads.length < 3) continue;
    report.line(`A bank of ${loads.length - 1} regimes, judged at the load that was left out`);
    await leaveOneOut(report, kind, loads);
  }
}

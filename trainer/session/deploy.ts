/**
 * Reports the change, then deploys. A change that would discard something learned is refused unless the caller allows it; then a
 * backup of model and samples is kept before anything is sent.
 */
import {
  type CompleteDefinition,
  fingerprintOf,
  type MemoryPlanner,
  parseDefinition,
  planMemory,
  type TrainerDefinition,
} from '../definition';
import {
  type Backup,
  type DeployOptions,
  type DeployResult,
  openBackup,
  type Trainer,
  type TrainerStatus,
  type TransferOptions,
} from '../device';
import { type Text, text, WordedError } from '../text';
import { type ChangeReport, changeReport } from './change_report';

/** The deployment would discard something learned, and nobody allowed it. Nothing was changed. */
export class ChangeRefusedError extends WordedError {
  readonly code = 'CHANGE_DISCARDS';
  readonly report: ChangeReport;

  constructor(unit: number, report: ChangeReport) {
    super(
      text('change.refused', { unit, report: joined(report.lines) }),
      undefined,
      text('change.brief.refused'),
    );
    this.report = report;
  }
}

/** The backup could not be kept, so nothing was deployed. */
export class BackupNotKeptError extends WordedError {
  readonly code = 'BACKUP_NOT_KEPT';

  constructor(unit: number, cause: unknown) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    super(text('change.noBackup', { unit, problem }), { cause }, text('change.brief.noBackup'));
  }
}

/** Sentences, one behind the other. */
function joined(lines: readonly Text[]): Text | string {
  return lines.reduceRight<Text | string>(
    (rest, line) => (rest === '' ? line : text('change.and', { first: line, rest })),
    '',
  );
}

export interface Guard {
  /** What happens when something learned would be discarded; a function is asked with the report. */
  readonly discard: 'refuse' | 'replace' | ((report: ChangeReport) => Promise<boolean>);
  /** Keeps a backup before something is discarded; returns where it is. */
  readonly keepBackup: (backup: Backup) => Promise<string>;
  /** The report, before anything happens. */
  readonly onReport?: (report: ChangeReport) => void;
  /** The backup is kept there; now the definition is sent. */
  readonly onKept?: (place: string) => void;
}

export interface FirstGeneration {
  /**
   * A model to begin with, header and block: an imported network's (generationOf). It is sent where the board has no generation, or with
   * `force`; the running one is the previous one then.
   */
  readonly firstGeneration?: Uint8Array;
}

export type GuardedDeployOptions = DeployOptions & Guard & FirstGeneration;

export interface GuardedDeployResult extends DeployResult {
  readonly report: ChangeReport;
  /** Where the backup is; undefined when nothing was discarded. */
  readonly backup: string | undefined;
  /** Fate of `firstGeneration`: kept = the board goes on with the generation that it has. */
  readonly firstGeneration: 'sent' | 'kept' | 'not-given';
}

/** Truths that the start rule of the deployed definition has followed. */
async function followedBy(trainer: Trainer, blob: Uint8Array): Promise<number> {
  if (blob.length === 0) return 0;
  const { voices } = await trainer.voices.read();
  return voices.find(({ name }) => name === 'following-rule')?.truths ?? 0;
}

/** What deploying `definition` would do to what the board has learned. Nothing is changed. */
export async function reportOf(
  trainer: Trainer,
  definition: CompleteDefinition,
  planner: MemoryPlanner,
): Promise<ChangeReport> {
  return (await lookedAt(trainer, definition, planner)).report;
}

interface Looked {
  readonly report: ChangeReport;
  /** Fingerprint of the definition that the report is about, 0 = none. */
  readonly runs: number;
}

async function lookedAt(
  trainer: Trainer,
  definition: CompleteDefinition,
  planner: MemoryPlanner,
): Promise<Looked> {
  const { arenaBytes } = await trainer.identify();
  planMemory(definition, planner, arenaBytes);
  const [blob, status] = [await trainer.readDefinition(), await trainer.status()];
  const runs = blob.length === 0 ? 0 : fingerprintOf(blob);
  const learned = { ...status, followed: await followedBy(trainer, blob) };
  const report = changeReport(blob, learned, definition, planner);
  if (report.relabelled === 0) return { report, runs };
  const { samples } = await trainer.dataset.readAs(blob);
  const judged = samples.filter((sample) => sample.judged).length;
  return { report: changeReport(blob, { ...learned, judged }, definition, planner), runs };
}

/** Keeps a backup where something is about to be discarded, and that is allowed. @returns where it is */
async function keepFirst(
  trainer: Trainer,
  report: ChangeReport,
  { discard, keepBackup, onReport, onKept }: Guard,
): Promise<string | undefined> {
  onReport?.(report);
  if (report.verdict !== 'discards') return undefined;
  const allowed = typeof discard === 'function' ? await discard(report) : discard === 'replace';
  if (!allowed) throw new ChangeRefusedError(trainer.unit, report);
  try {
    const place = await keepBackup(await trainer.backup.take('running', { samples: true }));
    onKept?.(place);
    return place;
  } catch (error) {
    throw new BackupNotKeptError(trainer.unit, error);
  }
}

/**
 * @throws ChangeRefusedError, BackupNotKeptError (nothing was changed), and what Trainer.deploy throws; in every case what ran
 *   before goes on
 */
export async function deployGuarded(
  trainer: Trainer,
  definition: TrainerDefinition,
  planner: MemoryPlanner,
  options: GuardedDeployOptions,
): Promise<GuardedDeployResult> {
  const { discard, keepBackup, onReport, onKept, firstGeneration, ...deployOptions } = options;
  const { report, runs } = await lookedAt(trainer, parseDefinition(definition), planner);
  const backup = await keepFirst(trainer, report, options);
  // What another program has deployed since is not in the report, and not replaced.
  const result = await trainer.deploy(definition, { ...deployOptions, expecting: runs });
  const { force, ...transfer } = deployOptions;
  if (firstGeneration === undefined) return { ...result, report, backup, firstGeneration: 'not-given' };
  if (result.status.generation !== 0 && force !== true)
    return { ...result, report, backup, firstGeneration: 'kept' };
  await trainer.model.write(firstGeneration, transfer);
  return { ...result, status: await trainer.status(), report, backup, firstGeneration: 'sent' };
}

/**
 * BackupPart.restore; where the backup's definition is deployed too and that discards something learned, it is guarded as deployGuarded.
 * @throws as deployGuarded and BackupPart.restore
 */
export async function restoreGuarded(
  trainer: Trainer,
  document: unknown,
  planner: MemoryPlanner,
  options: Guard & TransferOptions & { readonly deploy: boolean },
): Promise<{ readonly status: TrainerStatus; readonly backup: string | undefined }> {
  const { discard, keepBackup, onReport, onKept, ...restoreOptions } = options;
  if (!options.deploy)
    return { status: await trainer.backup.restore(document, restoreOptions), backup: undefined };
  const { blob, definition } = openBackup(document);
  const { definitionFingerprint } = await trainer.status();
  const other = definitionFingerprint !== fingerprintOf(blob);
  const backup = other
    ? await keepFirst(trainer, await reportOf(trainer, definition, planner), options)
    : undefined;
  const status = await trainer.backup.restore(document, {
    ...restoreOptions,
    expecting: definitionFingerprint,
  });
  return { status, backup };
}

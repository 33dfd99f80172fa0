/** Brings a definition onto a board: checked here with the firmware's own code, sent page by page, committed in one write. */

import { BulkObject, Command, TrainerErrors } from '../contract/contract.generated';
import {
  boardOf,
  type CompleteDefinition,
  channelIssues,
  DefinitionError,
  encodeDefinition,
  fieldAtOffset,
  fingerprintOf,
  type MemoryNeed,
  type MemoryPlanner,
  memoryError,
  planMemory,
  readBlob,
  refusedSection,
} from '../definition';
import { text } from '../text';
import type { AccessOptions } from './access';
import { type TransferOptions, upload } from './bulk';
import { FirmwareTooOldError, OtherDeploymentError, TrainerError, UploadMixedError } from './errors';
import { firmwareReport } from './firmware';
import { type JobHost, runWhenFree } from './jobs';
import type { Lock } from './lock';
import type { Identity, TrainerStatus } from './status';
import { task } from './task';

export interface DeployOptions extends AccessOptions {
  /** Bytes sent, of all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Send it even when the board runs it already. */
  readonly force?: boolean;
  /** Fingerprint of what the board ran when the caller looked, 0 = nothing; something else there by now is not replaced. */
  readonly expecting?: number;
}

export interface DeployResult {
  readonly fingerprint: number;
  /** False when the board ran this very definition already; nothing was sent then. */
  readonly changed: boolean;
  /** What it takes on the board; undefined when no planner was given. */
  readonly need: MemoryNeed | undefined;
  readonly status: TrainerStatus;
}

const ATTEMPTS = 3;
const VIRTUAL_BOARD = 'virtual';

export interface DeployHost extends JobHost {
  readonly lock: Lock;
  readonly planner: MemoryPlanner | undefined;
  identify(): Promise<Identity>;
}

function explain(
  host: DeployHost,
  definition: CompleteDefinition,
  arenaBytes: number,
  error: unknown,
): unknown {
  if (!(error instanceof TrainerError)) return error;
  if (error.number === TrainerErrors.DEFINITION_MEMORY.code)
    return memoryError(definition, error.detail, arenaBytes, host.planner);
  if (error.number === TrainerErrors.DEFINITION_FIELD.code)
    return new DefinitionError([
      { path: fieldAtOffset(definition, error.detail), problem: text('definition.firmware.field') },
    ]);
  if (error.number === TrainerErrors.DEFINITION_SECTION.code)
    return new DefinitionError([{ path: '', problem: refusedSection(error.detail) }]);
  if (error.number === TrainerErrors.MODEL_NOT_BUILT.code)
    return new DefinitionError([
      { path: 'model.type', problem: text('definition.firmware.notBuilt', { type: definition.model.type }) },
    ]);
  return error;
}

/** What the board says to a blob whose pages are not all from one master. */
const MIXED: readonly number[] = [
  TrainerErrors.DEFINITION_CRC.code,
  TrainerErrors.INCOMPLETE.code,
  TrainerErrors.DEFINITION_LENGTH.code,
];

/**
 * Sends and commits a blob in place of the definition with the fingerprint `running`.
 * @throws OtherDeploymentError when another one runs meanwhile; UploadMixedError, TrainerError; what runs stays when it is refused
 */
export async function commitBlob(
  host: DeployHost,
  blob: Uint8Array,
  running: number,
  options: TransferOptions,
): Promise<void> {
  const wanted = fingerprintOf(blob);
  const check = async (): Promise<number> => {
    const { definitionFingerprint: found } = await host.status();
    if (found !== running && found !== wanted) throw new OtherDeploymentError(host.unit, found);
    return found;
  };
  for (let attempt = 1; ; attempt++) {
    await upload(host.access, host.lock, BulkObject.DEFINITION_STAGED, blob, options, async () => {
      await check();
    });
    await check();
    try {
      return await runWhenFree(host, Command.COMMIT_DEFINITION, 0, task('deploy'));
    } catch (error) {
      // Pages of two masters got mixed, the other one's command took these, or the board restarted in between.
      if (!(error instanceof TrainerError) || !MIXED.includes(error.number)) throw error;
      if ((await check()) !== running) return;
      if (attempt >= ATTEMPTS) throw new UploadMixedError(host.unit, attempt, error);
    }
  }
}

/**
 * @throws DefinitionError, MemoryError (nothing was sent, or the board refused it), OtherDeploymentError, UploadMixedError,
 *   TrainerError, AbortedError, bus errors. In every case the definition and the model that run go on.
 */
export async function deploy(
  host: DeployHost,
  definition: CompleteDefinition,
  options: DeployOptions,
): Promise<DeployResult> {
  const { force, expecting, ...transfer } = options;
  const blob = encodeDefinition(definition);
  const fingerprint = fingerprintOf(blob);
  const identity = await host.identify();
  // A virtual trainer stands for the board that the definition names: what does not fit there is refused here already.
  const arenaBytes =
    identity.board === VIRTUAL_BOARD
      ? Math.min(identity.arenaBytes, boardOf(definition.board).arena)
      : identity.arenaBytes;
  const lacking = [...readBlob(blob).keys()].filter((name) => firmwareReport(identity).lacks.includes(name));
  if (lacking.length > 0) throw new FirmwareTooOldError(host.unit, identity.firmwareVersion, lacking);
  const missing = channelIssues(definition, identity.board, identity.channels);
  if (missing.length > 0) throw new DefinitionError(missing);
  const need = host.planner === undefined ? undefined : planMemory(definition, host.planner, arenaBytes);
  const before = await host.status();
  if (before.definitionFingerprint === fingerprint && force !== true)
    return { fingerprint, changed: false, need, status: before };
  const running = expecting ?? before.definitionFingerprint;
  try {
    await commitBlob(host, blob, running, transfer);
  } catch (error) {
    throw explain(host, definition, arenaBytes, error);
  }
  const status = await host.status();
  const { definitionFingerprint: found } = status;
  if (found !== fingerprint) throw new OtherDeploymentError(host.unit, found);
  return { fingerprint, changed: true, need, status };
}

/** Long jobs on the board: start one, follow it in the status, report how it ended. */

import { setTimeout as wait } from 'node:timers/promises';
import { BulkObject, Command, TrainerErrors } from '../contract/contract.generated';
import { type Text, text } from '../text';
import type { UnitAccess } from './access';
import { download } from './bulk';
import type { CommandPort } from './commands';

import { AbortedError, ProtocolError, RestartedError, TrainerError } from './errors';
import { decodeLog } from './log';
import type { TrainerStatus } from './status';
import { task } from './task';

export interface JobOptions {
  readonly onProgress?: (progress: number, status: TrainerStatus) => void;
  readonly signal?: AbortSignal;
}

export interface LearnOptions extends JobOptions {
  /** Place of the bank, from 1, or its name; 0 = forget all regimes and learn the first. */
  readonly regime?: number | string;
}

export interface TrainingResult {
  readonly result: 'promoted' | 'rejected';
  /** Of the model that runs now. */
  readonly generation: number;
  /** False = the iteration bound was reached first. */
  readonly converged: boolean;
  /** Multiply-accumulates. */
  readonly work: number;
  readonly iterations: number;
  readonly status: TrainerStatus;
}

const POLL_FIRST_MS = 10;
const POLL_LAST_MS = 250;
const POLL_GROWTH = 1.5;
/** A job that is refused because another one runs is asked for again so often. */
const BUSY_ATTEMPTS = 200;
const BUSY_PAUSE_MS = 25;
/** A save takes some erases and writes of flash; one that takes longer does not come. */
const SAVE_MOST_MS = 30_000;

const RUNNING: readonly TrainerStatus['state'][] = ['training', 'evaluating', 'learning', 'calibrating'];

/** Results that come with a valid candidate all the same. */
const STILL_VALID: readonly number[] = [TrainerErrors.NOT_CONVERGED.code, TrainerErrors.REGULARISED.code];

/** The part of a trainer that jobs need. */
export interface JobHost {
  readonly unit: number;
  readonly access: UnitAccess;
  readonly commands: CommandPort;
  status(): Promise<TrainerStatus>;
}

/**
 * Runs a command; while the board is busy for a moment (with anything, or with saving only) it is asked again.
 * @throws TrainerError BUSY when another job goes on
 */
export async function runWhenFree(
  host: JobHost,
  code: Command,
  argument: number,
  doing: Text,
  waitFor: 'any job' | 'saving' = 'any job',
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await host.commands.run(code, argument, { doing });
    } catch (error) {
      const busy = error instanceof TrainerError && error.number === TrainerErrors.BUSY.code;
      if (!busy || attempt >= BUSY_ATTEMPTS) throw error;
      if (waitFor === 'saving' && RUNNING.includes((await host.status()).state)) throw error;
      await wait(BUSY_PAUSE_MS);
    }
  }
}

/** Polls until no job runs. @throws RestartedError, AbortedError (after `cancel`) */
async function follow(
  host: JobHost,
  doing: Text,
  before: TrainerStatus,
  options: JobOptions,
  cancel: () => Promise<void>,
): Promise<TrainerStatus> {
  const { signal, onProgress } = options;
  let pause = POLL_FIRST_MS;
  for (;;) {
    if (signal?.aborted === true) {
      await cancel();
      throw new AbortedError(doing, text('client.kept.model'), signal.reason);
    }
    const status = await host.status();
    if (status.uptimeSeconds < before.uptimeSeconds) throw new RestartedError(host.unit, doing);
    if (!RUNNING.includes(status.state)) return status;
    onProgress?.(status.progress, status);
    await wait(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    pause = Math.min(POLL_LAST_MS, pause * POLL_GROWTH);
  }
}

/** Why a training ended without a candidate; of a number that is not finite, where it was met. */
async function failure(
  host: JobHost,
  doing: Text,
  { trainResult, trainIterations }: TrainerStatus,
): Promise<TrainerError> {
  const code = trainResult?.code ?? TrainerErrors.CANCELLED.code;
  if (code !== TrainerErrors.NUMERIC.code) return new TrainerError(host.unit, doing, code, 0);
  const records = decodeLog(host.unit, await download(host.access, BulkObject.LOG));
  const layer = records.filter(({ event }) => event === 'train-failed').at(-1)?.b ?? 0;
  if (layer === 0) return new TrainerError(host.unit, doing, code, 0);
  const what = text('client.numeric', { layer, epoch: trainIterations + 1 });
  return new TrainerError(host.unit, doing, code, layer, { what });
}

/**
 * Trains and waits for the verdict on the candidate. `argument`: of LEARN, the place of the bank.
 * @throws TrainerError when the board refuses to train or the training fails; AbortedError after a cancel; RestartedError
 */
export async function train(
  host: JobHost,
  code: typeof Command.TRAIN | typeof Command.LEARN,
  options: JobOptions,
  argument = 0,
): Promise<TrainingResult> {
  const training = code === Command.TRAIN;
  const doing = task(training ? 'training' : 'learning');
  if (options.signal?.aborted === true)
    throw new AbortedError(doing, text('client.kept.notStarted'), options.signal.reason);
  const before = await host.status();
  await runWhenFree(host, code, argument, doing, 'saving');
  const cancel = (): Promise<void> =>
    host.commands.run(Command.CANCEL, 0, { doing: task(training ? 'cancelTraining' : 'cancelLearning') });
  const status = await follow(host, doing, before, options, cancel);
  const result = status.trainResult;
  const converged = result === undefined;
  if (status.trainings === before.trainings || (!converged && !STILL_VALID.includes(result.code)))
    throw await failure(host, doing, status);
  options.onProgress?.(1, status);
  return {
    result: status.promoted !== before.promoted ? 'promoted' : 'rejected',
    generation: status.generation,
    converged,
    work: status.trainWork,
    iterations: status.trainIterations,
    status,
  };
}

/** Evaluates the running model on the held-out samples (all samples when none is held out) and waits for it. */
export async function evaluate(host: JobHost, options: JobOptions): Promise<TrainerStatus> {
  const doing = task('evaluation');
  const before = await host.status();
  await runWhenFree(host, Command.EVALUATE, 0, doing);
  const cancel = (): Promise<void> =>
    host.commands.run(Command.CANCEL, 0, { doing: task('cancelEvaluation') });
  return follow(host, doing, before, options, cancel);
}

/** Waits until no training, learning or evaluation runs. */
export async function settled(host: JobHost, options: JobOptions = {}): Promise<TrainerStatus> {
  const before = await host.status();
  return follow(host, task('settle'), before, options, () => Promise.resolve());
}

/** Saves now and waits until the state is in the non-volatile memory. @throws TrainerError when it could not be saved */
export async function save(host: JobHost): Promise<TrainerStatus> {
  const before = await host.status();
  const until = performance.now() + SAVE_MOST_MS;
  await host.commands.run(Command.SAVE, 0, { doing: task('save') });
  const failures: readonly number[] = [
    TrainerErrors.STORE_FULL.code,
    TrainerErrors.STORE_FAILED.code,
    TrainerErrors.NO_STORE.code,
  ];
  let pause = POLL_FIRST_MS;
  for (;;) {
    const status = await host.status();
    if (status.uptimeSeconds < before.uptimeSeconds) throw new RestartedError(host.unit, task('save'));
    if (status.saves !== before.saves) return status;
    const { lastError } = status;
    if (lastError !== undefined && failures.includes(lastError.code))
      throw new TrainerError(host.unit, task('save'), lastError.code, lastError.detail);
    if (performance.now() > until)
      throw new ProtocolError(host.unit, text('protocol.notSaved', { seconds: SAVE_MOST_MS / 1000 }));
    await wait(pause);
    pause = Math.min(POLL_LAST_MS, pause * POLL_GROWTH);
  }
}

/** Training, judging and exchanging the model of a trainer. */
import { BulkObject, Command } from '../../contract/contract.generated';
import { download, type TransferOptions, upload } from '../bulk';
import type { TrainerConnection } from '../connection';
import { TrainerError, UploadMixedError } from '../errors';
import { type CurvePoint, type Evaluation, readCurve, readEvaluation } from '../evaluation';
import {
  evaluate,
  type JobOptions,
  type LearnOptions,
  runWhenFree,
  settled,
  type TrainingResult,
  train,
} from '../jobs';
import type { TrainerStatus } from '../status';
import { task } from '../task';
import type { RegimesPart } from './regimes';

/** Times a model is sent when another master's pages come in between. */
const ATTEMPTS = 3;

export class ModelPart {
  private readonly to: TrainerConnection;
  private readonly regimes: RegimesPart;

  constructor(to: TrainerConnection, regimes: RegimesPart) {
    this.to = to;
    this.regimes = regimes;
  }

  /**
   * Trains a candidate beside the running model and waits for the verdict on it; aborting the signal cancels it on the board.
   * @throws TrainerError: TOO_FEW_SAMPLES, SINGLE_CLASS, BUSY, FROZEN, ...; the running model is untouched
   */
  train(options: JobOptions = {}): Promise<TrainingResult> {
    return train(this.to, Command.TRAIN, options);
  }

  /**
   * Stream models: learns the healthy signal from the samples that come in meanwhile. `regime` 1 and on: learns that operating regime
   * and keeps the others; without it everything is learned anew.
   */
  async learn({ regime = 0, ...options }: LearnOptions = {}): Promise<TrainingResult> {
    const place = typeof regime === 'number' ? regime : await this.regimes.find(regime);
    return train(this.to, Command.LEARN, options, place);
  }

  /** Ends the job that runs; the running model is untouched. */
  cancel(): Promise<void> {
    return this.to.commands.run(Command.CANCEL, 0, { doing: task('cancel') });
  }

  /** Waits until no training, learning or evaluation runs. */
  settled(options: JobOptions = {}): Promise<TrainerStatus> {
    return settled(this.to, options);
  }

  /** Evaluates the running model on the held-out samples (on all when none is held out). */
  async evaluate(options: JobOptions = {}): Promise<Evaluation> {
    await evaluate(this.to, options);
    return this.lastEvaluation();
  }

  /** The last evaluation, without a new one. */
  lastEvaluation(): Promise<Evaluation> {
    return this.to.definition.run((definition) =>
      readEvaluation(this.to.access, definition, { doing: task('evaluationRead') }),
    );
  }

  /** How the training of a network goes that runs, or was the last one: one point for every so many epochs. */
  learningCurve(): Promise<CurvePoint[]> {
    return readCurve(this.to.access, { doing: task('evaluationRead') });
  }

  /** Back to the previous generation. */
  rollBack(): Promise<void> {
    return runWhenFree(this.to, Command.ROLL_BACK, 0, task('rollBack'));
  }

  /** Back to an untrained model; the data set stays. */
  reset(): Promise<void> {
    return runWhenFree(this.to, Command.RESET_MODEL, 0, task('modelReset'));
  }

  /** Header and block of a model; see ../model.ts. Empty when there is none. */
  read(which: 'running' | 'previous' = 'running', options: TransferOptions = {}): Promise<Uint8Array> {
    const object = which === 'running' ? BulkObject.MODEL_RUNNING : BulkObject.MODEL_PREVIOUS;
    return download(this.to.access, object, options);
  }

  /**
   * Brings a model onto the board as a new generation; the running one becomes the previous one.
   * @param model header and block, as `read` gives them
   * @throws TrainerError (MODEL_SHAPE: made for another definition); the running model is untouched then
   */
  async write(model: Uint8Array, options: TransferOptions = {}): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await upload(this.to.access, this.to.lock, BulkObject.MODEL_STAGED, model, options);
      try {
        return await runWhenFree(this.to, Command.COMMIT_MODEL, 0, task('modelRestore'));
      } catch (error) {
        // Another master's pages came in between.
        if (!(error instanceof TrainerError) || error.code !== 'INCOMPLETE') throw error;
        if (attempt >= ATTEMPTS) throw new UploadMixedError(this.to.unit, attempt, error);
      }
    }
  }
}

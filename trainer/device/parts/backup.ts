/** Backups of a trainer: model, definition, what the voices have earned, anomaly patterns and, when asked for, samples. */

import { BulkObject, Command, TrainerErrors } from '../../contract/contract.generated';
import { fingerprintOf } from '../../definition';
import { text } from '../../text';
import type { AccessOptions } from '../access';
import { download, type TransferOptions, upload } from '../bulk';
import type { TrainerConnection } from '../connection';
import { commitBlob, type DeployOptions } from '../deploy';
import { TrainerError } from '../errors';
import { runWhenFree } from '../jobs';
import { type Backup, BackupError, composeBackup, openBackup, type SavedSamples } from '../model';
import { samplesFor, savedSamples } from '../saved_samples';
import type { TrainerStatus } from '../status';
import { task } from '../task';
import type { DatasetPart } from './dataset';
import type { ModelPart } from './model';

export class BackupPart {
  private readonly to: TrainerConnection;
  private readonly model: ModelPart;
  private readonly dataset: DatasetPart;

  constructor(to: TrainerConnection, model: ModelPart, dataset: DatasetPart) {
    this.to = to;
    this.model = model;
    this.dataset = dataset;
  }

  /**
   * The running (or previous) model with its definition, to be written to a file as JSON.
   * @param options.samples the stitched samples too; then a board that has trained nothing yet can be backed up
   */
  async take(
    which: 'running' | 'previous' = 'running',
    options: TransferOptions & { readonly samples?: boolean } = {},
  ): Promise<Backup> {
    const { samples: samplesToo, ...transfer } = options;
    const identity = await this.to.identify();
    const blob = await this.to.definition.readBlob(transfer);
    const model = blob.length === 0 ? blob : await this.model.read(which, transfer);
    const samples = samplesToo === true && blob.length > 0 ? await this.samplesOf(blob, transfer) : undefined;
    const voices = await download(this.to.access, BulkObject.VOICES, transfer);
    const nothing = which === 'previous' || (samples === undefined && !haveEarned(voices));
    if (model.length === 0 && nothing)
      throw new TrainerError(this.to.unit, task('backup'), TrainerErrors.NO_PREVIOUS.code, 0, {
        what: text(which === 'running' ? 'client.nothingToBackUp' : 'client.noPrevious'),
      });
    const patterns = await download(this.to.access, BulkObject.PATTERNS, transfer);
    return composeBackup({
      identity,
      definition: this.to.definition.knownAs(blob),
      blob,
      model,
      patterns,
      voices,
      ...(samples === undefined ? {} : { samples }),
    });
  }

  /**
   * Brings the model of a backup back as a new generation; the running one becomes the previous one. A stream model's anomaly
   * patterns come back too, in the place of those on the board, and what the voices had earned where the start rule is the same one.
   * @param options.deploy deploys the backup's definition too when the board runs another one
   * @throws BackupError, TrainerError (MODEL_SHAPE: made for another definition); the running model is untouched then
   */
  async restore(
    document: unknown,
    options: TransferOptions & Pick<DeployOptions, 'expecting'> & { readonly deploy?: boolean } = {},
  ): Promise<TrainerStatus> {
    const { deploy, expecting, ...transfer } = options;
    const { blob, definition, model, patterns, voices } = openBackup(document);
    const { access, lock } = this.to;
    const { definitionFingerprint } = await this.to.status();
    if (deploy === true && definitionFingerprint !== fingerprintOf(blob)) {
      await commitBlob(this.to, blob, expecting ?? definitionFingerprint, transfer);
      this.to.definition.adopt(definition, fingerprintOf(blob));
      this.to.sender.forget();
    }
    if (model.length > 0) await this.model.write(model, transfer);
    if (definition.regimeNames !== undefined) this.to.definition.regimes.replace(definition.regimeNames);
    if (patterns.length > 0) {
      await upload(access, lock, BulkObject.PATTERNS_STAGED, patterns, transfer);
      await runWhenFree(this.to, Command.COMMIT_PATTERNS, 0, task('patternsRestore'));
      this.to.definition.names.replace(definition.patternNames ?? []);
    }
    await this.restoreVoices(voices, transfer);
    return this.to.status();
  }

  /**
   * Teaches the samples of a backup, oldest first. They are matched by identity.
   * @returns how many were taught, and how many the definition has no place for: another class, or a value out of range
   * @throws BackupError when a feature of the definition is not in the backup
   */
  async restoreSamples(
    document: unknown,
    options: AccessOptions & { readonly onProgress?: (done: number, total: number) => void } = {},
  ): Promise<{ readonly taught: number; readonly left: number }> {
    const { onProgress, ...how } = options;
    const { samples, voices } = openBackup(document);
    if (samples === undefined) throw new BackupError('samples', text('backup.missing'));
    return this.to.definition.run(async (definition) => {
      const rows = samplesFor(definition, samples);
      for (const [index, { features, truth }] of rows.entries()) {
        await this.dataset.add(features, truth, how);
        onProgress?.(index + 1, rows.length);
      }
      await this.restoreVoices(voices, how); // lessons count too, and these were counted before
      return { taught: rows.length, left: samples.rows.length - rows.length };
    });
  }

  /** Nothing happens where the board has other classes or another start rule: the record would mean something else there. */
  private async restoreVoices(voices: Uint8Array, options: TransferOptions): Promise<void> {
    if (voices.length === 0) return;
    try {
      await upload(this.to.access, this.to.lock, BulkObject.VOICES_STAGED, voices, options);
      await runWhenFree(this.to, Command.COMMIT_VOICES, 0, task('voicesRestore'));
    } catch (error) {
      if (!(error instanceof TrainerError) || error.code !== 'MODEL_SHAPE') throw error;
    }
  }

  /** The samples by identity; undefined when there are none. */
  private async samplesOf(blob: Uint8Array, options: TransferOptions): Promise<SavedSamples | undefined> {
    const { definition, samples } = await this.dataset.readAs(blob, options);
    return samples.length === 0 ? undefined : savedSamples(definition, samples);
  }
}

const RECORD_HEAD = 8;
const VOICES = 5;

/** Whether a record of voices has any truth in it: it begins, behind its head, with how many each voice had spoken before. */
function haveEarned(record: Uint8Array): boolean {
  return record.subarray(RECORD_HEAD, RECORD_HEAD + 2 * VOICES).some((byte) => byte !== 0);
}

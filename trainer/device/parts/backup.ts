/** Backups of a trainer: model, definition, anomaly patterns and, when asked for, samples. */

import { BulkObject, Command, TrainerErrors } from '../../contract/contract.generated';
import { fingerprintOf } from '../../definition';
import { text } from '../../text';
import type { AccessOptions } from '../access';
import { download, type TransferOptions, upload } from '../bulk';
import type { TrainerConnection } from '../connection';
import { commitBlob } from '../deploy';
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
    if (model.length === 0 && samples === undefined)
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
      ...(samples === undefined ? {} : { samples }),
    });
  }

  /**
   * Brings the model of a backup back as a new generation; the running one becomes the previous one. A stream model's anomaly
   * patterns come back too, in the place of those on the board.
   * @param options.deploy deploys the backup's definition too when the board runs another one
   * @throws BackupError, TrainerError (MODEL_SHAPE: made for another definition); the running model is untouched then
   */
  async restore(
    document: unknown,
    options: TransferOptions & { readonly deploy?: boolean } = {},
  ): Promise<TrainerStatus> {
    const { deploy, ...transfer } = options;
    const { blob, definition, model, patterns } = openBackup(document);
    const { access, lock } = this.to;
    const { definitionFingerprint } = await this.to.status();
    if (deploy === true && definitionFingerprint !== fingerprintOf(blob)) {
      await commitBlob(this.to, blob, transfer);
      this.to.definition.adopt(definition, fingerprintOf(blob));
      this.to.sender.forget();
    }
    if (model.length > 0) {
      await upload(access, lock, BulkObject.MODEL_STAGED, model, transfer);
      await runWhenFree(this.to, Command.COMMIT_MODEL, 0, task('modelRestore'));
    }
    if (patterns.length > 0) {
      await upload(access, lock, BulkObject.PATTERNS_STAGED, patterns, transfer);
      await runWhenFree(this.to, Command.COMMIT_PATTERNS, 0, task('patternsRestore'));
      this.to.definition.names.replace(definition.patternNames ?? []);
    }
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
    const { samples } = openBackup(document);
    if (samples === undefined) throw new BackupError('samples', text('backup.missing'));
    return this.to.definition.run(async (definition) => {
      const rows = samplesFor(definition, samples);
      for (const [index, { features, label }] of rows.entries()) {
        await this.dataset.add(features, label, how);
        onProgress?.(index + 1, rows.length);
      }
      return { taught: rows.length, left: samples.rows.length - rows.length };
    });
  }

  /** The samples by identity; undefined when there are none. */
  private async samplesOf(blob: Uint8Array, options: TransferOptions): Promise<SavedSamples | undefined> {
    const { definition, samples } = await this.dataset.readAs(blob, options);
    return samples.length === 0 ? undefined : savedSamples(definition, samples);
  }
}

/** The stitched samples of a trainer. */
import { BulkObject, Command } from '../../contract/contract.generated';
import { type CompleteDefinition, decodeDefinition, isStream } from '../../definition';
import type { AccessOptions } from '../access';
import { awaitObject, download, type TransferOptions } from '../bulk';
import { type Decision, truthWords } from '../closed_loop';
import type { TrainerConnection } from '../connection';
import { type DatasetSummary, datasetCsv, decodeDataset, type StoredSample } from '../dataset';
import { readClassCounts } from '../evaluation';
import type { Features } from '../features';
import { runWhenFree } from '../jobs';
import type { TargetValues } from '../targets';
import { task } from '../task';

export class DatasetPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** How many samples there are, of each class, and how many have place. */
  summary(): Promise<DatasetSummary> {
    return this.to.definition.run(async (definition) => {
      await awaitObject(this.to.access, BulkObject.DATASET);
      const status = await this.to.status();
      const how = { doing: task('dataset') };
      const counts = isStream(definition)
        ? []
        : await readClassCounts(this.to.access, definition.classes.length, how);
      return {
        stored: status.samplesStored,
        capacity: status.samplesCapacity,
        new: status.samplesNew,
        heldOut: status.samplesHeldOut,
        bytes: status.datasetBytes,
        perClass: definition.classes.map(({ label }, index) => ({ label, count: counts[index] ?? 0 })),
      };
    });
  }

  /** The samples themselves. */
  read(options: TransferOptions = {}): Promise<StoredSample[]> {
    return this.to.definition.run((definition) => this.decoded(definition, options));
  }

  /** The samples of a board that runs the definition `blob`, and that definition: with names where this client knows them. */
  async readAs(
    blob: Uint8Array,
    options: TransferOptions = {},
  ): Promise<{ readonly definition: CompleteDefinition; readonly samples: StoredSample[] }> {
    const definition = this.to.definition.knownAs(blob) ?? decodeDefinition(blob);
    return { definition, samples: await this.decoded(definition, options) };
  }

  /** The samples as CSV. */
  csv(options: TransferOptions = {}): Promise<string> {
    return this.to.definition.run(async (definition) =>
      datasetCsv(definition, await this.decoded(definition, options)),
    );
  }

  /**
   * Teaches one sample, with its label or the targets of its continuous outputs: always stitched, and not counted as a judgement of the model. While a job holds the data set still, waits
   * for its end.
   * @param features undefined: the newest window of the stream. A window that is given goes through the stream, which begins anew behind it
   * @throws TrainerError BUSY when the job takes longer than a minute; the sample is not stored then
   */
  add(
    features: Features | undefined,
    truth: string | TargetValues,
    options: AccessOptions = {},
  ): Promise<Decision> {
    return this.to.definition.run(async (definition) =>
      this.to.loop.teach(definition, features, truthWords(definition, 'label', truth), options),
    );
  }

  /** Removes all samples; the model stays. */
  clear(): Promise<void> {
    return runWhenFree(this.to, Command.CLEAR_DATASET, 0, task('datasetClear'));
  }

  private async decoded(definition: CompleteDefinition, options: TransferOptions): Promise<StoredSample[]> {
    const bytes = await download(this.to.access, BulkObject.DATASET, options);
    return decodeDataset(this.to.unit, definition, bytes);
  }
}

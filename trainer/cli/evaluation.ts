/**
 * How well a trainer learns labelled data, over the real protocol: every row travels to the board as a PLC would send it. Used by the
 * command line and by the benches.
 */

import { isStream } from '../definition';
import { ConfusionCounter, InputError, type Metrics, type Trainer, type TrainerStatus } from '../device';
import { text } from '../text';
import type { LabelledRow } from './data/rows';

export interface EvaluationReport extends Metrics {
  readonly labels: readonly string[];
  readonly mode: 'split' | 'stream';
  /** Rows taught, rows decided on. */
  readonly taught: number;
  readonly datasetBytes: number;
  /** RAM the definition takes on the board. */
  readonly memoryBytes: number;
  readonly trainings: number;
  /** Multiply-accumulates over all trainings that were seen to end. */
  readonly trainWork: number;
  readonly generation: number;
  readonly status: TrainerStatus;
}

export interface EvaluationOptions {
  readonly onProgress?: (done: number, total: number, what: string) => void;
  readonly signal?: AbortSignal;
}

function labelsOf(trainer: Trainer): string[] {
  const { definition } = trainer;
  if (definition === undefined) throw new InputError('definition', text('input.definitionMissing'));
  if (isStream(definition)) throw new InputError('model.type', text('input.streamModel'));
  return definition.classes.map((entry) => entry.label);
}

/** What was decided, and what it cost to learn. */
class Tally {
  readonly labels: readonly string[];
  private readonly counter: ConfusionCounter;
  private trainings = 0;
  private trainWork = 0;

  constructor(private readonly trainer: Trainer) {
    this.labels = labelsOf(trainer);
    this.counter = new ConfusionCounter(this.labels.length);
  }

  decided(row: LabelledRow, classIndex: number): void {
    this.counter.add(row.classIndex, classIndex);
  }

  trained(work: number, trainings = 1): void {
    this.trainings += trainings;
    this.trainWork += work;
  }

  async report(mode: EvaluationReport['mode'], taught: number): Promise<EvaluationReport> {
    const status = await this.trainer.status();
    return {
      ...this.counter.metrics(),
      labels: this.labels,
      mode,
      taught,
      datasetBytes: status.datasetBytes,
      memoryBytes: status.memoryUsedBytes,
      trainings: this.trainings,
      trainWork: this.trainWork,
      generation: status.generation,
      status,
    };
  }
}

async function decideAll(
  trainer: Trainer,
  rows: readonly LabelledRow[],
  tally: Tally,
  { onProgress, signal }: EvaluationOptions,
): Promise<void> {
  for (const [index, row] of rows.entries()) {
    signal?.throwIfAborted();
    const decision = await trainer.infer(row.features);
    tally.decided(row, decision.classIndex);
    onProgress?.(index + 1, rows.length, 'deciding');
  }
}

/** Teaches rows: each is a sample of the data set, whatever would have been decided. */
export async function teach(
  trainer: Trainer,
  rows: readonly LabelledRow[],
  { onProgress, signal }: EvaluationOptions = {},
): Promise<void> {
  const labels = labelsOf(trainer);
  for (const [index, row] of rows.entries()) {
    signal?.throwIfAborted();
    await trainer.dataset.add(row.features, row.targets ?? (labels[row.classIndex] as string));
    onProgress?.(index + 1, rows.length, 'teaching');
  }
}

/** Teaches the training rows, trains once, then decides on the test rows. */
export async function evaluateSplit(
  trainer: Trainer,
  train: readonly LabelledRow[],
  test: readonly LabelledRow[],
  options: EvaluationOptions = {},
): Promise<EvaluationReport> {
  const { onProgress, signal } = options;
  const tally = new Tally(trainer);
  await trainer.setMode('manual');
  await teach(trainer, train, options);
  const training = await trainer.model.train({
    ...(signal === undefined ? {} : { signal }),
    onProgress: (progress) => onProgress?.(Math.round(100 * progress), 100, 'training'),
  });
  tally.trained(training.work);
  await decideAll(trainer, test, tally, options);
  return tally.report('split', train.length);
}

export interface StreamEvaluationOptions extends EvaluationOptions {
  /** Rows at the start that are fed and not counted. */
  readonly skip?: number;
  /** Rows that follow: the trainer is frozen before them, and only they count. */
  readonly frozenTest?: readonly LabelledRow[];
  readonly onDecision?: (row: LabelledRow, decided: number) => void;
}

/**
 * Row by row: decide first, then learn from the label as feedback. The board decides itself when to train; the next row waits for it,
 * because in a plant minutes lie between two rows.
 */
export async function evaluateStream(
  trainer: Trainer,
  rows: readonly LabelledRow[],
  options: StreamEvaluationOptions = {},
): Promise<EvaluationReport> {
  const { onProgress, onDecision, signal, skip = 0, frozenTest } = options;
  const tally = new Tally(trainer);
  await trainer.setMode('auto');
  let { trainings } = await trainer.status();
  for (const [index, row] of rows.entries()) {
    signal?.throwIfAborted();
    const decision = await trainer.infer(row.features);
    if (index >= skip && frozenTest === undefined) tally.decided(row, decision.classIndex);
    onDecision?.(row, decision.classIndex);
    await trainer.feedback(decision.ticket, { label: tally.labels[row.classIndex] as string });
    let status = await trainer.status();
    if (status.state !== 'ready')
      status = await trainer.model.settled(signal === undefined ? {} : { signal });
    if (status.trainings !== trainings) tally.trained(status.trainWork, status.trainings - trainings);
    trainings = status.trainings;
    onProgress?.(index + 1, rows.length, 'streaming');
  }
  if (frozenTest !== undefined) {
    await trainer.setMode('frozen');
    await decideAll(trainer, frozenTest, tally, options);
  }
  return tally.report('stream', rows.length);
}

/**
 * How well a trainer learns labelled data, over the real protocol: every row travels to the board as a PLC would send it. Used by the
 * command line and by the benches.
 */
import { isStream } from '../definition';
import { ConfusionCounter, InputError, type Metrics, type Trainer, type TrainerStatus } from '../device';
import type { LabelledRow } from './csv';

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

/** The first `share` of the rows, or of each class, in their order; the rest is to be decided on. */
export function splitRows(
  rows: readonly LabelledRow[],
  share: number,
  perClass: boolean,
): { train: LabelledRow[]; test: LabelledRow[] } {
  if (!(share > 0 && share < 1)) throw new InputError('split', `must be between 0 and 1, got ${share}`);
  const groups = new Map<number, LabelledRow[]>();
  for (const row of rows) {
    const key = perClass ? row.classIndex : 0;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const [train, test]: LabelledRow[][] = [[], []];
  for (const group of groups.values()) {
    const count = Math.round(share * group.length);
    train?.push(...group.slice(0, count));
    test?.push(...group.slice(count));
  }
  const byLine = (a: LabelledRow, b: LabelledRow): number => a.line - b.line;
  return { train: (train as LabelledRow[]).sort(byLine), test: (test as LabelledRow[]).sort(byLine) };
}

function labelsOf(trainer: Trainer): string[] {
  const { definition } = trainer;
  if (definition === undefined) throw new InputError('definition', 'is missing; deploy one first');
  if (isStream(definition))
    throw new InputError('model.type', 'is a stream model, which has no classes to evaluate');
  return definition.classes.map((one) => one.label);
}

async function report(
  trainer: Trainer,
  mode: EvaluationReport['mode'],
  labels: readonly string[],
  counter: ConfusionCounter,
  taught: number,
  trainWork: number,
): Promise<EvaluationReport> {
  const status = await trainer.status();
  return {
    ...counter.metrics(),
    labels,
    mode,
    taught,
    datasetBytes: status.datasetBytes,
    memoryBytes: status.memoryUsedBytes,
    trainings: status.trainings,
    trainWork,
    generation: status.generation,
    status,
  };
}

/** Teaches the training rows, trains once, then decides on the test rows. */
export async function evaluateSplit(
  trainer: Trainer,
  train: readonly LabelledRow[],
  test: readonly LabelledRow[],
  options: EvaluationOptions = {},
): Promise<EvaluationReport> {
  const labels = labelsOf(trainer);
  const { onProgress, signal } = options;
  const counter = new ConfusionCounter(labels.length);
  await trainer.setMode('manual');
  for (const [index, row] of train.entries()) {
    signal?.throwIfAborted();
    await trainer.addSample(row.features, labels[row.classIndex] as string);
    onProgress?.(index + 1, train.length, 'teaching');
  }
  const training = await trainer.train({
    ...(signal === undefined ? {} : { signal }),
    onProgress: (progress) => onProgress?.(Math.round(100 * progress), 100, 'training'),
  });
  for (const [index, row] of test.entries()) {
    signal?.throwIfAborted();
    const decision = await trainer.infer(row.features);
    counter.add(row.classIndex, decision.classIndex);
    onProgress?.(index + 1, test.length, 'deciding');
  }
  return report(trainer, 'split', labels, counter, train.length, training.work);
}

/**
 * Row by row: decide first, then learn from the label as feedback. The board decides itself when to train; the next row waits for it,
 * because in a plant minutes lie between two rows.
 * @param skip rows at the start that are fed and not counted
 */
export async function evaluateStream(
  trainer: Trainer,
  rows: readonly LabelledRow[],
  options: EvaluationOptions & {
    readonly skip?: number;
    readonly onDecision?: (row: LabelledRow, decided: number) => void;
  } = {},
): Promise<EvaluationReport> {
  const labels = labelsOf(trainer);
  const { onProgress, onDecision, signal, skip = 0 } = options;
  const counter = new ConfusionCounter(labels.length);
  await trainer.setMode('auto');
  let [trainWork, trainings] = [0, (await trainer.status()).trainings];
  for (const [index, row] of rows.entries()) {
    signal?.throwIfAborted();
    const decision = await trainer.infer(row.features);
    if (index >= skip) counter.add(row.classIndex, decision.classIndex);
    onDecision?.(row, decision.classIndex);
    await trainer.feedback(decision.ticket, { label: labels[row.classIndex] as string });
    let status = await trainer.status();
    if (status.state !== 'ready') status = await trainer.settled(signal === undefined ? {} : { signal });
    if (status.trainings !== trainings) trainWork += status.trainWork;
    trainings = status.trainings;
    onProgress?.(index + 1, rows.length, 'streaming');
  }
  return report(trainer, 'stream', labels, counter, rows.length, trainWork);
}

/**
 * How good decisions were, from a confusion matrix: the figures that the command line, the benches and the nodes print. The board
 * computes the same ones from its held-out samples.
 */

/** matrix[truth][decision] = how often. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** All from 0 to 1, Matthews from -1 to 1. */
export interface Metrics {
  /** Decisions that were counted. */
  readonly samples: number;
  readonly accuracy: number;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number;
  /** Mean F1 over the classes that occur. */
  readonly macroF1: number;
  /** Matthews correlation for any number of classes: R_K, Gorodkin 2004, eq. (8). 0 when it is not defined. */
  readonly matthews: number;
  /** Per class; NaN where the class does not occur. */
  readonly recall: readonly number[];
  readonly confusion: ConfusionMatrix;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);

/** An all-zero matrix. */
export function emptyConfusion(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
}

export function metricsOf(confusion: ConfusionMatrix): Metrics {
  const classes = confusion.map((_, index) => index);
  const cell = (truth: number, decision: number): number => confusion[truth]?.[decision] ?? 0;
  const truths = classes.map((k) => sum(confusion[k] ?? []));
  const decisions = classes.map((k) => sum(classes.map((truth) => cell(truth, k))));
  const hits = classes.map((k) => cell(k, k));
  const samples = sum(truths);
  const correct = sum(hits);
  const at = (values: readonly number[], k: number): number => values[k] ?? 0;

  const recall = classes.map((k) => (at(truths, k) === 0 ? Number.NaN : at(hits, k) / at(truths, k)));
  const f1 = classes
    .filter((k) => at(truths, k) > 0)
    .map((k) => (2 * at(hits, k)) / (at(truths, k) + at(decisions, k)));
  const agreement = correct * samples - sum(classes.map((k) => at(truths, k) * at(decisions, k)));
  const spread = (values: readonly number[]): number =>
    samples * samples - sum(values.map((value) => value * value));
  const scale = Math.sqrt(spread(truths)) * Math.sqrt(spread(decisions));
  return {
    samples,
    accuracy: samples === 0 ? 0 : correct / samples,
    balancedAccuracy: mean(recall.filter((value) => !Number.isNaN(value))),
    macroF1: mean(f1),
    matthews: scale === 0 ? 0 : agreement / scale,
    recall,
    confusion,
  };
}

/** Counts decisions as they come. */
export class ConfusionCounter {
  private readonly matrix: number[][];

  constructor(classes: number) {
    this.matrix = emptyConfusion(classes);
  }

  /** @param truth, decision class indices; others are refused with a RangeError */
  add(truth: number, decision: number): void {
    const row = this.matrix[truth];
    if (row?.[decision] === undefined)
      throw new RangeError(`no class ${row === undefined ? truth : decision}`);
    row[decision]++;
  }

  metrics(): Metrics {
    return metricsOf(this.matrix.map((row) => [...row]));
  }
}

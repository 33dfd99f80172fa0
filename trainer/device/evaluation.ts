/** The board's own evaluation of its models on the held-out samples. */

import { Blocks, Limits, Registers } from '../contract/contract.generated';
import { type CompleteDefinition, outputsOf } from '../definition';
import { text } from '../text';
import type { Doing, UnitAccess } from './access';
import { ProtocolError } from './errors';
import { type Metrics, metricsOf } from './metrics';

export interface Evaluation extends Metrics {
  /** Generation that was evaluated. */
  readonly generation: number;
  /** The last candidate, promoted or not; undefined = none yet. */
  readonly candidate: { readonly accuracy: number; readonly balancedAccuracy: number } | undefined;
  readonly labels: readonly string[];
  /** Of a definition with continuous outputs, the mean absolute error of each; accuracies are then 1 less the error's share of the range. */
  readonly outputs?: readonly OutputError[];
}

export interface OutputError {
  readonly name: string;
  readonly unit: string;
  /** Of the running model, engineering units; undefined: nothing was evaluated yet. */
  readonly error: number | undefined;
  /** Of the rule that always says the mean of the targets that were trained on. */
  readonly meanError: number | undefined;
}

const NOT_KNOWN = 65_535;

async function readOutputErrors(
  access: UnitAccess,
  definition: CompleteDefinition,
  how: Doing,
): Promise<OutputError[]> {
  const { address } = Registers.outputError;
  const words = Registers.outputError.words + Registers.meanError.words;
  const window = await access.read(address, words, how);
  const value = (register: 'outputError' | 'meanError', index: number, scale: number): number | undefined => {
    const held = window.number(register, index);
    return held === NOT_KNOWN ? undefined : held / scale;
  };
  return outputsOf(definition).map(({ name, unit, scale }, index) => ({
    name,
    unit,
    error: value('outputError', index, scale),
    meanError: value('meanError', index, scale),
  }));
}

/** Rows of the confusion matrix that fit one request. */
const ROWS_AT_A_TIME = Math.floor(125 / Limits.CLASSES_MAX);

export async function readClassCounts(access: UnitAccess, classes: number, how: Doing): Promise<number[]> {
  const { address } = Registers.samplesPerClass;
  return (await access.read(address, classes, how)).numbers('samplesPerClass', classes);
}

/** Every figure is computed from the confusion matrix here; the board's own figures are for masters without this code. */
export async function readEvaluation(
  access: UnitAccess,
  definition: CompleteDefinition,
  how: Doing,
): Promise<Evaluation> {
  const labels = definition.classes.map(({ label }) => label);
  const classes = labels.length;
  const summary = await access.read(
    Blocks.evaluation.address,
    Registers.recall.address - Blocks.evaluation.address,
    how,
  );
  const confusion: number[][] = [];
  for (let row = 0; row < classes; row += ROWS_AT_A_TIME) {
    const rows = Math.min(ROWS_AT_A_TIME, classes - row);
    const first = row * Limits.CLASSES_MAX;
    const window = await access.read(Registers.confusion.address + first, rows * Limits.CLASSES_MAX, how);
    for (let i = 0; i < rows; i++)
      confusion.push(
        Array.from({ length: classes }, (_, column) =>
          window.number('confusion', first + i * Limits.CLASSES_MAX + column),
        ),
      );
  }
  const metrics = metricsOf(confusion);
  const evaluated = summary.number('evaluatedSamples');
  if (metrics.samples !== evaluated && evaluated !== 0)
    throw new ProtocolError(access.unit, text('protocol.evaluation', { evaluated, held: metrics.samples }));
  const [accuracy, balancedAccuracy] = [
    summary.number('candidateAccuracy') / 1000,
    summary.number('candidateBalancedAccuracy') / 1000,
  ];
  const values = outputsOf(definition).length > 0;
  return {
    ...metrics,
    ...(values
      ? {
          accuracy: summary.number('accuracy') / 1000,
          balancedAccuracy: summary.number('balancedAccuracy') / 1000,
          outputs: await readOutputErrors(access, definition, how),
        }
      : {}),
    generation: summary.number('evaluatedGeneration'),
    candidate: accuracy === 0 && balancedAccuracy === 0 ? undefined : { accuracy, balancedAccuracy },
    labels,
  };
}

/** How a training of a network goes: one point for every so many epochs, at most 32. */
export interface CurvePoint {
  readonly epoch: number;
  /** Mean of the largest output error over the epoch's samples, 0..1 for classes. */
  readonly loss: number;
  /** Share of held-out samples decided wrongly; of continuous outputs the root mean square error in half ranges. Undefined: none held out. */
  readonly error: number | undefined;
}

/** Of the training that runs, or was the last one; empty for models without epochs. */
export async function readCurve(access: UnitAccess, how: Doing): Promise<CurvePoint[]> {
  const { curveStride, curveLoss, curveError } = Registers;
  const words = curveStride.words + curveLoss.words + curveError.words;
  const window = await access.read(curveStride.address, words, how);
  const stride = window.number('curveStride');
  const [losses, errors] = [window.numbers('curveLoss'), window.numbers('curveError')];
  return losses.flatMap((loss, index) => {
    const error = errors[index];
    if (stride === 0 || loss === NOT_KNOWN) return [];
    return {
      epoch: (index + 1) * stride,
      loss: loss / 1000,
      error: error === undefined || error === NOT_KNOWN ? undefined : error / 1000,
    };
  });
}

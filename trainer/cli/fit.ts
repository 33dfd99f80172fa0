/** `plan --fit`: the data it learns from, and the tables that it chose from. */
import { type CompleteDefinition, outputsOf, rowBytesOf } from '../definition';
import { storedFeatures } from '../device';
import { type Candidate, type Fit, type FitData, FitError, fitScheme, type Scheme } from '../fit';
import { WeightsError } from '../network';
import { text } from '../text';
import type { StoredSamples } from '../virtual';
import { UsageError } from './connection';
import { type DataOptions, rowOptions, warnSkipped } from './data/options';
import { type LabelledRow, readLabelledRows } from './data/rows';
import { splitRows, untaughtClasses } from './data/split';
import { fromFile, readWeights } from './files';
import { grouped, percent, table } from './output';
import { ProgressBar } from './progress';

export interface FitCommand extends DataOptions {
  readonly fit?: boolean;
  readonly data?: string;
  readonly weights?: string;
  readonly output?: string;
}

const TRAINED_SHARE = 0.7;
/** Rows of one short training, and rows that judge it. */
const ROWS_MOST = 400;

/** At most `most` rows, evenly taken. */
function thinned(rows: readonly LabelledRow[], most: number): LabelledRow[] {
  const step = Math.max(1, rows.length / most);
  return rows.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function stored(definition: CompleteDefinition, rows: readonly LabelledRow[]): StoredSamples {
  const width = rowBytesOf(definition);
  const outputs = outputsOf(definition);
  const features = new Int8Array(width * rows.length);
  rows.forEach((row, index) => {
    features.set(storedFeatures(definition, row.features).subarray(0, width), width * index);
  });
  const targets = Int16Array.from(
    rows.flatMap(({ targets = [] }) => outputs.map(({ scale }, i) => Math.round((targets[i] ?? 0) * scale))),
  );
  return {
    features,
    labels: Uint8Array.from(rows, ({ classIndex }) => classIndex),
    ...(outputs.length === 0 ? {} : { targets }),
  };
}

async function fitData(file: string, definition: CompleteDefinition, options: DataOptions): Promise<FitData> {
  const found = await readLabelledRows(file, definition, rowOptions(options));
  warnSkipped(file, found);
  const { train, test } = splitRows(found.rows, TRAINED_SHARE, true);
  const [missing] = untaughtClasses(
    { train, test: [...found.rows] },
    definition.classes.map(({ label }) => label),
  );
  if (outputsOf(definition).length > 0 && (train.length < 2 || test.length === 0))
    throw new FitError(text('fit.few', { rows: found.rows.length }));
  if (missing !== undefined || test.length === 0)
    throw new FitError(text('fit.rows', { label: missing ?? (definition.classes[0]?.label as string) }));
  const most = Math.min(ROWS_MOST, definition.stitching.capacity);
  return {
    train: stored(definition, thinned(train, most)),
    test: stored(definition, thinned(test, ROWS_MOST)),
  };
}

export async function chooseScheme(
  definition: CompleteDefinition,
  board: string,
  { data, weights, ...options }: FitCommand,
): Promise<Fit> {
  if (data === undefined)
    throw new UsageError('--fit wants --data: the samples that it tries the schemes on');
  if (weights === undefined)
    throw new UsageError('--fit wants --weights: a layer that is not trained whole needs weights');
  const bar = new ProgressBar();
  const [given, rows] = [
    await readWeights(weights),
    await fromFile(data, () => fitData(data, definition, options)),
  ];
  const choose = (): Promise<Fit> =>
    fitScheme(definition, given, rows, {
      board,
      onProgress: (done, total) => bar.update(done, total, 'training'),
    });
  return fromFile(weights, choose, (error) => error instanceof WeightsError).finally(() => bar.end());
}

/** "1-3 bias, 4 half, 6 all" */
function schemeText(scheme: Scheme): string {
  const groups: { first: number; last: number; part: string }[] = [];
  scheme.forEach((part, index) => {
    if (part === undefined) return;
    const before = groups.at(-1);
    // Layers without weights between two of a kind do not part them.
    if (before?.part === part) before.last = index + 1;
    else groups.push({ first: index + 1, last: index + 1, part });
  });
  return groups
    .map(({ first, last, part }) => `${first === last ? first : `${first}-${last}`} ${part}`)
    .join(', ');
}

function candidateRow(candidate: Candidate, chosen: Candidate): string[] {
  const { scheme, neededBytes, fits, backwardMacs, expectedLoss, loss, accuracy } = candidate;
  return [
    schemeText(scheme),
    grouped(neededBytes),
    grouped(backwardMacs),
    expectedLoss.toFixed(3),
    loss.toFixed(3),
    percent(accuracy),
    candidate === chosen ? 'chosen' : fits ? '' : 'does not fit',
  ];
}

export function fitText(found: Fit, kinds: readonly string[], values: boolean): string {
  const { board, arenaBytes, epochs, seeds, sensitivities, candidates, chosen } = found;
  return [
    `Loss (${values ? 'mean absolute error, in shares of the range' : 'cross-entropy'}) on rows that were not trained on, after ${epochs} epochs with the head and one part more:`,
    table(
      ['#', 'layer', 'trained', 'bytes', 'loss', 'gain'],
      sensitivities.map(({ layer, part, neededBytes, loss, gain }) => [
        String(layer),
        kinds[layer - 1] ?? '',
        part,
        grouped(neededBytes),
        loss.toFixed(3),
        gain.toFixed(3),
      ]),
    ),
    `Schemes for ${board}, ${grouped(arenaBytes)} bytes; loss and ${values ? 'share within the tolerances' : 'accuracy'} are means of ${seeds} seeds:`,
    table(
      ['trained', 'bytes', 'backward MACs', 'expected loss', 'loss', values ? 'within' : 'accuracy', ''],
      candidates.map((candidate) => candidateRow(candidate, chosen)),
    ),
  ].join('\n\n');
}

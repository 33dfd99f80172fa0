/** `evaluate`: how well a board learns a file of labelled samples. */
import { type Command, Option } from 'commander';
import { type CompleteDefinition, outputsOf, type TrainerDefinition } from '../definition';
import type { Trainer } from '../device';
import { text, worded } from '../text';
import { firmwarePlanner } from '../virtual';
import { withBorrowedBoard } from './borrowed_board';
import {
  type ConnectionOptions,
  connectionOptions,
  parseInteger,
  UsageError,
  withTrainer,
} from './connection';
import { type DataOptions, dataOptions, rowOptions, warnSkipped } from './data/options';
import { type LabelledRow, readLabelledRows } from './data/rows';
import { type Split, shuffleRows, splitRows, untaughtClasses } from './data/split';
import { type EvaluationReport, evaluateSplit, evaluateStream } from './evaluation';
import { readDefinition, readGeneration } from './files';
import { interruptible } from './interruptible';
import { confusionTable, counted, facts, grouped, percent } from './output';
import { ProgressBar } from './progress';

interface EvaluateOptions extends ConnectionOptions, DataOptions {
  readonly split?: number;
  readonly perClass?: boolean;
  readonly test?: string;
  readonly shuffle?: number;
  readonly stream?: boolean;
  readonly replace?: boolean;
  readonly backup: string;
  readonly weights?: string;
  readonly json?: boolean;
}

const DEFAULT_SPLIT = 0.7;
const BACKUP_FILE = 'edge-trainer-before-evaluate.json';

function parseShare(given: string): number {
  const share = Number(given);
  if (!(share > 0 && share < 1)) throw new UsageError(worded(text('evaluate.split', { got: given })));
  return share;
}

/** What did not fit the data set, and what room for all of it would take. */
interface Capacity {
  readonly samples: number;
  readonly rows: number;
  readonly bytes: number;
  /** Bytes of a data set that holds all rows; undefined = more than the definition may ask for. */
  readonly bytesForAll: number | undefined;
}

async function capacityOf(complete: CompleteDefinition, rows: number): Promise<Capacity | undefined> {
  const { stitching } = complete;
  if (rows <= stitching.capacity) return undefined;
  const planner = await firmwarePlanner();
  const bytes = async (capacity: number): Promise<number | undefined> => {
    const { encodeDefinition } = await import('../definition');
    try {
      const blob = encodeDefinition({ ...complete, stitching: { ...stitching, capacity } });
      return planner.plan(blob, Number.MAX_SAFE_INTEGER >>> 0).need?.dataset;
    } catch {
      return undefined; // more samples than a definition may hold
    }
  };
  return {
    samples: stitching.capacity,
    rows,
    bytes: (await bytes(stitching.capacity)) ?? 0,
    bytesForAll: await bytes(rows),
  };
}

function capacityText({ samples, rows, bytes, bytesForAll }: Capacity): string {
  const room =
    bytesForAll === undefined
      ? 'a board holds no data set of that size'
      : `room for all of them (stitching.capacity ${rows}) takes ${grouped(bytesForAll)} bytes instead of ${grouped(bytes)}`;
  return `${counted(rows, 'row')} taught, the data set holds ${samples}: ${rows - samples} gave way; ${room}`;
}

function reportText(report: EvaluationReport, capacity: Capacity | undefined): string {
  return [
    facts([
      [
        report.mode === 'split' ? 'taught, then decided' : 'decided, then taught',
        `${counted(report.taught, 'row')} taught, ${report.samples} decided`,
      ],
      ['accuracy', percent(report.accuracy)],
      ['balanced accuracy', percent(report.balancedAccuracy)],
      ['macro F1', percent(report.macroF1)],
      ['Matthews', report.matthews.toFixed(3)],
      ['trainings', `${report.trainings}, generation ${report.generation}`],
      ['training work', `${grouped(report.trainWork)} operations`],
      [
        'data set',
        `${grouped(report.datasetBytes)} bytes, ${counted(report.status.samplesStored, 'sample')}`,
      ],
      ['RAM', `${grouped(report.memoryBytes)} bytes`],
      ['capacity', capacity === undefined ? undefined : capacityText(capacity)],
    ]),
    '',
    confusionTable(report, report.labels),
  ].join('\n');
}

async function readSplit(
  file: string,
  complete: CompleteDefinition,
  options: EvaluateOptions,
): Promise<Split> {
  const read = async (name: string): Promise<readonly LabelledRow[]> => {
    const found = await readLabelledRows(name, complete, rowOptions(options));
    warnSkipped(name, found);
    return found.rows;
  };
  const all = await read(file);
  const rows = options.shuffle === undefined ? all : shuffleRows(all, options.shuffle);
  if (options.test !== undefined) return { train: [...rows], test: [...(await read(options.test))] };
  if (options.stream === true && options.split === undefined) return { train: [...rows], test: [] };
  return splitRows(rows, options.split ?? DEFAULT_SPLIT, options.perClass === true);
}

function warnUntaught(split: Split, complete: CompleteDefinition): void {
  const missing = untaughtClasses(
    split,
    complete.classes.map(({ label }) => label),
  );
  if (missing.length > 0)
    process.stderr.write(`edge-trainer: ${worded(text('evaluate.untaught', { labels: missing }))}\n`);
}

/** What is evaluated, and how. */
interface Subject {
  readonly document: TrainerDefinition;
  /** The generation to begin with; undefined = an untrained one. */
  readonly firstGeneration: Uint8Array | undefined;
  readonly stream: boolean;
}

async function evaluateOn(
  trainer: Trainer,
  { document, firstGeneration, stream }: Subject,
  { train, test }: Split,
  bar: ProgressBar,
  signal: AbortSignal,
): Promise<EvaluationReport> {
  const onProgress = bar.update.bind(bar);
  await trainer.deploy(document, { onProgress: (done, total) => bar.update(done, total, 'sending'), signal });
  await trainer.model.reset();
  await trainer.dataset.clear();
  if (firstGeneration !== undefined) await trainer.model.write(firstGeneration, { signal });
  if (!stream) return evaluateSplit(trainer, train, test, { onProgress, signal });
  return evaluateStream(trainer, train, {
    onProgress,
    signal,
    ...(test.length > 0 ? { frozenTest: test } : {}),
  });
}

async function evaluateFile(
  definitionFile: string,
  dataFile: string,
  options: EvaluateOptions,
): Promise<void> {
  const { document, complete } = await readDefinition(definitionFile);
  if (outputsOf(complete).length > 0)
    throw new Error(worded(text('evaluate.values', { file: definitionFile })));
  // Check all input before the first request to the board.
  const split = await readSplit(dataFile, complete, options);
  if (options.stream !== true) warnUntaught(split, complete);
  const { weights } = options;
  const subject: Subject = {
    document,
    firstGeneration: weights === undefined ? undefined : await readGeneration(weights, complete),
    stream: options.stream === true,
  };
  const bar = new ProgressBar();
  const report = await interruptible((signal) =>
    withTrainer(options, ({ trainer }) =>
      withBorrowedBoard(
        trainer,
        {
          replace: options.replace === true,
          backupFile: options.backup,
          onKept: (file) => bar.say(worded(text('evaluate.kept', { file }))),
        },
        () => evaluateOn(trainer, subject, split, bar, signal),
      ),
    ),
  ).finally(() => bar.end());
  const capacity = await capacityOf(complete, report.taught);
  const { status: _, ...shown } = report;
  console.log(
    options.json === true
      ? JSON.stringify(capacity === undefined ? shown : { ...shown, capacity })
      : reportText(report, capacity),
  );
}

export function evaluationCommand(root: Command): void {
  const command = connectionOptions(root.command('evaluate'))
    .description(
      'deploy a definition, send a file of labelled samples through the real protocol, print how well the trainer learned them, and restore the board',
    )
    .argument('<definition.json>', 'the definition')
    .argument(
      '<data.csv>',
      'samples: columns named as the features, and a label column; comma, semicolon or tab; .gz is read too',
    )
    .addOption(
      new Option(
        '--split <share>',
        `teach this share of the rows, decide on the rest (default ${DEFAULT_SPLIT}); with --stream, the trainer is frozen for the rest`,
      )
        .argParser(parseShare)
        .conflicts('test'),
    )
    .option('--per-class', 'split each class separately (stratified)')
    .option('--test <file>', 'teach all of data.csv, decide on this file')
    .addOption(
      new Option('--shuffle <seed>', 'put the rows into a random order first').argParser(
        parseInteger(0, 4_294_967_295),
      ),
    )
    .option('--stream', 'row by row: decide, then learn from the label as feedback')
    .option('--weights <file>', 'begin with the weights of an imported network')
    .option('--replace', 'set aside what the board has learned, and restore it afterwards')
    .option('--backup <file>', 'file that keeps what the board had learned', BACKUP_FILE)
    .option('--json', 'print JSON');
  dataOptions(command).action(evaluateFile);
}

/** `evaluate`: how well a board learns a file of labelled samples. */
import { type Command, Option } from 'commander';
import { type ConnectionOptions, connectionOptions, UsageError, withTrainer } from './connection';
import { readRows } from './csv';
import { type EvaluationReport, evaluateSplit, evaluateStream, splitRows } from './evaluation';
import { readDefinition } from './files';
import { confusionTable, facts, grouped, ProgressBar, percent } from './output';

interface EvaluateOptions extends ConnectionOptions {
  readonly split?: number;
  readonly perClass?: boolean;
  readonly stream?: boolean;
  readonly label?: string;
  readonly json?: boolean;
}

const DEFAULT_SPLIT = 0.7;

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new UsageError(`--split must be between 0 and 1, got ${text}`);
  return share;
}

function reportText(report: EvaluationReport): string {
  return [
    facts([
      [
        report.mode === 'split' ? 'taught, then decided' : 'decided, then taught',
        `${report.taught} rows taught, ${report.samples} decided`,
      ],
      ['accuracy', percent(report.accuracy)],
      ['balanced accuracy', percent(report.balancedAccuracy)],
      ['macro F1', percent(report.macroF1)],
      ['Matthews', report.matthews.toFixed(3)],
      ['trainings', `${report.trainings}, generation ${report.generation}`],
      ['training work', `${grouped(report.trainWork)} operations`],
      ['data set', `${grouped(report.datasetBytes)} bytes, ${report.status.samplesStored} samples`],
      ['RAM', `${grouped(report.memoryBytes)} bytes`],
    ]),
    '',
    confusionTable(report, report.labels),
  ].join('\n');
}

export function evaluationCommand(root: Command): void {
  connectionOptions(root.command('evaluate'))
    .description(
      'deploy a definition, feed a file of labelled samples through the real protocol, print how well it was learned',
    )
    .argument('<definition.json>', 'the definition')
    .argument(
      '<data.csv>',
      'samples: columns named as the features, the label last (or --label); .gz is read too',
    )
    .addOption(
      new Option(
        '--split <share>',
        `teach this share of the rows, decide on the rest (default ${DEFAULT_SPLIT})`,
      )
        .argParser(parseShare)
        .conflicts('stream'),
    )
    .option('--per-class', 'split each class for itself')
    .option('--stream', 'row by row: decide, then learn from the label as feedback')
    .option('--label <name>', 'name of the label column')
    .option('--json', 'print JSON')
    .action(async (definitionFile: string, dataFile: string, options: EvaluateOptions) => {
      const { document, complete } = await readDefinition(definitionFile);
      const rows = await readRows(dataFile, complete, options.label);
      const bar = new ProgressBar();
      const onProgress = bar.update.bind(bar);
      const report = await withTrainer(options, async ({ trainer }) => {
        await trainer.deploy(document, { onProgress: (done, total) => bar.update(done, total, 'sending') });
        await trainer.resetModel();
        await trainer.resetCounters();
        await trainer.clearDataset();
        if (options.stream === true) return evaluateStream(trainer, rows, { onProgress });
        const { train, test } = splitRows(rows, options.split ?? DEFAULT_SPLIT, options.perClass === true);
        const { capacity } = complete.stitching;
        if (train.length > capacity)
          process.stderr.write(
            `edge-trainer: ${train.length} rows to teach, and the data set holds ${capacity}: older ones give way (stitching.capacity)\n`,
          );
        return evaluateSplit(trainer, train, test, { onProgress });
      }).finally(() => bar.end());
      const { status: _, ...told } = report;
      console.log(options.json === true ? JSON.stringify(told) : reportText(report));
    });
}

/** Commands of the closed loop: infer, feedback, train, dataset. */
import { type Command, Option } from 'commander';
import { isStream, type TrainerDefinition } from '../definition';
import type { Evaluation, Features, Outcome, TargetValues, Trainer } from '../device';
import {
  type ConnectionOptions,
  connectionOptions,
  isOfThisProcess,
  parseInteger,
  UsageError,
  withTrainer,
} from './connection';
import { readDefinition, writeText } from './files';
import { counted, facts, grouped, percent } from './output';
import { ProgressBar } from './progress';

type Json = { readonly json?: boolean };
type WithDefinition = { readonly definition?: string };

const DEFINITION_OPTION = [
  '--definition <file>',
  'the definition that the board runs; without it features and classes have no names',
] as const;

async function definitionOf(options: WithDefinition): Promise<TrainerDefinition | undefined> {
  return options.definition === undefined ? undefined : (await readDefinition(options.definition)).document;
}

/** "21.5 40 0.6", "21.5,40,0.6", or "temperature=21.5 humidity=40" */
function parseFeatures(words: readonly string[]): Features {
  const parts = words.flatMap((word) => word.split(',')).filter((part) => part.trim() !== '');
  const value = (text: string): number => {
    const number = Number(text);
    if (text.trim() === '' || Number.isNaN(number)) throw new UsageError(`"${text}" is no number`);
    return number;
  };
  const named = parts.filter((part) => part.includes('='));
  if (named.length === 0) return parts.map(value);
  if (named.length !== parts.length) throw new UsageError('give all features by name, or none');
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim(), value(part.slice(at + 1))];
    }),
  );
}

interface OutcomeOptions {
  readonly outcome?: number;
  readonly label?: string;
  readonly target?: TargetValues;
  readonly override?: string;
  readonly discard?: string;
  readonly falseAlarm?: boolean;
  readonly confirmed?: boolean;
}

/** "42.5", "42.5,3", or "valve=42.5,fan=3" */
function parseTarget(word: string): TargetValues {
  const values = parseFeatures([word]);
  return Array.isArray(values) && values.length === 1 ? (values[0] as number) : (values as TargetValues);
}

function outcomeOf(options: OutcomeOptions): Outcome {
  const { outcome, label, target, override, discard, falseAlarm, confirmed } = options;
  // The client checks that it is exactly one, and says which there are.
  return { outcome, label, target, override, discard, falseAlarm, confirmed } as unknown as Outcome;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`"${text}" is no number`);
  return value;
}

/** "80 samples: valve 1.2 % off, the mean 21 %" */
function errorsText({ samples, outputs = [] }: Evaluation): string {
  const shown = (value: number | undefined, unit: string): string =>
    value === undefined ? 'not evaluated' : `${Number(value.toPrecision(3))}${unit === '' ? '' : ` ${unit}`}`;
  const each = outputs.map(
    ({ name, unit, error, meanError }) =>
      `${name} off by ${shown(error, unit)}, the mean by ${shown(meanError, unit)}`,
  );
  return `${counted(samples, 'sample')}; ${each.join('; ')}`;
}

interface TrainOptions extends Json, WithDefinition {
  readonly regime?: string;
}

async function train(trainer: Trainer, options: ConnectionOptions & TrainOptions): Promise<void> {
  const bar = new ProgressBar();
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  try {
    const definition = await trainer.useBoardDefinition();
    const { regime } = options;
    if (regime !== undefined && !isStream(definition))
      throw new UsageError('--regime is for stream models; the board runs another one');
    if (isStream(definition) && isOfThisProcess(options))
      throw new UsageError(
        'a stream model learns from the samples that arrive while it learns, and nobody else can send any to a trainer in this process; serve it with "edge-trainer virtual", then run "train" and "stream" side by side over --tcp',
      );
    const job = {
      signal: abort.signal,
      onProgress: (progress: number) => bar.update(Math.round(100 * progress), 100, 'training'),
    };
    const result = await (isStream(definition)
      ? trainer.model.learn({ ...job, ...(regime === undefined ? {} : { regime }) })
      : trainer.model.train(job));
    bar.end();
    const { status: _, ...shown } = result;
    if (options.json === true) {
      console.log(JSON.stringify(shown));
      return;
    }
    const evaluation = isStream(definition) ? undefined : await trainer.model.lastEvaluation();
    console.log(
      facts([
        ['candidate', result.result],
        ['generation', result.generation === 0 ? 'untrained' : result.generation],
        ['converged', result.converged ? 'yes' : 'no, the iteration bound was reached'],
        ['training work', `${counted(result.work, 'operation')}, ${counted(result.iterations, 'iteration')}`],
        [
          'held-out',
          evaluation === undefined
            ? undefined
            : evaluation.outputs !== undefined
              ? errorsText(evaluation)
              : evaluation.samples === 0
                ? 'no samples yet'
                : `${counted(evaluation.samples, 'sample')}, accuracy ${percent(evaluation.accuracy)}, balanced ${percent(evaluation.balancedAccuracy)}`,
        ],
      ]),
    );
  } finally {
    bar.end();
    process.off('SIGINT', stop);
  }
}

function inferCommand(root: Command): void {
  connectionOptions(root.command('infer'))
    .description('ask for one decision')
    .argument(
      '[features...]',
      'values in the order of the definition, or name=value; none: the newest window of the stream',
    )
    .option(...DEFINITION_OPTION)
    .addOption(
      new Option('--ticket <number>', 'number of this inference; default: a new one').argParser(
        parseInteger(1, 65_535),
      ),
    )
    .option('--json', 'print JSON')
    .action(
      async (
        words: string[],
        options: ConnectionOptions & Json & WithDefinition & { readonly ticket?: number },
      ) => {
        const features = words.length === 0 ? undefined : parseFeatures(words);
        const decision = await withTrainer(
          options,
          ({ trainer }) =>
            trainer.infer(features, options.ticket === undefined ? {} : { ticket: options.ticket }),
          { definition: await definitionOf(options) },
        );
        console.log(
          options.json === true
            ? JSON.stringify(decision)
            : facts([
                ['decision', decision.label],
                ['actuation', decision.actuation],
                ['confidence', decision.generation === 0 ? 'untrained' : percent(decision.confidence)],
                ['generation', decision.generation],
                ['ticket', decision.ticket],
              ]),
        );
      },
    );
}

function feedbackCommand(root: Command): void {
  connectionOptions(root.command('feedback'))
    .description('send feedback on a decision')
    .argument('<ticket>', 'number of the decision, or "alarm" for the present alarm of a stream model')
    .option(...DEFINITION_OPTION)
    .addOption(new Option('--outcome <value>', 'process value').argParser(parseNumber))
    .option('--label <label>', 'the class that would have been right')
    .addOption(
      new Option(
        '--target <values>',
        'what continuous outputs should have been: 42.5, or valve=42.5,fan=3',
      ).argParser(parseTarget),
    )
    .option('--override <label>', 'the class that an operator chose instead')
    .option(
      '--discard <reason>',
      'reason why the decision cannot be judged: sensor-fault, manual-override, ...',
    )
    .option('--false-alarm', 'the alarm was false')
    .option('--confirmed', 'the alarm was real')
    .option('--json', 'print JSON')
    .action(async (ticket: string, options: ConnectionOptions & Json & WithDefinition & OutcomeOptions) => {
      const number = ticket === 'alarm' ? ticket : parseNumber(ticket);
      const verdict = await withTrainer(
        options,
        ({ trainer }) => trainer.feedback(number, outcomeOf(options)),
        { definition: await definitionOf(options) },
      );
      console.log(
        options.json === true
          ? JSON.stringify(verdict)
          : facts([
              ['judgement', verdict.judgement],
              ['right would be', verdict.truth],
            ]),
      );
    });
}

function trainCommand(root: Command): void {
  connectionOptions(root.command('train'))
    .description('train a candidate now and wait for the result; Ctrl-C cancels the training on the board')
    .option(
      '--regime <number or name>',
      'stream models: learn this operating regime and keep the others; default: learn everything anew',
    )
    .option(...DEFINITION_OPTION)
    .option('--json', 'print JSON')
    .action(async (options: ConnectionOptions & TrainOptions) => {
      await withTrainer(options, ({ trainer }) => train(trainer, options), {
        definition: await definitionOf(options),
      });
    });
}

function datasetCommand(root: Command): void {
  connectionOptions(root.command('dataset'))
    .description('count the stitched samples, write them to a CSV file, or clear them')
    .option(...DEFINITION_OPTION)
    .option('--csv <file>', 'write the samples to this file')
    .option('--clear', 'remove all samples')
    .option('--json', 'print JSON')
    .action(
      async (
        options: ConnectionOptions &
          Json &
          WithDefinition & { readonly csv?: string; readonly clear?: boolean },
      ) => {
        const summary = await withTrainer(
          options,
          async ({ trainer }) => {
            if (options.csv !== undefined) await writeText(options.csv, await trainer.dataset.csv());
            if (options.clear === true) await trainer.dataset.clear();
            return trainer.dataset.summary();
          },
          { definition: await definitionOf(options), readOnly: options.clear !== true },
        );
        console.log(
          options.json === true
            ? JSON.stringify(summary)
            : facts([
                [
                  'samples',
                  `${summary.stored} of ${summary.capacity}, ${summary.new} new, ${summary.heldOut} held out`,
                ],
                ['bytes', grouped(summary.bytes)],
                ...summary.perClass.map(({ label, count }) => [`class "${label}"`, count] as const),
              ]),
        );
      },
    );
}

export function loopCommands(root: Command): void {
  inferCommand(root);
  feedbackCommand(root);
  trainCommand(root);
  datasetCommand(root);
}

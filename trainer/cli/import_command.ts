/** `import`: a network of another tool becomes a definition and a file of weights. */
import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  boardOf,
  isKnownBoard,
  knownBoards,
  MemoryError,
  parseDefinition,
  planMemory,
  type TrainerDefinition,
} from '../definition';
import { type Imported, type ImportOptions, importTflite, openWeights, type TrainedPart } from '../network';
import { text, worded } from '../text';
import { firmwarePlanner, generationOf } from '../virtual';
import { parseInteger, UsageError } from './connection';
import { fromFile, readBytes, writeText } from './files';
import { counted, facts, grouped } from './output';
import { lackingModel } from './plan_command';

interface ImportCommand {
  readonly output: string;
  readonly weights?: string;
  readonly classes?: readonly string[];
  readonly labels?: readonly string[];
  readonly outputs?: readonly string[];
  readonly train: TrainedPart;
  readonly name?: string;
  readonly board?: string;
  readonly samples?: number;
  readonly json?: boolean;
}

/** Least first. */
const PARTS: readonly TrainedPart[] = ['head', 'biases', 'all'];
const FILE_MOST = 32 * 1024 * 1024;

function list(text: string): string[] {
  const labels = text.split(',').map((label) => label.trim());
  if (labels.some((label) => label === '')) throw new InvalidArgumentError('give labels between the commas');
  return labels;
}

/** "dir/model.tflite" -> "model" */
const nameOf = (file: string): string => basename(file).replace(/\.tflite$/i, '');

const weightsFile = (definition: string): string => `${definition.replace(/\.json$/i, '')}.weights.json`;

async function neededBy(definition: TrainerDefinition): Promise<number> {
  return planMemory(parseDefinition(definition), await firmwarePlanner()).total;
}

/** What would fit, when less of the network is trained; undefined = nothing does. */
async function smallerPart(
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<{ part: string; bytes: string } | undefined> {
  for (const trained of PARTS.slice(0, PARTS.indexOf(options.trained ?? 'all')).reverse()) {
    const needed = await neededBy(importTflite(bytes, { ...options, trained }).definition).catch(
      () => undefined,
    );
    if (needed !== undefined) return { part: trained, bytes: grouped(needed) };
  }
  return undefined;
}

/** @throws Error with the figure and with what would fit, when the board does not hold it */
async function needOf(bytes: Uint8Array, { definition }: Imported, options: ImportOptions): Promise<number> {
  try {
    return await neededBy(definition);
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    const fits = await smallerPart(bytes, options);
    const values = { problem: error.message, ...fits };
    const nothing = text(fits === undefined ? 'command.nothingWritten' : 'command.smallerPart', values);
    throw new Error(worded(nothing), { cause: error });
  }
}

function importText(
  { definition }: Imported,
  { output, weights, classes }: ImportCommand,
  needed: number,
): string {
  const { features = [], classes: known = [], outputs = [], model } = definition;
  const layers = model.type === 'dnn' ? model.layers.length : 0;
  const [first] = features;
  return facts([
    [
      'definition',
      `${output}: ${counted(features.length, 'feature')}, ${counted(layers, 'layer')}, ${outputs.length > 0 ? counted(outputs.length, 'continuous output') : `${known.length} classes`}`,
    ],
    ['weights', `${weights}; "edge-trainer deploy ${output} --weights ${weights}" takes them along`],
    ['head', classes === undefined ? 'kept' : 'new, random until the board has learned its classes'],
    ['features', first === undefined ? undefined : `${first.name} on, ${first.min} to ${first.max}`],
    [
      'memory',
      `${grouped(needed)} bytes of ${grouped(boardOf(definition.board ?? 'virtual').arena)} (${definition.board ?? 'virtual'})`,
    ],
  ]);
}

async function importNetwork(file: string, options: ImportCommand): Promise<void> {
  const { classes, labels, outputs, board, train } = options;
  if (board !== undefined && !isKnownBoard(board))
    throw new UsageError(`"${board}" is not a known board; use one of ${knownBoards().join(', ')}`);
  const lacking = board === undefined ? undefined : lackingModel('dnn', board);
  if (lacking !== undefined) throw new Error(worded(text('command.nothingWritten', { problem: lacking })));
  const bytes = await readBytes(file, FILE_MOST);
  const wanted: ImportOptions = {
    name: options.name ?? nameOf(file),
    trained: train,
    ...(classes === undefined ? {} : { classes }),
    ...(labels === undefined ? {} : { labels }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(board === undefined ? {} : { board }),
    ...(options.samples === undefined ? {} : { samples: options.samples }),
  };
  const imported = await fromFile(file, () => importTflite(bytes, wanted));
  const needed = await needOf(bytes, imported, wanted);
  // What a board would refuse is not written.
  await generationOf(parseDefinition(imported.definition), openWeights(imported.weights));
  const weights = options.weights ?? weightsFile(options.output);
  await writeText(options.output, `${JSON.stringify(imported.definition, undefined, 2)}\n`);
  await writeText(weights, `${JSON.stringify(imported.weights, undefined, 2)}\n`);
  const shown = { definition: options.output, weights, neededBytes: needed };
  console.log(
    options.json === true ? JSON.stringify(shown) : importText(imported, { ...options, weights }, needed),
  );
}

export function importCommand(root: Command): void {
  root
    .command('import')
    .description('make a definition and a file of weights of a TensorFlow Lite network')
    .argument('<model.tflite>', 'an int8 network')
    .requiredOption('-o, --output <definition.json>', 'file to write the definition to')
    .option(
      '--weights <file>',
      'file to write the weights to; default: NAME.weights.json beside the definition',
    )
    .addOption(
      new Option(
        '--classes <a,b,c>',
        "a new head for these classes, learned on the board; default: the network's own head",
      )
        .argParser(list)
        .conflicts('labels'),
    )
    .addOption(
      new Option('--labels <a,b,c>', "names for the outputs of the network's own head").argParser(list),
    )
    .addOption(
      new Option(
        '--outputs <a,b>',
        "names of the outputs of the network's own head, when they are continuous values",
      )
        .argParser(list)
        .conflicts(['classes', 'labels']),
    )
    .addOption(
      new Option('--train <part>', 'what the board trains: the head, biases and the head, or all layers')
        .choices(PARTS)
        .default('all'),
    )
    .option('--name <name>', 'name of the definition; default: the name of the file')
    .option('--board <name>', 'board that the network is for')
    .addOption(
      new Option('--samples <count>', 'samples that the board stores').argParser(parseInteger(2, 4096)),
    )
    .option('--json', 'print JSON')
    .action(importNetwork);
}

/** `flash`: the firmware of a board, through the boot loader of its chip. */
import { type Command, Option } from 'commander';
import { parseLine } from '../bus';
import {
  type FlashBoard,
  type FlashOptions,
  type FlashResult,
  flash,
  flashTarget,
  flashTargets,
  fromBootLoader,
  type Image,
  imageFor,
  leaveForBootLoader,
  openBootLoader,
  reachedBy,
  refusesCommand,
} from '../flash';
import { text, worded } from '../text';
import { parseInteger, UsageError, withTrainer } from './connection';
import { facts, grouped } from './output';
import { ProgressBar } from './progress';

interface FlashCommand {
  readonly board: string;
  readonly port?: string;
  readonly drive?: string;
  /** True: the port that the boot loader answers on, too. */
  readonly ask?: string | true;
  readonly line: string;
  readonly unit: number;
  readonly image?: readonly string[];
  readonly wipeStore?: boolean;
  readonly json?: boolean;
}

const names = (targets: readonly FlashBoard[]): string[] => targets.map(({ name }) => name);

/** Boards whose running firmware starts the boot loader. */
const commanded = (): string[] =>
  names(flashTargets().filter(({ bootLoader }) => bootLoader.byCommand === true));

const CHECKED: Readonly<Record<FlashResult['verified'], string>> = {
  'read-back': 'read back, all bytes right',
  hash: "the chip's own hash of all bytes is right",
  accepted: 'the boot loader took it and started it',
};

function resultText(result: FlashResult): string {
  const store = {
    kept: 'kept as it was',
    wiped: 'erased',
    elsewhere: 'kept as it was, outside of the flash',
  }[result.store];
  return facts([
    ['board', `${result.board}, chip ${result.chip.id}`],
    ['firmware', result.version ?? result.image],
    ['written', `${grouped(result.bytes)} bytes`],
    ['checked', CHECKED[result.verified]],
    ['what it had learned', store],
  ]);
}

/** The firmware that runs on this port is brought into its boot loader. */
async function askFirmware(
  board: FlashBoard,
  image: Image,
  port: string,
  { line, unit, wipeStore = false }: FlashCommand,
): Promise<void> {
  const settings = parseLine(line);
  if (settings === undefined) throw new UsageError(worded(text('line.format', { got: line })));
  const { baudRate: baud, parity, stopBits } = settings;
  await withTrainer({ port, baud, parity, stopBits, unit, timeout: 3000 }, ({ trainer }) =>
    leaveForBootLoader(trainer, board, image, wipeStore),
  );
}

/** Writes with a bar of progress; Ctrl-C gives up. */
async function written(
  write: (giveUp: AbortSignal, onProgress: NonNullable<FlashOptions['onProgress']>) => Promise<FlashResult>,
): Promise<FlashResult> {
  const giveUp = new AbortController();
  const interrupted = (): void => giveUp.abort();
  const bar = new ProgressBar();
  process.once('SIGINT', interrupted);
  try {
    return await write(giveUp.signal, (step, done, total) => bar.update(done, total, step));
  } finally {
    bar.end();
    process.off('SIGINT', interrupted);
  }
}

async function run(options: FlashCommand): Promise<void> {
  const target = flashTarget(options.board);
  if (target === undefined) throw new UsageError(`${options.board} is not flashed`);
  const { bootLoader } = target;
  const by = reachedBy(bootLoader);
  const path = by === 'port' ? options.port : options.drive;
  if (path === undefined)
    throw new UsageError(
      `say where the boot loader of ${options.board} is: --${by} ${by === 'port' ? '<path>' : '<folder>'} (${bootLoader.title})`,
    );
  const { ask, wipeStore = false } = options;
  if (ask !== undefined) refusesCommand(target);
  const image = await imageFor(target, options.image ?? []);
  if (ask === true && by === 'drive')
    throw new UsageError('say which serial port the running firmware has: --ask <path>');
  if (ask !== undefined) await askFirmware(target, image, ask === true ? path : ask, options);
  const result = await written((signal, onProgress) => {
    const write = (): Promise<FlashResult> =>
      flash(target, image, () => openBootLoader(bootLoader, path), {
        wipeStore,
        signal,
        onProgress,
      });
    return ask === undefined ? write() : fromBootLoader(target, path, write, signal);
  });
  console.log(options.json === true ? JSON.stringify(result) : resultText(result));
}

export function flashCommand(root: Command): void {
  root
    .command('flash')
    .description(
      'write the firmware onto a board and keep what the board has learned; Ctrl-C stops between two pages',
    )
    .addOption(new Option('--board <name>', 'the board').choices(names(flashTargets())).makeOptionMandatory())
    .addOption(new Option('--port <path>', 'serial port of the boot loader').conflicts('drive'))
    .option('--drive <folder>', 'drive of the boot loader')
    .option(
      '--ask [path]',
      `the running firmware on this serial port saves what it has learned and starts the boot loader (${commanded().join(', ')}); without a path: the same port`,
    )
    .option('--line <settings>', 'line settings of the port of --ask', '115200 8N1')
    .addOption(
      new Option('--unit <id>', 'unit id of the board on the port of --ask')
        .argParser(parseInteger(1, 247))
        .default(1),
    )
    .option(
      '--image <file...>',
      'an Intel hex file of your own; default: the image of this package. An ESP32 takes what your build made: the application, the merged image, or several ADDRESS:FILE',
    )
    .option('--wipe-store', 'also erase what the board has learned')
    .option('--json', 'print JSON')
    .action(run);
}

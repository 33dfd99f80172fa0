/** `flash`: the firmware of a board, through the boot loader of its chip. */
import { type Command, Option } from 'commander';
import { boardOf, knownBoards } from '../definition';
import { type FlashResult, flash, openBootLoader, packagedImage, reachedBy, readImage } from '../flash';
import { UsageError } from './connection';
import { facts, grouped } from './output';
import { ProgressBar } from './progress';

interface FlashCommand {
  readonly board: string;
  readonly port?: string;
  readonly drive?: string;
  readonly image?: string;
  readonly wipeStore?: boolean;
  readonly json?: boolean;
}

const flashable = (): string[] => knownBoards().filter((name) => boardOf(name).bootLoader !== null);

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
    [
      'checked',
      result.verified === 'read-back'
        ? 'read back, all bytes right'
        : 'the boot loader took it and started it',
    ],
    ['what it had learned', store],
  ]);
}

async function run(options: FlashCommand): Promise<void> {
  const { bootLoader, ...board } = boardOf(options.board);
  if (bootLoader === null) throw new UsageError(`${options.board} is not flashed`);
  const by = reachedBy(bootLoader);
  const path = by === 'port' ? options.port : options.drive;
  if (path === undefined)
    throw new UsageError(
      `say where the boot loader of ${options.board} is: --${by} ${by === 'port' ? '<path>' : '<folder>'} (${bootLoader.title})`,
    );
  const image =
    options.image === undefined ? await packagedImage(options.board) : await readImage(options.image);
  const giveUp = new AbortController();
  const interrupted = (): void => giveUp.abort();
  const bar = new ProgressBar();
  process.once('SIGINT', interrupted);
  const target = { ...board, bootLoader };
  try {
    const result = await flash(target, image, () => openBootLoader(bootLoader, path), {
      wipeStore: options.wipeStore === true,
      signal: giveUp.signal,
      onProgress: (step, done, total) => bar.update(done, total, step),
    }).finally(() => bar.end());
    console.log(options.json === true ? JSON.stringify(result) : resultText(result));
  } finally {
    process.off('SIGINT', interrupted);
  }
}

export function flashCommand(root: Command): void {
  root
    .command('flash')
    .description(
      'write the firmware onto a board; what it has learned stays. Ctrl-C gives up between two pages',
    )
    .addOption(new Option('--board <name>', 'the board').choices(flashable()).makeOptionMandatory())
    .addOption(new Option('--port <path>', 'serial port of its boot loader').conflicts('drive'))
    .option('--drive <folder>', 'the drive that its boot loader shows')
    .option('--image <file>', 'an Intel hex file of your own; default: the image of this package')
    .option('--wipe-store', 'erase what the board has learned, too')
    .option('--json', 'print JSON')
    .action(run);
}

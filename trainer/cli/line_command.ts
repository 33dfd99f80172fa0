/** `line`: the serial line of a trainer, seen, set and searched. */
import type { Command } from 'commander';
import {
  type LineSettings,
  lineText,
  MODBUS_LINE,
  type Parity,
  PortError,
  parseLine,
  USUAL_RATES,
} from '../bus';
import type { LineStatus, Trainer } from '../device';
import { changeLine } from '../session';
import { text, WordedError, worded } from '../text';
import { type ConnectionOptions, connect, connectionOptions, UsageError, withTrainer } from './connection';

interface LineOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly find?: boolean;
}

/** The likeliest first. */
const FORMATS: readonly (readonly [Parity, 1 | 2])[] = [
  ['none', 1],
  ['even', 1],
  ['none', 2],
  ['odd', 1],
];
class LineNotFoundError extends WordedError {
  constructor(unit: number) {
    super(text('line.notFound', { unit, count: USUAL_RATES.length * FORMATS.length }));
  }
}

/** Enough for an answer of a few words at 9600 baud, where nobody says another. */
const FIND_TIMEOUT_MS = 300;

const under = (options: LineOptions, line: LineSettings): LineOptions => ({
  ...options,
  baud: line.baudRate,
  parity: line.parity,
  stopBits: line.stopBits,
});

function wanted(words: readonly string[]): LineSettings {
  const written = words.join(' ');
  const settings = written.toLowerCase() === 'modbus' ? MODBUS_LINE : parseLine(written);
  if (settings === undefined) throw new UsageError(worded(text('line.format', { got: written })));
  return settings;
}

function lineWords({ settings, trialLeftSeconds }: LineStatus): string {
  if (settings === undefined)
    return 'the line of this board has no settings: USB, an emulator or a virtual trainer, any rate will do';
  const trial = trialLeftSeconds > 0 ? `, on trial for ${trialLeftSeconds} s more` : '';
  return `the line runs at ${lineText(settings)}${trial}`;
}

function show(status: LineStatus, { json }: LineOptions): void {
  console.log(json === true ? JSON.stringify(status) : lineWords(status));
}

/** Tells the board; then, on a serial port, reaches it under the new settings. Another wire's far end is somebody else's to set. */
async function setLine(settings: LineSettings, options: LineOptions): Promise<void> {
  const { bus, trainer } = await connect(options);
  try {
    if (options.port === undefined) {
      await trainer.line.set(settings);
      console.log(
        `the board tries ${lineText(settings)} now: set the gateway or device server to them and send any request within half a minute, or the board goes back`,
      );
      return;
    }
    const status = await changeLine(trainer, settings, async () => {
      await bus.close();
      const reached = await connect(under(options, settings));
      return { trainer: reached.trainer, close: () => reached.bus.close() };
    });
    show(status, options);
  } finally {
    await bus.close();
  }
}

async function answersUnder(options: LineOptions, line: LineSettings): Promise<LineStatus | undefined> {
  const read = ({ trainer }: { trainer: Trainer }): Promise<LineStatus> => trainer.line.read();
  return withTrainer(under(options, line), read, { readOnly: true }).catch((error: unknown) => {
    if (error instanceof PortError) throw error;
    return undefined;
  });
}

/** Asks the unit under one setting after the other. */
async function findLine(options: LineOptions): Promise<void> {
  if (options.port === undefined)
    throw new UsageError('--find needs --port: only a serial port has settings to try');
  for (const [parity, stopBits] of FORMATS)
    for (const baudRate of USUAL_RATES) {
      const status = await answersUnder(options, { baudRate, parity, stopBits });
      if (status === undefined) continue;
      show(status, options);
      return;
    }
  throw new LineNotFoundError(options.unit);
}

export function lineCommand(root: Command): void {
  connectionOptions(root.command('line'))
    .description('show or set rate, parity and stop bits of the serial line')
    .argument('[settings...]', 'new settings: RATE FORMAT such as 19200 8E1, or "modbus" for 19200 8E1')
    .option('--find', 'ask under the usual settings until the unit answers')
    .option('--json', 'print JSON')
    .action(async (settings: string[], options: LineOptions, command: Command) => {
      const timeout =
        command.getOptionValueSource('timeout') === 'default' ? FIND_TIMEOUT_MS : options.timeout;
      if (options.find === true) await findLine({ ...options, timeout });
      else if (settings.length > 0) await setLine(wanted(settings), options);
      else
        show(await withTrainer(options, ({ trainer }) => trainer.line.read(), { readOnly: true }), options);
    });
}

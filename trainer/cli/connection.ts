/** The connection options that all commands share, and what they open. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type BusHandle, type BusOptions, openBus, type Parity, untilPortOpens } from '../bus';
import type { TrainerDefinition } from '../definition';
import { Trainer } from '../device';
import { EMULATED_BOARDS, emulatorWire } from '../emulator';
import { firmwarePlanner, virtualWire } from '../virtual';
import { KEY_VARIABLE, readKey } from './key';

export interface ConnectionOptions {
  readonly port?: string;
  readonly baud: number;
  readonly parity: Parity;
  readonly stopBits: 1 | 2;
  readonly tcp?: HostAndPort;
  readonly rtuTcp?: HostAndPort;
  readonly virtual?: boolean | string;
  readonly board?: string;
  readonly unit: number;
  readonly timeout: number;
  readonly keyFile?: string;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** The command was called the wrong way; exit code 2. */
export class UsageError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'UsageError';
  }
}

const MODBUS_PORT = 502;

/** "host", "host:502", "[::1]:502" */
export function parseHostAndPort(text: string): HostAndPort {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const port = match?.[3] === undefined ? MODBUS_PORT : Number(match[3]);
  if (match === null || port > 65_535)
    throw new InvalidArgumentError('give HOST:PORT, such as 127.0.0.1:502');
  return { host: (match[1] ?? match[2]) as string, port };
}

export function parseInteger(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`give a whole number from ${least} to ${most}`);
    return value;
  };
}

const noWay = (): UsageError =>
  new UsageError('say how to reach the trainer: --port, --tcp, --rtu-tcp, --virtual or --board');

const isWay = ({ port, tcp, rtuTcp, virtual, board }: ConnectionOptions): boolean =>
  [port, tcp, rtuTcp, board, virtual === false ? undefined : virtual].some((way) => way !== undefined);

/** Adds the options to a command that needs a trainer. Nothing else is read or said before one can be reached. */
export function connectionOptions(command: Command): Command {
  return wayOptions(command).hook('preAction', (_, called) => {
    if (!isWay(called.opts<ConnectionOptions>())) throw noWay();
  });
}

/** Adds the options to a command that may need a trainer. */
export function wayOptions(command: Command): Command {
  return command
    .addOption(new Option('--port <path>', 'serial port, Modbus RTU').conflicts(['tcp', 'rtuTcp', 'virtual']))
    .addOption(
      new Option('--baud <rate>', 'baud rate of the serial port')
        .argParser(parseInteger(50, 12_000_000))
        .default(115_200),
    )
    .addOption(
      new Option('--parity <parity>', 'parity of the serial port')
        .choices(['none', 'even', 'odd'])
        .default('none'),
    )
    .addOption(
      new Option('--stop-bits <count>', 'stop bits of the serial port')
        .argParser(parseInteger(1, 2))
        .default(1),
    )
    .addOption(
      new Option('--tcp <host:port>', 'Modbus TCP')
        .argParser(parseHostAndPort)
        .conflicts(['port', 'rtuTcp', 'virtual']),
    )
    .addOption(
      new Option('--rtu-tcp <host:port>', 'RTU frames over TCP (serial device server)')
        .argParser(parseHostAndPort)
        .conflicts(['port', 'tcp', 'virtual']),
    )
    .addOption(
      new Option(
        '--virtual [file]',
        'a virtual trainer in this process; its non-volatile memory is the file, if one is given',
      ).conflicts(['port', 'tcp', 'rtuTcp']),
    )
    .addOption(
      new Option(
        '--board <emulator:board>',
        'the firmware of a real board, emulated here for this one command',
      )
        .choices(EMULATED_BOARDS)
        .conflicts(['port', 'tcp', 'rtuTcp', 'virtual']),
    )
    .addOption(new Option('--unit <id>', 'Modbus unit id').argParser(parseInteger(1, 247)).default(1))
    .addOption(
      new Option('--timeout <ms>', 'wait for an answer').argParser(parseInteger(1, 600_000)).default(1000),
    )
    .option('--key-file <file>', `file with the key of a locked board; else the variable ${KEY_VARIABLE}`);
}

/** The trainer lives and ends with this command: no other master can reach it. */
export function isOfThisProcess({ virtual, board }: ConnectionOptions): boolean {
  return board !== undefined || (virtual !== undefined && virtual !== false);
}

function wireOf(options: ConnectionOptions, readOnly: boolean): BusOptions {
  const tuning = { responseTimeoutMs: options.timeout, deadlineMs: Math.max(3000, 5 * options.timeout) };
  if (options.port !== undefined)
    return {
      kind: 'serial',
      path: options.port,
      baudRate: options.baud,
      parity: options.parity,
      stopBits: options.stopBits,
      ...tuning,
    };
  if (options.tcp !== undefined) return { kind: 'tcp', ...options.tcp, ...tuning };
  if (options.rtuTcp !== undefined) return { kind: 'rtu-tcp', ...options.rtuTcp, ...tuning };
  if (options.virtual !== undefined && options.virtual !== false)
    return {
      ...virtualWire({
        unit: options.unit,
        ...(typeof options.virtual === 'string' ? { nvmFile: options.virtual, nvmReadOnly: readOnly } : {}),
      }),
      ...tuning,
    };
  if (options.board !== undefined) {
    // An emulator takes its time: the patience of a wire is too little, a longer one is respected.
    const wire = emulatorWire(options.board);
    return options.timeout > (wire.responseTimeoutMs ?? 0) ? { ...wire, ...tuning } : wire;
  }
  throw noWay();
}

export interface Connected {
  readonly bus: BusHandle;
  readonly trainer: Trainer;
  /** Key of the commissioning lock, where one was given. */
  readonly key: string | undefined;
}

export interface TrainerUse {
  /** What the board runs, for names and scales. */
  readonly definition?: TrainerDefinition | undefined;
  /** The command changes nothing, so it leaves the memory file of a virtual trainer as it is. */
  readonly readOnly?: boolean;
}

/** Opens the wire; who calls it closes the bus. @throws PortError at once when the serial port cannot be had */
export async function connect(
  options: ConnectionOptions,
  { definition, readOnly = false }: TrainerUse = {},
): Promise<Connected> {
  const key = await readKey({ file: options.keyFile, variable: KEY_VARIABLE });
  const planner = await firmwarePlanner();
  const bus = openBus(wireOf(options, readOnly));
  try {
    if (options.port !== undefined) await untilPortOpens(bus, options.port);
    const trainer = new Trainer(bus, {
      unit: options.unit,
      planner,
      ...(definition === undefined ? {} : { definition }),
      ...(key === undefined ? {} : { key }),
    });
    return { bus, trainer, key };
  } catch (error) {
    // A wire that stays open keeps the process alive.
    await bus.close();
    throw error;
  }
}

/** Opens the wire, runs `action`, closes the wire. */
export async function withTrainer<T>(
  options: ConnectionOptions,
  action: (connected: Connected) => Promise<T>,
  use: TrainerUse = {},
): Promise<T> {
  const connected = await connect(options, use);
  const { bus, trainer } = connected;
  try {
    const result = await action(connected);
    // The trainer ends with this process: what it knows goes into its file first.
    if (typeof options.virtual === 'string' && use.readOnly !== true) await trainer.save();
    return result;
  } finally {
    await bus.close();
  }
}

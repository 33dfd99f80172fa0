/** What a bus is opened with: which wire, and how patient to be with it. */
import { realpathSync } from 'node:fs';
import { text } from '../text';
import { BusConfigError, type WireKind } from './errors';
import type { LineSettings } from './line_settings';
import type { RtuTiming } from './rtu_wire';
import { type PipeFactory, PipeTransport } from './transports/pipe';
import {
  characterTimeMs,
  DATA_BITS,
  interFrameSilenceMs,
  type SerialLine,
  SerialTransport,
} from './transports/serial';
import { TcpTransport } from './transports/tcp_socket';
import type { Transport } from './transports/transport';

/** Times in milliseconds. Everything has a default that suits a trainer on a short line. */
export interface BusTuning {
  /** Wait for an answer, on top of the time the bytes need on a serial line. Default 1000. */
  readonly responseTimeoutMs?: number;
  /** Whole time a request may take: queue, connecting, retries. Default 5000. */
  readonly deadlineMs?: number;
  /** Requests that may wait at once; more are refused. Default 256. */
  readonly queueLimit?: number;
  /** Times a read is sent again when the request does not say. Default 1; for writes it is always 0. */
  readonly readRetries?: number;
  /** Silence between frames (RTU framing). Default: 3.5 characters on a serial line, 0 elsewhere. */
  readonly interFrameMs?: number;
  /** Silence asked for after anything unexpected (RTU framing). Default 20. */
  readonly drainMs?: number;
  /** Silence after which an unfinished frame is given up (RTU framing). Default 100. */
  readonly frameGapMs?: number;
  /** Pause for a unit whose answer did not come, in which a late one is recognised (RTU framing). Default 250. */
  readonly lateWindowMs?: number;
  /** Pause after a broadcast, which the units need to act on it (RTU framing). Default 100. */
  readonly broadcastTurnaroundMs?: number;
  /** Unanswered requests in a row after which a unit is taken for dead. Default 2. */
  readonly failuresUntilDead?: number;
  /** Shortest and longest time between probes of a dead unit. Defaults 250 and 4000. */
  readonly probeMinMs?: number;
  readonly probeMaxMs?: number;
  /** Shortest and longest wait before connecting again. Defaults 100 and 3000. */
  readonly reconnectMinMs?: number;
  readonly reconnectMaxMs?: number;
  /** Pause between opening and the first request; boards that reset when their port opens need 1000 to 2000. Default 0. */
  readonly settleMs?: number;
}

export interface TcpWire {
  /** Modbus TCP, or RTU frames inside a TCP stream (serial device servers, transparent gateways). */
  readonly kind: 'tcp' | 'rtu-tcp';
  readonly host: string;
  /** Default 502. */
  readonly port?: number;
  /** Default 3000. */
  readonly connectTimeoutMs?: number;
}

/** Default 115200 8N1. */
export interface SerialWire extends Partial<LineSettings> {
  readonly kind: 'serial';
  readonly path: string;
  /** Modbus RTU has no other number; anything else is refused. */
  readonly dataBits?: 8;
}

export interface VirtualWire {
  readonly kind: 'virtual';
  /** Names the wire: two users with the same id share it. */
  readonly id: string;
  /** What users of the wire must agree on, by name: its boards. */
  readonly line?: Readonly<Record<string, string | number>>;
  /** Makes the pipe to the far end; called again when the pipe was lost. */
  readonly connect: PipeFactory;
}

export type BusOptions = (TcpWire | SerialWire | VirtualWire) & BusTuning;

/** BusTuning with every default filled in. */
export type Tuning = Required<BusTuning>;

const DEFAULTS: Omit<Tuning, 'interFrameMs'> = {
  responseTimeoutMs: 1000,
  deadlineMs: 5000,
  queueLimit: 256,
  readRetries: 1,
  drainMs: 20,
  frameGapMs: 100,
  lateWindowMs: 250,
  broadcastTurnaroundMs: 100,
  failuresUntilDead: 2,
  probeMinMs: 250,
  probeMaxMs: 4000,
  reconnectMinMs: 100,
  reconnectMaxMs: 3000,
  settleMs: 0,
};

const LEAST_ONE = new Set([
  'responseTimeoutMs',
  'deadlineMs',
  'queueLimit',
  'failuresUntilDead',
  'frameGapMs',
]);
const DEFAULT_TCP_PORT = 502;
const DEFAULT_CONNECT_TIMEOUT_MS = 3000;

/** Everything a bus needs to know about its wire, checked. */
export interface WirePlan {
  readonly kind: WireKind;
  /** Same key, same wire. */
  readonly key: string;
  /** For messages: "127.0.0.1:502 (Modbus TCP)". */
  readonly name: string;
  /** What must agree between two users of the wire, by option name. */
  readonly line: Readonly<Record<string, unknown>>;
  readonly tuning: Tuning;
  readonly timing: RtuTiming;
  /** Unit 0 is the broadcast address and nobody answers it. */
  readonly serialAddressing: boolean;
  /** A silent connection may be dead without anybody saying so, and is made afresh. */
  readonly recycleWhenSilent: boolean;
  readonly makeTransport: () => Transport;
}

function tuningOf(options: BusOptions, interFrameMs: number): Tuning {
  const given: Record<string, unknown> = { ...options };
  const tuning: Record<string, number> = { ...DEFAULTS, interFrameMs };
  for (const name of Object.keys(tuning)) {
    const value = given[name];
    if (value === undefined) continue;
    const least = LEAST_ONE.has(name) ? 1 : 0;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      throw new BusConfigError(text('bus.config.number', { field: name, least, got: String(value) }));
    }
    tuning[name] = value;
  }
  return tuning as unknown as Tuning;
}

function name(field: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw new BusConfigError(text('bus.config.missing', { field }));
  return value.trim();
}

function integer(field: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new BusConfigError(text('bus.config.integer', { field, least, most, got: String(value) }));
  return value;
}

function oneOf<T>(field: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value))
    throw new BusConfigError(
      text('bus.config.choice', { field, allowed: allowed.map(String), got: String(value) }),
    );
  return value;
}

/** The device behind a path, so that /dev/serial/by-id/… and /dev/ttyUSB0 are one wire. */
function devicePath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function planTcp(options: TcpWire & BusTuning): WirePlan {
  const { kind } = options;
  const host = name('host', options.host);
  const port = integer('port', options.port ?? DEFAULT_TCP_PORT, 1, 65535);
  const given = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
  const connectTimeoutMs = integer('connectTimeoutMs', given, 1, 600_000);
  const tuning = tuningOf(options, 0);
  return {
    kind,
    key: `${kind}:${host.toLowerCase()}:${port}`,
    name: `${host}:${port} (${kind === 'tcp' ? 'Modbus TCP' : 'RTU over TCP'})`,
    line: {},
    tuning,
    timing: { ...tuning, characterMs: 0, mayEcho: true },
    serialAddressing: kind === 'rtu-tcp',
    recycleWhenSilent: true,
    makeTransport: () => new TcpTransport({ host, port, connectTimeoutMs }, kind === 'tcp' ? 'mbap' : 'rtu'),
  };
}

function planSerial(options: SerialWire & BusTuning): WirePlan {
  const { dataBits = DATA_BITS } = options;
  if (dataBits !== DATA_BITS)
    throw new BusConfigError(text('bus.config.dataBits', { got: String(dataBits) }));
  const line: SerialLine = {
    path: name('path', options.path),
    baudRate: integer('baudRate', options.baudRate ?? 115_200, 50, 12_000_000),
    parity: oneOf('parity', options.parity ?? 'none', ['none', 'even', 'odd']),
    stopBits: oneOf('stopBits', options.stopBits ?? 1, [1, 2]),
  };
  const { path, ...agreed } = line;
  const tuning = tuningOf(options, interFrameSilenceMs(line.baudRate));
  return {
    kind: 'serial',
    key: `serial:${devicePath(path)}`,
    name: `${path} (RTU, ${line.baudRate} baud)`,
    line: agreed,
    tuning,
    timing: { ...tuning, characterMs: characterTimeMs(line), mayEcho: true },
    serialAddressing: true,
    recycleWhenSilent: false,
    makeTransport: () => new SerialTransport(line),
  };
}

function planVirtual(options: VirtualWire & BusTuning): WirePlan {
  const id = name('id', options.id);
  const { connect } = options;
  if (typeof connect !== 'function') throw new BusConfigError(text('bus.config.connect'));
  const tuning = tuningOf(options, 0);
  return {
    kind: 'virtual',
    key: `virtual:${id}`,
    name: `virtual trainer ${id}`,
    line: {},
    tuning,
    timing: { ...tuning, characterMs: 0, mayEcho: false },
    serialAddressing: true,
    recycleWhenSilent: false,
    makeTransport: () => new PipeTransport(connect),
  };
}

/** Checks the options; throws BusConfigError that names the option at fault. */
export function planWire(options: BusOptions): WirePlan {
  switch (options.kind) {
    case 'tcp':
    case 'rtu-tcp':
      return planTcp(options);
    case 'serial':
      return planSerial(options);
    case 'virtual':
      return planVirtual(options);
    default:
      throw new BusConfigError(
        text('bus.config.choice', {
          field: 'kind',
          allowed: 'tcp, rtu-tcp, serial, virtual',
          got: String((options as { kind?: unknown }).kind),
        }),
      );
  }
}

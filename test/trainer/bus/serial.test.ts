import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { type BusConfig, busOptions } from '../../../nodes/bus/options';
import {
  BusClosedError,
  type BusHandle,
  BusTimeoutError,
  FrameError,
  openBus,
  PortError,
  planWire,
  untilPortOpens,
} from '../../../trainer/bus';
import { characterTimeMs, interFrameSilenceMs } from '../../../trainer/bus/transports/serial';
import { needs } from '../../support/needs';
import { SimulatedUnits } from './simulated_units';
import { QUICK, rejection } from './wires';

const read = (address: number, unit = 1) => ({ unit, fc: 3, address, quantity: 1 }) as const;

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

/** Another program that wants the port. */
function edgeTrainer(...args: string[]): Promise<{ readonly code: number; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, _out, err) => {
      resolve({ code: Number(error?.code ?? 0), err });
    });
  });
}

/** A pair of pseudo-terminals, like two serial ports joined by a cable that can be pulled and put back. */
class Cable {
  readonly master: string;
  readonly far: string;
  private socat: ChildProcess | undefined;
  private port: SerialPort | undefined;
  private readonly units: SimulatedUnits;

  constructor(folder: string, units: SimulatedUnits) {
    this.master = join(folder, 'master');
    this.far = join(folder, 'units');
    this.units = units;
  }

  async plug(): Promise<void> {
    const end = (link: string): string => `pty,raw,echo=0,link=${link}`;
    this.socat = spawn('socat', ['-d', '-d', end(this.master), end(this.far)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { stderr } = this.socat;
    assert.ok(stderr !== null);
    let said = '';
    for await (const text of stderr.iterator({ destroyOnReturn: false })) {
      said += String(text);
      if (said.includes('starting data transfer loop')) break;
    }
    stderr.resume();
    const port = new SerialPort({ path: this.far, baudRate: 115200, autoOpen: false });
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error === null || error === undefined ? resolve() : reject(error)));
    });
    const receive = this.units.attach({
      framing: 'rtu',
      send: (bytes) => port.write(bytes),
      cut: () => void this.pull(),
    });
    port.on('data', receive);
    port.on('error', () => undefined);
    this.port = port;
  }

  async pull(): Promise<void> {
    const { socat, port } = this;
    this.socat = undefined;
    this.port = undefined;
    if (socat === undefined) return;
    const gone = once(socat, 'exit');
    socat.kill();
    await gone;
    if (port?.isOpen === true) await new Promise<void>((resolve) => port.close(() => resolve()));
  }
}

describe('bus over a serial line', () => {
  let folder: string;
  let cable: Cable;
  let units: SimulatedUnits;
  let bus: BusHandle;

  before(function () {
    if (!needs('socat')) this.skip();
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bus-serial-'));
    units = new SimulatedUnits();
    cable = new Cable(folder, units);
    await cable.plug();
    bus = openBus({ kind: 'serial', path: cable.master, baudRate: 115200, ...QUICK });
  });

  afterEach(async () => {
    await bus.close();
    await cable.pull();
    rmSync(folder, { recursive: true, force: true });
  });

  it('trap: FC 22 and 23, which modbus-serial’s own buffered port times out on, are answered', async () => {
    await bus.request({ unit: 1, fc: 22, address: 5, andMask: 0, orMask: 0x1234 });
    const { values } = await bus.request({
      unit: 1,
      fc: 23,
      address: 5,
      quantity: 2,
      writeAddress: 6,
      values: [9],
    });
    assert.deepEqual(values, [0x1234, 9]);
    const { objects } = await bus.request({ unit: 1, fc: 43 });
    assert.equal(objects[1], 'ET-TEST');
  });

  it('the longest frames travel whole in both directions', async () => {
    const values = Array.from({ length: 123 }, (_, i) => 65535 - i);
    await bus.request({ unit: 1, fc: 16, address: 0, values });
    const reply = await bus.request({ unit: 1, fc: 3, address: 0, quantity: 125 });
    assert.deepEqual(reply.values, [...values, 1123, 1124]);
  });

  it('trap: many requests at once go out one at a time, and each gets its own answer', async () => {
    let underWay = 0;
    let most = 0;
    bus.on('traffic', ({ direction }) => {
      underWay += direction === 'sent' ? 1 : -1;
      most = Math.max(most, underWay);
    });
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, i) => bus.request(read(i, 1 + (i % 4)))),
    );
    assert.deepEqual(
      replies.map((reply) => reply.values[0]),
      Array.from({ length: 60 }, (_, i) => 1000 * (1 + (i % 4)) + i),
    );
    assert.equal(most, 1);
  });

  it('late, doubled and damaged answers never become a value', async () => {
    await bus.request(read(0));
    units.next('hold');
    await rejection(bus.request(read(10)), BusTimeoutError);
    const next = bus.request(read(20));
    units.release();
    assert.deepEqual((await next).values, [1020]);
    units.next('double', 'crc');
    assert.deepEqual((await bus.request(read(30))).values, [1030]);
    assert.equal((await rejection(bus.request(read(40)), FrameError)).fault, 'crc');
    assert.deepEqual((await bus.request(read(50))).values, [1050]);
    const { counters } = bus.status();
    assert.equal(counters.lateReplies, 2);
    assert.equal(counters.crcErrors, 1);
  });

  it('a broadcast is followed by the turnaround pause', async () => {
    await bus.request(read(0));
    const started = performance.now();
    const sent = bus.request({ unit: 0, fc: 6, address: 3, value: 5 });
    const next = bus.request(read(3));
    assert.equal((await sent).broadcast, true);
    await next;
    assert.ok(performance.now() - started >= 5);
    assert.deepEqual(
      units.seen.slice(-2).map((request) => request.unit),
      [0, 1],
    );
  });

  it('unplugged while an answer is awaited, and plugged in again: right error, back within 5 s by itself', async () => {
    await bus.request(read(1));
    units.next('silent');
    const awaited = rejection(bus.request(read(2), { responseTimeoutMs: 3000 }), BusClosedError);
    await units.nextRequest();
    await cable.pull();
    assert.equal((await awaited).retryable, true);
    assert.equal(bus.bus.state, 'lost');
    const absent = await rejection(bus.request(read(3), { deadlineMs: 100 }), BusTimeoutError);
    assert.equal(absent.phase, 'connect');
    await cable.plug();
    assert.deepEqual((await bus.request(read(3), { deadlineMs: 5000 })).values, [1003]);
    assert.equal(bus.status().counters.reconnects, 1);
  });

  it('the wire has one owner: nobody else can open the port meanwhile, and anybody afterwards', async () => {
    await bus.request(read(1));
    const other = new SerialPort({ path: cable.master, baudRate: 115200, autoOpen: false });
    const open = (): Promise<Error | null | undefined> => new Promise((resolve) => other.open(resolve));
    assert.match(String((await open())?.message), /lock/i);
    await bus.close();
    assert.equal((await open()) ?? null, null);
    await new Promise<void>((resolve) => other.close(() => resolve()));
  });

  it('who waits is told at once that a port is missing and which there are, or who has it', async () => {
    const absent = join(folder, 'absent');
    const nowhere = openBus({ kind: 'serial', path: absent, ...QUICK });
    const missing = await rejection(untilPortOpens(nowhere, absent), PortError);
    assert.ok(missing.message.startsWith(`there is no serial port ${absent} (`), missing.message);
    assert.match(missing.message, /This computer (has \/dev|lists no serial port)/);
    await nowhere.close();
    await bus.request(read(1));
    for (const args of [
      ['identify', '--port', cable.master],
      ['line', '--find', '--port', cable.master],
      ['flash', '--board', 'stm32f103', '--port', cable.master],
    ]) {
      const { code, err } = await edgeTrainer(...args);
      assert.equal(code, 1);
      // Linux tells who it is.
      const who = process.platform === 'linux' ? `process ${process.pid} \\(.+\\)` : 'another program';
      assert.match(err, new RegExp(`^edge-trainer: ${who} uses the serial port ${cable.master} `));
      assert.match(err, /a line has one master\. Nothing was sent\. Close that program, or reach/);
    }
    for (const args of [
      ['status', '--port', absent],
      ['line', '--find', '--port', absent],
      ['flash', '--board', 'stm32f103', '--port', absent],
    ])
      assert.match((await edgeTrainer(...args)).err, /^edge-trainer: there is no serial port .*absent/);
  }).timeout(60_000);

  it('a port that does not exist is a time-out that names it, and the bus still closes', async () => {
    const nowhere = openBus({ kind: 'serial', path: join(folder, 'absent'), ...QUICK });
    const error = await rejection(nowhere.request(read(1), { deadlineMs: 60 }), BusTimeoutError);
    assert.match(error.message, /absent/);
    await nowhere.close();
  });
});

describe('a serial line', () => {
  it('has eight data bits: another number, which a flow may hold, is refused with what to do', () => {
    for (const dataBits of [7, 9, 'x'])
      assert.throws(
        () => openBus({ kind: 'serial', path: '/dev/none', dataBits: dataBits as 8 }),
        new RegExp(
          `^BusConfigError: ${dataBits} data bits cannot carry Modbus RTU, which needs 8; open the bus`,
        ),
      );
    const stored = { wire: 'serial', path: '/dev/none' } as BusConfig;
    assert.throws(() => openBus(busOptions({ ...stored, dataBits: '7' }, '')), /7 data bits cannot carry/);
    const plan = planWire(busOptions({ ...stored, dataBits: '8' }, ''));
    assert.deepEqual(plan.line, planWire(busOptions(stored, '')).line);
  });
});

describe('timing of a serial line', () => {
  it('follows the baud rate up to 19200 and is fixed above', () => {
    assert.equal(interFrameSilenceMs(9600).toFixed(3), '4.010');
    assert.equal(interFrameSilenceMs(19200).toFixed(3), '2.005');
    assert.equal(interFrameSilenceMs(115200), 1.75);
    const line = { baudRate: 9600, parity: 'even', stopBits: 1 } as const;
    assert.equal(characterTimeMs(line).toFixed(4), '1.1458');
  });
});

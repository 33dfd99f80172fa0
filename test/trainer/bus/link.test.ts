import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  BusClosedError,
  BusConfigError,
  type BusHandle,
  BusTimeoutError,
  openBus,
  type StateEvent,
} from '../../../trainer/bus';
import { backoffMs } from '../../../trainer/bus/link';
import { freePort } from '../../support/ports';
import { SimulatedUnits, UnitPipe, UnitServer } from './simulated_units';
import { openWire, QUICK, rejection, WIRES } from './wires';

const read = (address: number, unit = 1) => ({ unit, fc: 3, address, quantity: 1 }) as const;

for (const kind of WIRES) {
  describe(`connection over ${kind}`, () => {
    it('trap: lost while an answer is awaited: the right error, and back without anybody’s help', async () => {
      const wire = await openWire(kind);
      try {
        const states: string[] = [];
        wire.bus.on('state', ({ state }) => states.push(state));
        await wire.bus.request(read(1));
        wire.units.next('disconnect');
        const error = await rejection(wire.bus.request(read(2)), BusClosedError);
        assert.equal(error.retryable, true);
        assert.match(error.message, /was lost.*reconnects by itself/);
        assert.deepEqual((await wire.bus.request(read(3))).values, [1003]);
        assert.deepEqual(states.slice(-3), ['lost', 'connecting', 'open']);
        assert.equal(wire.bus.status().counters.reconnects, 1);
      } finally {
        await wire.close();
      }
    });

    it('a request with retries outlives the loss of the connection', async () => {
      const wire = await openWire(kind);
      try {
        wire.units.next('disconnect', 'disconnect');
        assert.deepEqual((await wire.bus.request(read(3), { retries: 2 })).values, [1003]);
      } finally {
        await wire.close();
      }
    });
  });
}

describe('connection', () => {
  it('requests made before the far end is there wait for it', async () => {
    const port = await freePort();
    const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port, ...QUICK });
    try {
      const lost = once(bus.bus, 'state');
      const reply = bus.request(read(7));
      await lost;
      const server = await UnitServer.listen('mbap', new SimulatedUnits(), port);
      try {
        assert.deepEqual((await reply).values, [1007]);
      } finally {
        await server.close();
      }
    } finally {
      await bus.close();
    }
  });

  it('trap: no far end at all: a time-out that says why the wire is not open', async () => {
    const port = await freePort();
    const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port, ...QUICK });
    const reasons: StateEvent[] = [];
    bus.on('state', (event) => reasons.push(event));
    try {
      const error = await rejection(bus.request(read(7), { deadlineMs: 60 }), BusTimeoutError);
      assert.equal(error.phase, 'connect');
      assert.match(error.message, /ECONNREFUSED/);
      const lost = reasons.find((event) => event.state === 'lost');
      assert.match(lost?.reason ?? '', /ECONNREFUSED/);
      assert.ok((lost?.nextAttemptMs ?? 0) > 0);
    } finally {
      await bus.close();
    }
  });

  it('the port goes away and comes back: attempts go on until it is there', async () => {
    const units = new SimulatedUnits();
    let server = await UnitServer.listen('rtu', units);
    const { port } = server;
    const bus = openBus({ kind: 'rtu-tcp', host: '127.0.0.1', port, ...QUICK });
    try {
      await bus.request(read(1));
      await server.close();
      while (bus.bus.state !== 'lost') await once(bus.bus, 'state');
      await rejection(bus.request(read(2), { deadlineMs: 100 }), BusTimeoutError);
      server = await UnitServer.listen('rtu', units, port);
      assert.deepEqual((await bus.request(read(2))).values, [1002]);
    } finally {
      await bus.close();
      await server.close();
    }
  });

  it('a TCP connection that is dead without a sign is made afresh', async () => {
    const wire = await openWire('tcp', { failuresUntilDead: 100, responseTimeoutMs: 20 });
    try {
      await wire.bus.request(read(1));
      wire.units.next('silent', 'silent', 'silent', 'silent');
      for (let i = 0; i < 4; i++) await rejection(wire.bus.request(read(1)), BusTimeoutError);
      assert.deepEqual((await wire.bus.request(read(1))).values, [1001]);
      assert.equal(wire.bus.status().counters.reconnects, 1);
    } finally {
      await wire.close();
    }
  });

  describe('a server that closes the connection after every answer', () => {
    let units: SimulatedUnits;
    let server: UnitServer;
    let bus: BusHandle;
    let lost: StateEvent[];
    let connections: number;
    beforeEach(async () => {
      units = new SimulatedUnits();
      connections = 0;
      const attach = units.attach.bind(units);
      units.attach = (line) => {
        connections++;
        return attach({
          ...line,
          send: (bytes) => {
            line.send(bytes);
            line.cut();
          },
        });
      };
      server = await UnitServer.listen('mbap', units);
      bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: server.port, ...QUICK });
      lost = [];
      bus.on('state', (event) => {
        if (event.state === 'lost') lost.push(event);
      });
    });
    afterEach(async () => {
      await bus.close();
      await server.close();
    });

    it('is no lost wire: nobody is told, nothing is sent that nobody asked for', async () => {
      for (let i = 0; i < 10; i++) {
        assert.deepEqual((await bus.request(read(i), { retries: 0 })).values, [1000 + i]);
        while (server.connections === 0 || connections < i + 2) await pause(1);
      }
      assert.equal(units.seen.length, 10);
      assert.deepEqual(lost, []);
      assert.equal(bus.bus.state, 'open');
    });

    it('is known after two losses at most: then one connection for each answer, whatever waits', async () => {
      const ask = (from: number): Promise<unknown[]> =>
        Promise.all(Array.from({ length: 20 }, (_, i) => bus.request(read(from + i), { retries: 2 })));
      await ask(0);
      const before = lost.length;
      assert.ok(before <= 2, `lost ${before} times`);
      const made = connections;
      await ask(100);
      assert.equal(lost.length, before);
      assert.equal(connections, made + 20);
    });
  });

  it('a server that closes unused connections is let rest, and asked again when there is something to send', async () => {
    const units = new SimulatedUnits();
    let connections = 0;
    const attach = units.attach.bind(units);
    units.attach = (line) => {
      connections++;
      let idle = setTimeout(() => line.cut(), 20);
      const receive = attach(line);
      return (bytes) => {
        clearTimeout(idle);
        idle = setTimeout(() => line.cut(), 20);
        receive(bytes);
      };
    };
    const server = await UnitServer.listen('rtu', units);
    const bus = openBus({ kind: 'rtu-tcp', host: '127.0.0.1', port: server.port, ...QUICK });
    try {
      const lost: StateEvent[] = [];
      bus.on('state', (event) => {
        if (event.state === 'lost') lost.push(event);
      });
      await bus.request(read(1));
      while (server.connections > 0 || connections < 2) await pause(5);
      await pause(100);
      assert.equal(connections, 2, 'one more connection, then none');
      assert.deepEqual((await bus.request(read(2))).values, [1002]);
      assert.deepEqual(lost, []);
      assert.equal(units.seen.length, 2);
    } finally {
      await bus.close();
      await server.close();
    }
  });

  it('a connection that worked for a moment does not reset the wait before the next one', async () => {
    const wire = await openWire('rtu-tcp', { reconnectMinMs: 4, reconnectMaxMs: 4000 });
    try {
      const waits: number[] = [];
      wire.bus.on('state', ({ state, nextAttemptMs }) => {
        if (state === 'lost') waits.push(nextAttemptMs ?? 0);
      });
      for (let i = 0; i < 6; i++) {
        await wire.bus.request(read(1));
        await wire.bus.request(read(1));
        wire.units.next('disconnect');
        await rejection(wire.bus.request(read(2)), BusClosedError);
      }
      assert.ok((waits.at(-1) ?? 0) >= 64, waits.join(', '));
    } finally {
      await wire.close();
    }
  });

  it('closing while connecting ends at once and settles what waits', async () => {
    // Accepts nobody: its backlog is never read, and the far end never speaks.
    const mute = createServer({ pauseOnConnect: true });
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const port = (mute.address() as { port: number }).port;
    const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port, ...QUICK });
    const reply = rejection(bus.request(read(1)), BusClosedError);
    await bus.close();
    await reply;
    mute.close();
  });

  it('the wait between attempts doubles up to a limit and is never in step', () => {
    const rules = { minMs: 100, maxMs: 3000 };
    const longest = [0, 1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, rules, 1));
    assert.deepEqual(longest, [100, 200, 400, 800, 1600, 3000, 3000, 3000]);
    assert.equal(backoffMs(3, rules, 0), 400);
    const drawn = new Set(Array.from({ length: 50 }, () => backoffMs(3, rules)));
    assert.ok(drawn.size > 40);
  });
});

describe('sharing a wire', () => {
  it('two users who name the same wire get the same bus; the last one out closes it', async () => {
    const server = await UnitServer.listen('mbap');
    const options = { kind: 'tcp', host: '127.0.0.1', port: server.port, ...QUICK } as const;
    const first = openBus(options);
    const second = openBus({ ...options, host: ' 127.0.0.1 ' });
    try {
      assert.equal(first.bus, second.bus);
      await Promise.all([first.request(read(1)), second.request(read(2))]);
      assert.equal(server.connections, 1);
      server.units.next('hold');
      const onItsWay = rejection(first.request(read(3)), BusClosedError);
      const waiting = rejection(first.request(read(4)), BusClosedError);
      const others = second.request(read(5));
      await server.units.nextRequest();
      await first.close();
      await first.close();
      await Promise.all([onItsWay, waiting]);
      server.units.release();
      assert.deepEqual((await others).values, [1005]);
      assert.equal(second.bus.state, 'open');
      await rejection(first.request(read(1)), BusClosedError);
    } finally {
      await second.close();
      await server.close();
    }
    assert.equal(second.bus.state, 'closed');
  });

  it('a wire can be opened again right after it was closed', async () => {
    const units = new SimulatedUnits();
    let open = 0;
    let most = 0;
    const connect = (): UnitPipe => {
      most = Math.max(most, ++open);
      const pipe = new UnitPipe(units);
      const close = pipe.close.bind(pipe);
      pipe.close = async () => {
        await new Promise(setImmediate);
        open--;
        close();
      };
      return pipe;
    };
    const options = { kind: 'virtual', id: 'reopened', connect, ...QUICK } as const;
    const closings: Promise<void>[] = [];
    for (let i = 0; i < 5; i++) {
      const bus = openBus(options);
      if (i % 2 === 0) await bus.request(read(1));
      closings.push(bus.close());
    }
    const last = openBus(options);
    await last.request(read(1));
    assert.equal(most, 1, 'never two owners at once');
    await Promise.all([...closings, last.close()]);
    assert.equal(open, 0);
  });

  it('users who contradict each other about a wire are told so', async () => {
    const options = { kind: 'tcp', host: '127.0.0.1', port: 9, ...QUICK } as const;
    const bus = openBus(options);
    try {
      assert.throws(() => openBus({ ...options, responseTimeoutMs: 61 }), /responseTimeoutMs.*must agree/);
      await openBus({ kind: 'tcp', host: '127.0.0.1', port: 9 }).close();
    } finally {
      await bus.close();
    }
  });

  it('wrong options are refused by name', () => {
    const wrong: [unknown, RegExp][] = [
      [{ kind: 'tcp', host: '' }, /host is missing/],
      [{ kind: 'tcp', host: 'x', port: 70000 }, /port must be an integer from 1 to 65535/],
      [{ kind: 'serial', path: '/dev/null', baudRate: 9600.5 }, /baudRate/],
      [{ kind: 'serial', path: '/dev/null', parity: 'often' }, /parity must be one of none, even, odd/],
      [{ kind: 'virtual', id: 'x' }, /connect/],
      [{ kind: 'tcp', host: 'x', queueLimit: 0 }, /queueLimit/],
      [{ kind: 'carrier pigeon' }, /kind must be/],
    ];
    for (const [options, text] of wrong) {
      assert.throws(
        () => openBus(options as Parameters<typeof openBus>[0]),
        (error: unknown) => error instanceof BusConfigError && text.test(error.message),
      );
    }
  });

  it('what a handle listened to ends with the handle', async () => {
    const wire = await openWire('virtual');
    const frames: number[] = [];
    const other = openBus({
      kind: 'virtual',
      id: wire.bus.bus.key.slice('virtual:'.length),
      connect: () => wire.pipe(),
    });
    other.on('traffic', ({ direction, frame }) =>
      frames.push(direction === 'sent' ? frame.length : -frame.length),
    );
    await wire.bus.request(read(1));
    await other.close();
    await wire.bus.request(read(2));
    assert.deepEqual(frames, [8, -7]);
    assert.equal(wire.bus.bus.listenerCount('traffic'), 0);
    await wire.close();
  });
});

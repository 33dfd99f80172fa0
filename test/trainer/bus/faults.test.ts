import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { BusTimeoutError, FrameError, ModbusExceptionError } from '../../../trainer/bus';
import { rtuFrame } from './simulated_units';
import { type OpenWire, openWire, rejection, WIRES } from './wires';

const read = (address: number, unit = 1) => ({ unit, fc: 3, address, quantity: 1 }) as const;

for (const kind of WIRES) {
  describe(`bus faults over ${kind}`, () => {
    let wire: OpenWire;
    beforeEach(async () => {
      wire = await openWire(kind);
    });
    afterEach(() => wire.close());

    it('trap: no answer ends in a time-out error that names unit, function and address', async () => {
      wire.units.next('silent');
      const error = await rejection(wire.bus.request(read(42, 3)), BusTimeoutError);
      assert.equal(error.phase, 'reply');
      assert.ok(error.waitedMs >= 55 && error.waitedMs < 500, `waited ${error.waitedMs}`);
      assert.match(error.message, /unit 3, read holding registers \(FC 3\) at 42/);
      assert.deepEqual((await wire.bus.request(read(42, 3))).values, [3042]);
    });

    it('trap: a late answer is never taken for the answer to the next request', async () => {
      wire.units.next('hold');
      await rejection(wire.bus.request(read(10)), BusTimeoutError);
      // The late answer and the next request cross each other.
      const next = wire.bus.request(read(20));
      wire.units.release();
      assert.deepEqual((await next).values, [1020]);
      const { counters } = wire.bus.status();
      assert.equal(counters.lateReplies, 1);
      assert.equal(wire.bus.bus.unit(1)?.lateReplies, 1);
    });

    it('trap: a late answer that comes while the next request is already out is dropped', async () => {
      const { units } = wire;
      units.next('hold', 'hold');
      await rejection(wire.bus.request(read(10)), BusTimeoutError);
      const next = wire.bus.request(read(20));
      while (units.kept < 2) await units.nextRequest();
      units.release();
      assert.deepEqual((await next).values, [1020]);
      assert.equal(wire.bus.status().counters.lateReplies, 1);
    });

    it('trap: two answers that are late one after the other are told apart', async () => {
      const patient = await openWire(kind, { failuresUntilDead: 5, lateWindowMs: 5 });
      try {
        const { bus, units } = patient;
        units.next('hold', 'hold', 'hold');
        await rejection(bus.request(read(1)), BusTimeoutError);
        await rejection(bus.request(read(2)), BusTimeoutError);
        const third = bus.request(read(3), { responseTimeoutMs: 1000 });
        while (units.kept < 3) await units.nextRequest();
        units.release();
        assert.deepEqual((await third).values, [1003]);
        assert.deepEqual((await bus.request(read(4))).values, [1004]);
        assert.equal(bus.status().counters.lateReplies, 2);
      } finally {
        await patient.close();
      }
    });

    it('an answer that says itself that it is not ours is dropped and the wait goes on', async () => {
      const { units } = wire;
      units.next('hold');
      const ours = (address: number) => ({
        accept: (reply: { values: number[] }) => reply.values[0] === 1000 + address,
      });
      await rejection(wire.bus.request(read(10), ours(10)), BusTimeoutError);
      const next = wire.bus.request(read(20), ours(20));
      units.release();
      assert.deepEqual((await next).values, [1020]);
      assert.equal(wire.bus.status().counters.lateReplies, 1);
    });

    it('trap: a doubled answer is used once and its copy dropped', async () => {
      wire.units.next('double');
      assert.deepEqual((await wire.bus.request(read(10))).values, [1010]);
      for (const address of [11, 12, 13]) {
        assert.deepEqual((await wire.bus.request(read(address))).values, [1000 + address]);
      }
      assert.equal(wire.bus.status().counters.lateReplies, 1);
    });

    it('an exception arrives with its code, its name and advice', async () => {
      wire.units.next({ exception: 3 });
      const error = await rejection(
        wire.bus.request({ unit: 1, fc: 16, address: 8, values: [1, 2] }),
        ModbusExceptionError,
      );
      assert.equal(error.exception, 3);
      assert.equal(error.exceptionName, 'illegal data value');
      assert.equal(error.retryable, false);
      assert.match(error.message, /unit 1, write multiple registers \(FC 16\) at 8, quantity 2: exception 3/);
      assert.equal(wire.bus.bus.unit(1)?.exceptions, 1);
    });

    it('a busy unit is asked again when the caller allows it', async () => {
      wire.units.next({ exception: 6 });
      assert.deepEqual((await wire.bus.request(read(5), { retries: 1 })).values, [1005]);
      assert.equal(wire.bus.status().counters.retries, 1);
    });

    it('a frame from the wrong unit is an error, not a value', async () => {
      wire.units.next('wrong-unit');
      const error = await rejection(wire.bus.request(read(5)), FrameError);
      assert.equal(error.fault, 'unit');
      assert.match(error.message, /unit 2 answered/);
      assert.deepEqual((await wire.bus.request(read(6))).values, [1006]);
    });

    it('an answer with unit id 0 is said to be one', async () => {
      wire.units.next('unit-zero');
      const error = await rejection(wire.bus.request(read(5)), FrameError);
      assert.match(error.message, /unit 0 answered/);
      assert.equal(wire.bus.bus.unit(1)?.timeouts, 0);
    });

    it('a time-out tells of all attempts, not of the last one alone', async () => {
      wire.units.decide = () => 'silent';
      const error = await rejection(
        wire.bus.request(read(5), { retries: 3, deadlineMs: 3000 }),
        BusTimeoutError,
      );
      assert.equal(error.attempts, 4);
      const [, attempts, total, waited] =
        /any of (\d) attempts in (\d+) ms; the last one waited (\d+) ms/.exec(error.message) ?? [];
      assert.equal(attempts, '4');
      assert.ok(Number(total) > 3 * Number(waited), error.message);
      assert.doesNotMatch(error.message, /a write/);
      assert.match(error.message, kind === 'virtual' ? /runs on this machine/ : /Check power/);
    });

    it('a write that was not answered says that its effect is not known', async () => {
      wire.units.decide = ({ fc }) => (fc === 6 ? 'silent' : 'none');
      const write = wire.bus.request({ unit: 1, fc: 6, address: 1, value: 1 });
      assert.match(
        (await rejection(write, BusTimeoutError)).message,
        /Whether the write took effect is not known/,
      );
    });

    it('a request whose answers stop short says so, also when its time ends before the next attempt', async () => {
      wire.units.decide = () => 'truncate';
      const error = await rejection(wire.bus.request(read(5), { retries: 100, deadlineMs: 300 }), FrameError);
      assert.match(error.message, /stopped short \(bytes received: \d+\) .* last of \d+ attempts in \d+ ms/);
    });

    it('a truncated frame is an error and does not spoil the next answer', async () => {
      wire.units.next('truncate');
      const error = await rejection(wire.bus.request(read(5)), FrameError);
      assert.equal(error.fault, 'truncated');
      assert.deepEqual((await wire.bus.request(read(6))).values, [1006]);
    });

    it('noise in place of an answer gives an error and no value, and the wire recovers', async () => {
      wire.units.next('noise');
      await assert.rejects(wire.bus.request(read(5)), (error: unknown) =>
        kind === 'tcp' ? error instanceof FrameError : error instanceof BusTimeoutError,
      );
      assert.deepEqual((await wire.bus.request(read(6))).values, [1006]);
      assert.ok(wire.bus.status().counters.droppedBytes > 0);
    });

    it('a request with retries survives silence, damage and exceptions that pass', async () => {
      wire.units.next('silent', kind === 'tcp' ? 'truncate' : 'crc', { exception: 11 });
      assert.deepEqual((await wire.bus.request(read(5), { retries: 3 })).values, [1005]);
      assert.equal(wire.bus.bus.unit(1)?.retries, 3);
      assert.equal(wire.bus.bus.unit(1)?.alive, true);
    });

    it('a write is never sent twice unless the caller says so', async () => {
      wire.units.decide = ({ fc }) => (fc === 6 ? 'silent' : 'none');
      await rejection(wire.bus.request({ unit: 1, fc: 6, address: 1, value: 1 }), BusTimeoutError);
      assert.equal(wire.units.seen.filter(({ fc }) => fc === 6).length, 1);
    });

    it('random faults on 400 requests never give a wrong value', async () => {
      let state = 12345;
      const random = (): number => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return state / 2 ** 32;
      };
      const faults = ['hold', 'double', 'crc', 'truncate', 'noise-before', 'silent', 'wrong-unit'] as const;
      const { units } = wire;
      units.decide = () => {
        // What was kept back comes out just before a later answer: late, and at the worst moment.
        if (random() < 0.3) units.release();
        if (random() >= 0.08) return 'none';
        const fault = faults[Math.floor(random() * faults.length)] ?? 'silent';
        return kind === 'tcp' && (fault === 'crc' || fault === 'noise-before') ? 'silent' : fault;
      };
      let right = 0;
      for (let i = 0; i < 400; i++) {
        const unit = 1 + (i % 3);
        const address = Math.floor(random() * 900);
        try {
          const { values } = await wire.bus.request(
            { unit, fc: 3, address, quantity: 1 },
            { responseTimeoutMs: 10, retries: 6, deadlineMs: 4000 },
          );
          assert.deepEqual(values, [1000 * unit + address], `request ${i}`);
          right++;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
        }
      }
      assert.ok(right >= 396, `${right} of 400 answered`);
    });

    if (kind !== 'tcp') {
      it('a wrong check sum is an error, counted, and reported without waiting out the time-out', async () => {
        wire.units.next('crc');
        // Longer than this test may take.
        const error = await rejection(wire.bus.request(read(5), { responseTimeoutMs: 60_000 }), FrameError);
        assert.equal(error.fault, 'crc');
        assert.equal(wire.bus.bus.unit(1)?.crcErrors, 1);
        assert.equal(wire.bus.bus.unit(1)?.alive, true);
        assert.deepEqual((await wire.bus.request(read(6))).values, [1006]);
      });

      it('noise before an answer is skipped', async () => {
        wire.units.next('noise-before');
        assert.deepEqual((await wire.bus.request(read(5))).values, [1005]);
        assert.equal(wire.bus.status().counters.droppedBytes, 6);
      });
    } else {
      it('an answer with a foreign transaction id is said to be one, and is no silence', async () => {
        wire.units.next('transaction-zero');
        const error = await rejection(wire.bus.request(read(5)), FrameError);
        assert.equal(error.fault, 'mismatch');
        assert.match(error.message, /transaction id 0 instead of \d+ came/);
        assert.equal(wire.bus.bus.unit(1)?.silentRequests, 0);
        assert.equal(wire.bus.bus.unit(1)?.frameErrors, 1);
      });

      it('who waited while the connection was made afresh is told why in words', async () => {
        wire.units.next('truncate');
        const first = rejection(wire.bus.request(read(5)), FrameError);
        await first;
        await wire.server?.close();
        const error = await rejection(wire.bus.request(read(6), { deadlineMs: 100 }), BusTimeoutError);
        assert.equal(error.phase, 'connect');
        assert.match(
          error.message,
          /never sent \((an answer stopped short|the other side refused the connection)/,
        );
      });

      it('an answer without a Modbus TCP header makes the bus connect afresh', async () => {
        await wire.bus.request(read(1));
        wire.server?.shout(rtuFrame(1, 3, 2, 0, 7));
        while (wire.bus.status().counters.reconnects === 0) await pause(1);
        assert.deepEqual((await wire.bus.request(read(6))).values, [1006]);
      });
    }
  });
}

describe('bus faults on a pipe that answers at once', () => {
  let wire: OpenWire;
  beforeEach(async () => {
    wire = await openWire('virtual');
    await wire.bus.request(read(0));
  });
  afterEach(() => wire.close());

  it('an unasked-for frame is dropped and counted, and the wire is let fall silent', async () => {
    wire.pipe().inject(rtuFrame(1, 3, 2, 0xba, 0xd0));
    assert.deepEqual((await wire.bus.request(read(7))).values, [1007]);
    assert.equal(wire.bus.status().counters.lateReplies, 1);
  });

  it('a second master’s write, seen on the line, does not pass for the answer to ours', async () => {
    wire.units.decide = () => {
      wire.pipe().inject(rtuFrame(1, 6, 0, 99, 0, 1));
      return 'none';
    };
    const reply = await wire.bus.request({ unit: 1, fc: 6, address: 5, value: 1 });
    assert.equal(reply.address, 5);
    assert.equal(wire.bus.status().counters.droppedBytes, 8);
  });

  it('an answer in many small pieces is put together', async () => {
    wire.units.next('silent');
    const reply = wire.bus.request(read(0x22));
    for (const byte of rtuFrame(1, 3, 2, 0x11, 0x22)) wire.pipe().inject(Uint8Array.of(byte));
    assert.deepEqual((await reply).values, [0x1122]);
  });

  it('a line that never falls silent is used again after a bounded time', async () => {
    const babble = setInterval(() => wire.pipe().inject(Uint8Array.of(0)), 1);
    try {
      assert.deepEqual((await wire.bus.request(read(7))).values, [1007]);
    } finally {
      clearInterval(babble);
    }
  });

  it('two hundred queued requests do not overflow the stack', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => wire.bus.request(read(i))));
    assert.deepEqual(
      answers.map((answer) => answer.values[0]),
      Array.from({ length: 200 }, (_, i) => 1000 + i),
    );
  });
});

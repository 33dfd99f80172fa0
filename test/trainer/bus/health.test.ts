import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  BusTimeoutError,
  ModbusExceptionError,
  type UnitStatus,
  UnitUnreachableError,
} from '../../../trainer/bus';
import { UnitHealth } from '../../../trainer/bus/unit_health';
import { type OpenWire, openWire, rejection, WIRES } from './wires';

const read = (unit: number, address = 0) => ({ unit, fc: 3, address, quantity: 1 }) as const;

/** Answers per second of units 1..`upTo` when all eight are asked as fast as they answer. */
async function throughput(wire: OpenWire, forMs: number, upTo = 7): Promise<number> {
  let answered = 0;
  const until = performance.now() + forMs;
  const user = async (unit: number): Promise<void> => {
    while (performance.now() < until) {
      try {
        await wire.bus.request(read(unit), { responseTimeoutMs: 100 });
        if (unit <= upTo) answered++;
      } catch (error) {
        if (!(error instanceof UnitUnreachableError || error instanceof BusTimeoutError)) throw error;
        // A poller that is refused comes back at its next turn, not at once.
        await pause(5);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => user(i + 1)));
  return (1000 * answered) / forMs;
}

for (const kind of WIRES) {
  describe(`unit health over ${kind}`, () => {
    let wire: OpenWire;
    beforeEach(async () => {
      wire = await openWire(kind, { probeMinMs: 250, probeMaxMs: 4000 });
    });
    afterEach(() => wire.close());

    it('trap: one dead unit does not stall the others: 8 units, one dead, at least 0.85 of the throughput', async function () {
      this.timeout(20_000);
      await throughput(wire, 200);
      // Units take a millisecond, so that the wire and not this process is the limit.
      const { units } = wire;
      const slowly = (): 'hold' => {
        setTimeout(() => units.release(), 1);
        return 'hold';
      };
      units.decide = slowly;
      const alive = await throughput(wire, 1000);
      units.decide = (request) => (request.unit === 8 ? 'silent' : slowly());
      const oneDead = await throughput(wire, 2500);
      // With eight alive each of the seven has an eighth of the wire.
      assert.ok(
        oneDead >= 0.85 * alive,
        `${oneDead.toFixed(0)}/s with one dead, ${alive.toFixed(0)}/s with all alive`,
      );
      assert.equal(wire.bus.bus.unit(8)?.alive, false);
      assert.equal(wire.bus.bus.unit(7)?.timeouts, 0);
    });
  });

  describe(`unit health, quick, over ${kind}`, () => {
    let wire: OpenWire;
    beforeEach(async () => {
      wire = await openWire(kind);
    });
    afterEach(() => wire.close());

    it('a unit that left two requests unanswered is refused fast, and what waits for it too', async () => {
      wire.units.decide = () => 'silent';
      const changed = once(wire.bus.bus, 'health') as Promise<[UnitStatus]>;
      const waiting = [1, 2, 3, 4].map((address) =>
        wire.bus.request(read(9, address)).catch((error: unknown) => error),
      );
      const errors = await Promise.all(waiting);
      assert.deepEqual(
        errors.map((error) => (error as Error).name),
        ['BusTimeoutError', 'BusTimeoutError', 'UnitUnreachableError', 'UnitUnreachableError'],
      );
      const [status] = await changed;
      assert.deepEqual([status.unit, status.alive, status.silentRequests], [9, false, 2]);
      const started = performance.now();
      const error = await rejection(wire.bus.request(read(9)), UnitUnreachableError);
      assert.ok(performance.now() - started < 20);
      assert.ok(error.nextProbeMs > 0 && error.nextProbeMs <= 50);
      assert.match(error.message, /left its last 2 requests unanswered/);
      assert.equal(wire.bus.bus.unit(9)?.refusals, 3);
    });

    it('a dead unit that is back is found by the next probe and said to be alive', async () => {
      wire.units.decide = () => 'silent';
      while (wire.bus.bus.unit(9)?.alive !== false) {
        await wire.bus.request(read(9)).catch(() => undefined);
      }
      wire.units.decide = () => 'none';
      const changed = once(wire.bus.bus, 'health') as Promise<[UnitStatus]>;
      const { nextProbeMs } = await rejection(wire.bus.request(read(9)), UnitUnreachableError);
      await pause(nextProbeMs + 10); // timers may fire a little early
      assert.deepEqual((await wire.bus.request(read(9))).values, [9000]);
      assert.equal((await changed)[0].alive, true);
    });

    it('a request with retries outlives the death of its unit by becoming the probe', async () => {
      wire.units.next('silent', 'silent', 'silent');
      const { values } = await wire.bus.request(read(9, 5), { retries: 5, deadlineMs: 5000 });
      assert.deepEqual(values, [9005]);
      assert.equal(wire.units.seen.length, 4);
    });

    it('a gateway that answers exception 11 for a dead unit: told apart from life, then refused fast', async () => {
      wire.units.decide = (request) => (request.unit === 9 ? { exception: 11 } : 'none');
      for (let i = 0; i < 2; i++) {
        const error = await rejection(wire.bus.request(read(9)), ModbusExceptionError);
        assert.equal(error.exceptionName, 'gateway target device failed to respond');
      }
      await rejection(wire.bus.request(read(9)), UnitUnreachableError);
      assert.deepEqual((await wire.bus.request(read(1))).values, [1000]);
      assert.equal(wire.bus.bus.unit(9)?.alive, false);
      assert.equal(wire.bus.bus.unit(9)?.exceptions, 2);
    });

    it('an answer that comes too late still proves that the unit lives', async () => {
      wire.units.decide = () => 'hold';
      while (wire.bus.bus.unit(9)?.alive !== false) {
        await wire.bus.request(read(9)).catch(() => undefined);
      }
      const changed = once(wire.bus.bus, 'health') as Promise<[UnitStatus]>;
      wire.units.release();
      assert.equal((await changed)[0].alive, true);
    });

    it('a dead unit does not make itself heard: silence is counted per unit', async () => {
      wire.units.decide = (request) => (request.unit === 9 ? 'silent' : 'none');
      await rejection(wire.bus.request(read(9)), BusTimeoutError);
      await wire.bus.request(read(1));
      const { counters, units } = wire.bus.status();
      assert.equal(counters.timeouts, 1);
      assert.deepEqual(
        units.map((unit) => [unit.unit, unit.requests, unit.replies, unit.timeouts]),
        [
          [9, 1, 0, 1],
          [1, 1, 1, 0],
        ],
      );
    });
  });
}

describe('many dead units', () => {
  it('six of eight dead: once that is known, the two that live keep the wire to themselves', async function () {
    this.timeout(20_000);
    const wire = await openWire('rtu-tcp', { probeMinMs: 250, probeMaxMs: 4000 });
    try {
      const { units } = wire;
      const slowly = (): 'hold' => {
        setTimeout(() => units.release(), 1);
        return 'hold';
      };
      units.decide = slowly;
      const alive = await throughput(wire, 600, 8);
      units.decide = (request) => (request.unit > 2 ? 'silent' : slowly());
      await throughput(wire, 1500);
      const two = await throughput(wire, 1500, 2);
      assert.ok(two >= 0.75 * alive, `${two.toFixed(0)}/s of two, ${alive.toFixed(0)}/s of eight`);
    } finally {
      await wire.close();
    }
  });
});

describe('probes of a dead unit', () => {
  it('come at growing intervals, with a time-out that grows with them up to the caller’s', () => {
    const unit = new UnitHealth(1, { failuresUntilDead: 2, probeMinMs: 250, probeMaxMs: 4000 });
    let now = 0;
    assert.equal(unit.silent(now), false);
    assert.equal(unit.timeoutMs(1000), 1000);
    assert.equal(unit.silent(now), true);
    const intervals: number[] = [];
    const timeouts: number[] = [];
    for (let i = 0; i < 7; i++) {
      intervals.push(unit.nextProbeAt - now);
      timeouts.push(unit.timeoutMs(300));
      now = unit.nextProbeAt;
      unit.silent(now);
    }
    assert.deepEqual(intervals, [250, 500, 1000, 2000, 4000, 4000, 4000]);
    assert.deepEqual(timeouts, [50, 50, 100, 200, 300, 300, 300]);
    assert.equal(unit.answered(5), true);
    assert.equal(unit.timeoutMs(1000), 1000);
  });
});

describe('late window of a unit', () => {
  it('is the one configured, and grows with the lateness that was seen, up to a limit', () => {
    const unit = new UnitHealth(1, { failuresUntilDead: 2, probeMinMs: 250, probeMaxMs: 4000 });
    assert.equal(unit.lateWindowMs(250), 250);
    unit.answeredLate(100);
    assert.equal(unit.lateWindowMs(250), 250);
    unit.answeredLate(400);
    assert.equal(unit.lateWindowMs(250), 600);
    unit.answeredLate(100_000);
    assert.equal(unit.lateWindowMs(250), 5000);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  BusTimeoutError,
  ModbusExceptionError,
  type TrafficEvent,
  type UnitStatus,
  UnitUnreachableError,
} from '../../../trainer/bus';
import { UnitHealth } from '../../../trainer/bus/unit_health';
import { type OpenWire, openWire, rejection, WIRES } from './wires';

const read = (unit: number, address = 0) => ({ unit, fc: 3, address, quantity: 1 }) as const;

/** Asks all eight units as fast as they answer; the share of the wire's time that went to those that do not answer. */
async function wasted(wire: OpenWire, forMs: number, isDead: (unit: number) => boolean): Promise<number> {
  let dead = 0;
  let since: number | undefined;
  const look = ({ direction, unit, at }: TrafficEvent): void => {
    if (since !== undefined) dead += at - since;
    since = direction === 'sent' && isDead(unit) ? at : undefined;
  };
  wire.bus.bus.on('traffic', look);
  const began = performance.now();
  const user = async (unit: number): Promise<void> => {
    while (performance.now() - began < forMs) {
      try {
        await wire.bus.request(read(unit), { responseTimeoutMs: 100 });
      } catch (error) {
        if (!(error instanceof UnitUnreachableError || error instanceof BusTimeoutError)) throw error;
        // A poller that is refused comes back at its next turn, not at once.
        await pause(5);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => user(i + 1)));
  wire.bus.bus.off('traffic', look);
  return dead / (performance.now() - began);
}

/** Units that take a millisecond, so that the wire and not this process is the limit; some are silent. */
function units(wire: OpenWire, isDead: (unit: number) => boolean): void {
  wire.units.decide = ({ unit }) => {
    if (isDead(unit)) return 'silent';
    setTimeout(() => wire.units.release(), 1);
    return 'hold';
  };
}

for (const kind of WIRES) {
  describe(`unit health over ${kind}`, () => {
    let wire: OpenWire;
    beforeEach(async () => {
      wire = await openWire(kind, { probeMinMs: 250, probeMaxMs: 4000 });
    });
    afterEach(() => wire.close());

    it('trap: one dead unit of eight does not stall the others', async () => {
      const isDead = (unit: number): boolean => unit === 8;
      units(wire, isDead);
      const share = await wasted(wire, 2500, isDead);
      assert.ok(share <= 0.25, `${Math.round(100 * share)} % of the wire's time`);
      assert.equal(wire.bus.bus.unit(8)?.alive, false);
      assert.equal(wire.bus.bus.unit(7)?.timeouts, 0);
      assert.ok(wire.units.seen.filter(({ unit }) => unit === 8).length <= 7);
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
      const asked = wire.units.seen.length;
      const error = await rejection(wire.bus.request(read(9)), UnitUnreachableError);
      assert.equal(wire.units.seen.length, asked, 'it was asked all the same');
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
  it('six of eight dead: once that is known, the two that live keep the wire to themselves', async () => {
    const wire = await openWire('rtu-tcp', { probeMinMs: 250, probeMaxMs: 4000 });
    try {
      const isDead = (unit: number): boolean => unit > 2;
      units(wire, isDead);
      await wasted(wire, 1500, isDead);
      const share = await wasted(wire, 1500, isDead);
      assert.ok(share <= 0.25, `${Math.round(100 * share)} % of the wire's time`);
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

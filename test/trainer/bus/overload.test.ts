/** More is asked than the wire can carry, or this process has no time to look: nothing is lost that was accepted, and nobody is slandered. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { BusFullError, BusTimeoutError, type UnitStatus } from '../../../trainer/bus';
import { runningMs, Wait } from '../../../trainer/bus/clock';
import { type OpenWire, openWire, rejection, WIRES } from './wires';

const read = (address: number, unit = 1) => ({ unit, fc: 3, address, quantity: 1 }) as const;

/** Units that take so long for each answer. */
function slow(wire: OpenWire, ms: number): void {
  wire.units.decide = () => {
    setTimeout(() => wire.units.release(), ms);
    return 'hold';
  };
}

/** Keeps this process busy, as a flood of messages does. */
function standStill(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

for (const kind of WIRES) {
  describe(`a bus that is asked too much, over ${kind}`, () => {
    let wire: OpenWire;
    let deaths: UnitStatus[];
    beforeEach(async () => {
      wire = await openWire(kind, { responseTimeoutMs: 100, deadlineMs: 400, readRetries: 1 });
      deaths = [];
      wire.bus.on('health', (unit) => deaths.push(unit));
      await wire.bus.request(read(0));
    });
    afterEach(() => wire.close());

    it('goes on answering; what waits too long says that it was never sent, and no unit is taken for dead', async () => {
      slow(wire, 20);
      const answered: number[] = [];
      const errors: unknown[] = [];
      const asked: Promise<unknown>[] = [];
      for (let i = 0; i < 150; i++) {
        asked.push(
          wire.bus.request(read(i)).then(
            () => answered.push(i),
            (error: unknown) => errors.push(error),
          ),
        );
        await pause(10);
      }
      await Promise.all(asked);
      const phases = errors.map((error) => (error as BusTimeoutError).phase);
      const queued = phases.filter((phase) => phase === 'queue').length;
      // On a machine that is slow just then, one may be under way when its caller's time is up.
      assert.ok(queued > 0 && queued >= errors.length - 3, `${queued} of ${errors.length} were never sent`);
      // Hardly a transaction was for nothing: what went out was answered in time.
      assert.equal(wire.bus.status().counters.requests, 1 + answered.length + errors.length - queued);
      assert.equal(wire.bus.status().counters.timeouts, 0);
      assert.ok(
        answered.some((i) => i >= 120),
        `the last one answered was number ${answered.at(-1)}`,
      );
      assert.deepEqual(deaths, []);
    });

    it('nothing is sent that cannot be answered in time', async () => {
      slow(wire, 60);
      await wire.bus.request(read(1));
      wire.units.seen.length = 0;
      const first = wire.bus.request(read(2));
      const late = rejection(wire.bus.request(read(3), { deadlineMs: 100 }), BusTimeoutError);
      await first;
      assert.equal((await late).phase, 'queue');
      await wire.bus.request(read(4));
      assert.deepEqual(
        wire.units.seen.map(({ pdu }) => pdu.readUInt16BE(1)),
        [2, 4],
      );
    });

    it('a deadline of the caller that passes is not the silence of the unit', async () => {
      slow(wire, 50);
      for (let i = 0; i < 4; i++)
        await rejection(wire.bus.request(read(i), { deadlineMs: 20, retries: 0 }), BusTimeoutError);
      await wire.bus.request(read(9));
      assert.equal(wire.bus.bus.unit(1)?.timeouts, 0);
      assert.deepEqual(deaths, []);
    });

    it('an answer that arrived while this process was busy is no silence, and no deadline passes meanwhile', async () => {
      await pause(0);
      const waiting = Array.from({ length: 5 }, (_, i) => wire.bus.request(read(i), { retries: 0 }));
      standStill(700);
      const replies = await Promise.all(waiting);
      assert.deepEqual(
        replies.map(({ values }) => values[0]),
        [1000, 1001, 1002, 1003, 1004],
      );
      assert.equal(wire.bus.status().counters.timeouts, 0);
    });

    it('one signal may serve any number of requests', async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error): void => {
        warnings.push(warning);
      };
      process.on('warning', listen);
      const { signal } = new AbortController();
      await Promise.all(Array.from({ length: 40 }, (_, i) => wire.bus.request(read(i), { signal })));
      await pause(0);
      process.off('warning', listen);
      assert.deepEqual(warnings, []);
    });

    it('of ten thousand requests at once exactly those accepted are answered', async () => {
      slow(wire, 1);
      const flood = Array.from({ length: 10_000 }, (_, i) =>
        wire.bus.request(read(i % 900), { deadlineMs: 5000 }).then(
          () => 'answered',
          (error: unknown) => {
            standStill(0.05);
            return error instanceof BusFullError ? 'refused' : String(error);
          },
        ),
      );
      const outcomes = await Promise.all(flood);
      const count = (what: string): number => outcomes.filter((outcome) => outcome === what).length;
      // The first one is on the wire, the queue takes as many as its limit.
      assert.deepEqual([count('answered'), count('refused')], [257, 9743]);
      assert.deepEqual(deaths, []);
    });
  });
}

describe('a wait', () => {
  it('does not run in a long turn in which the clock is read again and again', async () => {
    const began = runningMs();
    const wait = new Wait(10_000, () => undefined);
    for (let i = 0; i < 50; i++) {
      standStill(10);
      runningMs();
    }
    assert.ok(runningMs() - began < 100, `${runningMs() - began} ms`);
    await pause(0);
    assert.ok(runningMs() - began < 150, `${runningMs() - began} ms`);
    wait.cancel();
  });

  it('does not run while the process stands still', async () => {
    let expired = 0;
    const began = performance.now();
    const wait = new Wait(100, () => expired++);
    standStill(300);
    await pause(0);
    assert.equal(expired, 0);
    while (expired === 0) await pause(5);
    // At most 75 of the 300 ms count: until a tick of the clock is overdue. The rest of the wait comes after them.
    assert.ok(performance.now() - began >= 315, `${performance.now() - began} ms`);
    wait.cancel();
  });

  it('that was cancelled never expires', async () => {
    let expired = 0;
    const wait = new Wait(5, () => expired++);
    standStill(20);
    wait.cancel();
    await pause(20);
    assert.equal(expired, 0);
  });
});

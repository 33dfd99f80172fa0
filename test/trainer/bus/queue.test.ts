import assert from 'node:assert/strict';
import {
  BusAbortedError,
  BusClosedError,
  BusFullError,
  BusTimeoutError,
  type Priority,
} from '../../../trainer/bus';
import { PriorityQueue, TURNS_PASSED_OVER } from '../../../trainer/bus/queue';
import { type OpenWire, openWire, rejection } from './wires';

const read = (address: number, unit = 1) => ({ unit, fc: 3, address, quantity: 1 }) as const;

describe('bus queue', () => {
  let wire: OpenWire;
  beforeEach(async () => {
    wire = await openWire('tcp', { queueLimit: 40, responseTimeoutMs: 500 });
    await wire.bus.request(read(0));
    wire.units.seen.length = 0;
  });
  afterEach(() => wire.close());

  const order = (): number[] => wire.units.seen.map((request) => request.pdu.readUInt16BE(1));

  it('control goes before monitoring before bulk, first come first served within a class', async () => {
    const ask = (address: number, priority: Priority) => wire.bus.request(read(address), { priority });
    // The first one is on the wire before the others are made.
    await Promise.all([
      ask(1, 'bulk'),
      ask(30, 'bulk'),
      ask(20, 'monitoring'),
      ask(31, 'bulk'),
      ask(10, 'control'),
      ask(21, 'monitoring'),
      ask(11, 'control'),
    ]);
    assert.deepEqual(order(), [1, 10, 11, 20, 21, 30, 31]);
  });

  it('bulk gets through while control never pauses', async () => {
    let finished = false;
    const onTheWire = wire.bus.request(read(999));
    void wire.bus.request(read(998), { priority: 'bulk' }).then(() => {
      finished = true;
    });
    const control = (): Promise<unknown> => wire.bus.request(read(1), { priority: 'control' });
    const always = async (): Promise<void> => {
      while (!finished) await control();
    };
    // Three users, so that one of them always waits when the wire becomes free.
    const before = wire.units.seen.length;
    await Promise.all([onTheWire, always(), always(), always()]);
    const turns = wire.units.seen.length - before;
    assert.ok(turns <= 1 + TURNS_PASSED_OVER.bulk + 4, `${turns} turns`);
    assert.ok(turns > TURNS_PASSED_OVER.bulk, `${turns} turns`);
  });

  it('a class is passed over at most so often, counted in turns', () => {
    const queue = new PriorityQueue<{ priority: Priority; name: string }>();
    for (let i = 0; i < 40; i++) queue.add({ priority: 'control', name: 'c' });
    for (let i = 0; i < 3; i++) {
      queue.add({ priority: 'bulk', name: 'b' });
      queue.add({ priority: 'monitoring', name: 'm' });
    }
    let turns = '';
    for (let item = queue.take(() => true); item !== undefined; item = queue.take(() => true))
      turns += item.name;
    assert.match(turns, /^c{4}m/);
    assert.equal(turns.slice(0, 27).match(/b/g)?.length, 3);
    assert.equal(turns.length, 46);
  });

  it('a full queue refuses honestly: at once, with its length, and nothing was sent', async () => {
    wire.units.next('hold');
    const first = wire.bus.request(read(1));
    const waiting = Array.from({ length: 40 }, (_, i) => wire.bus.request(read(2 + i)));
    const error = await rejection(wire.bus.request(read(99)), BusFullError);
    assert.match(error.message, /requests waiting: 40\)\. Nothing was sent/);
    assert.equal(wire.bus.status().counters.queueRefusals, 1);
    assert.equal(wire.bus.status().waiting, 40);
    await wire.units.nextRequest();
    wire.units.release();
    await Promise.all([first, ...waiting]);
    assert.ok(!order().includes(99));
    assert.equal(wire.bus.status().counters.longestQueue, 40);
  });

  it('a deadline that passes in the queue is a time-out that says it was never sent', async () => {
    wire.units.next('hold');
    const first = wire.bus.request(read(1));
    const error = await rejection(wire.bus.request(read(2), { deadlineMs: 30 }), BusTimeoutError);
    assert.equal(error.phase, 'queue');
    assert.match(error.message, /never sent: the wire is busy/);
    wire.units.release();
    await first;
    await wire.bus.request(read(3));
    assert.deepEqual(order(), [1, 3]);
    assert.equal(wire.bus.status().counters.expired, 1);
  });

  it('the deadline also ends the wait for the answer', async () => {
    wire.units.next('silent');
    // An answer may take longer than this test.
    await rejection(
      wire.bus.request(read(1), { deadlineMs: 40, responseTimeoutMs: 60_000 }),
      BusTimeoutError,
    );
  });

  it('an aborted request leaves the queue; one on its way frees the caller and keeps the wire in step', async () => {
    wire.units.next('hold');
    const sent = new AbortController();
    const queued = new AbortController();
    const first = wire.bus.request(read(1), { signal: sent.signal });
    const second = wire.bus.request(read(2), { signal: queued.signal });
    const third = wire.bus.request(read(3));
    await wire.units.nextRequest();
    sent.abort();
    queued.abort(new Error('changed my mind'));
    assert.match((await rejection(first, BusAbortedError)).message, /already sent/);
    assert.match((await rejection(second, BusAbortedError)).message, /before it was sent/);
    wire.units.release();
    assert.deepEqual((await third).values, [1003]);
    assert.deepEqual(order(), [1, 3]);
    await rejection(wire.bus.request(read(1), { signal: AbortSignal.abort() }), BusAbortedError);
  });

  it('trap: closing settles every promise, queued or on its way', async () => {
    wire.units.next('hold');
    const pending = [1, 2, 3].map((address) => rejection(wire.bus.request(read(address)), BusClosedError));
    await wire.units.nextRequest();
    await wire.bus.close();
    for (const error of await Promise.all(pending)) assert.equal(error.retryable, false);
    await rejection(wire.bus.request(read(4)), BusClosedError);
    assert.equal(wire.bus.bus.state, 'closed');
  });
});

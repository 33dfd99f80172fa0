/** Values of a simulated PLC by their registers: every type and order, the fewest requests, and what is refused by name. */
import assert from 'node:assert/strict';
import { type BusHandle, openBus } from '../../../trainer/bus';
import {
  ORDERS,
  PointError,
  planReads,
  pointFrom,
  ReadError,
  RegisterReader,
  type StoredPoint,
  ValueError,
  writeRequest,
} from '../../../trainer/registers';
import { TestPlc } from '../../support/plc';

const point = (stored: StoredPoint) => pointFrom({ name: 'value', ...stored }, 1);

describe('points of a PLC', () => {
  let plc: TestPlc;
  let bus: BusHandle;

  beforeEach(async () => {
    plc = await TestPlc.start();
    bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: plc.port });
  });
  afterEach(async () => {
    await bus.close();
    await plc.close();
  });

  const read = (...points: StoredPoint[]): Promise<number[]> =>
    new RegisterReader(bus, points.map(point)).read();
  const asWords = (bytes: number[]): number[] =>
    [0, 2].slice(0, bytes.length / 2).map((at) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number));

  it('have every type in every order, divided and shifted', async () => {
    const { holding } = plc.unit(1);
    /* 1 234 567.0 is 49 96 b4 38; -123 456 789 is f8 a4 32 eb. */
    const float = [0x49, 0x96, 0xb4, 0x38];
    const whole = [0xf8, 0xa4, 0x32, 0xeb];
    for (const order of ORDERS) {
      const places = [...order].map((letter) => 'ABCD'.indexOf(letter));
      for (const [at, bytes] of [float, whole].entries())
        asWords(places.map((place) => bytes[place] as number)).forEach((word, i) => {
          holding.set(2 * at + i, word);
        });
      assert.deepEqual(
        await read(
          { address: 0, type: 'float32', order },
          { address: 2, type: 'int32', order, divisor: 1000 },
        ),
        [1_234_567, -123_456.789],
        order,
      );
      assert.deepEqual(await read({ address: 2, type: 'uint32', order }), [0xf8a432eb]);
    }
    holding.set(10, 0xff38);
    assert.deepEqual(
      await read(
        { address: 10, divisor: 10, offset: 5 },
        { address: 10, type: 'uint16' },
        { address: 10, order: 'DCBA' },
        { address: 10, type: 'bit', bit: 3 },
        { address: 10, type: 'bit', bit: 6 },
      ),
      [-15, 0xff38, 0x38ff, 1, 0],
    );
  });

  it('come from four tables and several units, in the order of the list', async () => {
    plc.unit(1).holding.set(7, 70);
    plc.unit(1).input.set(7, 71);
    plc.unit(1).coils.set(7, true);
    plc.unit(3).discrete.set(7, true);
    plc.unit(3).holding.set(7, 73);
    assert.deepEqual(
      await read(
        { address: 7, unit: '3' },
        { kind: 'discrete', address: '7', unit: 3, divisor: -1, offset: 1 },
        { kind: 'coil', address: 7 },
        { kind: 'input', address: 7 },
        { address: 7 },
      ),
      [73, 0, 1, 71, 70],
    );
  });

  it('are grouped into the fewest requests that may bring them', () => {
    const at = (...addresses: number[]) => addresses.map((address) => point({ address, type: 'int32' }));
    const shape = (points: ReturnType<typeof at>) =>
      planReads(points).map(({ address, quantity }) => [address, quantity]);
    assert.deepEqual(shape(at(123, 0)), [[0, 125]]);
    assert.deepEqual(shape(at(0, 124)), [
      [0, 2],
      [124, 2],
    ]);
    assert.deepEqual(shape(at(300, 0, 60, 200, 123, 5, 5)), [
      [0, 125],
      [200, 102],
    ]);
    const coils = [0, 1999, 2000].map((address) => point({ kind: 'coil', address }));
    assert.deepEqual(
      planReads(coils).map(({ quantity }) => quantity),
      [2000, 1],
    );
  });

  it('are read around an address that the PLC does not have, from the second time on without asking for it', async () => {
    const { holding } = plc.unit(1);
    for (const address of [0, 1, 5, 6]) holding.set(address, address);
    const reader = new RegisterReader(
      bus,
      [0, 1, 5, 6].map((address) => point({ address })),
    );
    assert.equal(reader.requests, 1);
    assert.deepEqual(await reader.read(), [0, 1, 5, 6]);
    assert.equal(reader.requests, 2);
    assert.deepEqual(await reader.read(), [0, 1, 5, 6]);
  });

  it('are read in shorter blocks from a PLC that takes no longer ones', async () => {
    const addresses = Array.from({ length: 60 }, (_, i) => i);
    for (const address of addresses) plc.unit(1).holding.set(address, address);
    plc.longest = 20;
    const reader = new RegisterReader(
      bus,
      addresses.map((address) => point({ address })),
    );
    assert.deepEqual(await reader.read(), addresses);
    assert.equal(reader.requests, 4);
  });

  it('that cannot be read are named, with the unit and the reason', async () => {
    plc.unit(1).holding.set(0, 1);
    await assert.rejects(
      read({ name: 'room', address: 0 }, { name: 'outdoor', address: 40 }),
      (error: Error) =>
        error instanceof ReadError &&
        /outdoor: not read from unit 1.*illegal data address/.test(error.message),
    );
    await assert.rejects(read({ name: 'room', address: 0, unit: 9 }), /room: not read from unit 9/);
    const away = new RegisterReader(bus, [point({ name: 'room', address: 0 })]);
    await plc.close();
    await assert.rejects(away.read({ deadlineMs: 300 }), /room: not read from unit 1/);
  });

  it('with no number in them are refused', async () => {
    plc.unit(1).holding.set(0, 0x7fc0).set(1, 0);
    await assert.rejects(
      read({ name: 'room', address: 0, type: 'float32' }),
      (error: Error) => error instanceof ValueError && /room.*NaN/.test(error.message),
    );
  });

  it('that make no sense are refused by name and field', () => {
    const refused = (stored: StoredPoint): string => {
      try {
        point(stored);
      } catch (error) {
        if (error instanceof PointError) return error.field;
        throw error;
      }
      return 'nothing';
    };
    assert.deepEqual(
      [
        {},
        { address: 65_536 },
        { address: 65_535, type: 'float32' },
        { address: 1.5 },
        { address: 'x' },
        { address: 0, kind: 'register' },
        { address: 0, kind: 'coil', type: 'int16' },
        { address: 0, type: 'bit', bit: 16 },
        { address: 0, divisor: 0 },
        { address: 0, divisor: 'ten' },
        { address: 0, unit: 256 },
        { address: 0, order: 'DBCA' },
      ].map(refused),
      [
        'address',
        'address',
        'address',
        'address',
        'address',
        'kind',
        'type',
        'bit',
        'divisor',
        'divisor',
        'unit',
        'order',
      ],
    );
    assert.throws(() => point({ name: 'room', address: -1 }), /room: address is "-1"/);
  });

  it('are written as they are read', async () => {
    const { holding, coils } = plc.unit(1);
    for (const address of [0, 1, 2]) holding.set(address, 0);
    coils.set(0, false);
    for (const order of ORDERS)
      for (const type of ['int16', 'int32', 'float32']) {
        const settings = { address: 0, type, order, divisor: 10, offset: 2 };
        await bus.request(writeRequest(point(settings), -12.5));
        assert.deepEqual(await read(settings), [-12.5], `${type} ${order}`);
      }
    await bus.request(writeRequest(point({ kind: 'coil', address: 0 }), -100));
    assert.equal(coils.get(0), true);
    await bus.request(writeRequest(point({ kind: 'coil', address: 0 }), 0));
    assert.equal(coils.get(0), false);
  });

  it('refuse a value that does not fit, and what no single write reaches', () => {
    assert.throws(() => writeRequest(point({ address: 0 }), 40_000), /40000 does not fit/);
    assert.throws(() => writeRequest(point({ address: 0, type: 'uint16' }), -1), ValueError);
    assert.throws(() => writeRequest(point({ address: 0, type: 'float32' }), 1e39), ValueError);
    assert.throws(() => writeRequest(point({ kind: 'input', address: 0 }), 1), PointError);
    assert.throws(() => writeRequest(point({ address: 0, type: 'bit' }), 1), PointError);
  });
});

import assert from 'node:assert/strict';
import { type BusHandle, BusTimeoutError, openBus } from '../../../trainer/bus';
import { EchoFilter } from '../../../trainer/bus/echo';
import { SimulatedUnits, UnitServer } from './simulated_units';
import { QUICK, rejection } from './wires';

/** Units behind a line that brings back every byte, as a two-wire adapter does; `pieces`: byte by byte. */
async function echoingLine(units: SimulatedUnits, pieces: boolean): Promise<UnitServer> {
  const attach = units.attach.bind(units);
  units.attach = (line) => {
    const receive = attach(line);
    return (bytes) => {
      if (pieces) for (const byte of bytes) line.send(Buffer.of(byte));
      else line.send(Buffer.from(bytes));
      receive(bytes);
    };
  };
  return UnitServer.listen('rtu', units);
}

const coil = { unit: 1, fc: 5, address: 3, value: true } as const;
const register = { unit: 1, fc: 6, address: 3, value: 77 } as const;
const mask = { unit: 1, fc: 22, address: 3, andMask: 0xff, orMask: 0x100 } as const;

for (const pieces of [false, true]) {
  describe(`an RS-485 adapter that echoes${pieces ? ', byte by byte' : ''}`, () => {
    let units: SimulatedUnits;
    let server: UnitServer;
    let bus: BusHandle;
    let said: number;
    beforeEach(async () => {
      units = new SimulatedUnits();
      server = await echoingLine(units, pieces);
      const patient = { ...QUICK, failuresUntilDead: 100 };
      bus = openBus({ kind: 'rtu-tcp', host: '127.0.0.1', port: server.port, ...patient });
      said = 0;
      bus.on('echo', () => said++);
    });
    afterEach(async () => {
      await bus.close();
      await server.close();
    });

    for (const request of [coil, register, mask]) {
      it(`FC ${request.fc} to a board that is off does not succeed, not even as the first request`, async () => {
        units.decide = () => 'silent';
        await rejection(bus.request(request), BusTimeoutError);
        assert.equal(bus.status().echoes, true);
        assert.equal(said, 1);
      });
    }

    it('every function gets its own answer, and the echo is said once', async () => {
      for (let round = 0; round < 2; round++) {
        await bus.request(coil);
        await bus.request(register);
        await bus.request({ unit: 1, fc: 16, address: 4, values: [8, 9] });
        assert.deepEqual((await bus.request({ unit: 1, fc: 3, address: 3, quantity: 3 })).values, [77, 8, 9]);
        assert.equal((await bus.request({ unit: 1, fc: 43 })).objects[1], 'ET-TEST');
        await bus.request({ unit: 0, fc: 6, address: 9, value: 1 });
      }
      assert.equal(units.bits(1)[3], 1);
      assert.equal(said, 1);
      assert.equal(bus.status().counters.droppedBytes, 0);
      assert.equal(bus.status().counters.frameErrors, 0);
    });

    it('random faults never give a wrong value or a success that was none', async () => {
      let state = 4711;
      const random = (): number => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return state / 2 ** 32;
      };
      const faults = ['silent', 'crc', 'truncate', 'noise-before', 'double', 'wrong-unit'] as const;
      units.decide = () =>
        random() < 0.15 ? (faults[Math.floor(random() * faults.length)] ?? 'silent') : 'none';
      const how = { responseTimeoutMs: 15, retries: 4, deadlineMs: 4000 };
      let done = 0;
      for (let i = 0; i < 150; i++) {
        const address = 10 + Math.floor(random() * 500);
        const value = Math.floor(random() * 65_536);
        try {
          if (i % 2 === 0) {
            await bus.request({ unit: 1, fc: 6, address, value }, how);
            assert.equal(units.registers(1)[address], value, `request ${i}`);
          } else {
            const { values } = await bus.request({ unit: 1, fc: 3, address, quantity: 1 }, how);
            assert.equal(values[0], units.registers(1)[address], `request ${i}`);
          }
          done++;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
        }
      }
      assert.ok(done >= 140, `${done} of 150`);
    });

    it('a board that goes off and comes back is told from its echo', async () => {
      await bus.request(register);
      units.decide = () => 'silent';
      await rejection(bus.request({ ...register, address: 4 }), BusTimeoutError);
      units.decide = () => 'none';
      assert.deepEqual((await bus.request({ unit: 1, fc: 3, address: 3, quantity: 1 })).values, [77]);
    });
  });
}

describe('a line that does not echo', () => {
  it('answers a write with its copy; one read goes before the first such write, and none later', async () => {
    const units = new SimulatedUnits();
    const server = await UnitServer.listen('rtu', units);
    const bus = openBus({ kind: 'rtu-tcp', host: '127.0.0.1', port: server.port, ...QUICK });
    try {
      await bus.request(register);
      await bus.request(coil);
      assert.deepEqual(
        units.seen.map(({ fc }) => fc),
        [3, 6, 5],
      );
      assert.equal(bus.status().echoes, false);
    } finally {
      await bus.close();
      await server.close();
    }
  });
});

describe('taking an echo out', () => {
  const request = Uint8Array.of(1, 3, 0, 5, 0, 1, 10, 20);
  it('gives back what only began like it', () => {
    const filter = new EchoFilter(() => assert.fail('no echo'));
    filter.sent(request);
    assert.equal(filter.filter(Uint8Array.of(1, 3)).length, 0);
    assert.deepEqual([...filter.filter(Uint8Array.of(2, 0, 7))], [1, 3, 2, 0, 7]);
    filter.sent(request);
    assert.equal(filter.filter(Uint8Array.of(1, 3, 0)).length, 0);
    assert.deepEqual([...filter.concluded()], [1, 3, 0]);
  });
  it('keeps the answer that follows in the same piece', () => {
    let found = 0;
    const filter = new EchoFilter(() => found++);
    filter.sent(request);
    assert.deepEqual([...filter.filter(Uint8Array.of(...request, 1, 3, 2))], [1, 3, 2]);
    assert.equal(found, 1);
  });
});

import assert from 'node:assert/strict';
import { type BusRequest, BusRequestError, FUNCTIONS } from '../../../trainer/bus';
import { type OpenWire, openWire, rejection, WIRES } from './wires';

for (const kind of WIRES) {
  describe(`bus functions over ${kind}`, () => {
    let wire: OpenWire;
    before(async () => {
      wire = await openWire(kind);
    });
    after(() => wire.close());

    it('reads coils and discrete inputs, exactly as many as asked for', async () => {
      const expected = Array.from(wire.units.bits(1).subarray(5, 16), (bit) => bit === 1);
      for (const fc of [1, 2] as const) {
        const { values } = await wire.bus.request({ unit: 1, fc, address: 5, quantity: 11 });
        assert.deepEqual(values, expected);
      }
    });

    it('reads holding and input registers as numbers and as bytes', async () => {
      for (const fc of [3, 4] as const) {
        const reply = await wire.bus.request({ unit: 2, fc, address: 10, quantity: 3 });
        assert.deepEqual(reply.values, [2010, 2011, 2012]);
        assert.equal(reply.bytes.readUInt16BE(4), 2012);
      }
    });

    it('reads the most registers and bits that Modbus allows', async () => {
      const registers = await wire.bus.request({
        unit: 1,
        fc: 3,
        address: 0,
        quantity: FUNCTIONS[3].readMost,
      });
      assert.equal(registers.values.length, 125);
      assert.equal(registers.values[124], 1124);
      const bits = await wire.bus.request({ unit: 1, fc: 1, address: 0, quantity: FUNCTIONS[1].readMost });
      assert.equal(bits.values.length, 2000);
    });

    it('writes one coil and one register, negative values as two’s complement', async () => {
      const coil = await wire.bus.request({ unit: 1, fc: 5, address: 7, value: true });
      assert.deepEqual(coil, { address: 7, quantity: 1, broadcast: false });
      assert.equal(wire.units.bits(1)[7], 1);
      await wire.bus.request({ unit: 1, fc: 6, address: 9, value: -2 });
      assert.equal(wire.units.registers(1)[9], 0xfffe);
    });

    it('writes the most coils and registers that Modbus allows', async () => {
      const bits = Array.from({ length: FUNCTIONS[15].writeMost }, (_, i) => i % 2 === 0);
      await wire.bus.request({ unit: 3, fc: 15, address: 100, values: bits });
      assert.deepEqual(
        Array.from(wire.units.bits(3).subarray(100, 2068), (bit) => bit === 1),
        bits,
      );
      const words = Int16Array.from({ length: FUNCTIONS[16].writeMost }, (_, i) => -i);
      const reply = await wire.bus.request({ unit: 3, fc: 16, address: 200, values: words });
      assert.deepEqual(reply, { address: 200, quantity: 123, broadcast: false });
      assert.equal(wire.units.registers(3)[322], 65536 - 122);
    });

    it('trap: mask write and read/write registers (FC 22, 23) are answered, not timed out', async () => {
      wire.units.registers(4)[50] = 0x1234;
      await wire.bus.request({ unit: 4, fc: 22, address: 50, andMask: 0xff00, orMask: 0x0056 });
      assert.equal(wire.units.registers(4)[50], 0x1256);
      const reply = await wire.bus.request({
        unit: 4,
        fc: 23,
        address: 60,
        quantity: 4,
        writeAddress: 61,
        values: [7, -1],
      });
      assert.deepEqual(reply.values, [4060, 7, 65535, 4063]);
      assert.equal(reply.bytes.readInt16BE(4), -1);
      const most = Array.from({ length: FUNCTIONS[23].writeMost }, (_, i) => i);
      const whole = await wire.bus.request({
        unit: 4,
        fc: 23,
        address: 0,
        quantity: 125,
        writeAddress: 0,
        values: most,
      });
      assert.equal(whole.values[120], 120);
      assert.equal(wire.bus.bus.unit(4)?.timeouts, 0);
    });

    it('trap: an exception to FC 22 and 23 arrives as an exception', async () => {
      for (const request of [
        { unit: 4, fc: 22, address: 1, andMask: 0, orMask: 0 },
        { unit: 4, fc: 23, address: 1, quantity: 1, writeAddress: 1, values: [1] },
      ] as const) {
        wire.units.next({ exception: 2 });
        await assert.rejects(wire.bus.request(request), { code: 'MODBUS_EXCEPTION', exception: 2 });
      }
    });

    it('collects a device identification that comes in several answers', async () => {
      const { objects, conformityLevel } = await wire.bus.request({ unit: 5, fc: 43, category: 2 });
      assert.deepEqual(Object.values(objects), wire.units.objects);
      assert.equal(conformityLevel, 0x81);
    });

    it('trap: a failed follow-up of a device identification is an error, not a crash', async () => {
      wire.units.next('none', { exception: 4 });
      await assert.rejects(wire.bus.request({ unit: 5, fc: 43, category: 2 }), { exception: 4 });
      const again = await wire.bus.request({ unit: 5, fc: 43, category: 2 });
      assert.equal(Object.keys(again.objects).length, 5);
    });

    it('trap: requests beyond the limits of Modbus are refused before anything is sent', async () => {
      const sent = wire.units.seen.length;
      const many = (length: number): number[] => new Array<number>(length).fill(0);
      const wrong: [BusRequest, field: string][] = [
        [{ unit: 1, fc: 3, address: 0, quantity: 126 }, 'quantity'],
        [{ unit: 1, fc: 4, address: 0, quantity: 0 }, 'quantity'],
        [{ unit: 1, fc: 1, address: 0, quantity: 2001 }, 'quantity'],
        [{ unit: 1, fc: 15, address: 0, values: new Array<boolean>(1969).fill(true) }, 'values.length'],
        [{ unit: 1, fc: 16, address: 0, values: many(124) }, 'values.length'],
        [{ unit: 1, fc: 16, address: 0, values: [] }, 'values.length'],
        [{ unit: 1, fc: 23, address: 0, quantity: 126, writeAddress: 0, values: [1] }, 'quantity'],
        [{ unit: 1, fc: 23, address: 0, quantity: 1, writeAddress: 0, values: many(122) }, 'values.length'],
        [{ unit: 1, fc: 6, address: 0, value: 65536 }, 'value'],
        [{ unit: 1, fc: 6, address: 0, value: Number.NaN }, 'value'],
        [{ unit: 1, fc: 16, address: 0, values: [1, 2.5] }, 'values[1]'],
        [{ unit: 1, fc: 3, address: 65535, quantity: 2 }, 'address'],
        [{ unit: 1, fc: 3, address: -1, quantity: 2 }, 'address'],
        [{ unit: 256, fc: 3, address: 0, quantity: 1 }, 'unit'],
        [{ unit: 1, fc: 8 } as unknown as BusRequest, 'fc'],
      ];
      for (const [request, field] of wrong) {
        const error = await rejection(wire.bus.request(request), BusRequestError);
        assert.equal(error.field, field);
        assert.match(error.message, /Nothing was sent/);
      }
      assert.equal(wire.units.seen.length, sent);
    });

    if (kind === 'tcp') {
      it('unit 0 and 255 name the server itself on Modbus TCP', async () => {
        for (const unit of [0, 255]) {
          const { values } = await wire.bus.request({ unit, fc: 3, address: 1, quantity: 1 });
          assert.deepEqual(values, [(1000 * unit + 1) & 0xffff]);
        }
      });
    } else {
      it('a broadcast reaches the units, gets no answer and is reported as unconfirmed', async () => {
        const reply = await wire.bus.request({ unit: 0, fc: 6, address: 3, value: 77 });
        assert.deepEqual(reply, { address: 3, quantity: 1, broadcast: true });
        assert.equal(wire.units.registers(0)[3], 77);
        const { values } = await wire.bus.request({ unit: 1, fc: 3, address: 3, quantity: 1 });
        assert.deepEqual(values, [1003]);
        assert.equal(wire.bus.status().counters.broadcasts, 1);
      });

      it('reading from the broadcast address is refused', async () => {
        const error = await rejection(
          wire.bus.request({ unit: 0, fc: 3, address: 3, quantity: 1 }),
          BusRequestError,
        );
        assert.equal(error.field, 'unit');
      });
    }
  });
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import ModbusRTU from 'modbus-serial';
import { Office } from '../../../demo/plant/office';
import { PLC_COILS, PLC_REGISTERS, Plc, ROOMS } from '../../../demo/plant/plc';
import { WeatherYear } from '../../../demo/plant/weather';

const weather = WeatherYear.read();
const signed = (word: number | undefined): number => ((word ?? 0) << 16) >> 16;

describe('plant: the PLC on Modbus TCP', () => {
  let plc: Plc;
  let office: Office;
  let master: ModbusRTU;

  beforeEach(async () => {
    office = new Office({ weather, startDay: 200 });
    office.advance(10 * 3600);
    /* So slow that no step falls due during a test. */
    plc = await Plc.start(office, { port: 0, speed: 0.001 });
    master = new ModbusRTU();
    await master.connectTCP('127.0.0.1', { port: plc.port });
    master.setID(ROOMS.learned);
    master.setTimeout(2000);
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => master.close(() => resolve()));
    await plc.close();
  });

  it('shows each room under its unit id, in input and in holding registers alike', async () => {
    for (const [index, unit] of Object.values(ROOMS).entries()) {
      master.setID(unit);
      const room = office.rooms[index] as (typeof office)['learned'];
      const { data } = await master.readInputRegisters(0, 19);
      assert.deepEqual((await master.readHoldingRegisters(0, 19)).data, data);
      const near = (register: number, value: number): void =>
        assert.ok(
          Math.abs(signed(data[register]) - value) <= 0.5 + 1e-9,
          `unit ${unit}, register ${register}`,
        );
      const long = (register: number): number =>
        (data[register] as number) * 65536 + (data[register + 1] as number);
      near(PLC_REGISTERS.airTemperature, 100 * room.zone.air);
      near(PLC_REGISTERS.setPoint, 100 * room.thermostat.setPoint);
      near(PLC_REGISTERS.outdoorTemperature, 100 * office.outdoor);
      near(PLC_REGISTERS.hour, 1000);
      near(PLC_REGISTERS.power, room.zone.actuation);
      near(PLC_REGISTERS.pmv, 100 * room.pmv);
      near(PLC_REGISTERS.vote, ['cooler', 'no change', 'warmer'].indexOf(room.vote?.wants ?? ''));
      near(PLC_REGISTERS.voteCount, 4);
      assert.equal(long(PLC_REGISTERS.minutes), 600);
      assert.equal(long(PLC_REGISTERS.occupiedMinutes), 120);
      assert.equal(long(PLC_REGISTERS.discomfortMinutes), room.discomfortSeconds / 60);
      assert.equal(long(PLC_REGISTERS.energyWh), Math.round(1000 * room.energy));
      assert.equal(long(PLC_REGISTERS.switches), room.thermostat.switches);
    }
    assert.equal((await master.readDiscreteInputs(0, 1)).data[0], true);
  });

  it('takes a signed request, keeps the old one when the new is none', async () => {
    await master.writeRegister(PLC_REGISTERS.request, -1 & 0xffff);
    assert.equal(office.learned.request, -1);
    await assert.rejects(master.writeRegister(PLC_REGISTERS.request, 2), { modbusCode: 3 });
    assert.equal(office.learned.request, -1);
    assert.equal(signed((await master.readHoldingRegisters(PLC_REGISTERS.request, 1)).data[0]), -1);
  });

  it('answers what it does not have with exception 2', async () => {
    await assert.rejects(master.readInputRegisters(19, 1), { modbusCode: 2 });
    await assert.rejects(master.writeRegister(PLC_REGISTERS.airTemperature, 1), { modbusCode: 2 });
    await assert.rejects(master.readCoils(2, 1), { modbusCode: 2 });
    master.setID(ROOMS.frozen);
    await assert.rejects(master.writeRegister(PLC_REGISTERS.request, 1), { modbusCode: 2 });
    master.setID(4);
    await assert.rejects(master.readInputRegisters(0, 1), { modbusCode: 2 });
  });

  it('does not obey the request while somebody runs it by hand', async () => {
    await master.writeRegister(PLC_REGISTERS.request, 1);
    await master.writeCoil(PLC_COILS.byHand, true);
    assert.equal(office.learned.request, 0);
    await master.writeCoil(PLC_COILS.byHand, false);
    assert.equal(office.learned.request, 1);
  });

  it('shows a broken sensor and says so', async () => {
    await master.writeCoil(PLC_COILS.sensorFault, true);
    assert.equal(signed((await master.readInputRegisters(0, 1)).data[0]), -9999);
    assert.equal((await master.readDiscreteInputs(3, 1)).data[0], true);
  });

  it('outlives a master that hangs up in the middle of a frame', async () => {
    const socket = connect(plc.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(Uint8Array.of(0, 1, 0, 0));
    socket.resetAndDestroy();
    await once(socket, 'close');
    assert.equal((await master.readInputRegisters(0, 1)).data.length, 1);
  });

  it('lets the time of the office run', async () => {
    const fast = new Office({ weather });
    const other = await Plc.start(fast, { port: 0, speed: 36_000 });
    try {
      const reader = new ModbusRTU();
      await reader.connectTCP('127.0.0.1', { port: other.port });
      reader.setID(ROOMS.learned);
      let minutes = 0;
      while (minutes < 60)
        minutes = (await reader.readInputRegisters(PLC_REGISTERS.minutes + 1, 1)).data[0] as number;
      assert.ok(fast.time >= 3600);
      await new Promise<void>((resolve) => reader.close(() => resolve()));
    } finally {
      await other.close();
    }
  });
});

describe('plant: the process', () => {
  const main = join(__dirname, '../../../demo/plant/main.js');
  const run = (...options: string[]) =>
    spawnSync(process.execPath, [main, ...options], { encoding: 'utf8', timeout: 20_000 });

  for (const [options, message] of [
    [['--port', '70000'], /--port.*70000.*whole number from 0 to 65535/],
    [['--speed', 'fast'], /--speed.*fast.*number from 0\.1/],
    [['--start-day', '0'], /--start-day.*from 1 to 365/],
  ] as const) {
    it(`refuses ${options.join(' ')} and says what it takes`, () => {
      const { status, stderr } = run(...options);
      assert.equal(status, 1);
      assert.match(stderr, message);
    });
  }

  it('says that the port is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { status, stderr } = run('--port', String((holder.address() as AddressInfo).port));
    holder.close();
    assert.equal(status, 1);
    assert.match(stderr, /port is in use/);
  });
});

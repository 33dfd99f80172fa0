import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import ModbusRTU from 'modbus-serial';
import { Plant } from '../../../demo/plant/plant';
import { PLC_COILS, PLC_REGISTERS, Plc } from '../../../demo/plant/plc';
import { WeatherYear } from '../../../demo/plant/weather';

const weather = WeatherYear.read();
const signed = (word: number | undefined): number => ((word ?? 0) << 16) >> 16;

describe('plant: the PLC on Modbus TCP', () => {
  let plc: Plc;
  let plant: Plant;
  let master: ModbusRTU;

  beforeEach(async () => {
    plant = new Plant({ weather, startDay: 200 });
    plant.advance(10 * 3600);
    /* So slow that no step falls due during a test. */
    plc = await Plc.start(plant, { port: 0, speed: 0.001 });
    master = new ModbusRTU();
    await master.connectTCP('127.0.0.1', { port: plc.port });
    master.setID(17);
    master.setTimeout(2000);
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => master.close(() => resolve()));
    await plc.close();
  });

  it('shows the plant, in input and in holding registers alike', async () => {
    const { data } = await master.readInputRegisters(0, 20);
    assert.deepEqual((await master.readHoldingRegisters(0, 20)).data, data);
    const near = (register: number, value: number): void =>
      assert.ok(Math.abs(signed(data[register]) - value) <= 0.5 + 1e-9, `register ${register}`);
    near(PLC_REGISTERS.airTemperature, 100 * plant.zone.air);
    near(PLC_REGISTERS.radiantTemperature, 100 * plant.zone.radiant);
    near(PLC_REGISTERS.humidity, 10 * plant.zone.relativeHumidity);
    near(PLC_REGISTERS.outdoorTemperature, 100 * plant.outdoor);
    near(PLC_REGISTERS.hour, 1000);
    near(PLC_REGISTERS.people, 4);
    near(PLC_REGISTERS.pmv, 100 * plant.pmv);
    near(PLC_REGISTERS.voteCount, plant.votes);
    const minutes =
      (data[PLC_REGISTERS.minutes] as number) * 65536 + (data[PLC_REGISTERS.minutes + 1] as number);
    assert.equal(minutes, 600);
    assert.deepEqual((await master.readDiscreteInputs(0, 4)).data.slice(0, 4), [true, false, false, true]);
  });

  it('takes a signed command, keeps the old one when the new is out of range', async () => {
    await master.writeRegister(PLC_REGISTERS.command, -80 & 0xffff);
    assert.equal(plant.command, -80);
    await assert.rejects(master.writeRegister(PLC_REGISTERS.command, 101), { modbusCode: 3 });
    assert.equal(plant.command, -80);
    assert.equal(signed((await master.readHoldingRegisters(PLC_REGISTERS.command, 1)).data[0]), -80);
  });

  it('answers what it does not have with exception 2', async () => {
    await assert.rejects(master.readInputRegisters(20, 1), { modbusCode: 2 });
    await assert.rejects(master.writeRegister(PLC_REGISTERS.airTemperature, 1), { modbusCode: 2 });
    await assert.rejects(master.readCoils(2, 1), { modbusCode: 2 });
  });

  it('lets the operator take over and give back', async () => {
    await master.writeRegister(PLC_REGISTERS.command, 100);
    await master.writeRegister(PLC_REGISTERS.manualCommand, -20 & 0xffff);
    assert.equal(plant.actuation, 100);
    await master.writeCoil(PLC_COILS.manualOverride, true);
    assert.equal(plant.actuation, -20);
    await master.writeCoil(PLC_COILS.manualOverride, false);
    assert.equal(plant.actuation, 100);
  });

  it('shows a broken sensor and says so', async () => {
    await master.writeCoil(PLC_COILS.sensorFault, true);
    assert.equal(signed((await master.readInputRegisters(0, 1)).data[0]), -9999);
    assert.equal((await master.readDiscreteInputs(1, 1)).data[0], true);
  });

  it('outlives a master that hangs up in the middle of a frame', async () => {
    const socket = connect(plc.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(Uint8Array.of(0, 1, 0, 0));
    socket.resetAndDestroy();
    await once(socket, 'close');
    assert.equal((await master.readInputRegisters(0, 1)).data.length, 1);
  });

  it('lets the time of the plant run', async () => {
    const fast = new Plant({ weather });
    const other = await Plc.start(fast, { port: 0, speed: 36_000 });
    try {
      const reader = new ModbusRTU();
      await reader.connectTCP('127.0.0.1', { port: other.port });
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

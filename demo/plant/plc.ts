/**
 * The plant behind a PLC: Modbus TCP on 127.0.0.1, any unit id. Measurements stand in input registers and, for masters that
 * read nothing else, at the same addresses in holding registers. Signed 16 bit, two's complement; two-register values
 * have the high word first.
 *
 *  input/holding  0  zone air temperature, 1/100 °C          9  last vote: 0 none, 1 warmer, 2 no change, 3 cooler
 *                 1  mean radiant temperature, 1/100 °C     10  votes so far, 0..65535, goes round
 *                 2  humidity, 1/10 %                       11  energy of the actuator since the start, Wh (two registers)
 *                 3  air speed, 1/1000 m/s                  13  trend of the air temperature, 1/100 K/h
 *                 4  outdoor temperature, 1/100 °C          14  actuator position, %
 *                 5  hour of the day, 1/100 h               15  simulated minutes since the start (two registers)
 *                 6  people in the zone                     17  simulated day, 0 is the first, a Monday
 *                 7  PMV of the standard, 1/100             18  status bits, as the discrete inputs from bit 0 on
 *                 8  sensation of the last vote, 1/100      19  share of occupied time in comfort, 1/1000
 *  holding      100  actuation command, -100 (cool) .. 100 (heat) %      101  the operator's, applied while coil 0 is on
 *  coil           0  manual override                          1  inject a sensor fault: register 0 then reads -99.99 °C
 *  discrete in    0  occupied    1  sensor fault    2  manual override    3  air conditioning scheduled
 *
 * Other addresses: exception 2. A command outside its range: exception 3, and the old command stays.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ServerTCP } from 'modbus-serial';
import type { Plant } from './plant';

export const PLC_REGISTERS = {
  airTemperature: 0,
  radiantTemperature: 1,
  humidity: 2,
  airSpeed: 3,
  outdoorTemperature: 4,
  hour: 5,
  people: 6,
  pmv: 7,
  sensation: 8,
  vote: 9,
  voteCount: 10,
  energyWh: 11,
  trend: 13,
  actuator: 14,
  minutes: 15,
  day: 17,
  status: 18,
  comfortShare: 19,
  command: 100,
  manualCommand: 101,
} as const;
export const PLC_COILS = { manualOverride: 0, sensorFault: 1 } as const;

/** What a broken sensor reads, °C. */
const FAULTY_READING = -99.99;
const VOTE_CODES = { warmer: 1, 'no change': 2, cooler: 3 } as const;
const TICK_MS = 50;
/** Simulated seconds that a stalled process makes up for at once; what is more is lost, so that it never races. */
const MOST_CAUGHT_UP = 6 * 3600;

const exception = (code: 2 | 3, message: string): Error =>
  Object.assign(new Error(message), { modbusErrorCode: code });
const signed = (value: number): number => Math.max(-32768, Math.min(32767, Math.round(value))) & 0xffff;
const words = (value: number): [number, number] => {
  const whole = Math.max(0, Math.round(value)) % 2 ** 32;
  return [Math.floor(whole / 65536), whole % 65536];
};

export interface PlcOptions {
  /** TCP port, 0 = any free one. */
  readonly port: number;
  /** Simulated seconds per real second, > 0. */
  readonly speed: number;
}

/** modbus-serial takes port 0 for its default of 502, so a free port is found beforehand. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

export class Plc {
  private manualOverride = false;
  private sensorFault = false;
  private manualCommand = 0;
  private owed = 0;
  private last = process.hrtime.bigint();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    readonly plant: Plant,
    private readonly server: ServerTCP,
    private readonly speed: number,
    /** The port it listens on. */
    readonly port: number,
  ) {
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Serves `plant` and lets its time run. Rejects when the port cannot be had. */
  static async start(plant: Plant, options: PlcOptions): Promise<Plc> {
    const { speed } = options;
    const port = options.port === 0 ? await freePort() : options.port;
    let plc: Plc | undefined;
    const at = (): Plc => {
      if (plc === undefined) throw exception(2, 'not started');
      return plc;
    };
    const server = new ServerTCP(
      {
        getInputRegister: (address: number) => at().measurement(address),
        getHoldingRegister: (address: number) => at().holding(address),
        setRegister: (address: number, value: number) => at().write(address, value),
        getCoil: (address: number) => at().coil(address),
        setCoil: (address: number, value: boolean) => at().writeCoil(address, value),
        getDiscreteInput: (address: number) => at().discreteInput(address),
      },
      /* Unit 255 answers to every unit id. */
      { host: '127.0.0.1', port, unitID: 255 },
    );
    /* A master that goes away in the middle of a frame is no reason to stop. */
    server.on('socketError', () => undefined);
    await Promise.race([
      once(server, 'initialized'),
      once(server, 'serverError').then(([error]) => Promise.reject(error)),
    ]);
    plc = new Plc(plant, server, speed, port);
    return plc;
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Let the plant live through the real time that has passed, in whole steps. */
  private tick(): void {
    const now = process.hrtime.bigint();
    this.owed = Math.min(this.owed + (Number(now - this.last) / 1e9) * this.speed, MOST_CAUGHT_UP);
    this.last = now;
    this.owed -= this.plant.advance(this.owed);
  }

  private get status(): boolean[] {
    return [this.plant.occupied, this.sensorFault, this.manualOverride, this.plant.scheduled];
  }

  private measurement(address: number): number {
    const { plant } = this;
    const { occupiedSeconds, discomfortSeconds } = plant;
    const values = [
      signed(100 * (this.sensorFault ? FAULTY_READING : plant.zone.air)),
      signed(100 * plant.zone.radiant),
      signed(10 * plant.zone.relativeHumidity),
      signed(1000 * plant.zone.airSpeed),
      signed(100 * plant.outdoor),
      signed(100 * plant.hour),
      plant.people,
      signed(100 * plant.pmv),
      signed(100 * (plant.vote?.sensation ?? 0)),
      plant.vote === undefined ? 0 : VOTE_CODES[plant.vote.wants],
      plant.votes & 0xffff,
      ...words(1000 * plant.energy),
      signed(100 * plant.trend),
      signed(plant.zone.actuation),
      ...words(plant.time / 60),
      plant.day & 0xffff,
      this.status.reduce((bits, on, bit) => bits | (on ? 1 << bit : 0), 0),
      occupiedSeconds === 0 ? 1000 : signed((1000 * (occupiedSeconds - discomfortSeconds)) / occupiedSeconds),
    ];
    const value = values[address];
    if (value === undefined) throw exception(2, `no register ${address}`);
    return value;
  }

  private holding(address: number): number {
    if (address === PLC_REGISTERS.command) return signed(this.plant.command);
    if (address === PLC_REGISTERS.manualCommand) return signed(this.manualCommand);
    return this.measurement(address);
  }

  private write(address: number, value: number): void {
    if (address !== PLC_REGISTERS.command && address !== PLC_REGISTERS.manualCommand)
      throw exception(2, `register ${address} cannot be written`);
    const percent = value > 32767 ? value - 65536 : value;
    if (percent < -100 || percent > 100) throw exception(3, `${percent} is outside -100..100 %`);
    if (address === PLC_REGISTERS.command) this.plant.command = percent;
    else this.manualCommand = percent;
    this.applyOverride();
  }

  private coil(address: number): boolean {
    if (address === PLC_COILS.manualOverride) return this.manualOverride;
    if (address === PLC_COILS.sensorFault) return this.sensorFault;
    throw exception(2, `no coil ${address}`);
  }

  private writeCoil(address: number, value: boolean): void {
    if (address === PLC_COILS.manualOverride) this.manualOverride = value;
    else if (address === PLC_COILS.sensorFault) this.sensorFault = value;
    else throw exception(2, `no coil ${address}`);
    this.applyOverride();
  }

  private applyOverride(): void {
    this.plant.override = this.manualOverride ? this.manualCommand : undefined;
  }

  private discreteInput(address: number): boolean {
    const bit = this.status[address];
    if (bit === undefined) throw exception(2, `no discrete input ${address}`);
    return bit;
  }
}

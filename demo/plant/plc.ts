/**
 * The office behind a PLC: Modbus TCP on 127.0.0.1. Each room is a unit: 1 is the one whose set point a trainer moves, 2 keeps the design's,
 * 3 moves it with every vote. Measurements stand in input registers and, for masters that read nothing else, at the same addresses in holding
 * registers. Signed 16 bit, two's complement; two-register values have the high word first.
 *
 *  input/holding  0  air temperature, 1/100 °C               8  energy of the heat pump since the start, Wh (two registers)
 *                 1  set point, 1/100 °C                     10  minutes of discomfort since the start (two registers)
 *                 2  outdoor temperature, 1/100 °C           12  minutes with somebody there (two registers)
 *                 3  hour of the day, 1/100 h                14  times that the heat pump was switched (two registers)
 *                 4  heat pump, -100 (cool) .. 100 (heat) %  16  simulated minutes since the start (two registers)
 *                 5  PMV of the standard, 1/100              18  simulated day, 0 is the first, a Monday
 *                 6  last vote: 0 cooler, 1 no change, 2 warmer
 *                 7  votes so far, 0..65535, goes round
 *  holding      100  request of unit 1: -1 lower, 0 nothing, 1 raise; one that stands moves the set point every ten minutes
 *  coil           0  by hand: the request of unit 1 is not obeyed     1  inject a sensor fault: register 0 reads -99.99 °C
 *  discrete in    0  somebody is there    1  heats    2  cools    3  sensor fault
 *
 * Other addresses and units: exception 2. A request that is none: exception 3, and the one before stays.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ServerTCP } from 'modbus-serial';
import type { Office } from './office';
import type { Room } from './room';

export const PLC_REGISTERS = {
  airTemperature: 0,
  setPoint: 1,
  outdoorTemperature: 2,
  hour: 3,
  power: 4,
  pmv: 5,
  vote: 6,
  voteCount: 7,
  energyWh: 8,
  discomfortMinutes: 10,
  occupiedMinutes: 12,
  switches: 14,
  minutes: 16,
  day: 18,
  request: 100,
} as const;
export const PLC_COILS = { byHand: 0, sensorFault: 1 } as const;
/** Unit ids. */
export const ROOMS = { learned: 1, frozen: 2, lastVote: 3 } as const;

/** What a broken sensor reads, °C. */
const FAULTY_READING = -99.99;
const VOTE_CODES = { cooler: 0, 'no change': 1, warmer: 2 } as const;
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
  private byHand = false;
  private sensorFault = false;
  private request = 0;
  private owed = 0;
  private last = process.hrtime.bigint();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    readonly office: Office,
    private readonly server: ServerTCP,
    private readonly speed: number,
    /** The port it listens on. */
    readonly port: number,
  ) {
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Serves `office` and lets its time run. Rejects when the port cannot be had. */
  static async start(office: Office, options: PlcOptions): Promise<Plc> {
    if (options.port !== 0) return Plc.listen(office, options);
    for (;;) {
      const port = await freePort();
      try {
        return await Plc.listen(office, { ...options, port });
      } catch (error) {
        // Somebody else was faster.
        if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
      }
    }
  }

  private static async listen(office: Office, { port, speed }: PlcOptions): Promise<Plc> {
    let plc: Plc | undefined;
    const at = (): Plc => {
      if (plc === undefined) throw exception(2, 'not started');
      return plc;
    };
    const server = new ServerTCP(
      {
        getInputRegister: (address: number, unit: number) => at().measurement(address, unit),
        getHoldingRegister: (address: number, unit: number) => at().holding(address, unit),
        setRegister: (address: number, value: number, unit: number) => at().write(address, value, unit),
        getCoil: (address: number, unit: number) => at().coil(address, unit),
        setCoil: (address: number, value: boolean, unit: number) => at().writeCoil(address, value, unit),
        getDiscreteInput: (address: number, unit: number) => at().discreteInput(address, unit),
      },
      /* Unit 255 takes the requests to every unit id. */
      { host: '127.0.0.1', port, unitID: 255 },
    );
    /* A master that goes away in the middle of a frame is no reason to stop. */
    server.on('socketError', () => undefined);
    await Promise.race([
      once(server, 'initialized'),
      once(server, 'serverError').then(([error]) => Promise.reject(error)),
    ]);
    plc = new Plc(office, server, speed, port);
    return plc;
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Let the office live through the real time that has passed, in whole steps. */
  private tick(): void {
    const now = process.hrtime.bigint();
    this.owed = Math.min(this.owed + (Number(now - this.last) / 1e9) * this.speed, MOST_CAUGHT_UP);
    this.last = now;
    this.owed -= this.office.advance(this.owed);
  }

  private roomOf(unit: number): Room {
    const room = this.office.rooms[unit - 1];
    if (room === undefined) throw exception(2, `no room ${unit}`);
    return room;
  }

  /** Only the room of unit 1 has something that can be written. */
  private needLearned(unit: number, what: string): void {
    if (unit !== ROOMS.learned) throw exception(2, `unit ${unit} has no ${what}`);
  }

  private measurement(address: number, unit: number): number {
    const { office } = this;
    const room = this.roomOf(unit);
    const fault = this.sensorFault && unit === ROOMS.learned;
    const values = [
      signed(100 * (fault ? FAULTY_READING : room.zone.air)),
      signed(100 * room.thermostat.setPoint),
      signed(100 * office.outdoor),
      signed(100 * office.hour),
      signed(room.zone.actuation),
      signed(100 * room.pmv),
      VOTE_CODES[room.vote?.wants ?? 'no change'],
      room.votes & 0xffff,
      ...words(1000 * room.energy),
      ...words(room.discomfortSeconds / 60),
      ...words(office.occupiedSeconds / 60),
      ...words(room.thermostat.switches),
      ...words(office.time / 60),
      office.day & 0xffff,
    ];
    const value = values[address];
    if (value === undefined) throw exception(2, `no register ${address}`);
    return value;
  }

  private holding(address: number, unit: number): number {
    if (address !== PLC_REGISTERS.request) return this.measurement(address, unit);
    this.needLearned(unit, 'request');
    return signed(this.request);
  }

  private write(address: number, value: number, unit: number): void {
    this.needLearned(unit, 'request');
    if (address !== PLC_REGISTERS.request) throw exception(2, `register ${address} cannot be written`);
    const request = value > 32767 ? value - 65536 : value;
    if (request < -1 || request > 1) throw exception(3, `${request} is no request`);
    this.request = request;
    this.obey();
  }

  private coil(address: number, unit: number): boolean {
    this.needLearned(unit, 'coils');
    if (address === PLC_COILS.byHand) return this.byHand;
    if (address === PLC_COILS.sensorFault) return this.sensorFault;
    throw exception(2, `no coil ${address}`);
  }

  private writeCoil(address: number, value: boolean, unit: number): void {
    this.coil(address, unit);
    if (address === PLC_COILS.byHand) this.byHand = value;
    else this.sensorFault = value;
    this.obey();
  }

  private obey(): void {
    this.office.learned.request = this.byHand ? 0 : this.request;
  }

  private discreteInput(address: number, unit: number): boolean {
    const { mode } = this.roomOf(unit).thermostat;
    const bit = [this.office.occupied, mode > 0, mode < 0, this.sensorFault][address];
    if (bit === undefined) throw exception(2, `no discrete input ${address}`);
    return bit;
  }
}

/**
 * A fan and the drive that runs it, behind Modbus TCP: what a tri-axial accelerometer on the fan measured, replayed. Real recordings
 * (test/data/fan-vibration: healthy, and two arrangements of weights on the blades), 50 samples a second of the fan's own time.
 *
 *  input/holding  0  running, 0 or 1                     3  samples so far (two registers, high word first)
 *                 1  speed, %                            5  of those, how many stand below: at most 39
 *                 2  what is replayed: 1 healthy, 2, 3   6  the latest samples, oldest first: x, y, z in mg, signed
 *  holding      150  what is to be replayed: 1, 2 or 3
 *  coil           0  run: a rising edge starts the motor and acknowledges a trip
 *                 1  alarm: while it is on the drive trips the motor
 *  discrete in    0  running    1  tripped by the alarm
 *
 * Other addresses: exception 2. A value that is none of these: exception 3, and the old one stays.
 */
import { once } from 'node:events';
import { ServerTCP } from 'modbus-serial';
import { CONDITIONS, following, type Recording, recordings, type Sample } from './recording';

/** Samples in the register block: 117 registers and six before them fit one read. */
export const BLOCK_SAMPLES = 39;
export const DRIVE_REGISTERS = {
  running: 0,
  speed: 1,
  condition: 2,
  samples: 3,
  count: 5,
  block: 6,
  replay: 150,
} as const;
export const DRIVE_COILS = { run: 0, alarm: 1 } as const;
const AXES = 3;
const SAMPLE_HZ = 50;
const TICK_MS = 20;

const exception = (code: 2 | 3, message: string): Error =>
  Object.assign(new Error(message), { modbusErrorCode: code });

export interface DriveOptions {
  readonly port: number;
  /** Times as fast as it was recorded. */
  readonly rate: number;
  /** Percent: a recording of test/data/fan-vibration. */
  readonly speed: number;
}

export class Drive {
  private readonly recordings: ReadonlyMap<number, Recording>;
  private readonly latest: Sample[] = [];
  private readonly positions = new Map<number, number>();
  private running = true;
  private tripped = false;
  private runCoil = true;
  private alarmCoil = false;
  private condition = 1;
  private samples = 0;
  private owed = 0;
  private last = process.hrtime.bigint();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly server: ServerTCP,
    private readonly options: DriveOptions,
  ) {
    this.recordings = recordings(options.speed);
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  get port(): number {
    return this.options.port;
  }

  /** Serves the drive on 127.0.0.1. Rejects when the port cannot be had. */
  static async start(options: DriveOptions): Promise<Drive> {
    let drive: Drive | undefined;
    const at = (): Drive => {
      if (drive === undefined) throw exception(2, 'not started');
      return drive;
    };
    const server = new ServerTCP(
      {
        getInputRegister: (address: number) => at().register(address),
        getHoldingRegister: (address: number) => at().register(address),
        setRegister: (address: number, value: number) => at().write(address, value),
        getCoil: (address: number) => at().coil(address),
        setCoil: (address: number, value: boolean) => at().writeCoil(address, value),
        getDiscreteInput: (address: number) => at().input(address),
      },
      { host: '127.0.0.1', port: options.port, unitID: 255 },
    );
    server.on('socketError', () => undefined);
    await Promise.race([
      once(server, 'initialized'),
      once(server, 'serverError').then(([error]) => Promise.reject(error)),
    ]);
    drive = new Drive(server, options);
    return drive;
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return new Promise((done) => this.server.close(() => done()));
  }

  private tick(): void {
    const now = process.hrtime.bigint();
    this.owed += (Number(now - this.last) / 1e9) * SAMPLE_HZ * this.options.rate;
    this.last = now;
    // A stalled process does not race afterwards: what is more than a block is lost, as it would be on a wire.
    this.owed = Math.min(this.owed, BLOCK_SAMPLES);
    for (; this.owed >= 1; this.owed--) if (this.running) this.sample();
  }

  private sample(): void {
    const recording = this.recordings.get(this.condition);
    const position = this.positions.get(this.condition) ?? 0;
    const sample = recording?.samples[position];
    if (recording === undefined || sample === undefined) return;
    this.positions.set(this.condition, following(recording, position));
    this.samples = (this.samples + 1) % 2 ** 32;
    this.latest.push(sample);
    if (this.latest.length > BLOCK_SAMPLES) this.latest.shift();
  }

  private register(address: number): number {
    const { block, replay } = DRIVE_REGISTERS;
    if (address === replay) return this.condition;
    const head = [
      this.running ? 1 : 0,
      this.options.speed,
      this.condition,
      Math.floor(this.samples / 65_536),
      this.samples % 65_536,
      this.latest.length,
    ];
    if (address < block) return head[address] ?? 0;
    if (address >= block + AXES * BLOCK_SAMPLES) throw exception(2, `no register ${address}`);
    const at = address - block;
    return (this.latest[Math.floor(at / AXES)]?.[at % AXES] ?? 0) & 0xffff;
  }

  private write(address: number, value: number): void {
    if (address !== DRIVE_REGISTERS.replay) throw exception(2, `register ${address} cannot be written`);
    if (!(CONDITIONS as readonly number[]).includes(value))
      throw exception(3, `there is no recording ${value}`);
    this.condition = value;
  }

  private coil(address: number): boolean {
    if (address === DRIVE_COILS.run) return this.runCoil;
    if (address === DRIVE_COILS.alarm) return this.alarmCoil;
    throw exception(2, `no coil ${address}`);
  }

  private writeCoil(address: number, on: boolean): void {
    if (address === DRIVE_COILS.run) {
      if (on && !this.alarmCoil) this.tripped = false;
      this.runCoil = on;
    } else if (address === DRIVE_COILS.alarm) {
      this.alarmCoil = on;
      if (on && this.running) this.tripped = true;
    } else throw exception(2, `no coil ${address}`);
    this.running = this.runCoil && !this.tripped;
  }

  private input(address: number): boolean {
    const bits = [this.running, this.tripped];
    const bit = bits[address];
    if (bit === undefined) throw exception(2, `no discrete input ${address}`);
    return bit;
  }
}

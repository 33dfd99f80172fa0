/** A PLC for tests: Modbus TCP on this machine, whose address list the test makes. What is not in it does not exist. */
import { once } from 'node:events';
import { ServerTCP } from 'modbus-serial';
import { freePort } from './ports';

const exception = (code: number): Error => Object.assign(new Error(), { modbusErrorCode: code });

/** One unit's tables, by address. */
export class PlcUnit {
  readonly holding = new Map<number, number>();
  readonly input = new Map<number, number>();
  readonly coils = new Map<number, boolean>();
  readonly discrete = new Map<number, boolean>();
}

export interface PlcWrite {
  readonly unit: number;
  readonly address: number;
  readonly value: number | boolean;
}

export class TestPlc {
  readonly units = new Map<number, PlcUnit>();
  readonly writes: PlcWrite[] = [];
  /** Registers of the longest block that it takes. */
  longest = 125;
  private waiting: { test: (write: PlcWrite) => boolean; done: (write: PlcWrite) => void }[] = [];
  private server: ServerTCP | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<TestPlc> {
    const plc = new TestPlc(await freePort());
    await plc.open();
    return plc;
  }

  unit(id: number): PlcUnit {
    let unit = this.units.get(id);
    if (unit === undefined) {
      unit = new PlcUnit();
      this.units.set(id, unit);
    }
    return unit;
  }

  /** Back after `close`, on the same port. */
  async open(): Promise<void> {
    const tableOf = (id: number): PlcUnit => {
      const unit = this.units.get(id);
      if (unit === undefined) throw exception(11);
      return unit;
    };
    const from = <V>(table: Map<number, V>, address: number): V => {
      const value = table.get(address);
      if (value === undefined) throw exception(2);
      return value;
    };
    const many = (which: 'holding' | 'input') => (first: number, count: number, id: number) => {
      if (count > this.longest) throw exception(3);
      return Array.from({ length: count }, (_, i) => from(tableOf(id)[which], first + i));
    };
    const write = (unit: number, address: number, value: number | boolean): void => {
      const table: Map<number, number | boolean> =
        typeof value === 'boolean' ? tableOf(unit).coils : tableOf(unit).holding;
      from(table, address);
      table.set(address, value);
      const written = { unit, address, value };
      this.writes.push(written);
      for (const waiter of this.waiting.filter(({ test }) => test(written))) {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        waiter.done(written);
      }
    };
    this.server = new ServerTCP(
      {
        getMultipleHoldingRegisters: many('holding'),
        getMultipleInputRegisters: many('input'),
        getHoldingRegister: (address: number, id: number) => from(tableOf(id).holding, address),
        getInputRegister: (address: number, id: number) => from(tableOf(id).input, address),
        getCoil: (address: number, id: number) => from(tableOf(id).coils, address),
        getDiscreteInput: (address: number, id: number) => from(tableOf(id).discrete, address),
        setRegister: (address: number, value: number, id: number) => write(id, address, value),
        setCoil: (address: number, value: boolean, id: number) => write(id, address, value),
      },
      { host: '127.0.0.1', port: this.port, unitID: 255 },
    );
    this.server.on('socketError', () => undefined);
    await once(this.server, 'initialized');
  }

  /** Resolves with the next write for which `test` holds. */
  nextWrite(test: (write: PlcWrite) => boolean = () => true): Promise<PlcWrite> {
    return new Promise((done) => this.waiting.push({ test, done }));
  }

  close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    return new Promise((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }
}

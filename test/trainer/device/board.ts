/** A virtual trainer behind the real bus, with a wire in between that a test can make lose, double, delay or turn away frames. */
import { EventEmitter } from 'node:events';
import {
  type BusHandle,
  openBus,
  type PipeFactory,
  type RtuPipe,
  sealFrame,
  Trainer,
  type TrainerDefinition,
} from '../../../trainer';
import { firmwarePlanner, virtualWire } from '../../../trainer/virtual';

type Fate = 'pass' | 'drop' | 'twice' | { readonly lateMs: number } | { readonly instead: Uint8Array };

/** What becomes of frames; a test sets the hooks. */
export class Faults {
  request: (frame: Uint8Array) => Fate = () => 'pass';
  reply: (frame: Uint8Array) => Fate = () => 'pass';
  /** Function codes of all requests that were sent. */
  readonly sent: number[] = [];

  reset(): void {
    this.request = () => 'pass';
    this.reply = () => 'pass';
    this.sent.length = 0;
  }
}

export function exceptionTo(request: Uint8Array, code: number): Uint8Array {
  return sealFrame(Uint8Array.of(request[0] as number, (request[1] as number) | 0x80, code, 0, 0));
}

/** Exception 1, illegal function, as an old gateway answers to function 23. */
export const illegalFunction = (request: Uint8Array): Uint8Array => exceptionTo(request, 1);

class FaultyPipe extends EventEmitter implements RtuPipe {
  private readonly inner: RtuPipe;
  private readonly faults: Faults;

  constructor(inner: RtuPipe, faults: Faults) {
    super();
    this.inner = inner;
    this.faults = faults;
    inner.on('data', (bytes) => this.deliver(bytes));
    inner.on('close', (reason) => this.emit('close', reason));
  }

  write(bytes: Uint8Array): void {
    this.faults.sent.push(bytes[1] as number);
    const fate = this.faults.request(bytes);
    if (fate === 'drop') return;
    if (typeof fate === 'object' && 'instead' in fate) {
      const { instead } = fate;
      setImmediate(() => this.emit('data', instead));
      return;
    }
    this.inner.write(bytes);
  }

  private deliver(bytes: Uint8Array): void {
    const fate = this.faults.reply(bytes);
    if (fate === 'drop') return;
    if (typeof fate === 'object' && 'lateMs' in fate) {
      const copy = Uint8Array.from(bytes);
      setTimeout(() => this.emit('data', copy), fate.lateMs);
      return;
    }
    this.emit('data', bytes);
    if (fate === 'twice') this.emit('data', Uint8Array.from(bytes));
  }

  close(): void | Promise<void> {
    return this.inner.close();
  }
}

export interface Board {
  readonly bus: BusHandle;
  readonly trainer: Trainer;
  readonly faults: Faults;
  /** Another client of the same board. */
  another(definition?: TrainerDefinition, key?: string): Trainer;
  close(): Promise<void>;
}

let boards = 0;

/** A fresh board with nothing deployed. */
export async function openBoard(
  definition?: TrainerDefinition,
  unit = 1,
  memory: { readonly arenaBytes?: number; readonly board?: string } = {},
): Promise<Board> {
  const faults = new Faults();
  const wire = virtualWire({ unit, ...memory });
  const connect: PipeFactory = async () => new FaultyPipe(await wire.connect(), faults);
  const bus = openBus({
    ...wire,
    id: `${wire.id}, test ${++boards}`,
    connect,
    responseTimeoutMs: 200,
    lateWindowMs: 50,
    probeMinMs: 20,
  });
  const planner = await firmwarePlanner();
  const client = (given?: TrainerDefinition, key?: string): Trainer =>
    new Trainer(bus, {
      unit,
      planner,
      ...(given === undefined ? {} : { definition: given }),
      ...(key === undefined ? {} : { key }),
    });
  return { bus, trainer: client(definition), faults, another: client, close: () => bus.close() };
}

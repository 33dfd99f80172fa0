/** Opens the same simulated units over each kind of wire that needs no tool. */
import { type BusHandle, type BusTuning, openBus } from '../../../trainer/bus';
import { SimulatedUnits, UnitPipe, UnitServer } from './simulated_units';

export const WIRES = ['tcp', 'rtu-tcp', 'virtual'] as const;
export type WireKind = (typeof WIRES)[number];

/** Short times, so that a test of what does not come ends soon. */
export const QUICK: BusTuning = {
  responseTimeoutMs: 60,
  deadlineMs: 2000,
  readRetries: 0,
  drainMs: 5,
  frameGapMs: 20,
  lateWindowMs: 80,
  broadcastTurnaroundMs: 5,
  probeMinMs: 50,
  probeMaxMs: 400,
  reconnectMinMs: 10,
  reconnectMaxMs: 50,
};

export interface OpenWire {
  readonly bus: BusHandle;
  readonly units: SimulatedUnits;
  readonly server: UnitServer | undefined;
  /** The pipe in use, for the virtual wire. */
  pipe(): UnitPipe;
  close(): Promise<void>;
}

let count = 0;

export async function openWire(kind: WireKind, tuning: BusTuning = {}): Promise<OpenWire> {
  const units = new SimulatedUnits();
  let pipe: UnitPipe | undefined;
  if (kind === 'virtual') {
    const bus = openBus({
      kind,
      id: `test ${++count}`,
      connect: () => {
        pipe = new UnitPipe(units);
        return pipe;
      },
      ...QUICK,
      ...tuning,
    });
    return { bus, units, server: undefined, pipe: () => pipe as UnitPipe, close: () => bus.close() };
  }
  const server = await UnitServer.listen(kind === 'tcp' ? 'mbap' : 'rtu', units);
  const bus = openBus({ kind, host: '127.0.0.1', port: server.port, ...QUICK, ...tuning });
  return {
    bus,
    units,
    server,
    pipe: () => {
      throw new Error('no pipe on this wire');
    },
    close: async () => {
      await bus.close();
      await server.close();
    },
  };
}

/** Resolves with the error that the promise rejects with; fails when it resolves. */
export async function rejection<E extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => E,
): Promise<E> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof type) return error;
    throw new Error(`expected ${type.name}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`expected ${type.name}, got the value ${JSON.stringify(value)}`);
}

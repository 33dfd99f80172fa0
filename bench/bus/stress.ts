/** A wire that is asked for more than it can carry, and a virtual trainer beside a client that sends nonsense. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { UnitServer } from '../../test/trainer/bus/simulated_units';
import { BusTimeoutError, openBus, Trainer } from '../../trainer';
import { DEFINITION, median, rate, startServer, UNIT, values } from './server';

/** Time that the units of the overloaded wire take for an answer, and time between two requests. */
const ANSWER_MS = 60;
const ASK_EVERY_MS = 40;
const OVERLOAD_MS = 30_000;
const CAPACITY_MS = 5000;
/** Pause between two frames of the hostile client. */
const HOSTILE_EVERY_MS = 5;
const HOSTILE_ROUNDS = 10;
const HOSTILE_ROUND_MS = 500;

interface Overload {
  readonly overload_answers_ratio: number;
  readonly overload_false_dead: number;
}

/** One read every 40 ms of a unit that takes 60 ms: one and a half times what the wire can carry. */
async function overload(): Promise<Overload> {
  const server = await UnitServer.listen('rtu');
  const { units } = server;
  units.decide = () => {
    setTimeout(() => units.release(), ANSWER_MS);
    return 'hold';
  };
  const bus = openBus({ kind: 'rtu-tcp', host: '127.0.0.1', port: server.port });
  const read = { unit: UNIT, fc: 3, address: 0, quantity: 2 } as const;
  try {
    let deaths = 0;
    bus.on('health', ({ alive }) => {
      if (!alive) deaths++;
    });
    await bus.request(read);
    const capacity = await rate(CAPACITY_MS, async () => {
      await bus.request(read);
    });
    let [answered, waited, other] = [0, 0, 0];
    const asked: Promise<void>[] = [];
    const began = performance.now();
    const ask = setInterval(() => {
      asked.push(
        bus.request(read).then(
          () => {
            if (performance.now() - began <= OVERLOAD_MS) answered++;
          },
          (error: unknown) => {
            if (error instanceof BusTimeoutError && error.phase === 'queue') waited++;
            else other++;
          },
        ),
      );
    }, ASK_EVERY_MS);
    await pause(OVERLOAD_MS);
    clearInterval(ask);
    await Promise.all(asked);
    const answers = (1000 * answered) / OVERLOAD_MS;
    console.log(
      [
        `Overload: one read every ${ASK_EVERY_MS} ms of a unit that takes ${ANSWER_MS} ms, for ${OVERLOAD_MS / 1000} s`,
        `answers per second: ${capacity.toFixed(2)} asked one after the other, ${answers.toFixed(2)} under overload`,
        `of ${asked.length} reads ${waited} say that they waited and were never sent, ${other} failed otherwise`,
        `units wrongly taken for dead: ${deaths}`,
        '',
      ].join('\n'),
    );
    return { overload_answers_ratio: Number((answers / capacity).toFixed(3)), overload_false_dead: deaths };
  } finally {
    await bus.close();
    await server.close();
  }
}

/** Frames of an unknown function, whose bytes begin like a long request; answers are read and thrown away. */
async function besideHostile(port: number, work: () => Promise<number>): Promise<number> {
  const hostile = connect(port, '127.0.0.1');
  hostile.on('error', () => undefined);
  hostile.resume();
  const frame = Buffer.from([0, 1, 0, 0, 0, 2, UNIT, 0x63]);
  const send = setInterval(() => hostile.write(frame), HOSTILE_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(send);
    hostile.destroy();
  }
}

async function hostileClient(): Promise<{ readonly hostile_client_throughput_ratio: number }> {
  const server = await startServer();
  const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: server.port });
  try {
    const trainer = new Trainer(bus, { unit: UNIT });
    await trainer.deploy(DEFINITION);
    const victim = (): Promise<number> =>
      rate(HOSTILE_ROUND_MS, async (count) => {
        await trainer.infer(values(count));
      });
    await victim();
    const ratios: number[] = [];
    for (let round = 0; round < HOSTILE_ROUNDS; round++) {
      const before = await victim();
      const beside = await besideHostile(server.port, victim);
      const after = await victim();
      ratios.push((2 * beside) / (before + after));
    }
    const ratio = median(ratios);
    console.log(
      `Hostile client, an 8-byte frame of an unknown function every ${HOSTILE_EVERY_MS} ms: ` +
        `the other client's decisions per second beside it over alone ${ratio.toFixed(3)} (worst round ${Math.min(...ratios).toFixed(3)})\n`,
    );
    return { hostile_client_throughput_ratio: Number(ratio.toFixed(3)) };
  } finally {
    await bus.close();
    await server.stop();
  }
}

export async function benchStress(): Promise<object> {
  return { ...(await overload()), ...(await hostileClient()) };
}

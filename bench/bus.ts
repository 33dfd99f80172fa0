/**
 * What the client costs: decisions per second against a virtual trainer on loopback TCP, bytes on the wire per decision, and both against the
 * least that Modbus allows.
 *
 *   npm run bench -- bus [--json]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import ModbusRTU from 'modbus-serial';
import { type BusHandle, openBus, Trainer, type TrainerDefinition } from '../trainer';
import { Blocks, Registers } from '../trainer/contract/contract.generated';

const UNIT = 1;
/** As many as the thermal comfort definition has. */
const FEATURES = 7;
/** Both clients take turns, so that whatever else the machine does hits both. */
const ROUNDS = 12;
const ROUND_MS = 400;
const WARM_UP_MS = 500;
const COUNTED_INFERENCES = 500;
/** Modbus TCP header (7) in place of unit id and CRC (3) of an RTU frame. */
const TCP_EXTRA_BYTES = 4;

const DEFINITION: TrainerDefinition = {
  name: 'bus bench',
  features: Array.from({ length: FEATURES }, (_, i) => ({
    name: `feature ${i + 1}`,
    min: -10,
    max: 10,
    scale: 100,
  })),
  classes: [{ label: 'heat' }, { label: 'hold' }, { label: 'cool' }],
  model: { type: 'svm-linear' },
  training: { mode: 'manual' },
};

/** The public call that modbus-serial's type declarations lack. */
interface ReadWriteClient {
  readWriteRegisters(
    readAddress: number,
    readQuantity: number,
    writeAddress: number,
    writeQuantity: number,
    values: number[],
  ): Promise<{ data: number[] }>;
}

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** A virtual trainer in a process of its own, as `edge-trainer virtual` starts it. */
async function startServer(): Promise<Server> {
  const child = spawn(
    process.execPath,
    [join(__dirname, '../trainer/cli/main.js'), 'virtual', '--tcp', '127.0.0.1:0', '--unit', String(UNIT)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the virtual trainer ended with exit code ${String(code)}`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), exited])) as [string];
  exited.catch(() => undefined);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
  if (!(port > 0)) throw new Error(`no port in "${line}"`);
  return {
    port,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const values = (seed: number): number[] =>
  Array.from({ length: FEATURES }, (_, i) => ((seed * (i + 3)) % 200) / 10 - 10);

/** Runs `one` for a while; returns how often per second. */
async function rate(durationMs: number, one: (count: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < durationMs) {
    await one(count++);
    elapsed = performance.now() - start;
  }
  return (1000 * count) / elapsed;
}

/** Bytes of the frames that the client really sent and took, retries included, as Modbus TCP and as RTU. */
async function countBytes(bus: BusHandle, trainer: Trainer): Promise<{ tcp: number; rtu: number }> {
  let [frames, rtu] = [0, 0];
  const count = ({ frame }: { frame: Buffer }): void => {
    frames++;
    rtu += frame.length;
  };
  bus.bus.on('traffic', count);
  for (let i = 0; i < COUNTED_INFERENCES; i++) await trainer.infer(values(i));
  bus.bus.off('traffic', count);
  return { tcp: (rtu + TCP_EXTRA_BYTES * frames) / COUNTED_INFERENCES, rtu: rtu / COUNTED_INFERENCES };
}

/**
 * The least an exchange can take on a serial line that carries the features out and class, actuation, confidence and generation back:
 * one function 23 and nothing else in it, no ticket. Unit id, function, addresses, quantities, byte counts and CRC are Modbus's own.
 */
function leastRtuBytes(): number {
  const request = 1 + 1 + 2 + 2 + 2 + 2 + 1 + 2 * FEATURES + 2;
  const answerRegisters = Blocks.decision.words - Registers.decisionTicket.words;
  const reply = 1 + 1 + 1 + 2 * answerRegisters + 2;
  return request + reply;
}

const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
};

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const server = await startServer();
  const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: server.port });
  const raw = new ModbusRTU();
  try {
    const trainer = new Trainer(bus, { unit: UNIT });
    await trainer.deploy(DEFINITION);
    await raw.connectTCP('127.0.0.1', { port: server.port });
    raw.setID(UNIT);
    raw.setTimeout(1000);
    const bare = raw as unknown as ReadWriteClient;

    let ticket = 0;
    const ours = async (count: number): Promise<void> => {
      await trainer.infer(values(count));
    };
    const theirs = async (count: number): Promise<void> => {
      ticket = (ticket % 65_535) + 1;
      const words = values(count).map((value) => Math.round(value * 100) & 0xffff);
      const { address, words: quantity } = Blocks.decision;
      const { data } = await bare.readWriteRegisters(
        address,
        quantity,
        Registers.ticket.address,
        1 + FEATURES,
        [ticket, ...words],
      );
      if (data[0] !== ticket) throw new Error(`ticket ${ticket} was answered with ${data[0]}`);
    };

    const bytes = await countBytes(bus, trainer);
    await rate(WARM_UP_MS, ours);
    await rate(WARM_UP_MS, theirs);
    const rounds: { ours: number; theirs: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // Who goes first alternates too.
      const first = round % 2 === 0 ? await rate(ROUND_MS, ours) : 0;
      const second = await rate(ROUND_MS, theirs);
      rounds.push({ ours: first === 0 ? await rate(ROUND_MS, ours) : first, theirs: second });
    }
    const counters = bus.status().counters;
    const figures = {
      inferences_per_second: Math.round(median(rounds.map((round) => round.ours))),
      raw_inferences_per_second: Math.round(median(rounds.map((round) => round.theirs))),
      raw_modbus_serial_ratio: Number(median(rounds.map((round) => round.ours / round.theirs)).toFixed(3)),
      bytes_on_wire_per_inference: Number(bytes.tcp.toFixed(2)),
      rtu_bytes_per_inference: Number(bytes.rtu.toFixed(2)),
      wire_efficiency_115200: Number((leastRtuBytes() / bytes.rtu).toFixed(3)),
      retries: counters.retries,
    };
    console.log(
      [
        `Bus: ${FEATURES} features, one decision a transaction, virtual trainer in another process on loopback TCP`,
        `${ROUNDS} rounds of ${ROUND_MS} ms each, in turns; medians`,
        '',
        `decisions per second, typed client       ${figures.inferences_per_second}`,
        `the same frames by bare modbus-serial    ${figures.raw_inferences_per_second}`,
        `ratio                                    ${figures.raw_modbus_serial_ratio}   (to show: at least 0.9)`,
        `bytes on the wire per decision, TCP      ${figures.bytes_on_wire_per_inference}`,
        `bytes on the wire per decision, RTU      ${figures.rtu_bytes_per_inference}, least possible without ticket ${leastRtuBytes()}`,
        `wire efficiency at 115200 baud           ${figures.wire_efficiency_115200}`,
        `requests sent again                      ${figures.retries}`,
      ].join('\n'),
    );
    if (json) console.log(JSON.stringify(figures));
  } finally {
    raw.close(() => undefined);
    await bus.close();
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

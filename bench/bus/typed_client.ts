/** The typed client against bare modbus-serial sending the same frames, and against the least that Modbus allows. */
import ModbusRTU from 'modbus-serial';
import { type BusHandle, openBus, Trainer } from '../../trainer';
import { Blocks, Registers } from '../../trainer/contract/contract.generated';
import { DEFINITION, FEATURES, median, rate, startServer, UNIT, values } from './server';

/** Both clients take turns, so that whatever else the machine does hits both. */
const ROUNDS = 12;
const ROUND_MS = 400;
const WARM_UP_MS = 500;
const COUNTED_INFERENCES = 500;
/** Modbus TCP header (7) in place of unit id and CRC (3) of an RTU frame. */
const TCP_EXTRA_BYTES = 4;

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

export interface ClientFigures {
  readonly inferences_per_second: number;
  readonly raw_inferences_per_second: number;
  readonly raw_modbus_serial_ratio: number;
  readonly bytes_on_wire_per_inference: number;
  readonly rtu_bytes_per_inference: number;
  readonly wire_efficiency_115200: number;
  readonly retries: number;
}

export async function benchTypedClient(): Promise<ClientFigures> {
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
    const figures: ClientFigures = {
      inferences_per_second: Math.round(median(rounds.map((round) => round.ours))),
      raw_inferences_per_second: Math.round(median(rounds.map((round) => round.theirs))),
      raw_modbus_serial_ratio: Number(median(rounds.map((round) => round.ours / round.theirs)).toFixed(3)),
      bytes_on_wire_per_inference: Number(bytes.tcp.toFixed(2)),
      rtu_bytes_per_inference: Number(bytes.rtu.toFixed(2)),
      wire_efficiency_115200: Number((leastRtuBytes() / bytes.rtu).toFixed(3)),
      retries: bus.status().counters.retries,
    };
    console.log(
      [
        `Client: ${FEATURES} features, one decision a transaction, virtual trainer in another process on loopback TCP`,
        `${ROUNDS} rounds of ${ROUND_MS} ms each, in turns; medians`,
        '',
        `decisions per second, typed client       ${figures.inferences_per_second}`,
        `the same frames by bare modbus-serial    ${figures.raw_inferences_per_second}`,
        `ratio                                    ${figures.raw_modbus_serial_ratio}   (to show: at least 0.9)`,
        `bytes on the wire per decision, TCP      ${figures.bytes_on_wire_per_inference}`,
        `bytes on the wire per decision, RTU      ${figures.rtu_bytes_per_inference}, least possible without ticket ${leastRtuBytes()}`,
        `wire efficiency at 115200 baud           ${figures.wire_efficiency_115200}`,
        `requests sent again                      ${figures.retries}`,
        '',
      ].join('\n'),
    );
    return figures;
  } finally {
    raw.close(() => undefined);
    await bus.close();
    await server.stop();
  }
}

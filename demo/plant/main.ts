/** The plant as a process of its own: node dist/demo/plant/main.js --port 1502 --speed 300 */
import { Command, InvalidArgumentError } from 'commander';
import { Office } from './office';
import { Plc } from './plc';

const numberBetween =
  (least: number, most: number, whole: boolean) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
    return value;
  };

async function main(): Promise<void> {
  const program = new Command('plant')
    .description('Three rooms of an office behind a Modbus TCP PLC on 127.0.0.1')
    .option('--port <port>', 'TCP port, 0 for any free one', numberBetween(0, 65535, true), 1502)
    .option('--speed <factor>', 'simulated seconds per real second', numberBetween(0.1, 100_000, false), 300)
    .option('--start-day <day>', 'first day of the year, 1 to 365', numberBetween(1, 365, true), 200)
    .option('--seed <seed>', 'of the votes', numberBetween(0, 2 ** 31 - 1, true), 1)
    .parse();
  const { port, speed, startDay, seed } = program.opts<{
    port: number;
    speed: number;
    startDay: number;
    seed: number;
  }>();
  const plc = await Plc.start(new Office({ startDay, seed }), { port, speed });
  console.log(`plant: Modbus TCP on 127.0.0.1:${plc.port}, ${speed} simulated seconds per second`);
  const stop = (): void => {
    void plc.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: NodeJS.ErrnoException) => {
  const text =
    error.code === 'EADDRINUSE'
      ? 'the port is in use; stop what uses it or give another with --port'
      : error.message;
  console.error(`plant: not started: ${text}`);
  process.exit(1);
});

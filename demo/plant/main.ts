/** The plant as a process of its own: node dist/demo/plant/main.js --port 1502 --speed 300 */
import { Command } from 'commander';
import { numberBetween, runUntilSignal } from '../process';
import { Office } from './office';
import { Plc } from './plc';

const { port, speed, startDay, seed } = new Command('plant')
  .description('Three rooms of an office behind a Modbus TCP PLC on 127.0.0.1')
  .option('--port <port>', 'TCP port, 0 for any free one', numberBetween(0, 65535, { whole: true }), 1502)
  .option('--speed <factor>', 'simulated seconds per real second', numberBetween(0.1, 100_000), 300)
  .option('--start-day <day>', 'first day of the year, 1 to 365', numberBetween(1, 365, { whole: true }), 200)
  .option('--seed <seed>', 'seed of the votes', numberBetween(0, 2 ** 31 - 1, { whole: true }), 1)
  .parse()
  .opts<{ port: number; speed: number; startDay: number; seed: number }>();

runUntilSignal('plant', async () => {
  const plc = await Plc.start(new Office({ startDay, seed }), { port, speed });
  console.log(`plant: Modbus TCP on 127.0.0.1:${plc.port}, ${speed} simulated seconds per second`);
  return plc;
});

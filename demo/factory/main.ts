/** The drive as a process of its own: node dist/demo/factory/main.js --port 1503 --rate 4 */
import { Command, InvalidArgumentError } from 'commander';
import { numberBetween, runUntilSignal } from '../process';
import { Drive } from './drive';

const SPEEDS = [20, 30, 40, 50, 60, 70, 80, 90, 100];

function speedOf(text: string): number {
  const speed = Number(text);
  if (!SPEEDS.includes(speed)) throw new InvalidArgumentError(`must be one of ${SPEEDS.join(', ')}`);
  return speed;
}

const options = new Command('drive')
  .description('A fan with an accelerometer behind a Modbus TCP drive on 127.0.0.1')
  .option('--port <port>', 'TCP port', numberBetween(1, 65535, { whole: true }), 1503)
  .option(
    '--rate <factor>',
    'times as fast as it was recorded (50 samples a second)',
    numberBetween(0.1, 20),
    4,
  )
  .option('--speed <percent>', `speed of the fan: ${SPEEDS.join(', ')}`, speedOf, 60)
  .parse()
  .opts<{ port: number; rate: number; speed: number }>();

runUntilSignal('drive', async () => {
  const drive = await Drive.start(options);
  console.log(
    `drive: Modbus TCP on 127.0.0.1:${drive.port}, fan at ${options.speed} %, ${options.rate} times as fast`,
  );
  return drive;
});

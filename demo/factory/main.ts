/** The drive as a process of its own: node dist/demo/factory/main.js --port 1503 --rate 4 */
import { Command, InvalidArgumentError } from 'commander';
import { Drive } from './drive';

const SPEEDS = [20, 30, 40, 50, 60, 70, 80, 90, 100];

const numberBetween =
  (least: number, most: number) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`must be a number from ${least} to ${most}`);
    return value;
  };

function speedOf(text: string): number {
  const speed = Number(text);
  if (!SPEEDS.includes(speed)) throw new InvalidArgumentError(`must be one of ${SPEEDS.join(', ')}`);
  return speed;
}

async function main(): Promise<void> {
  const program = new Command('drive')
    .description('A fan with an accelerometer behind a Modbus TCP drive on 127.0.0.1')
    .option('--port <port>', 'TCP port', numberBetween(1, 65535), 1503)
    .option(
      '--rate <factor>',
      'times as fast as it was recorded (50 samples a second)',
      numberBetween(0.1, 20),
      4,
    )
    .option('--speed <percent>', `of the fan: ${SPEEDS.join(', ')}`, speedOf, 60)
    .parse();
  const options = program.opts<{ port: number; rate: number; speed: number }>();
  const drive = await Drive.start(options);
  console.log(
    `drive: Modbus TCP on 127.0.0.1:${drive.port}, fan at ${options.speed} %, ${options.rate} times as fast`,
  );
  const stop = (): void => {
    void drive.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: NodeJS.ErrnoException) => {
  const text =
    error.code === 'EADDRINUSE'
      ? 'the port is in use; stop what uses it or give another with --port'
      : error.message;
  console.error(`drive: not started: ${text}`);
  process.exit(1);
});

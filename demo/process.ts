/** What the simulated plants share as processes of their own: options in bounds, a start that says what failed, an end by signal. */
import { InvalidArgumentError } from 'commander';

/** Parses an option that is a number within bounds. */
export const numberBetween =
  (least: number, most: number, { whole = false } = {}) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
    return value;
  };

interface Server {
  close(): Promise<void>;
}

/** Runs what `start` opens until the process is asked to end; without it the process exits with 1 and one line. */
export function runUntilSignal(name: string, start: () => Promise<Server>): void {
  start().then(
    (server) => {
      const stop = (): void => {
        void server.close().then(() => process.exit(0));
      };
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    },
    (error: NodeJS.ErrnoException) => {
      const inUse = 'the port is in use; stop what uses it or give another with --port';
      console.error(`${name}: not started: ${error.code === 'EADDRINUSE' ? inUse : error.message}`);
      process.exit(1);
    },
  );
}

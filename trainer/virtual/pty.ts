/** Virtual trainers on a pseudo-terminal: any Modbus RTU master opens it as a serial port. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { VirtualTrainer } from './virtual_trainer';

export interface PtyOptions {
  /** A name of one's own for the terminal: a symbolic link that lasts as long as it is served. Default: none. */
  readonly link?: string;
}

export interface PtyServer {
  /** What the master opens, for example /dev/pts/3; any baud rate will do. */
  readonly path: string;
  /** Resolves when it serves no longer. */
  readonly ended: Promise<void>;
  /** Resolves when the terminal is gone; the trainer goes on. */
  close(): Promise<void>;
}

/** There are no pseudo-terminals here. */
export class PtyUnsupportedError extends Error {
  readonly code = 'PTY_UNSUPPORTED';

  constructor(reason: string) {
    super(`no pseudo-terminal for the virtual trainer: ${reason}; use Modbus TCP instead (--tcp)`);
    this.name = 'PtyUnsupportedError';
  }
}

function bridge(): string {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32') throw new PtyUnsupportedError('Windows has none');
  const path = join(__dirname, 'bin', `pty-bridge-${name}`);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new PtyUnsupportedError(
      `the bridge for ${name} is not in this build (${path}; npm run build makes it)`,
    );
  }
  return path;
}

/** First line that the bridge prints; bytes behind it are put back. */
async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  let text = '';
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const ended = once(child, 'close').then(() => {
    throw new PtyUnsupportedError(complaint.trim() || 'the bridge ended at once');
  });
  ended.catch(() => undefined); // when it has long been running
  for (;;) {
    await Promise.race([once(child.stdout, 'readable'), ended]);
    for (let byte = child.stdout.read(1); byte !== null; byte = child.stdout.read(1)) {
      if (byte[0] === 0x0a) return text;
      text += (byte as Buffer).toString('latin1');
    }
  }
}

/** Puts the trainer on a pseudo-terminal. Rejects with PtyUnsupportedError. */
export async function servePty(trainer: VirtualTrainer, options: PtyOptions = {}): Promise<PtyServer> {
  const child = spawn(bridge(), options.link === undefined ? [] : [options.link], { stdio: 'pipe' });
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const started = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new PtyUnsupportedError(error.message)));
  });
  child.stdin.on('error', () => undefined); // it went away; `close` follows
  const path = await Promise.race([firstLine(child), started]);
  const answer = (bytes: Uint8Array): void => {
    child.stdin.write(bytes);
  };
  trainer.on('data', answer);
  child.stdout.on('data', (bytes: Buffer) => trainer.write(bytes));
  void exited.then(() => trainer.off('data', answer));
  return {
    path,
    ended: exited,
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

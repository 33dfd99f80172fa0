/** `npm start` in a process of its own, with ports that nobody has and a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from '../nodes/real_node_red';
import { freePort } from '../support/ports';

export const UP_MS = 90_000;
export const DOWN_MS = 15_000;

export class Demo {
  readonly port: number;
  readonly plcPort: number;
  readonly drivePort: number;
  output = '';
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown[]>;

  private constructor(port: number, plcPort: number, drivePort: number, folder: string) {
    this.port = port;
    this.plcPort = plcPort;
    this.drivePort = drivePort;
    this.child = spawn(process.execPath, [join(ROOT, 'tools', 'start.mjs')], {
      cwd: folder, // the folder it is called from does not matter
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PORT: String(port),
        PLC_PORT: String(plcPort),
        DRIVE_PORT: String(drivePort),
        EDGE_TRAINER_DEMO: folder,
      },
    });
    this.exited = once(this.child, 'exit');
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.output += text.toString();
      });
  }

  static async start(folder: string): Promise<Demo> {
    return new Demo(await freePort(), await freePort(), await freePort(), folder);
  }

  async until(pattern: RegExp, ms = UP_MS): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end; await wait(100)) {
      if (pattern.test(this.output)) return;
      if (this.child.exitCode !== null) break;
    }
    throw new Error(`no ${String(pattern)}; npm start said:\n${this.output}`);
  }

  /** Exit code after Ctrl-C. */
  async stop(): Promise<unknown> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    this.child.kill('SIGINT');
    const late = setTimeout(() => this.child.kill('SIGKILL'), DOWN_MS);
    const [code] = await this.exited;
    clearTimeout(late);
    return code;
  }
}

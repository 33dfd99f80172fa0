/** Something simulated in this process on a pseudo-terminal, for other programs to open as a serial port. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const BRIDGE = join(__dirname, `../../trainer/virtual/bin/pty-bridge-${process.platform}-${process.arch}`);

export class Terminal {
  readonly path: string;
  private readonly child: ChildProcessWithoutNullStreams;

  private constructor(
    child: ChildProcessWithoutNullStreams,
    path: string,
    rest: Buffer,
    receive: (bytes: Uint8Array) => void,
  ) {
    this.child = child;
    this.path = path;
    if (rest.length > 0) receive(rest);
    child.stdout.on('data', receive);
    child.stdin.on('error', () => undefined);
  }

  static async open(receive: (bytes: Uint8Array) => void): Promise<Terminal> {
    const child = spawn(BRIDGE, [], { stdio: 'pipe' });
    let told = Buffer.alloc(0);
    while (!told.includes(0x0a)) {
      const [bytes] = (await once(child.stdout, 'data')) as [Buffer];
      told = Buffer.concat([told, bytes]);
    }
    const end = told.indexOf(0x0a);
    return new Terminal(child, told.subarray(0, end).toString(), told.subarray(end + 1), receive);
  }

  write(bytes: Uint8Array): void {
    this.child.stdin.write(bytes);
  }

  async close(): Promise<void> {
    const gone = once(this.child, 'close');
    this.child.stdin.end();
    await gone;
  }
}

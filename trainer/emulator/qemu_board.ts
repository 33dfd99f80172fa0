/** Boards that QEMU emulates: the firmware's own binary for the real chip, its UART as a byte pipe or a pseudo-terminal. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { EmulatedBoard } from './emulated_board';
import { EmulatorMissingError, firmwareImage } from './firmware_image';

/** How QEMU is called for a board; the Debian package has the program's name, but for that of RISC-V. */
interface QemuMachine {
  readonly program: string;
  readonly package: string;
  readonly args: readonly string[];
}

const arm = (machine: string): QemuMachine => ({
  program: 'qemu-system-arm',
  package: 'qemu-system-arm',
  args: ['-M', machine],
});

export const QEMU_MACHINES: Readonly<Record<string, QemuMachine>> = {
  stm32f405: arm('netduinoplus2'),
  stm32f100: arm('stm32vldiscovery'),
  nrf51: arm('microbit'),
  riscv32: {
    program: 'qemu-system-riscv32',
    package: 'qemu-system-misc',
    // Only what an ESP32-C3 has: integers, multiplication, short instructions.
    args: ['-M', 'virt', '-bios', 'none', '-cpu', 'rv32,a=off,f=off,d=off'],
  },
};

function machineOf(board: string): QemuMachine {
  const machine = QEMU_MACHINES[board];
  if (machine === undefined)
    throw new Error(
      `QEMU has no machine for ${board}; it has one for ${Object.keys(QEMU_MACHINES).join(', ')}`,
    );
  return machine;
}

const missing = ({ program, package: name }: QemuMachine): EmulatorMissingError =>
  new EmulatorMissingError(`${program} is not installed; on Debian and Ubuntu: apt install ${name}`);

export interface QemuOptions {
  /** One of QEMU_MACHINES. */
  readonly board: string;
  /**
   * 'pipe' (default): bytes through this object. 'pty': through a pseudo-terminal, whose path `device` then is, for
   * whoever wants a real serial port.
   */
  readonly serial?: 'pipe' | 'pty';
  /** One instruction takes 2^N ns of emulated time (QEMU's -icount), the same run every time; default: host time. */
  readonly instructionShift?: number;
  /** Firmware image; default: the one built for the board. */
  readonly image?: string;
  /** Time QEMU may take to offer the pseudo-terminal, in milliseconds. Default 10 000. */
  readonly startTimeoutMs?: number;
}

/** Throws EmulatorMissingError when there is no QEMU for the board here. */
export function requireQemu(board: string): void {
  const machine = machineOf(board);
  if (spawnSync(machine.program, ['--version'], { stdio: 'ignore' }).error !== undefined)
    throw missing(machine);
}

/** Emulators that run now: none may outlive this process. */
const running = new Set<ChildProcessWithoutNullStreams>();
let watchingExit = false;

const STOP_PATIENCE_MS = 2000;

export class QemuBoard extends EmulatedBoard {
  /** Path of the pseudo-terminal; '' with a pipe. */
  readonly device: string;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<void>;

  private constructor(child: ChildProcessWithoutNullStreams, ended: Promise<void>, device: string) {
    super();
    this.child = child;
    this.ended = ended;
    this.device = device;
  }

  /** Rejects with EmulatorMissingError when QEMU or the firmware is not there, with QEMU's own words when it refuses. */
  static async start(options: QemuOptions): Promise<QemuBoard> {
    const machine = machineOf(options.board);
    const image = options.image ?? firmwareImage(options.board, 'elf');
    const pty = options.serial === 'pty';
    const child = spawn(machine.program, [
      ...machine.args,
      ...['-kernel', image, '-display', 'none', '-monitor', 'none'],
      ...['-serial', pty ? 'pty' : 'stdio'],
      ...(options.instructionShift === undefined ? [] : ['-icount', `shift=${options.instructionShift}`]),
    ]);
    let words = '';
    child.stderr.on('data', (text: Buffer) => {
      words = (words + text.toString()).slice(-2000);
    });
    // A write to a QEMU that has just ended is not worth more than its end, which 'exit' reports.
    child.stdin.on('error', () => undefined);
    let failure: Error | undefined;
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        failure = error.code === 'ENOENT' ? missing(machine) : error;
        resolve();
      });
      child.once('exit', (code, signal) => {
        running.delete(child);
        failure ??= new Error(
          `QEMU ended (${signal ?? `exit code ${code}`}): ${words.trim() || 'it said nothing'}`,
        );
        resolve();
      });
    });
    const started = new Promise<void>((resolve) => child.once('spawn', () => resolve()));
    await Promise.race([started, ended]);
    if (failure !== undefined) throw failure;
    killAtExit(child);
    const device = pty ? await announcedDevice(child, ended, options.startTimeoutMs ?? 10_000) : '';
    if (failure !== undefined) throw failure;
    const board = new QemuBoard(child, ended, device);
    if (!pty) child.stdout.on('data', (bytes: Buffer) => board.emit('data', bytes));
    void ended.then(() => board.emit('close', failure));
    return board;
  }

  write(bytes: Uint8Array): void {
    if (this.child.stdin.writable) this.child.stdin.write(bytes);
  }

  async close(): Promise<void> {
    await stop(this.child, this.ended);
  }
}

function killAtExit(child: ChildProcessWithoutNullStreams): void {
  running.add(child);
  if (watchingExit) return;
  watchingExit = true;
  process.once('exit', () => {
    for (const each of running) each.kill('SIGKILL');
  });
}

async function stop(child: ChildProcessWithoutNullStreams, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}

/** QEMU prints "char device redirected to /dev/pts/3 (label serial0)". */
async function announcedDevice(
  child: ChildProcessWithoutNullStreams,
  ended: Promise<void>,
  timeoutMs: number,
): Promise<string> {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  const announced = new Promise<string>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`QEMU offered no pseudo-terminal within ${timeoutMs} ms`)),
      timeoutMs,
    );
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const match = /redirected to (\S+)/.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
  });
  try {
    return await Promise.race([announced, ended.then(() => '')]);
  } catch (error) {
    await stop(child, ended);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

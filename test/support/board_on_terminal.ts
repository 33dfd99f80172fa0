/** A virtual board at the end of a pseudo-terminal, for a master that opens it as a serial port. */
import { execFileSync } from 'node:child_process';
import { type LineSettings, sameLine } from '../../trainer';
import type { VirtualBoard } from '../../trainer/virtual';
import { Terminal } from './terminal';

interface Ends {
  /** Takes the bytes that come while the board is off: the boot loader that its firmware has left for. */
  readonly rom?: (bytes: Uint8Array) => void;
  /** Under other settings than the master's nobody hears anybody. */
  readonly settings?: boolean;
}

export class BoardOnTerminal {
  readonly terminal: Terminal;
  private readonly timer: NodeJS.Timeout;

  private constructor(terminal: Terminal, timer: NodeJS.Timeout) {
    this.terminal = terminal;
    this.timer = timer;
  }

  static async open(board: VirtualBoard, { rom, settings = false }: Ends = {}): Promise<BoardOnTerminal> {
    const heard = (): boolean =>
      !settings || (board.line !== undefined && sameLine(board.line, settingsOf(terminal.path)));
    const terminal = await Terminal.open((bytes) => {
      if (!board.powered) rom?.(bytes);
      else if (heard()) board.receive(bytes);
    });
    const timer = setInterval(() => {
      const answer = board.poll(100);
      if (answer !== undefined && heard()) terminal.write(answer);
    }, 1);
    return new BoardOnTerminal(terminal, timer);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.terminal.close();
  }
}

/** What a master has set; a pseudo-terminal forgets parity. */
function settingsOf(path: string): LineSettings {
  const said = execFileSync('stty', ['-a', '-F', path], { encoding: 'utf8' });
  return {
    baudRate: Number(/speed (\d+) baud/.exec(said)?.[1]),
    parity: 'none',
    stopBits: /(?:^|\s)cstopb\b/.test(said) ? 2 : 1,
  };
}

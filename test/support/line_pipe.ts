/** A virtual board at the end of a serial line, and a master whose settings may be others: then neither hears the other. */
import { EventEmitter } from 'node:events';
import { type LineSettings, type RtuPipe, sameLine } from '../../trainer';
import type { VirtualBoard } from '../../trainer/virtual';

export class LinePipe extends EventEmitter implements RtuPipe {
  private readonly timer: NodeJS.Timeout;

  constructor(board: VirtualBoard, master: LineSettings) {
    super();
    this.write = (bytes) => board.receive(bytes, master);
    this.timer = setInterval(() => {
      const answer = board.poll(100);
      if (answer !== undefined && board.line !== undefined && sameLine(board.line, master))
        this.emit('data', answer);
    }, 1);
  }

  readonly write: (bytes: Uint8Array) => void;

  close(): void {
    clearInterval(this.timer);
    this.removeAllListeners();
  }
}

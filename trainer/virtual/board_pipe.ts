/** A virtual board in this process as the far end of a bus: it receives a frame when it is written and works its jobs off in between. */
import { EventEmitter } from 'node:events';
import type { RtuPipe } from '../bus';
import type { VirtualBoard } from './board';

interface PipeEvents {
  data: [bytes: Uint8Array];
  close: [reason?: Error];
}

export class BoardPipe extends EventEmitter<PipeEvents> implements RtuPipe {
  protected readonly board: VirtualBoard;

  constructor(board: VirtualBoard) {
    super();
    this.board = board;
  }

  write(bytes: Uint8Array): void {
    this.receive(bytes);
  }

  /** The board gets the bytes and says something or nothing; then it does what there is to do. */
  protected receive(bytes: Uint8Array): void {
    const answer = this.board.exchange(bytes);
    setImmediate(() => {
      if (answer !== undefined) this.say(answer);
      this.board.runUntilIdle();
    });
  }

  protected say(bytes: Uint8Array): void {
    this.emit('data', bytes);
  }

  close(): void {
    this.removeAllListeners();
  }
}

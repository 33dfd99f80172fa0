/** One virtual wire inside its thread: boards that receive bytes, answer and work. */
import type { MessagePort } from 'node:worker_threads';
import { VirtualBoard, type VirtualBoardOptions } from './board';
import type { FromWire, ToWire } from './messages';

/** Rounds between two looks at the clock. */
const ROUNDS = 32;
/** Rounds that take in what arrived and answer it. */
const ANSWER_ROUNDS = 2;
/** Boards that only wait for an expiry or a save look after it so often, in milliseconds of their own clock. */
const IDLE_TICK_MS = 250;
/** A board in whose line a frame is unfinished looks so often, and no board more often, in milliseconds. */
const LEAST_TICK_MS = 20;

export class WireInThread {
  private readonly port: MessagePort;
  private readonly changed: () => void;
  private readonly idleTickMs: number;
  private boards: readonly VirtualBoard[] = [];
  closed = false;

  /** @param changed a message arrived, so that there may be work; or the wire has closed */
  constructor(options: readonly VirtualBoardOptions[], port: MessagePort, changed: () => void) {
    this.port = port;
    this.changed = changed;
    const fastest = Math.max(...options.map(({ speed = 1 }) => speed));
    this.idleTickMs = Math.max(LEAST_TICK_MS, IDLE_TICK_MS / fastest);
    port.on('message', (message: ToWire) => this.guarded(() => this.receive(message)));
    this.guarded(() => {
      const started: VirtualBoard[] = [];
      this.boards = started;
      for (const option of options) started.push(new VirtualBoard(option));
      this.say({ kind: 'started' });
    });
  }

  /** Whether there is work to do now. */
  get busy(): boolean {
    return this.boards.some((board) => board.busy);
  }

  /** Time until it must run although nothing happens, in milliseconds. */
  get tickMs(): number {
    return this.boards.some((board) => board.pending > 0) ? LEAST_TICK_MS : this.idleTickMs;
  }

  /** One stretch of work on every board; `all`: also those that are not busy. */
  run(all: boolean): void {
    this.guarded(() => {
      for (const board of this.boards)
        if (all || board.busy) this.answer(board.poll(board.busy ? ROUNDS : ANSWER_ROUNDS));
    });
  }

  private receive(message: ToWire): void {
    switch (message.kind) {
      case 'bytes':
        for (const board of this.boards) {
          board.receive(message.bytes);
          this.answer(board.poll(ANSWER_ROUNDS));
        }
        break;
      case 'exchange': {
        let frame: Uint8Array | undefined;
        for (const board of this.boards) frame = board.exchange(message.frame) ?? frame;
        this.say({ kind: 'answer', id: message.id, frame });
        break;
      }
      case 'power':
        this.say({ kind: 'power-done', id: message.id, ...this.changePower(message) });
        break;
      case 'state':
        this.say({
          kind: 'state',
          id: message.id,
          boards: this.boards.map(({ powered, unit, busy, clockMs, starts, actuation }) => {
            return { powered, unit, busy, clockMs, starts, actuation };
          }),
        });
        break;
      case 'close':
        this.close();
        return;
    }
    this.changed();
  }

  private changePower({ board, change }: Extract<ToWire, { kind: 'power' }>): { error?: Error } {
    const target = this.boards[board];
    if (target === undefined) return { error: new RangeError(`there is no board ${board} on this wire`) };
    if (change.action === 'cut-after') target.powerCutAfter(change.bytes);
    else if (change.action === 'cut') target.powerCut();
    else target.restart();
    return {};
  }

  private answer(bytes: Uint8Array | undefined): void {
    if (bytes !== undefined) this.say({ kind: 'data', bytes });
  }

  private say(message: FromWire): void {
    this.port.postMessage(message);
  }

  /** What breaks here ends this wire and no other. */
  private guarded(work: () => void): void {
    if (this.closed) return;
    try {
      work();
    } catch (error) {
      this.say({ kind: 'failed', error: error as Error });
      this.close();
    }
  }

  private close(): void {
    this.closed = true;
    const { boards } = this;
    this.boards = [];
    for (const board of boards) board.close();
    this.port.close();
    this.changed();
  }
}

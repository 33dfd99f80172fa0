/** Virtual trainers on one virtual wire: the firmware in a thread beside this one, as a pipe of RTU bytes. */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type RtuPipe, reasonOf } from '../bus';
import { text, WordedError } from '../text';
import type { VirtualBoardOptions } from './board';
import { requireFirmware } from './firmware';
import type { BoardState, FromWire, PowerSwitch, ToWire } from './messages';
import { openInThread } from './threads';

/** Options of one board; in a thread the clock is always the real one, times `speed`. */
export type VirtualTrainerOptions = Omit<VirtualBoardOptions, 'clock'>;

interface PipeEvents {
  data: [bytes: Uint8Array];
  close: [reason?: Error];
}

/** The virtual wire was closed, or its thread ended by itself. */
export class VirtualTrainerClosedError extends WordedError {
  readonly code = 'VIRTUAL_CLOSED';

  /** @param reason why it ended by itself; undefined = it was closed */
  constructor(reason?: Error) {
    super(
      reason === undefined ? text('virtual.closed') : text('virtual.died', { reason: reasonOf(reason) }),
      { cause: reason },
    );
  }
}

interface Waiting {
  resolve(message: FromWire): void;
  reject(error: Error): void;
}

export class VirtualTrainer extends EventEmitter<PipeEvents> implements RtuPipe {
  private readonly port: MessagePort;
  private readonly waiting = new Map<number, Waiting>();
  /** Resolves when it runs no longer: undefined when it was closed, else why it ended by itself. */
  readonly ended: Promise<VirtualTrainerClosedError | undefined>;
  private readonly started: Promise<void>;
  private nextId = 1;
  private open = true;
  private failure: Error | undefined;

  private constructor(boards: readonly VirtualTrainerOptions[]) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    let begun = (): void => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    port1.on('message', (message: FromWire) => {
      if (message.kind === 'started') begun();
      else this.take(message);
    });
    this.ended = new Promise((resolve) => {
      let finished = false;
      const finish = (): void => {
        if (finished) return;
        finished = true;
        release();
        this.end();
        resolve(this.failure === undefined ? undefined : new VirtualTrainerClosedError(this.failure));
      };
      const release = openInThread(boards, port2, (reason) => {
        this.failure ??= reason;
        port1.close();
        finish();
      });
      port1.once('close', () => {
        // A port that closes unasked and without a reason belongs to a thread that is ending: it will say why.
        if (!this.open || this.failure !== undefined) finish();
      });
    });
    this.started = Promise.race([
      running,
      this.ended.then(() => {
        throw this.failure ?? new VirtualTrainerClosedError();
      }),
    ]);
  }

  /**
   * Switches on one board, or several on one wire (with different unit ids).
   * @throws FirmwareMissingError, or an Error that names the option or file at fault
   */
  static async start(
    options: VirtualTrainerOptions | readonly VirtualTrainerOptions[] = {},
  ): Promise<VirtualTrainer> {
    const boards = Array.isArray(options)
      ? (options as readonly VirtualTrainerOptions[])
      : [options as VirtualTrainerOptions];
    if (boards.length === 0) throw new RangeError('a virtual wire needs at least one board');
    requireFirmware();
    const trainer = new VirtualTrainer(boards);
    await trainer.started;
    return trainer;
  }

  /** Bytes of a request, in any pieces. Answers come as 'data'. */
  write(bytes: Uint8Array): void {
    this.post({ kind: 'bytes', bytes });
  }

  /**
   * One request to its answer, past the pipe.
   * @param frame whole RTU frame with CRC
   * @returns the answer's frame; undefined when no board answers (broadcast, no such unit, switched off)
   */
  async exchange(frame: Uint8Array): Promise<Uint8Array | undefined> {
    const answer = await this.ask((id) => ({ kind: 'exchange', id, frame }));
    return answer.kind === 'answer' ? answer.frame : undefined;
  }

  /** Every board of the wire, in order. */
  async boards(): Promise<readonly BoardState[]> {
    const answer = await this.ask((id) => ({ kind: 'state', id }));
    return answer.kind === 'state' ? answer.boards : [];
  }

  /** Switches a board off, at once. */
  powerCut(board = 0): Promise<void> {
    return this.switchPower(board, { action: 'cut' });
  }

  /** Cuts a board's power in the middle of a write to its memory, after so many more bytes. */
  powerCutAfter(bytes: number, board = 0): Promise<void> {
    return this.switchPower(board, { action: 'cut-after', bytes });
  }

  /** Switches a board off (when it was on) and on again; its non-volatile memory stays. */
  restart(board = 0): Promise<void> {
    return this.switchPower(board, { action: 'restart' });
  }

  /** Switches everything off; resolves when that is done and the files are free. Idempotent. */
  async close(): Promise<void> {
    if (this.open) this.post({ kind: 'close' });
    this.open = false;
    await this.ended;
  }

  private async switchPower(board: number, change: PowerSwitch): Promise<void> {
    const answer = await this.ask((id) => ({ kind: 'power', id, board, change }));
    if (answer.kind === 'power-done' && answer.error !== undefined) throw answer.error;
  }

  private post(message: ToWire): void {
    if (this.open) this.port.postMessage(message);
  }

  private ask(message: (id: number) => ToWire): Promise<FromWire> {
    if (!this.open) return Promise.reject(new VirtualTrainerClosedError(this.failure));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post(message(id));
    });
  }

  private take(message: FromWire): void {
    if (message.kind === 'failed') {
      this.failure = message.error;
    } else if (message.kind === 'data') {
      if (this.open) this.emit('data', message.bytes);
    } else if ('id' in message) {
      this.waiting.get(message.id)?.resolve(message);
      this.waiting.delete(message.id);
    }
  }

  private end(): void {
    this.open = false;
    for (const { reject } of this.waiting.values()) reject(new VirtualTrainerClosedError(this.failure));
    this.waiting.clear();
    this.emit('close', this.failure);
  }
}

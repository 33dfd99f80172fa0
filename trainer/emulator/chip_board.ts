/** A chip that is emulated inside this process: gives it time in slices, keeps its clock honest, carries its bytes. */
import { type LineSettings, sameLine } from '../bus';
import { EmulatedBoard } from './emulated_board';

/** Longest time to compute before others in this process get their turn, in milliseconds. */
const SLICE_MS = 4;
/** Longest sleep of an idle board, and most emulated time it makes up for afterwards, in milliseconds. */
const IDLE_MS = 4;
/** Steps between two looks at the real clock; a power of two. */
const STEPS = 1024;

export abstract class ChipBoard extends EmulatedBoard {
  /** Settings of who is at the other end of the line; others than the board's, and neither hears the other. Default: always the board's. */
  farEnd: LineSettings | undefined;
  /** Bytes on their way, and the settings that they were sent under. */
  private readonly received: { readonly byte: number; readonly from: LineSettings | undefined }[] = [];
  private sent: number[] = [];
  private sleeping = false;
  private idleSince = 0;
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private closed = false;
  private restarts = false;
  private left = false;
  private bytesUnderWay = false;

  /** Whether its boot loader runs, and so no firmware, until the power is cut. */
  get inBootLoader(): boolean {
    return this.left;
  }

  /** Cuts the power and gives it back; what is non-volatile stays. */
  powerCycle(): void {
    const { left } = this;
    this.received.length = 0;
    this.bytesUnderWay = false;
    this.left = false;
    this.powerUp();
    if (left) this.begin();
  }

  write(bytes: Uint8Array): void {
    if (this.closed || this.left) return;
    const { farEnd: from } = this;
    for (const byte of bytes) this.received.push({ byte, from });
    if (!this.bytesUnderWay) this.feedNext();
    // An idle board sleeps in this process too.
    this.reschedule();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer as NodeJS.Timeout);
    clearImmediate(this.timer as NodeJS.Immediate);
    this.emit('close');
  }

  /** A new chip, as after a reset; its peripherals call `transmitted` and `restart`. */
  protected abstract powerUp(): void;
  /** Executes one instruction; returns the emulated time that it took, in nanoseconds. */
  protected abstract step(): number;
  /** Whether the core sleeps until an interrupt. */
  protected abstract asleep(): boolean;
  /** Emulated time to the next thing that happens by itself, in nanoseconds. */
  protected abstract untilNext(): number;
  /** Lets that much emulated time go by. */
  protected abstract skip(nanoseconds: number): void;
  /** Settings of the UART, as its registers have them. */
  abstract get line(): LineSettings;
  /** Gives the UART a byte that arrives after the time that a byte takes, undefined = none; then it calls `arrived`. */
  protected abstract feed(byte: number | undefined, arrived: () => void): void;

  protected begin(): void {
    this.timer = setImmediate(() => this.run(performance.now()));
  }

  protected readonly transmitted = (byte: number): void => {
    if (this.agrees(this.farEnd)) this.sent.push(byte);
  };

  protected readonly restart = (): void => {
    this.restarts = true;
  };

  protected readonly leaves = (): void => {
    this.left = true;
  };

  /** Bytes arrive at the line's speed in emulated time: the silence between frames is as on a wire. */
  private feedNext(): void {
    const next = this.received.shift();
    this.bytesUnderWay = next !== undefined;
    if (next === undefined) return;
    // Under other settings it is noise; its time goes by all the same.
    this.feed(this.agrees(next.from) ? next.byte : undefined, () => this.feedNext());
  }

  private agrees(farEnd: LineSettings | undefined): boolean {
    return farEnd === undefined || sameLine(farEnd, this.line);
  }

  private reschedule(): void {
    if (this.closed || !this.sleeping) return;
    this.sleeping = false;
    clearTimeout(this.timer as NodeJS.Timeout);
    this.timer = setImmediate(() => this.run(this.idleSince));
  }

  /** One slice. `since`: when the emulated clock last stood still, so that an idle board's clock follows the real one. */
  private run(since: number): void {
    const start = performance.now();
    let budgetNs = Math.min(start - since, IDLE_MS) * 1e6;
    let idle = false;
    for (let count = 1; !this.restarts && !this.left; count++) {
      if (this.asleep()) {
        const wait = this.untilNext();
        if (wait > budgetNs && !this.bytesUnderWay) {
          idle = true;
          break;
        }
        budgetNs -= wait;
        this.skip(wait);
      } else {
        budgetNs -= this.step();
      }
      if ((count & (STEPS - 1)) === 0 && performance.now() - start > SLICE_MS) break;
    }
    if (this.sent.length > 0) {
      const bytes = Uint8Array.from(this.sent);
      this.sent = [];
      this.emit('data', bytes);
    }
    if (this.restarts) {
      this.restarts = false;
      this.powerCycle();
    }
    if (this.left) this.emit('left');
    if (this.closed || this.left) return;
    if (idle) {
      this.sleeping = true;
      this.idleSince = performance.now();
      this.timer = setTimeout(() => {
        this.sleeping = false;
        this.run(this.idleSince);
      }, 1);
    } else {
      this.timer = setImmediate(() => this.run(performance.now()));
    }
  }
}

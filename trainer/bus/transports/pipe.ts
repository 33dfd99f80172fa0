/** An in-process byte pipe that speaks RTU: the virtual trainer, a test bench, any stream of one's own. */
import { text } from '../../text';
import { type Transport, TransportAbandoned, TransportError, type TransportEvents } from './transport';

/** The far end of a pipe. Bytes of one call need not be one frame. */
export interface RtuPipe {
  /** Takes bytes of a request. The array may be kept by the callee. */
  write(bytes: Uint8Array): void;
  /** Bytes of a reply. */
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  /** The far end is gone (worker ended, stream closed); optional error as the reason. */
  on(event: 'close', listener: (reason?: Error) => void): unknown;
  /** Ends the pipe; 'close' may follow. */
  close(): void | Promise<void>;
}

/** Makes a fresh pipe: called when the bus opens and again whenever the pipe was lost. */
export type PipeFactory = () => RtuPipe | Promise<RtuPipe>;

export class PipeTransport implements Transport {
  readonly framing = 'rtu';
  readonly mayRest = false;
  private readonly connect: PipeFactory;
  private pipe: RtuPipe | undefined;
  private closed = false;

  constructor(connect: PipeFactory) {
    this.connect = connect;
  }

  async open(events: TransportEvents): Promise<void> {
    const pipe = await this.connect();
    if (this.closed) {
      await pipe.close();
      throw new TransportAbandoned();
    }
    this.pipe = pipe;
    pipe.on('data', (bytes) => {
      if (!this.closed) events.data(bytes);
    });
    pipe.on('close', (reason) => {
      if (this.closed || this.pipe === undefined) return;
      this.pipe = undefined;
      events.lost(reason ?? new TransportError(text('bus.reason.pipeClosed')));
    });
  }

  write(frame: Uint8Array): void {
    this.pipe?.write(frame);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.pipe?.close();
  }
}

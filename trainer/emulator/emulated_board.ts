/** A running emulated board, as a pipe of RTU bytes. */
import { EventEmitter } from 'node:events';
import type { RtuPipe } from '../bus';

interface PipeEvents {
  data: [bytes: Uint8Array];
  close: [reason?: Error];
  /** Its firmware has started the boot loader of the chip. */
  left: [];
}

export abstract class EmulatedBoard extends EventEmitter<PipeEvents> implements RtuPipe {
  /** Bytes towards the board's UART. */
  abstract write(bytes: Uint8Array): void;
  /** Switches the board off; resolves when nothing of it runs any more. */
  abstract close(): Promise<void>;
}

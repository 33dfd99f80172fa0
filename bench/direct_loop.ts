/**
 * A trainer in this process without a bus: request frames go straight into the virtual board and answers straight out, so that millions of
 * decisions can be simulated. The frames are those of any master (FC 23 and 16); the definition is deployed by the typed client.
 */
import { BoardPipe } from '../test/support/board_pipe';
import { openBus, Trainer, type TrainerDefinition } from '../trainer';
import { sealFrame } from '../trainer/bus/crc16';
import { Blocks, FeedbackKind, Registers } from '../trainer/contract/contract.generated';
import { type CompleteDefinition, parseDefinition } from '../trainer/definition';
import { featureWords } from '../trainer/device/features';
import { RegisterWindow } from '../trainer/device/registers';
import { firmwarePlanner, VirtualBoard } from '../trainer/virtual';

const UNIT = 1;
const READ_WRITE = 23;
const TICKETS = 65_535;

export interface DirectDecision {
  readonly ticket: number;
  readonly classIndex: number;
  readonly actuation: number;
  /** 0..1. */
  readonly confidence: number;
  /** Code of decided_by. */
  readonly by: number;
}

let wires = 0;

export class DirectLoop {
  private ticket = 0;

  private constructor(
    readonly board: VirtualBoard,
    readonly definition: CompleteDefinition,
  ) {}

  /** A fresh board with the definition; `prepare` may use the typed client before the loop begins. */
  static async start(
    definition: TrainerDefinition,
    prepare?: (trainer: Trainer) => Promise<void>,
  ): Promise<DirectLoop> {
    const board = new VirtualBoard({ clock: 'manual' });
    const bus = openBus({
      kind: 'virtual',
      id: `direct ${++wires}`,
      connect: async () => new BoardPipe(board),
    });
    try {
      const trainer = new Trainer(bus, { unit: UNIT, planner: await firmwarePlanner() });
      await trainer.deploy(definition);
      await prepare?.(trainer);
    } finally {
      await bus.close();
    }
    const loop = new DirectLoop(board, parseDefinition(definition));
    loop.ticket = 30_000; // past those of the preparation
    return loop;
  }

  infer(features: readonly number[]): DirectDecision {
    this.ticket = (this.ticket % TICKETS) + 1;
    const words = [this.ticket, ...featureWords(this.definition, features)];
    const window = this.readWrite(Blocks.decision, Registers.ticket.address, words);
    if (window.number('decisionTicket') !== this.ticket) throw new Error('another decision was answered');
    return {
      ticket: this.ticket,
      classIndex: window.number('decisionClass'),
      actuation: window.number('actuation'),
      confidence: window.number('confidence') / 1000,
      by: window.number('decidedBy'),
    };
  }

  /** Class that each voice proposed for the last decision; 65535 = nothing. */
  proposed(): readonly number[] {
    return this.voices().numbers('proposed');
  }

  /** What would have been right; returns when the board has done what there is to do. */
  label(ticket: number, classIndex: number, kind: FeedbackKind = FeedbackKind.LABEL): void {
    this.settle(); // a lesson is refused while a job holds the data set
    this.readWrite(Blocks.feedback, Blocks.feedback.address, [ticket, kind, classIndex]);
    this.settle();
  }

  settle(): void {
    this.board.runUntilIdle();
  }

  voices(): RegisterWindow {
    return this.read(Blocks.voices);
  }

  status(): RegisterWindow {
    return this.read(Blocks.status);
  }

  /** A block of registers. */
  read(block: { readonly address: number; readonly words: number }): RegisterWindow {
    return this.readWrite(block, undefined, []);
  }

  close(): void {
    this.board.close();
  }

  private readWrite(
    read: { readonly address: number; readonly words: number },
    writeAt: number | undefined,
    words: readonly number[],
  ): RegisterWindow {
    const frame = new Uint8Array(writeAt === undefined ? 8 : 13 + 2 * words.length);
    const view = new DataView(frame.buffer);
    frame[0] = UNIT;
    frame[1] = writeAt === undefined ? 3 : READ_WRITE;
    view.setUint16(2, read.address);
    view.setUint16(4, read.words);
    if (writeAt !== undefined) {
      view.setUint16(6, writeAt);
      view.setUint16(8, words.length);
      frame[10] = 2 * words.length;
      for (const [i, word] of words.entries()) view.setUint16(11 + 2 * i, word);
    }
    const answer = this.board.exchange(sealFrame(frame));
    if (answer === undefined || (answer[1] as number) >= 128)
      throw new Error(
        `the board refused a request: ${answer === undefined ? 'silence' : `exception ${answer[2]}`}`,
      );
    const values = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
    return new RegisterWindow(
      read.address,
      Array.from({ length: read.words }, (_, i) => values.getUint16(3 + 2 * i)),
    );
  }
}

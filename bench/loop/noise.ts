/**
 * A bad wire between the bus and a board, beside a twin of the board that is asked the same without noise: what the client makes of it must
 * be what the twin says, and nothing may happen twice.
 */
import { BusError, openBus, ProtocolError, Trainer } from '../../trainer';
import { VirtualBoard } from '../../trainer/virtual';
import { BoardPipe } from './board_pipe';
import { generator, LOOP, pointOf, teachAndTrain, truthOf } from './problem';

/** Shares of bytes that are corrupted, of frames that get lost and that come late, in both directions. */
const CORRUPTED = 0.01;
const LOST = 0.005;
const LATE = 0.005;
/** Of the bus under test: short, since the board answers at once. */
const RESPONSE_TIMEOUT_MS = 8;
/** Later than the time-out, within the window in which a late answer is recognised. */
const LATE_MS = 12;
const RETRIES = 12;

export interface Noise {
  readonly transactions: number;
  readonly completed: number;
  /** Answers that were not the twin's. */
  readonly wrongValues: number;
  /** Inferences, judgements and stitched samples that the board counted and nobody asked for. */
  readonly duplicateEffects: number;
  readonly framesSent: number;
  readonly framesBad: number;
}

class NoisyPipe extends BoardPipe {
  noisy = false;
  readonly random: () => number;
  framesSent = 0;
  framesBad = 0;

  constructor(board: VirtualBoard, random: () => number) {
    super(board);
    this.random = random;
  }

  override write(bytes: Uint8Array): void {
    this.framesSent++;
    this.spoil(bytes, (spoiled) => this.hear(spoiled));
  }

  protected override say(bytes: Uint8Array): void {
    this.spoil(bytes, (spoiled) => super.say(spoiled));
  }

  private spoil(bytes: Uint8Array, pass: (bytes: Uint8Array) => void): void {
    if (!this.noisy) {
      pass(bytes);
      return;
    }
    const { random } = this;
    const lot = random();
    let damaged = lot < LOST + LATE;
    const spoiled = bytes.map((byte) => {
      if (random() >= CORRUPTED) return byte;
      damaged = true;
      return byte ^ (1 + Math.floor(random() * 255));
    });
    if (damaged) this.framesBad++;
    if (lot < LOST) return;
    if (lot < LOST + LATE) setTimeout(() => pass(spoiled), LATE_MS);
    else pass(spoiled);
  }
}

let wires = 0;

/** `cycles` times a decision and its feedback. */
export async function noise(
  cycles: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Noise> {
  const random = generator(7);
  const noisy = new VirtualBoard({ clock: 'manual' });
  const twin = new VirtualBoard({ clock: 'manual' });
  const pipe = new NoisyPipe(noisy, generator(11));
  const id = `noise ${++wires}`;
  const tuning = {
    responseTimeoutMs: RESPONSE_TIMEOUT_MS,
    lateWindowMs: 2 * LATE_MS,
    drainMs: 2,
    frameGapMs: 4,
    // A noisy unit is no dead one.
    failuresUntilDead: 1000,
  };
  const bus = openBus({ kind: 'virtual', id, connect: async () => pipe, ...tuning });
  const quiet = openBus({ kind: 'virtual', id: `${id}, twin`, connect: async () => new BoardPipe(twin) });
  try {
    const trainer = new Trainer(bus, { unit: 1, retries: RETRIES });
    const reference = new Trainer(quiet, { unit: 1 });
    for (const one of [trainer, reference]) {
      await one.deploy(LOOP);
      await teachAndTrain(one, 40);
    }
    pipe.noisy = true;
    let [transactions, completed, wrongValues] = [0, 0, 0];
    for (let cycle = 0; cycle < cycles; cycle++) {
      const point = pointOf(random);
      const expected = await reference.infer(point);
      const label = truthOf(point);
      const verdict = await reference.feedback(expected.ticket, { label });
      transactions += 2;
      let ticket: number | undefined;
      const given = await attempt(() => trainer.infer(point));
      if (given !== undefined) {
        completed++;
        ticket = given.ticket;
        const same =
          given.classIndex === expected.classIndex &&
          given.actuation === expected.actuation &&
          given.confidence === expected.confidence &&
          given.generation === expected.generation;
        if (!same) wrongValues++;
      }
      const judged =
        ticket === undefined ? undefined : await attempt(() => trainer.feedback(ticket, { label }));
      if (judged !== undefined) {
        completed++;
        if (judged.judgement !== verdict.judgement || judged.truth !== verdict.truth) wrongValues++;
      }
      onProgress(transactions);
    }
    pipe.noisy = false;
    const [found, right] = [await trainer.status(), await reference.status()];
    const surplus = (a: number, b: number): number => Math.max(0, a - b);
    return {
      transactions,
      completed,
      wrongValues,
      duplicateEffects:
        surplus(found.inferences, right.inferences) +
        surplus(found.judged, right.judged) +
        surplus(found.stitched, right.stitched),
      framesSent: pipe.framesSent,
      framesBad: pipe.framesBad,
    };
  } finally {
    pipe.noisy = false;
    await bus.close();
    await quiet.close();
    noisy.close();
    twin.close();
  }
}

/** What could not be had after all retries; anything else is a fault of ours. */
async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BusError || error instanceof ProtocolError) return undefined;
    throw error;
  }
}

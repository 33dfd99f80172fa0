/**
 * A bad wire between the bus and a board, beside a twin of the board that is asked the same without noise: what the client makes of it must
 * be what the twin says, and nothing may happen twice.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { BoardPipe } from '../../test/support/board_pipe';
import { uniform } from '../../test/support/random';
import { BusError, openBus, ProtocolError, Trainer } from '../../trainer';
import { VirtualBoard } from '../../trainer/virtual';
import { LOOP, pointOf, teachAndTrain, truthOf } from './problem';

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
  /**
   * Inferences, judgements and stitched samples that the board counted and nobody asked for, or that it did not count although it
   * answered: the twin is told exactly what the board took, so that nothing that is missing can hide something that was done twice.
   */
  readonly duplicateEffects: number;
  /** What the requests that failed after all retries failed with, and how often. */
  readonly failures: Readonly<Record<string, number>>;
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
    this.spoil(bytes, (spoiled) => this.receive(spoiled));
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
  const random = uniform(7);
  const noisy = new VirtualBoard({ clock: 'manual' });
  const twin = new VirtualBoard({ clock: 'manual' });
  const pipe = new NoisyPipe(noisy, uniform(11));
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
  const clean = openBus({ kind: 'virtual', id: `${id}, tap`, connect: async () => new BoardPipe(noisy) });
  try {
    const trainer = new Trainer(bus, { unit: 1, retries: RETRIES });
    const reference = new Trainer(quiet, { unit: 1 });
    /** The board with the bad wire, past the wire. */
    const tap = new Trainer(clean, { unit: 1 });
    for (const client of [trainer, reference]) {
      await client.deploy(LOOP);
      await teachAndTrain(client, 40);
    }
    pipe.noisy = true;
    let [transactions, completed, wrongValues, duplicateEffects] = [0, 0, 0, 0];
    const failures: Record<string, number> = {};
    /** Differences that were told already, per counter. */
    const known: Record<string, number> = {};
    /** Undefined: it could not be had after all retries. Anything but a fault of the wire is a fault of ours. */
    const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      transactions++;
      try {
        const result = await work();
        completed++;
        return result;
      } catch (error) {
        if (!(error instanceof BusError || error instanceof ProtocolError)) throw error;
        const name = error instanceof BusError ? error.code : error.name;
        failures[name] = (failures[name] ?? 0) + 1;
        // Whatever of it is still on its way arrives, so that its effect is seen.
        await wait(2 * LATE_MS);
        return undefined;
      }
    };
    for (let cycle = 0; cycle < cycles; cycle++) {
      const point = pointOf(random);
      const label = truthOf(point);
      const given = await attempt(() => trainer.infer(point));
      // Asked for and not answered: whether the board decided is for its counter to tell.
      const decided =
        given !== undefined || (await tap.status()).inferences > (await reference.status()).inferences;
      const expected = decided ? await reference.infer(point) : undefined;
      if (
        given !== undefined &&
        expected !== undefined &&
        (given.classIndex !== expected.classIndex ||
          given.actuation !== expected.actuation ||
          given.confidence !== expected.confidence ||
          given.generation !== expected.generation)
      )
        wrongValues++;
      if (given !== undefined) {
        const judged = await attempt(() => trainer.feedback(given.ticket, { label }));
        const taken = judged !== undefined || (await tap.status()).judged > (await reference.status()).judged;
        const verdict = taken && expected ? await reference.feedback(expected.ticket, { label }) : undefined;
        if (
          judged !== undefined &&
          verdict !== undefined &&
          (judged.judgement !== verdict.judgement || judged.truth !== verdict.truth)
        )
          wrongValues++;
      } else {
        // A decision that never came cannot be judged.
        transactions++;
      }
      const [found, right] = [await tap.status(), await reference.status()];
      for (const counter of ['inferences', 'judged', 'satisfied', 'stitched', 'replaced'] as const) {
        const surplus = Math.abs(found[counter] - right[counter]);
        duplicateEffects += Math.max(0, surplus - (known[counter] ?? 0));
        known[counter] = Math.max(known[counter] ?? 0, surplus);
      }
      onProgress(transactions);
    }
    return {
      transactions,
      completed,
      wrongValues,
      duplicateEffects,
      failures,
      framesSent: pipe.framesSent,
      framesBad: pipe.framesBad,
    };
  } finally {
    pipe.noisy = false;
    for (const opened of [bus, quiet, clean]) await opened.close();
    noisy.close();
    twin.close();
  }
}

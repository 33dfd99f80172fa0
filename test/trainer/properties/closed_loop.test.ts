/**
 * The closed loop under anything that can happen to it: random sequences of decisions, judgements, repeats, trainings, rollbacks, faults,
 * saves, resets and power cuts, against a small model of it. What fails tells its seed and its last steps.
 */
import assert from 'node:assert/strict';
import { openBus, Trainer, type TrainerDefinition, TrainerError } from '../../../trainer';
import { Command, Registers } from '../../../trainer/contract/contract.generated';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';
import { randomBelow } from '../../support/random';
import { writeRequest } from '../virtual/frames';
import { type Mode, ReferenceLoop, Refused } from './reference_loop';

const SEQUENCES = 500;
const LENGTH = 80;
const CLASSES = ['a', 'b', 'c'] as const;
const RULES = {
  classes: CLASSES.length,
  defaultClass: 1,
  tickets: 4,
  capacity: 12,
  satisfactoryShare: 400,
  holdOutEvery: 3,
  accuracyWindow: 5,
  accuracyThreshold: 700,
};
const DEFINITION: TrainerDefinition = {
  name: 'properties',
  features: [
    // Stored as they are, in 8 bits.
    { name: 'x', min: -127, max: 127, scale: 1 },
    { name: 'y', min: -127, max: 127, scale: 1 },
  ],
  classes: CLASSES.map((label) => ({ label })),
  defaultClass: 'b',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label', tickets: RULES.tickets },
  stitching: {
    capacity: RULES.capacity,
    satisfactoryShare: RULES.satisfactoryShare / 1000,
    holdOutEvery: RULES.holdOutEvery,
  },
  // It never trains by itself: what it would do then is the board's own affair.
  training: {
    mode: 'manual',
    minNewSamples: 65_535,
    minSamples: 2,
    accuracyWindow: RULES.accuracyWindow,
    accuracyThreshold: RULES.accuracyThreshold / 1000,
  },
  save: { intervalSeconds: 3600 },
};

class Pair {
  readonly board = new VirtualBoard({
    arenaBytes: 8192,
    nvmBytes: 16_384,
    flash: { pageBytes: 512, writeBytes: 4 },
    clock: 'manual',
  });
  readonly trainer: Trainer;
  readonly reference = new ReferenceLoop(RULES);
  private readonly bus: ReturnType<typeof openBus>;
  private ticket = 100;
  private asked: { ticket: number; features: [number, number] }[] = [];
  private told: { ticket: number; kind: 'label' | 'override'; value: number }[] = [];
  private command = 20_000;
  private saves = 0;

  constructor(name: string) {
    const { board } = this;
    this.bus = openBus({ kind: 'virtual', id: name, connect: async () => new BoardPipe(board) });
    this.trainer = new Trainer(this.bus, { unit: 1 });
  }

  async begin(): Promise<void> {
    await this.trainer.deploy(DEFINITION);
    this.board.runUntilIdle();
    this.saves = (await this.trainer.status()).saves;
  }

  async close(): Promise<void> {
    await this.bus.close();
    this.board.close();
  }

  /** Both do it; both refuse it, for the same reason, or neither. */
  private async both<T>(board: () => Promise<T>, reference: (given: T | undefined) => void): Promise<void> {
    let given: T | undefined;
    let refused: string | undefined;
    try {
      given = await board();
    } catch (error) {
      if (!(error instanceof TrainerError)) throw error;
      refused = error.code;
    }
    let expected: string | undefined;
    try {
      reference(given);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      expected = error.code;
    }
    assert.equal(refused, expected);
  }

  private async infer(ticket: number, features: [number, number]): Promise<void> {
    let decided = -1;
    await this.both(
      async () => {
        decided = (await this.trainer.infer(features, { ticket })).classIndex;
      },
      () => this.reference.infer(ticket, features.join(), decided),
    );
  }

  private judge(ticket: number, kind: 'label' | 'override', value: number): Promise<void> {
    const label = CLASSES[value] as string;
    return this.both(
      () => this.trainer.feedback(ticket, kind === 'label' ? { label } : { override: label }),
      (verdict) => {
        const judgement = this.reference.judge(ticket, kind, value);
        if (verdict !== undefined) assert.equal(verdict.judgement, judgement);
      },
    );
  }

  private saveFrame(): void {
    this.board.exchange(
      writeRequest(1, Registers.commandArgument.address, 0, 0, Command.SAVE, ++this.command),
    );
    this.board.runUntilIdle();
  }

  /** One step; what it was, for the story of a failure. */
  async step(random: (below: number) => number): Promise<string> {
    const lot = random(100);
    const { trainer, reference } = this;
    const recent = this.asked.at(-1 - random(6));
    if (lot < 34 || recent === undefined) {
      const features: [number, number] = [random(255) - 127, random(255) - 127];
      const ticket = ++this.ticket;
      this.asked.push({ ticket, features });
      await this.infer(ticket, features);
      return `infer ${ticket}`;
    }
    if (lot < 40) {
      await this.infer(recent.ticket, recent.features);
      // It may have been forgotten, and is then a new decision under an old number.
      return `infer ${recent.ticket} again`;
    }
    if (lot < 43) {
      await this.infer(recent.ticket, [recent.features[0], -recent.features[1]]);
      return `infer ${recent.ticket} with other features`;
    }
    if (lot < 70) {
      const kind = random(3) === 0 ? 'override' : 'label';
      const value = random(CLASSES.length);
      this.told.push({ ticket: recent.ticket, kind, value });
      await this.judge(recent.ticket, kind, value);
      return `${kind} ${value} for ${recent.ticket}`;
    }
    if (lot < 75) {
      const last = this.told.at(-1 - random(3));
      if (last === undefined) return 'nothing';
      await this.judge(last.ticket, last.kind, last.value);
      return `${last.kind} ${last.value} for ${last.ticket} again`;
    }
    if (lot < 81) {
      await this.both(
        () => trainer.model.train(),
        (result) => {
          reference.beginTraining();
          if (result !== undefined) reference.endTraining(result.result === 'promoted');
        },
      );
      await this.keep();
      return 'train';
    }
    if (lot < 84) {
      await this.both(
        () => trainer.model.rollBack(),
        () => reference.rollBack(),
      );
      await this.keep();
      return 'roll back';
    }
    if (lot < 87) {
      const mode = (['manual', 'auto', 'frozen'] as const)[random(3)] as Mode;
      await trainer.setMode(mode);
      reference.setMode(mode);
      return `mode ${mode}`;
    }
    if (lot < 90) {
      const on = random(2) === 1;
      await trainer.process.setSensorFault(on);
      reference.setSensorFault(on);
      return `sensor fault ${on}`;
    }
    if (lot < 92) {
      const on = random(2) === 1;
      await trainer.process.setManualOverride(on);
      reference.setManualOverride(on);
      return `manual override ${on}`;
    }
    if (lot < 93) {
      await trainer.dataset.clear();
      reference.clear();
      await this.keep();
      return 'clear';
    }
    if (lot < 96) {
      this.saveFrame();
      reference.save();
      this.saves++;
      return 'save';
    }
    if (lot < 98) {
      this.board.restart();
      this.board.runUntilIdle();
      reference.restart();
      return 'reset';
    }
    const bytes = random(3000);
    this.board.powerCutAfter(bytes);
    this.saveFrame();
    this.board.powerCut();
    this.board.restart();
    this.board.runUntilIdle();
    // The board says itself which of the two states it came back with; that it is this one, whole, is what is compared.
    const { saves } = await trainer.status();
    assert.ok(saves === this.saves || saves === this.saves + 1, `${saves} saves after ${this.saves}`);
    if (saves > this.saves) reference.save();
    this.saves = saves;
    reference.restart();
    return `power cut ${bytes} bytes into a save: ${saves > this.saves ? 'new' : 'old'} state`;
  }

  /** The board saves a new generation, and that all samples are gone, by itself, with all that it knows. */
  private async keep(): Promise<void> {
    this.board.advance(1000);
    this.board.poll(1);
    this.board.runUntilIdle();
    const { saves } = await this.trainer.status();
    if (saves > this.saves) this.reference.save();
    this.saves = saves;
  }

  async compare(): Promise<void> {
    const { trainer } = this;
    const status = await trainer.status();
    const { perClass } = await trainer.dataset.summary();
    const window =
      status.windowAccuracy === undefined ? 0 : Math.round(status.windowAccuracy * status.windowFilled);
    assert.deepEqual(
      {
        inferences: status.inferences,
        judged: status.judged,
        satisfied: status.satisfied,
        stitched: status.stitched,
        replaced: status.replaced,
        trainings: status.trainings,
        promoted: status.promoted,
        rejected: status.rejected,
        rolledBack: status.rolledBack,
        sensorFault: status.discarded['sensor-fault'],
        manualOverride: status.discarded['manual-override'],
        generation: status.generation,
        previousGeneration: status.previousGeneration,
        mode: status.mode,
        samplesStored: status.samplesStored,
        samplesNew: status.samplesNew,
        samplesHeldOut: status.samplesHeldOut,
        perClass: perClass.map(({ count }) => count),
        ticketsPending: status.ticketsPending,
        window: [status.windowFilled, window],
      },
      this.reference.view,
    );
  }
}

/** The first `length` steps of a sequence; throws with its story. */
async function play(seed: number, length: number): Promise<void> {
  const pair = new Pair(`property ${seed}, ${length}`);
  const story: string[] = [];
  try {
    await pair.begin();
    const random = randomBelow(seed);
    for (let step = 0; step < length; step++) {
      try {
        story.push(await pair.step(random));
        await pair.compare();
      } catch (error) {
        throw new Error(
          `seed ${seed}, step ${step + 1}: ${(error as Error).message}\nthe last steps: ${story.slice(-12).join('; ')}`,
        );
      }
    }
  } finally {
    await pair.close();
  }
}

describe('closed loop, random sequences against a model of it', () => {
  it(`${SEQUENCES} of ${LENGTH} steps: the same answers, counters and states`, async function () {
    this.timeout(120_000);
    for (let seed = 1; seed <= SEQUENCES; seed++) await play(seed * 7919, LENGTH);
  });
});

/**
 * Power cuts in the real store code. A board saves many times; each save is done over again with the power cut at every boundary of a
 * write or an erase, in the middle of every erase and at every byte of the slot's header. What the board comes back with must be the state
 * before the save or the one after it, whole.
 */
import { createHash } from 'node:crypto';
import { BoardPipe } from '../../test/support/board_pipe';
import { runCTest } from '../../test/support/c';
import { uniform } from '../../test/support/random';
import { writeRequest } from '../../test/trainer/virtual/frames';
import { openBus, Trainer } from '../../trainer';
import { Command, Registers } from '../../trainer/contract/contract.generated';
import { VirtualBoard, type VirtualBoardOptions } from '../../trainer/virtual';
import { LOOP, pointOf, teachAndTrain, truthOf } from './problem';

const HEADER_BYTES = 32;

export interface PowerFail {
  readonly points: number;
  /** Cuts after which the state was neither the old one nor the new one. */
  readonly lost: number;
  readonly cameBackOld: number;
  readonly cameBackNew: number;
}

let wires = 0;

class Bench {
  readonly board: VirtualBoard;
  readonly trainer: Trainer;
  private readonly bus: ReturnType<typeof openBus>;
  private command = 30_000;

  constructor(options: VirtualBoardOptions) {
    this.board = new VirtualBoard({ ...options, clock: 'manual' });
    const { board } = this;
    this.bus = openBus({
      kind: 'virtual',
      id: `power fail ${++wires}`,
      connect: async () => new BoardPipe(board),
      responseTimeoutMs: 200,
    });
    this.trainer = new Trainer(this.bus, { unit: 1 });
  }

  close(): Promise<void> {
    this.board.close();
    return this.bus.close();
  }

  /** Everything that a save keeps and a master can see. */
  async state(): Promise<string> {
    const { trainer } = this;
    const status = await trainer.status();
    const hash = createHash('sha256');
    const { generation, previousGeneration, samplesStored, definitionFingerprint, modelFingerprint } = status;
    hash.update(
      JSON.stringify([
        generation,
        previousGeneration,
        samplesStored,
        definitionFingerprint,
        modelFingerprint,
      ]),
    );
    hash.update(
      JSON.stringify([status.inferences, status.judged, status.stitched, status.trainings, status.saves]),
    );
    hash.update(await trainer.dataset.csv());
    hash.update(await trainer.model.read());
    return hash.digest('hex');
  }

  /** What changes between two saves: a sample, now and then a training. */
  async change(save: number): Promise<void> {
    const random = uniform(1000 + save);
    const point = pointOf(random);
    await this.trainer.dataset.add(point, truthOf(point));
    if (save % 10 === 9) await this.trainer.model.train();
    this.board.runUntilIdle();
  }

  /** Asks for a save, frame by frame, since nobody may answer; runs it to its end, or to the end of the power. */
  save(): void {
    this.command = (this.command % 65_535) + 1;
    this.board.exchange(writeRequest(1, Registers.commandArgument.address, 0, 0, Command.SAVE, this.command));
    this.board.runUntilIdle();
  }

  /** Switches the board off and on with this memory. */
  restartWith(memory: Uint8Array): void {
    this.board.powerCut();
    this.board.nvm.bytes.set(memory);
    this.board.restart();
    this.board.runUntilIdle();
  }
}

/** How much power every step of a save has used up when it begins: in the unit of powerCutAfter. */
function recordSteps(board: VirtualBoard): { readonly cuts: Set<number>; stop(): void } {
  const { nvm } = board;
  const cuts = new Set<number>([0]);
  let used = 0;
  const { write, erase } = nvm;
  nvm.write = (offset, from) => {
    cuts.add(used);
    if (from.length === HEADER_BYTES) for (let i = 1; i < HEADER_BYTES; i++) cuts.add(used + i);
    used += from.length;
    cuts.add(used);
    return write.call(nvm, offset, from);
  };
  nvm.erase = (offset) => {
    const { pageBytes } = nvm.geometry;
    cuts.add(used);
    cuts.add(used + Math.floor(pageBytes / 2));
    used += pageBytes;
    cuts.add(used);
    return erase.call(nvm, offset);
  };
  return {
    cuts,
    stop: () => {
      nvm.write = write;
      nvm.erase = erase;
    },
  };
}

/** `saves` saves of one kind of memory. */
export async function powerFail(options: VirtualBoardOptions, saves: number): Promise<PowerFail> {
  const bench = new Bench(options);
  try {
    await bench.trainer.deploy(LOOP);
    await teachAndTrain(bench.trainer, 12);
    bench.save();
    let [points, lost, cameBackOld, cameBackNew] = [0, 0, 0, 0];
    for (let save = 0; save < saves; save++) {
      const before = bench.board.nvm.bytes.slice();
      bench.restartWith(before);
      await bench.change(save);
      // A board saves a training by itself: what a cut must leave is what the memory holds when the save begins.
      const held = bench.board.nvm.bytes.slice();
      const recording = recordSteps(bench.board);
      bench.save();
      recording.stop();
      const after = bench.board.nvm.bytes.slice();
      bench.restartWith(held);
      const old = await bench.state();
      bench.restartWith(after);
      const fresh = await bench.state();
      if (fresh === old) throw new Error(`save ${save} kept nothing`);
      for (const cut of recording.cuts) {
        bench.restartWith(before);
        await bench.change(save);
        bench.board.powerCutAfter(cut);
        bench.save();
        bench.board.powerCut();
        bench.board.restart();
        bench.board.runUntilIdle();
        const found = await bench.state();
        points++;
        if (found === old) cameBackOld++;
        else if (found === fresh) cameBackNew++;
        else lost++;
      }
      bench.restartWith(after);
    }
    return { points, lost, cameBackOld, cameBackNew };
  } finally {
    await bench.close();
  }
}

/**
 * The store alone, in C on a simulated flash and EEPROM: its 50 saves, cut at every step and torn at every byte of a slot's header.
 * Needs a C compiler.
 */
export async function storePowerFail(): Promise<PowerFail> {
  const folder = 'test/firmware/store';
  const sources = ['power_cut.c', 'memory.c', 'payload.c'].map((name) => `${folder}/${name}`);
  const output = await runCTest('store power cut', sources, [`-I${folder}`], {
    firmware: ['store', 'support'],
  });
  const found = /^points=(\d+) lost=(\d+) old=(\d+) new=(\d+)$/m.exec(output);
  if (found === null) throw new Error(`the power cuts of the store said: ${output}`);
  const [points, lost, cameBackOld, cameBackNew] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { points, lost, cameBackOld, cameBackNew };
}

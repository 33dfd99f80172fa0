/** The bus under a unit that is dead, and a loop whose wire or board goes away and comes back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BusHandle, openBus, type RtuPipe, Trainer } from '../../trainer';
import { Rp2040Board } from '../../trainer/emulator';
import { servePty, VirtualTrainer, virtualWire } from '../../trainer/virtual';
import { LOOP, teachAndTrain } from './problem';

const UNITS = 8;
const WARM_UP_MS = 1000;
const MEASURED_MS = 4000;
/** What a transaction of 20 bytes each way takes at 115200 baud: without it this process would be the limit, not the wire. */
const ON_THE_WIRE_MS = 4;
const RECOVERY_LIMIT_MS = 30_000;
const STEP_MS = 50;
const LOOP_SAMPLES = 60;

/** Decisions of units 1 to 7 per second, each asked for the next one as soon as it has answered. */
async function throughput(bus: BusHandle, trainers: readonly Trainer[], ms: number): Promise<number> {
  const until = performance.now() + ms;
  let done = 0;
  await Promise.all(
    trainers.map(async (trainer) => {
      while (performance.now() < until) {
        try {
          await trainer.infer([10, 20]);
          if (trainer.unit < UNITS) done++;
        } catch {
          await wait(1); // refused at once: the loop of that unit goes on trying
        }
      }
    }),
  );
  if (bus.bus.unit(1)?.alive === false) throw new Error('a live unit was taken for dead');
  return done / (ms / 1000);
}

/** Throughput of seven units with the eighth dead, over that with the eighth alive. */
export async function deadUnit(
  measuredMs = MEASURED_MS,
): Promise<{ readonly alive: number; readonly dead: number }> {
  const all = Array.from({ length: UNITS }, (_, i) => ({ unit: i + 1 }));
  const run = async (units: readonly { unit: number }[]): Promise<number> => {
    const [first, ...others] = units;
    const wire = virtualWire({ ...first, others });
    const connect = async (): Promise<RtuPipe> => {
      const pipe = await wire.connect();
      const write = pipe.write.bind(pipe);
      pipe.write = (bytes) => void setTimeout(() => write(bytes), ON_THE_WIRE_MS);
      return pipe;
    };
    const bus = openBus({ ...wire, connect });
    try {
      const trainers = all.map(({ unit }) => new Trainer(bus, { unit, definition: LOOP }));
      for (const trainer of trainers.slice(0, units.length)) await trainer.deploy(LOOP);
      await throughput(bus, trainers, WARM_UP_MS);
      return await throughput(bus, trainers, measuredMs);
    } finally {
      await bus.close();
    }
  };
  return { alive: await run(all), dead: await run(all.slice(0, -1)) };
}

/** Seconds until a decision of the trained generation has come and its feedback was taken. */
async function untilNormal(trainer: Trainer, since: number): Promise<number> {
  for (;;) {
    try {
      const decision = await trainer.infer([90, 80]);
      if (decision.generation > 0 && decision.label === 'high') {
        await trainer.feedback(decision.ticket, { label: 'high' });
        return (performance.now() - since) / 1000;
      }
    } catch {
      // not yet
    }
    if (performance.now() - since > RECOVERY_LIMIT_MS) throw new Error('the loop did not come back');
    await wait(STEP_MS);
  }
}

/** The serial port of a board is pulled out for two seconds; from the moment it is back. */
export async function replug(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-replug-'));
  const board = await VirtualTrainer.start({ unit: 1 });
  const link = join(folder, 'tty');
  let terminal = await servePty(board, { link });
  const bus = openBus({ kind: 'serial', path: link });
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy(LOOP);
    await teachAndTrain(trainer, 40);
    await terminal.close();
    for (const until = performance.now() + 2000; performance.now() < until; await wait(STEP_MS))
      await trainer.infer([90, 80]).catch(() => undefined); // the loop goes on asking
    terminal = await servePty(board, { link });
    return await untilNormal(trainer, performance.now());
  } finally {
    await bus.close();
    await terminal.close();
    await board.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Seconds from a reset, in the middle of a training, until the loop is normal again. The firmware as built for the chip, in rp2040js: it
 * boots from its flash, in which it finds what was saved.
 */
export async function resetWhileTraining(): Promise<number> {
  const board = await Rp2040Board.start();
  const bus = openBus({
    kind: 'virtual',
    id: 'reset while training',
    connect: async () => board,
    settleMs: 300,
    responseTimeoutMs: 1000,
    deadlineMs: 15_000,
  });
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    // Far too exact, so that it takes a while.
    const model = { type: 'svm-kernel', kernel: 'rbf', gamma: 20, tolerance: 0.0001, cost: 1000 } as const;
    await trainer.deploy({ ...LOOP, model });
    await teachAndTrain(trainer, LOOP_SAMPLES);
    await trainer.save();
    let over = false;
    const training = trainer.model
      .train()
      .catch(() => undefined)
      .finally(() => {
        over = true;
      });
    while ((await trainer.status()).state !== 'training')
      if (over) throw new Error('the training was over before the board could be reset in its middle');
    const since = performance.now();
    await board.powerCycle();
    const seconds = await untilNormal(trainer, since);
    await training;
    return seconds;
  } finally {
    await bus.close();
  }
}

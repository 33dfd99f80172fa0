/**
 * Stops of every kind. One virtual trainer with its memory in a file learns, is operated, and is stopped, again and again: a clean stop, kill -9
 * of its process, a cut of the power in the middle of a save, a full deploy (the wire is closed and opened again at once), disabled and
 * enabled again. What was promised must be there: model, mode, set point and key, and after a clean stop every sample too. A promise is what
 * the trainer itself has said: the answer to a command or write; for a model, that it is saved.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BoardPipe } from '../../test/support/board_pipe';
import { uniform } from '../../test/support/random';
import { type BusHandle, openBus, Trainer, type TrainerDefinition, type TrainerMode } from '../../trainer';
import { Registers } from '../../trainer/contract/contract.generated';
import { VirtualBoard, virtualWire } from '../../trainer/virtual';
import { LOOP, pointOf, truthOf } from './problem';

const KINDS = ['clean', 'kill -9', 'power cut', 'full deploy', 'disable and enable'] as const;
type Kind = (typeof KINDS)[number];
const MODES: readonly TrainerMode[] = ['auto', 'manual', 'frozen'];
const MAIN = resolve(__dirname, '../../trainer/cli/main.js');
const KEY = '000102030405060708090a0b0c0d0e0f';
const [DISABLED_MS, SAVED_MOST_MS, POLL_MS] = [50, 60_000, 5];
/** A loaded machine is slow, and nothing is lost by it. */
const PATIENCE = { deadlineMs: 60_000, responseTimeoutMs: 5000 };

export interface Survival {
  readonly stops: number;
  readonly lost: number;
  /** What was lost, by kind of stop. */
  readonly losses: readonly string[];
}

const definition: TrainerDefinition = {
  ...LOOP,
  feedback: { rule: 'dead-band', setPoint: 20, band: 1, scale: 10, tooLow: 'low', tooHigh: 'high' },
  // It is taught all the time; whether it trains is told.
  training: { mode: 'manual', minSamples: 6, minNewSamples: 65_535 },
};

interface Promised {
  readonly mode: TrainerMode;
  readonly setPoint: number;
  readonly generation: number;
  readonly modelFingerprint: number;
  readonly samples: number;
}

/** A trainer on the memory file, and how it ends. */
interface Running {
  readonly bus: BusHandle;
  readonly trainer: Trainer;
  /** Ends it the way of its kind. */
  stop(): Promise<void>;
}

const clientOf = (bus: BusHandle): Trainer =>
  new Trainer(bus, { unit: 1, definition, key: KEY, ...PATIENCE });

function onWire(file: string, pauseMs: number): Running {
  const bus = openBus({ ...virtualWire({ nvmFile: file, unit: 1 }), ...PATIENCE });
  return {
    bus,
    trainer: clientOf(bus),
    stop: async () => {
      await bus.close();
      await wait(pauseMs);
    },
  };
}

async function inProcess(file: string): Promise<Running> {
  const child: ChildProcess = spawn(
    process.execPath,
    [MAIN, 'virtual', '--tcp', '127.0.0.1:0', '--memory', file, '--unit', '1'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout?.setEncoding('utf8');
  while (!/127\.0\.0\.1:(\d+)/.test(said)) {
    const [piece] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [string];
    said += piece;
  }
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
  const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port, ...PATIENCE });
  return {
    bus,
    trainer: clientOf(bus),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await bus.close();
    },
  };
}

let boards = 0;

function underPower(file: string, random: () => number): Running {
  const board = new VirtualBoard({ nvmFile: file, unit: 1 });
  const bus = openBus({
    kind: 'virtual',
    id: `survival ${++boards}`,
    connect: async () => new BoardPipe(board),
    ...PATIENCE,
  });
  const trainer = clientOf(bus);
  return {
    bus,
    trainer,
    stop: async () => {
      board.powerCutAfter(Math.floor(4000 * random()));
      // The power goes while it saves, or right after.
      const dying = new Trainer(bus, { unit: 1, key: KEY, deadlineMs: 300, responseTimeoutMs: 100 });
      await dying.save().catch(() => undefined);
      board.powerCut();
      board.close();
      await bus.close();
    },
  };
}

const start = (kind: Kind, file: string, random: () => number): Running | Promise<Running> => {
  switch (kind) {
    case 'kill -9':
      return inProcess(file);
    case 'power cut':
      return underPower(file, random);
    default:
      return onWire(file, kind === 'disable and enable' ? DISABLED_MS : 0);
  }
};

async function setPointOf({ bus }: Running): Promise<number> {
  const { address } = Registers.setPoint;
  const { values } = await bus.request({ unit: 1, fc: 3, address, quantity: 1 });
  return (values[0] as number) / 10;
}

async function saved({ trainer }: Running): Promise<void> {
  const until = performance.now() + SAVED_MOST_MS;
  for (;;) {
    const { saveState } = await trainer.status();
    if (saveState === 'saved' || saveState === 'samples-wait') return;
    if (performance.now() > until) throw new Error(`not saved after ${SAVED_MOST_MS / 1000} s: ${saveState}`);
    await wait(POLL_MS);
  }
}

/** What an operator and a plant do, in any order, and what is promised afterwards. */
async function live(running: Running, kind: Kind, random: () => number): Promise<Promised> {
  const { trainer } = running;
  await trainer.setMode('manual');
  for (let i = 0; i < 4; i++) {
    const point = pointOf(random);
    await trainer.dataset.add(point, truthOf(point));
  }
  if (random() < 0.7) await trainer.model.train();
  // Who pulls the plug looks first whether the model is kept; who stops it cleanly need not.
  if (kind === 'kill -9' || kind === 'power cut') await saved(running);
  const setPoint = Math.round(100 * random()) / 10;
  const mode = MODES[Math.floor(MODES.length * random())] as TrainerMode;
  if (random() < 0.5) {
    await trainer.process.setPoint(setPoint);
    await trainer.setMode(mode);
  } else {
    await trainer.setMode(mode);
    await trainer.process.setPoint(setPoint);
  }
  const { generation, modelFingerprint, samplesStored } = await trainer.status();
  return { mode, setPoint, generation, modelFingerprint, samples: samplesStored };
}

/** What is not as promised. */
async function missing(running: Running, promised: Promised, kind: Kind): Promise<string[]> {
  const status = await running.trainer.status();
  const found: string[] = [];
  if (status.lock !== 'locked') found.push('key');
  if (status.mode !== promised.mode) found.push('mode');
  if ((await setPointOf(running)) !== promised.setPoint) found.push('set point');
  if (status.generation !== promised.generation || status.modelFingerprint !== promised.modelFingerprint)
    found.push('model');
  if (kind !== 'kill -9' && kind !== 'power cut' && status.samplesStored !== promised.samples)
    found.push('samples');
  return found.map((what) => `${kind}: ${what}`);
}

export async function survival(stops: number, onProgress: (done: number) => void): Promise<Survival> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-survival-'));
  const file = join(folder, 'memory.bin');
  const random = uniform(77);
  const losses: string[] = [];
  let lost = 0;
  try {
    let running: Running = onWire(file, 0);
    await running.trainer.deploy(definition);
    await running.trainer.lock.setKey(KEY);
    await running.stop();
    let before: { readonly promised: Promised; readonly kind: Kind } | undefined;
    for (let stop = 0; stop <= stops; stop++) {
      const kind = KINDS[stop % KINDS.length] as Kind;
      running = await start(kind, file, random);
      try {
        if (before !== undefined) {
          const found = await missing(running, before.promised, before.kind);
          if (found.length > 0) lost++;
          losses.push(...found);
        }
        if (stop < stops) before = { promised: await live(running, kind, random), kind };
      } finally {
        await running.stop();
      }
      onProgress(stop);
    }
    return { stops, lost, losses };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

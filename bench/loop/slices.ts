/**
 * The longest stretch between two looks at the wire, in instructions of a Cortex-M3. What a client says to a virtual trainer is recorded
 * and played back to the same firmware on the emulated core; what cannot happen there (a lost frame) is not in it.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { openBus, type PipeFactory, type RtuPipe, Trainer, type TrainerDefinition } from '../../trainer';
import { virtualWire } from '../../trainer/virtual';
import { BOARD, compileFor, cores, runOn } from '../cores/cores';

const ROOT = resolve(__dirname, '../../..');
const SOURCES = ['decision', 'loop', 'models', 'modbus', 'store', 'support'].flatMap((folder) => {
  const path = join(ROOT, 'firmware/src', folder);
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(path, name));
});
const CORE = cores.m3;
const LIMIT_MS = 300_000;

export interface Scenario {
  readonly name: string;
  readonly arenaBytes: number;
  readonly definition: TrainerDefinition;
  /** What happens after the definition is deployed. */
  readonly play: (trainer: Trainer) => Promise<void>;
}

export interface Slices {
  readonly scenario: string;
  /** Kind of work -> instructions of its longest slice; a request, served, with the slice that follows it. */
  readonly longest: ReadonlyMap<string, number>;
}

/** Everything the client writes on the wire while the scenario is played to a virtual trainer. */
async function record(scenario: Scenario): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  const wire = virtualWire({ unit: 1, arenaBytes: scenario.arenaBytes });
  const connect: PipeFactory = async () => {
    const pipe: RtuPipe = await wire.connect();
    const write = pipe.write.bind(pipe);
    pipe.write = (bytes) => {
      frames.push(Uint8Array.from(bytes));
      write(bytes);
    };
    return pipe;
  };
  const bus = openBus({ ...wire, connect });
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy(scenario.definition);
    await scenario.play(trainer);
  } finally {
    await bus.close();
  }
  return frames;
}

function header(frames: readonly Uint8Array[], arenaBytes: number): string {
  const bytes = frames.flatMap((frame) => [frame.length & 255, frame.length >> 8, ...frame]);
  return `#define ARENA_BYTES ${arenaBytes}u\nstatic const uint8_t traffic[] = {${bytes.join(',')}};\n`;
}

function compile(source: string, object: string, extra: readonly string[] = []): void {
  compileFor(CORE, source, object, ['-DET_ESN_FIXED', ...extra]);
}

/** Plays every scenario on the emulated core. Needs arm-none-eabi-gcc and qemu-system-arm. */
export async function measureSlices(
  scenarios: readonly Scenario[],
  onDone: (slices: Slices) => void = () => undefined,
): Promise<Slices[]> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-slices-'));
  try {
    const common = [...SOURCES, BOARD].map((source, i) => {
      const object = join(folder, `${i}-${basename(source, '.c')}.o`); // two folders may have a file of the same name
      compile(source, object);
      return object;
    });
    const results: Slices[] = [];
    for (const [i, scenario] of scenarios.entries()) {
      const place = join(folder, String(i));
      mkdirSync(place);
      writeFileSync(join(place, 'traffic.h'), header(await record(scenario), scenario.arenaBytes));
      compile(join(ROOT, 'bench/loop/slices.c'), join(place, 'slices.o'), ['-I', place]);
      const slices = emulate(scenario, [...common, join(place, 'slices.o')], join(place, 'slices.elf'));
      results.push(slices);
      onDone(slices);
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function emulate(scenario: Scenario, objects: readonly string[], image: string): Slices {
  const { figures, said } = runOn(CORE, objects, image, LIMIT_MS);
  const ticks = new Map([...figures].map(([name, values]) => [name, values.at(-1) ?? 0]));
  const take = (name: string): number => {
    const value = ticks.get(name);
    if (value === undefined)
      throw new Error(`${scenario.name} on ${CORE.title}: no ${name}; it said: ${said}`);
    ticks.delete(name);
    return value;
  };
  if (take('frames') !== take('answers'))
    throw new Error(`${scenario.name}: some requests were not answered`);
  take('exceptions');
  if (take('generation') === 0)
    throw new Error(`${scenario.name}: nothing was trained, so nothing was measured`);
  const longest = new Map<string, number>();
  for (const [kind, longestTicks] of ticks)
    if (longestTicks > 0) longest.set(kind, longestTicks * CORE.instructionsPerTick);
  return { scenario: scenario.name, longest };
}

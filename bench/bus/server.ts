/** A virtual trainer in a process of its own, as `edge-trainer virtual` starts it, and what the benches of the bus ask it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TrainerDefinition } from '../../trainer';

export const UNIT = 1;
/** As many as the thermal comfort definition has. */
export const FEATURES = 7;

export const DEFINITION: TrainerDefinition = {
  name: 'bus bench',
  features: Array.from({ length: FEATURES }, (_, i) => ({
    name: `feature ${i + 1}`,
    min: -10,
    max: 10,
    scale: 100,
  })),
  classes: [{ label: 'heat' }, { label: 'hold' }, { label: 'cool' }],
  model: { type: 'svm-linear' },
  training: { mode: 'manual' },
};

export const values = (seed: number): number[] =>
  Array.from({ length: FEATURES }, (_, i) => ((seed * (i + 3)) % 200) / 10 - 10);

export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const child = spawn(
    process.execPath,
    [join(__dirname, '../../trainer/cli/main.js'), 'virtual', '--tcp', '127.0.0.1:0', '--unit', String(UNIT)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the virtual trainer ended with exit code ${String(code)}`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), exited])) as [string];
  exited.catch(() => undefined);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
  if (!(port > 0)) throw new Error(`no port in "${line}"`);
  return {
    port,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs `transact` for a while; returns how often per second. */
export async function rate(durationMs: number, transact: (count: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  while (elapsed < durationMs) {
    await transact(count++);
    elapsed = performance.now() - start;
  }
  return (1000 * count) / elapsed;
}

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
};

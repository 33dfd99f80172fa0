/** The firmware's C code, compiled for this machine, and what its programs say. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../../..');
export const here = join(root, 'bench/dnn');

/** Sources of the network family, which needs nothing else of the firmware. */
export function familySources(): string[] {
  const models = join(root, 'firmware/src/models');
  const inFolder = (folder: string): string[] =>
    readdirSync(join(models, folder))
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(models, folder, name));
  return [
    ...inFolder('dnn'),
    ...['columns', 'multiplier'].map((name) => join(models, 'kernels', `${name}.c`)),
    ...['prng', 'crc', 'blocks'].map((name) => join(root, 'firmware/src/support', `${name}.c`)),
  ];
}

export const INCLUDES = ['-I', here, '-I', join(root, 'firmware/include'), '-I', join(root, 'firmware/src')];

const HELPERS = ['problem.c', 'architecture.c', 'imported.c'].map((name) => join(here, name));

interface Parts {
  /** Default: the file of the program's name. */
  readonly sources?: readonly string[];
  readonly flags?: readonly string[];
}

/** A program of the bench for this machine. */
export function hostProgram(name: string, folder: string, parts: Parts = {}): string {
  const program = join(folder, name);
  if (existsSync(program)) return program;
  const sources = [...(parts.sources ?? [join(here, `${name}.c`)]), ...HELPERS, ...familySources()];
  const flags = ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', ...(parts.flags ?? [])];
  execFileSync('gcc', [...flags, ...INCLUDES, ...sources, '-lm', '-o', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return program;
}

export interface Network {
  readonly format: 'q8' | 'f32';
  /** HxWxC */
  readonly input: string;
  /** In the words of architecture.h. */
  readonly layers: string;
}

export type Settings = Readonly<Record<string, number>>;

export function argumentsOf(data: string, network: Network, settings: Settings): string[] {
  return [
    data,
    network.format,
    network.input,
    network.layers,
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
  ];
}

export interface Trained {
  readonly status: number;
  /** Percent of the test samples. */
  readonly accuracy: number;
  readonly parameters: number;
  readonly model_bytes: number;
  readonly frozen_bytes: number;
  readonly work_bytes: number;
  readonly plan_bytes: number;
  /** Share of the samples that needed a backward pass, and of the multiply-accumulates of a full one. */
  readonly backward_samples: number;
  readonly backward_share: number;
  readonly forward_macs: number;
  readonly backward_macs: number;
  readonly rmse: readonly number[];
}

/** Trains and tests; throws when the training did not come to its end. */
export function train(folder: string, data: string, network: Network, settings: Settings): Trained {
  const output = execFileSync(hostProgram('train', folder), argumentsOf(data, network, settings), {
    encoding: 'utf8',
  });
  const trained = JSON.parse(output) as Trained;
  if (trained.status !== 0) throw new Error(`training ${network.layers}: status ${trained.status}`);
  return trained;
}

/** All memory of a training but the data set: generation, working memory, plan and job. */
export function trainingBytes(trained: Trained): number {
  return trained.model_bytes + trained.work_bytes + trained.plan_bytes;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Steps of a training and inferences on emulated cores, counted in instructions. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LAYER_BYTES } from '../../trainer/network';
import { BOARD, type Core, compileFor, cores, runOn } from '../cores/cores';
import { argumentsOf, familySources, here, hostProgram, INCLUDES, type Network, type Settings } from './host';

const LIMIT_MS = 1_200_000;
/** A whole step at once. */
const ENDLESS = 0xffffffff;

export type Board = 'm4f' | 'm3' | 'm0' | 'm4f_reference';

/** An M0's code runs on the emulated M3, instruction for instruction the same: the microbit has too little memory. */
export const boards: Readonly<Record<Board, Core>> = {
  m4f: cores.m4f,
  m3: cores.m3,
  m0: { ...cores.m3, title: "Cortex-M0's code on mps2-an385", flags: ['-mcpu=cortex-m0'] },
  /** The reference kernels where there are DSP instructions. */
  m4f_reference: {
    ...cores.m4f,
    title: 'Cortex-M4F without DSP instructions',
    flags: [...cores.m4f.flags, '-DET_KERNELS_REFERENCE'],
  },
};

function compile(board: Board, source: string, object: string, extra: readonly string[]): void {
  compileFor(boards[board], source, object, ['-fno-math-errno', ...INCLUDES, ...extra]);
}

function commonObjects(board: Board, folder: string): string[] {
  return [...familySources(), BOARD, join(here, 'imported.c')].map((source) => {
    const object = join(folder, `${board}-${basename(source, '.c')}.o`);
    if (!existsSync(object)) compile(board, source, object, []);
    return object;
  });
}

/** Builds `program` with a file of bytes under `symbol`, runs it and gives all figures that it reports, in order. */
export function runOnBoard(
  board: Board,
  program: string,
  place: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly number[]> {
  const stem = join(place, `${board}-${program}`);
  const assembler = Object.entries(files)
    .map(([symbol, path]) => `.global ${symbol}\n.balign 8\n${symbol}:\n.incbin "${path}"\n.balign 4\n`)
    .join('');
  writeFileSync(`${stem}-files.s`, `.section .rodata.files,"a"\n${assembler}`);
  compile(board, join(here, `${program}.c`), `${stem}.o`, ['-I', place]);
  compile(board, `${stem}-files.s`, `${stem}-files.o`, []);
  const objects = [`${stem}.o`, `${stem}-files.o`, ...commonObjects(board, folder)];
  const { figures, said } = runOn(boards[board], objects, `${stem}.elf`, LIMIT_MS);
  if (figures.has('fault') || figures.size === 0) throw new Error(`${program} on ${board}: ${said}`);
  return figures;
}

export interface Counted {
  /** Instructions of a training step, mean over a training, and the longest. */
  readonly step: number;
  readonly longestStep: number;
  readonly longestSlice: number;
  readonly longestInferSlice: number;
  readonly infer: number;
  /** Probes after which the board's bytes are not the host's. */
  readonly different: number;
}

const KINDS = [
  '',
  'DENSE',
  'CONV',
  'DEPTHWISE',
  'MAX_POOL',
  'AVERAGE_POOL',
  'GLOBAL_AVERAGE_POOL',
  'FLATTEN',
  'ADD',
  'SOFTMAX',
];

/** The layers of architecture.h's words as initializers in C, by that very parser. */
function layersInC(folder: string, layers: string): string {
  const bytes = execFileSync(hostProgram('layers', folder), [layers]);
  const records: string[] = [];
  for (let at = 0; at < bytes.length; at += LAYER_BYTES) {
    const [kind = 0, ...rest] = bytes.subarray(at, at + 8);
    const halves = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    records.push(
      `{ET_DNN_${KINDS[kind]},${[...rest, ...halves, bytes[at + 12], bytes[at + 13], bytes[at + 14], 0].join(',')}}`,
    );
  }
  return records.join(',');
}

/**
 * Counts a training: probes at `probes` moments spread over it, `samples` steps each.
 * @param slice budget of a slice of the training; default: a step at once
 * @param inferSlice that of a slice of an inference
 */
export function countTraining(
  board: Board,
  folder: string,
  name: string,
  data: string,
  network: Network,
  settings: Settings,
  { probes = 20, samples = 8, slice = ENDLESS, inferSlice = ENDLESS } = {},
): Counted {
  const place = join(
    folder,
    `${name}-${network.format}-${settings.plain ?? 0}-${settings.gate ?? 'gate'}-${slice}-${probes}`,
  );
  const file = join(place, 'probes');
  if (!existsSync(place)) {
    mkdirSync(place);
    const bytes = execFileSync(
      hostProgram('probe', folder),
      argumentsOf(data, network, { ...settings, probes, samples }),
      { maxBuffer: 1 << 30 },
    );
    writeFileSync(file, bytes);
    const [h, w, c] = network.input.split('x');
    const float = (value: number): string => `${value.toExponential(9)}f`;
    writeFileSync(
      join(place, 'network.h'),
      [
        `#define HEIGHT ${h}`,
        `#define WIDTH ${w}`,
        `#define CHANNELS ${c}`,
        `#define FORMAT ${network.format === 'q8' ? 'ET_DNN_Q8' : 'ET_DNN_F32'}`,
        `#define SCALE ${float(settings.scale ?? 1 / 255)}`,
        `#define ZERO ${settings.zero ?? -128}`,
        `#define LAYERS ${layersInC(folder, network.layers)}`,
        `#define RATE ${float(settings.rate ?? 0.01)}`,
        `#define GATE ${float(settings.gate ?? 0.2)}`,
        `#define SMOOTHING ${float(settings.smoothing ?? 0)}`,
        `#define WARM_UP ${settings.warm_up ?? 0}`,
        `#define EPOCHS ${settings.epochs ?? 5}`,
        `#define SEED ${settings.seed ?? 1}u`,
        `#define PLAIN ${settings.plain ?? 0}`,
        `#define SLICE ${slice}u`,
        `#define INFER_SLICE ${inferSlice}u`,
        '',
      ].join('\n'),
    );
  }
  const found = runOnBoard(board, 'steps', place, folder, { probe_file: file });
  const perTick = boards[board].instructionsPerTick;
  const ticks = found.get('train_ticks') ?? [];
  if (found.get('status')?.[0] !== 0 || ticks.length !== probes || found.has('unknown_sample'))
    throw new Error(`${name} on ${board}: ${JSON.stringify([...found])}`);
  const sum = ticks.reduce((all, value) => all + value, 0);
  return {
    step: (sum * perTick) / (probes * samples),
    longestStep: (found.get('longest_step_ticks')?.[0] ?? Number.NaN) * perTick,
    longestSlice: (found.get('longest_slice_ticks')?.[0] ?? Number.NaN) * perTick,
    longestInferSlice: (found.get('longest_infer_slice_ticks')?.[0] ?? Number.NaN) * perTick,
    infer: (found.get('infer_ticks')?.[0] ?? Number.NaN) * perTick,
    different: found.get('different')?.[0] ?? Number.NaN,
  };
}

/** The firmware's own judgement of a definition, without a board: host and board cannot disagree. */

import { ChangeCause, Fate, TrainerErrors } from '../contract/contract.generated';
import type {
  BufferPlan,
  ChangeAnswer,
  LayerFault,
  MemoryPlanner,
  NetworkPlan,
  PlanAnswer,
} from '../definition';
import { wordOf } from '../device/words';
import { exchangeOf, type FirmwareExports, type FirmwareImports, instantiate } from './firmware';

const WORDS = 7;
const CHANGE_WORDS = 8;

function none(): never {
  throw new Error('the memory planner has no board');
}

/** For an instance that only computes. */
export const noBoard: FirmwareImports = {
  ...{
    clock_ms: none,
    clock_us: none,
    random: none,
    actuate: none,
    read_input: none,
    drive_output: none,
    set_line: none,
    boot_loader: none,
    restart: none,
  },
  ...{ nvm_read: none, nvm_write: none, nvm_erase: none },
};

function plan(firmware: FirmwareExports, blob: Uint8Array, arenaBytes: number): PlanAnswer {
  const exchange = exchangeOf(firmware);
  if (blob.length > exchange.length) return { error: TrainerErrors.DEFINITION_LENGTH.code, detail: 0 };
  exchange.set(blob);
  firmware.wasm_plan(blob.length, arenaBytes);
  const view = new DataView(firmware.memory.buffer, firmware.wasm_exchange(), 4 * WORDS);
  const word = (index: number): number => view.getUint32(4 * index, true);
  const error = word(0);
  const detail = word(1);
  if (error !== TrainerErrors.OK.code && error !== TrainerErrors.DEFINITION_MEMORY.code)
    return { error, detail };
  const need = { total: word(2), dataset: word(3), model: word(4), shared: word(5), work: word(6) };
  return { error, detail, need };
}

function change(
  firmware: FirmwareExports,
  before: Uint8Array,
  after: Uint8Array,
  samples: number,
): ChangeAnswer | undefined {
  const exchange = exchangeOf(firmware);
  if (before.length + after.length > exchange.length) return undefined;
  exchange.set(before);
  exchange.set(after, before.length);
  firmware.wasm_change(before.length, after.length, samples);
  const view = new DataView(firmware.memory.buffer, firmware.wasm_exchange(), 4 * CHANGE_WORDS);
  const word = (index: number): number => view.getUint32(4 * index, true);
  if (word(0) !== TrainerErrors.OK.code) return undefined;
  return {
    samples: wordOf(Fate, word(1)) ?? 'discarded',
    models: wordOf(Fate, word(2)) ?? 'discarded',
    waiting: wordOf(Fate, word(3)) ?? 'discarded',
    labels: wordOf(Fate, word(4)) ?? 'discarded',
    cause: wordOf(ChangeCause, word(5)) ?? 'none',
    feature: word(6),
    voices: wordOf(Fate, word(7)) ?? 'discarded',
  };
}

const NETWORK_WORDS = 9;
const LAYER_WORDS = 8;
const BUFFER_WORDS = 3;
/** et_dnn_status and et_dnn_buffer of firmware/include/edge_trainer/dnn.h. */
const FAULTS: Readonly<Record<number, LayerFault>> = {
  2: 'kind',
  3: 'input',
  4: 'shape',
  5: 'large',
  6: 'head',
  12: 'format',
};
const BUFFERS: readonly BufferPlan['kind'][] = [
  ...(['activation', 'mask', 'argmax', 'error'] as const),
  ...(['forward scratch', 'error scratch', 'update scratch'] as const),
];

/** Lets an export that reads the blob fill the exchange buffer with words, and returns those. */
function ask(
  firmware: FirmwareExports,
  blob: Uint8Array,
  fill: (length: number) => number,
  words: number,
): number[] {
  const exchange = exchangeOf(firmware);
  if (blob.length > exchange.length) return [];
  exchange.set(blob);
  const count = fill(blob.length) * words;
  const view = new DataView(firmware.memory.buffer, firmware.wasm_exchange(), 4 * count);
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index, true));
}

/** Rows of `size` words. */
const rowsOf = (words: readonly number[], size: number): number[][] =>
  Array.from({ length: Math.floor(words.length / size) }, (_, row) =>
    words.slice(row * size, (row + 1) * size),
  );

function network(firmware: FirmwareExports, blob: Uint8Array): NetworkPlan | undefined {
  const words = ask(firmware, blob, firmware.wasm_network, 1);
  const buffers = ask(firmware, blob, firmware.wasm_buffers, BUFFER_WORDS);
  if (words.length === 0) return undefined;
  const [status, layer, _count, trainedBytes, frozenBytes, stepBytes, parameters, forwardMacs, backwardMacs] =
    words as [number, number, number, number, number, number, number, number, number];
  const problem = FAULTS[status];
  return {
    ...(problem === undefined ? {} : { fault: { layer, problem } }),
    layers: rowsOf(words.slice(NETWORK_WORDS), LAYER_WORDS)
      .slice(0, problem === undefined ? undefined : layer - 1)
      .map((row) => {
        const [height, width, channels, weights, trained, forward, backward, modelBytes] = row as [
          ...[number, number, number, number],
          ...[number, number, number, number],
        ];
        return {
          ...{ height, width, channels, parameters: weights, trained },
          ...{ forwardMacs: forward, backwardMacs: backward, modelBytes },
        };
      }),
    ...{ trainedBytes, frozenBytes, stepBytes, parameters, forwardMacs, backwardMacs },
    buffers: rowsOf(buffers, BUFFER_WORDS).map((row) => {
      const [place, offset, bytes] = row as [number, number, number];
      return {
        layer: place & 0xff,
        kind: BUFFERS[(place >>> 8) & 0xff] as BufferPlan['kind'],
        first: (place >>> 16) & 0xff,
        last: place >>> 24,
        offset,
        bytes,
      };
    }),
  };
}

let planner: Promise<MemoryPlanner> | undefined;

/** The planner; one instance serves the process. Rejects with FirmwareMissingError. */
export function firmwarePlanner(): Promise<MemoryPlanner> {
  planner ??= (async () => {
    const firmware = instantiate(noBoard);
    return {
      plan: (blob, arenaBytes) => plan(firmware, blob, arenaBytes),
      change: (before, after, samples) => change(firmware, before, after, samples),
      network: (blob) => network(firmware, blob),
    };
  })();
  planner.catch(() => {
    planner = undefined; // it may be built later
  });
  return planner;
}

/** The firmware's own judgement of a definition, without a board: host and board cannot disagree. */

import { ChangeCause, Fate, TrainerErrors } from '../contract/contract.generated';
import type { ChangeAnswer, MemoryPlanner, PlanAnswer } from '../definition';
import { wordOf } from '../device/words';
import { exchangeOf, type FirmwareExports, instantiate } from './firmware';

const WORDS = 7;
const CHANGE_WORDS = 7;

function noBoard(): never {
  throw new Error('the memory planner has no board');
}

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
  };
}

let planner: Promise<MemoryPlanner> | undefined;

/** The planner; one instance serves the process. Rejects with FirmwareMissingError. */
export function firmwarePlanner(): Promise<MemoryPlanner> {
  planner ??= (async () => {
    const firmware = instantiate({
      clock_ms: noBoard,
      clock_us: noBoard,
      nvm_read: noBoard,
      nvm_write: noBoard,
      nvm_erase: noBoard,
      random: noBoard,
      actuate: noBoard,
      restart: noBoard,
    });
    return {
      plan: (blob, arenaBytes) => plan(firmware, blob, arenaBytes),
      change: (before, after, samples) => change(firmware, before, after, samples),
    };
  })();
  planner.catch(() => {
    planner = undefined; // it may be built later
  });
  return planner;
}

/** Repeats what a board refuses because of a running job, in growing steps, for up to a minute. */
import { setTimeout as wait } from 'node:timers/promises';
import { TrainerErrors } from '../contract/contract.generated';
import { TrainerError } from './errors';

const MOST_MS = 60_000;

export function isBusy(error: unknown): boolean {
  return error instanceof TrainerError && error.number === TrainerErrors.BUSY.code;
}

/** Asks until the board is no longer busy. @throws TrainerError BUSY after a minute, and what else `ask` throws */
export async function whileBusy<T>(firstMs: number, lastMs: number, ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + MOST_MS;
  for (let pause = firstMs; ; pause = Math.min(2 * pause, lastMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= until) throw error;
    }
    await wait(pause);
  }
}

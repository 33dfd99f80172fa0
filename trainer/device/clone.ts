import type { TransferOptions } from './bulk';
import type { TrainerStatus } from './status';
import type { Trainer } from './trainer';

/**
 * Copies the running model of one trainer to others. All of them keep their definition unless `deploy` is set.
 * @returns one entry a target; a failure at one does not stop the others
 */
export async function cloneModel(
  source: Trainer,
  targets: readonly Trainer[],
  options: TransferOptions & { readonly deploy?: boolean } = {},
): Promise<{ readonly unit: number; readonly status?: TrainerStatus; readonly error?: Error }[]> {
  const backup = await source.backup('running', options);
  const results = [];
  for (const target of targets) {
    try {
      results.push({ unit: target.unit, status: await target.restore(backup, options) });
    } catch (error) {
      results.push({ unit: target.unit, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return results;
}

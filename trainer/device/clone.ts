import type { TransferOptions } from './bulk';
import type { Backup } from './model';
import type { TrainerStatus } from './status';
import type { Trainer } from './trainer';

/**
 * Copies the running model of one trainer to others. All of them keep their definition unless `deploy` is set.
 * @param restore how a target takes it; default: BackupPart.restore
 * @returns one entry a target; a failure at one does not stop the others
 */
export async function cloneModel(
  source: Trainer,
  targets: readonly Trainer[],
  options: TransferOptions & { readonly deploy?: boolean } = {},
  restore = (target: Trainer, backup: Backup): Promise<TrainerStatus> =>
    target.backup.restore(backup, options),
): Promise<{ readonly unit: number; readonly status?: TrainerStatus; readonly error?: Error }[]> {
  const { deploy: _deploy, ...transfer } = options;
  const backup = await source.backup.take('running', transfer);
  const results = [];
  for (const target of targets) {
    try {
      results.push({ unit: target.unit, status: await restore(target, backup) });
    } catch (error) {
      results.push({ unit: target.unit, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return results;
}

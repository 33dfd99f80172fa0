/** Other line settings for a trainer: sent under the old ones, confirmed under the new ones. */
import { type LineSettings, lineText, sameLine } from '../bus';
import { Limits } from '../contract/contract.generated';
import type { LineStatus, Trainer } from '../device';
import { text, WordedError } from '../text';

/** Nobody answered under the new settings; the board goes back by itself. */
export class LineSilentError extends WordedError {
  readonly code = 'LINE_SILENT';

  constructor(settings: LineSettings, cause: unknown) {
    super(text('line.silent', { settings: lineText(settings), seconds: Limits.LINE_TRIAL_SECONDS }), {
      cause,
    });
    this.name = 'LineSilentError';
  }
}

/** The same trainer over a line with other settings. */
export interface Reached {
  readonly trainer: Pick<Trainer, 'line'>;
  close(): Promise<void>;
}

/** Leaves the board time for its own look at the clock. */
const SPARE_MS = 2000;

/**
 * @param reach opens the line with the new settings, once the board has them and no longer answers on the old line
 * @param patienceMs how long to ask under the new settings. Default: as long as the board tries them
 * @returns what the board then says of its line
 * @throws InputError, TrainerError (nothing has changed); LineSilentError
 */
export async function changeLine(
  trainer: Pick<Trainer, 'line'>,
  settings: LineSettings,
  reach: () => Promise<Reached>,
  patienceMs = 1000 * (Limits.LINE_DELAY_SECONDS + Limits.LINE_TRIAL_SECONDS) - SPARE_MS,
): Promise<LineStatus> {
  await trainer.line.set(settings);
  const end = performance.now() + patienceMs;
  const reached = await reach();
  let silence: unknown;
  try {
    do {
      try {
        const { settings: inForce } = await reached.trainer.line.read();
        // The request that was just answered is the one that keeps the settings; a second look says so.
        if (inForce !== undefined && sameLine(inForce, settings)) return await reached.trainer.line.read();
      } catch (error) {
        silence = error;
      }
    } while (performance.now() < end);
    throw new LineSilentError(settings, silence);
  } finally {
    await reached.close();
  }
}

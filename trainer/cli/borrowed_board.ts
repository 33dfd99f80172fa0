/** A board lent to a command that deploys and teaches: kept first, and given back as it was on every way out. */
import type { Backup, StoredSample, Trainer, TrainerMode } from '../device';
import { text, worded } from '../text';
import { writeText } from './files';
import { counted } from './output';

/** What a board held. */
interface Kept {
  readonly mode: TrainerMode;
  /** The definition as the board holds it. */
  readonly blob: Uint8Array;
  readonly setPoint: number | undefined;
  /** Undefined: nothing was trained yet. */
  readonly backup: Backup | undefined;
  readonly samples: readonly StoredSample[];
}

/** The board holds something learned, and nobody allowed to put it aside. */
class BoardInUseError extends Error {
  readonly code = 'BOARD_IN_USE';

  constructor(generation: number, samples: number) {
    const model = generation === 0 ? 'no model' : `a trained model (generation ${generation})`;
    super(
      `this board holds ${model} and ${counted(samples, 'sample')}; nothing was changed. While it evaluates, it decides by another definition: ` +
        'take it out of the loop, then add --replace (a backup is written, and the board gets everything back), or evaluate on --virtual',
    );
    this.name = 'BoardInUseError';
  }
}

export interface BorrowOptions {
  /** Put aside what was learned. */
  readonly replace: boolean;
  /** Where the backup goes. */
  readonly backupFile: string;
  readonly onKept?: (file: string) => void;
}

async function keep(trainer: Trainer, mode: TrainerMode, trained: boolean): Promise<Kept> {
  await trainer.useBoardDefinition();
  return {
    mode,
    blob: await trainer.readDefinition(),
    setPoint: await trainer.process.readSetPoint(),
    backup: trained ? await trainer.backup.take() : undefined,
    samples: await trainer.dataset.read(),
  };
}

/** Oldest first, each by the way that teaching takes: what a policy would have replaced stays replaced. */
async function giveBack(trainer: Trainer, kept: Kept): Promise<void> {
  await trainer.setMode('manual');
  await trainer.deployBlob(kept.blob);
  await trainer.dataset.clear();
  for (const sample of [...kept.samples].sort((a, b) => b.age - a.age))
    await trainer.dataset.add(sample.features, sample.label);
  if (kept.backup !== undefined) await trainer.backup.restore(kept.backup);
  if (kept.setPoint !== undefined) await trainer.process.setPoint(kept.setPoint);
  await trainer.setMode(kept.mode);
  await trainer.save();
}

/**
 * Runs `action` on the board. A board without a definition keeps what `action` leaves.
 * @throws BoardInUseError before anything is changed; what `action` throws; an Error that names the backup when the board could not be
 *   given back
 */
export async function withBorrowedBoard<T>(
  trainer: Trainer,
  options: BorrowOptions,
  action: () => Promise<T>,
): Promise<T> {
  const { status } = await trainer.connect();
  if (status.definitionFingerprint === 0) {
    try {
      return await action();
    } finally {
      await trainer.setMode(status.mode);
    }
  }
  const holds = status.generation > 0 || status.samplesStored > 0;
  if (holds && !options.replace) throw new BoardInUseError(status.generation, status.samplesStored);
  const kept = await keep(trainer, status.mode, status.generation > 0);
  if (holds) {
    await writeText(
      options.backupFile,
      `${JSON.stringify({ ...kept.backup, samples: kept.samples }, undefined, 2)}\n`,
    );
    options.onKept?.(options.backupFile);
  }
  try {
    return await action();
  } finally {
    await giveBack(trainer, kept).catch((error: Error) => {
      const values = { problem: error.message, file: options.backupFile };
      throw new Error(worded(text(holds ? 'command.notGivenBack' : 'command.notGivenBackEmpty', values)), {
        cause: error,
      });
    });
  }
}

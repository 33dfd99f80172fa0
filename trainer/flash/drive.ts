/** A drive that a board shows while its boot loader runs: a folder with a few files, which vanishes when the board starts. */
import { access, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootLoaderError, refusal } from './errors';

export interface Drive {
  /** Content of a file; undefined when it is not there. */
  read(name: string): Promise<string | undefined>;
  /** Whether the drive is still there. */
  present(): Promise<boolean>;
  /**
   * A new file. `write` resolves when the board has the bytes, and rejects with BootLoaderError when it is gone.
   * @throws FlashError when the drive takes none
   */
  create(name: string): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }>;
}

/** The drive went away in the middle of a write. */
export class DriveGoneError extends BootLoaderError {
  constructor(cause?: unknown) {
    super('flash.line.driveGone', {}, { cause });
  }
}

const LOOK_EVERY_MS = 100;

function lost(error: unknown): BootLoaderError {
  return new BootLoaderError('flash.line.lost', { reason: (error as Error).message }, { cause: error });
}

/** A mounted drive. */
export class FolderDrive implements Drive {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async read(name: string): Promise<string | undefined> {
    return readFile(join(this.folder, name), 'latin1').catch(() => undefined);
  }

  /** An empty mount point stays behind on some systems: a file that every such drive has tells more. */
  async present(): Promise<boolean> {
    for (const name of ['INFO_UF2.TXT', 'DETAILS.TXT']) {
      const there = await access(join(this.folder, name)).then(
        () => true,
        () => false,
      );
      if (there) return true;
    }
    return false;
  }

  async create(name: string): ReturnType<Drive['create']> {
    const file = await open(join(this.folder, name), 'w').catch((error: Error) => {
      throw refusal('flash.refused.drive', { reason: error.message });
    });
    return {
      // Written through, so that a drive that went away is noticed here and not when nobody looks any more.
      write: async (bytes) => {
        try {
          await file.write(bytes);
          await file.datasync();
        } catch (error) {
          throw (await this.present()) ? lost(error) : new DriveGoneError(error);
        }
        // A file whose drive was unmounted may take bytes that nobody gets.
        if (!(await this.present())) throw new DriveGoneError();
      },
      close: () => file.close().catch(() => undefined),
    };
  }
}

/** The last bytes: the board begins its work with them, often before the computer knows that they were written. */
export async function lastWrite(writing: Promise<void>): Promise<void> {
  await writing.catch((error: unknown) => {
    if (!(error instanceof DriveGoneError)) throw error;
  });
}

/** Resolves when the drive has vanished. @throws BootLoaderError when it stays, with what it says in FAIL.TXT */
export async function untilGone(drive: Drive, mostMs: number): Promise<void> {
  const end = performance.now() + mostMs;
  while (await drive.present()) {
    const failure = await drive.read('FAIL.TXT');
    if (failure !== undefined) throw new BootLoaderError('flash.line.failed', { says: failure.trim() });
    if (performance.now() > end) throw new BootLoaderError('flash.line.driveStays', { waited: mostMs });
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Resolves when the drive is there, the time is over, or the user gives up: who then asks it hears why not. */
export async function untilThere(
  drive: Pick<Drive, 'present'>,
  mostMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const end = performance.now() + mostMs;
  while (!(await drive.present()) && performance.now() < end && signal?.aborted !== true)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

/** Resolves when the drive has been away and is back without a complaint. */
export async function untilBack(drive: Drive, mostMs: number): Promise<void> {
  const end = performance.now() + mostMs;
  await untilGone(drive, mostMs);
  while (!(await drive.present())) {
    if (performance.now() > end) throw new DriveGoneError();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const failure = await drive.read('FAIL.TXT');
  if (failure !== undefined) throw new BootLoaderError('flash.line.failed', { says: failure.trim() });
}

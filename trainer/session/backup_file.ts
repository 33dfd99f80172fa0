/** A backup as a file, named so that a later one never takes its place. */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup } from '../device';

/** "stm32f405-1a2b-2026-11-25T19-30-00.json" */
function nameOf({ trainer, created }: Backup): string {
  const time = created.slice(0, 19).replace(/:/g, '-');
  return `${trainer.board}-${trainer.serialNumber}-${time}`.replace(/[^\w.-]/g, '_');
}

/** Writes the backup into the folder, to disk, and returns the file's path. @throws Error of the file system */
export async function writeBackup(folder: string, backup: Backup): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let number = 1; ; number++) {
    const path = join(folder, `${nameOf(backup)}${number === 1 ? '' : `-${number}`}.json`);
    try {
      const file = await open(path, 'wx');
      try {
        await file.writeFile(`${JSON.stringify(backup, undefined, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

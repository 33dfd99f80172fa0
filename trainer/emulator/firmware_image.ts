/** Where the firmware images of the boards are: beside the package's own code, or in the build folder of a working copy. */
import { accessSync } from 'node:fs';
import { join } from 'node:path';

/** The board's emulator cannot run: it, or the firmware for it, is not there. The text says what to install. */
export class EmulatorMissingError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'EmulatorMissingError';
  }
}

/** Path of `dist/firmware/boards/<board>.<kind>`; throws EmulatorMissingError when it was not built. */
export function firmwareImage(board: string, kind: 'elf' | 'bin'): string {
  const path = join(__dirname, '..', '..', 'firmware', 'boards', `${board}.${kind}`);
  try {
    accessSync(path);
  } catch {
    throw new EmulatorMissingError(
      `there is no firmware image for ${board} (${path}); build it with \`npm run boards\`, ` +
        'which names the Debian packages that it needs',
    );
  }
  return path;
}

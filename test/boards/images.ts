/** Firmware images of the boards: built once for all tests that need them, by the command that users build them with. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { needs } from '../support/needs';

const TOOLS = ['arm-none-eabi-gcc', 'riscv64-unknown-elf-gcc', 'avr-gcc', 'cmake', 'ninja'];
const BUILD_TIMEOUT_MS = 300_000;
/** `npm test` has built them, before its tests ask for them at the same time. */
let built: string | undefined = process.env.EDGE_TRAINER_IMAGES_BUILT === undefined ? undefined : '';

/** Whether there are images, brought up to date; false = the cross compilers are missing. Throws when the build fails. */
export function imagesBuilt(): boolean {
  if (!TOOLS.every(needs)) return false;
  if (built === undefined) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(__dirname, '../../../tools/boards.mjs')],
      {
        encoding: 'utf8',
        timeout: BUILD_TIMEOUT_MS,
      },
    );
    built = status === 0 ? '' : `${stdout}${stderr}`;
  }
  if (built !== '') throw new Error(`npm run boards failed:\n${built}`);
  return true;
}

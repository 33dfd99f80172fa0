/** Shared by the commands that may discard something a board has learned: the question, the option, and the place of the backup. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { type ChangeReport, type Guard, writeBackup } from '../session';
import { worded } from '../text';

export interface DiscardOptions {
  readonly discard?: boolean;
  readonly backups: string;
}

export function discardOptions(command: Command): Command {
  return command
    .option(
      '--discard',
      'allow discarding what the board has learned; without it the command asks on the terminal',
    )
    .option('--backups <folder>', 'folder for the backup before something is discarded', '.');
}

export const reportText = ({ lines }: ChangeReport): string => lines.map((line) => worded(line)).join('\n');

/** Asks on a terminal; where there is none, the answer is no. */
async function askToDiscard(report: ChangeReport): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    console.error(reportText(report));
    const answer = await terminal.question('Discard that? A backup is written first. [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

export function guardOf({ discard, backups }: DiscardOptions): Guard {
  return {
    discard: discard === true ? 'replace' : askToDiscard,
    keepBackup: (backup) => writeBackup(backups, backup),
    onKept: (place) => console.error(`backup: ${place}`),
  };
}

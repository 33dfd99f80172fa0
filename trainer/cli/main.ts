#!/usr/bin/env node
/** `edge-trainer`: everything a person does with a trainer, without Node-RED. Exit codes: 0 done, 1 error, 2 called the wrong way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { UsageError } from './connection';
import { evaluationCommand } from './evaluate_command';
import { flashCommand } from './flash_command';
import { importCommand } from './import_command';
import { KEY_VARIABLE } from './key';
import { speakAs } from './language';
import { lineCommand } from './line_command';
import { lockCommands } from './lock_commands';
import { loopCommands } from './loop_commands';
import { modelCommands } from './model_commands';
import { planCommand } from './plan_command';
import { regimesCommand } from './regimes_command';
import { sampleCommands } from './sample_commands';
import { setupCommands } from './setup_commands';
import { sheetCommand } from './sheet_command';
import { virtualCommand } from './virtual_command';

const EXIT_ERROR = 1;
const EXIT_USAGE = 2;

function version(): string {
  // dist/trainer/cli -> the package's root
  const text = readFileSync(join(__dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The whole program; `exitOverride` makes commander throw instead of ending the process. */
export function program(): Command {
  const root = new Command('edge-trainer')
    .description('Deploy, train and watch self-learning Modbus devices.')
    .version(version())
    .option('--debug', 'show stack traces')
    .showHelpAfterError('(--help lists the options)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false });
  for (const add of [
    setupCommands,
    flashCommand,
    importCommand,
    planCommand,
    sheetCommand,
    lineCommand,
    lockCommands,
    loopCommands,
    sampleCommands,
    regimesCommand,
    evaluationCommand,
    modelCommands,
    virtualCommand,
  ])
    add(root);
  for (const command of [root, ...root.commands]) command.exitOverride();
  return root;
}

/** How this program is given what the error asks for. */
function adviceOn(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'LOCKED') return ` (--key-file FILE, or the variable ${KEY_VARIABLE})`;
  return code === 'CHANGE_DISCARDS' ? ' (--discard)' : '';
}

/** Runs the command line; resolves with the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const root = program();
  try {
    await root.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own errors; a value that a command itself could not read is none of them.
    const unread = error instanceof InvalidArgumentError;
    if (error instanceof CommanderError && !unread) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    const shown = error instanceof Error ? error : new Error(String(error));
    const words = `${shown.message.replace(/\s*\n\s*/g, ' ')}${adviceOn(error)}`;
    process.stderr.write(
      `edge-trainer: ${root.opts<{ debug?: boolean }>().debug === true ? shown.stack : words}\n`,
    );
    return unread || error instanceof UsageError ? EXIT_USAGE : EXIT_ERROR;
  }
}

if (require.main === module) {
  speakAs(process.env);
  void run(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}

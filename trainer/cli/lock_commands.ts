/** Commands of the commissioning lock: unlock, lock, set-key. */
import type { Command } from 'commander';
import type { Trainer } from '../device';
import { type ConnectionOptions, connectionOptions, UsageError, withTrainer } from './connection';
import { KEY_VARIABLE, NEW_KEY_VARIABLE, readKey } from './key';

interface KeyOptions extends ConnectionOptions {
  readonly keyFile?: string;
}

interface SetKeyOptions extends KeyOptions {
  readonly newKeyFile?: string;
  readonly remove?: boolean;
}

const keyInForce = (options: KeyOptions): Promise<string> =>
  readKey({
    file: options.keyFile,
    variable: KEY_VARIABLE,
    question: 'Key (32 hexadecimal digits): ',
    option: '--key-file',
  });

function newKey(options: SetKeyOptions): Promise<string> {
  return readKey({
    file: options.newKeyFile,
    variable: NEW_KEY_VARIABLE,
    question: 'New key (32 hexadecimal digits): ',
    option: '--new-key-file',
  });
}

async function setKey(trainer: Trainer, options: SetKeyOptions): Promise<string> {
  const { identity, status } = await trainer.connect();
  const key = options.remove === true ? undefined : await newKey(options);
  if (status.lock === 'locked') await trainer.lock.open(await keyInForce(options));
  await trainer.lock.setKey(key);
  if (key === undefined) return 'the key is removed: management is open to everybody';
  return identity.storeBytes === 0
    ? 'the key is set until the board restarts: this board has no non-volatile memory, so set the key again after each start'
    : 'the key is set';
}

export function lockCommands(root: Command): void {
  const keyFile = [
    '--key-file <file>',
    `file with the key in force; else the variable ${KEY_VARIABLE}, else a prompt`,
  ] as const;

  connectionOptions(root.command('unlock'))
    .description('open management for a limited time')
    .option(...keyFile)
    .action(async (options: KeyOptions) => {
      const key = await keyInForce(options);
      await withTrainer(options, ({ trainer }) => trainer.lock.open(key));
      console.log('management is unlocked');
    });

  connectionOptions(root.command('lock'))
    .description('lock management now')
    .action(async (options: ConnectionOptions) => {
      await withTrainer(options, ({ trainer }) => trainer.lock.close());
      console.log('management is locked');
    });

  connectionOptions(root.command('set-key'))
    .description('set, change or remove the key of the commissioning lock')
    .option(...keyFile)
    .option(
      '--new-key-file <file>',
      `file with the new key; else the variable ${NEW_KEY_VARIABLE}, else a prompt`,
    )
    .option('--remove', 'remove the key, which opens management to everybody')
    .action(async (options: SetKeyOptions) => {
      if (options.remove === true && options.newKeyFile !== undefined)
        throw new UsageError('give either --new-key-file or --remove');
      console.log(await withTrainer(options, ({ trainer }) => setKey(trainer, options)));
    });
}

/** Commands of the commissioning lock: unlock, lock, set-key. */
import type { Command } from 'commander';
import { Limits } from '../contract/contract.generated';
import type { Trainer } from '../device';
import { type ConnectionOptions, connectionOptions, UsageError, withTrainer } from './connection';
import { KEY_VARIABLE, type KeySource, NEW_KEY_VARIABLE, readKey } from './key';

interface SetKeyOptions extends ConnectionOptions {
  readonly newKeyFile?: string;
  readonly remove?: boolean;
}

/** @throws UsageError when there is no way to get the key */
async function needKey(source: KeySource, option: string): Promise<string> {
  const key = await readKey(source);
  if (key === undefined)
    throw new UsageError(`give the key with ${option} FILE or in the variable ${source.variable}`);
  return key;
}

const keyInForce = ({ keyFile }: ConnectionOptions): Promise<string> =>
  needKey({ file: keyFile, variable: KEY_VARIABLE, question: 'Key (32 hexadecimal digits): ' }, '--key-file');

const newKey = ({ newKeyFile }: SetKeyOptions): Promise<string> =>
  needKey(
    { file: newKeyFile, variable: NEW_KEY_VARIABLE, question: 'New key (32 hexadecimal digits): ' },
    '--new-key-file',
  );

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
  connectionOptions(root.command('unlock'))
    .description(
      'show the board the key, which opens uploads by any master for a moment; every command takes the key by itself',
    )
    .action(async (options: ConnectionOptions) => {
      const key = await keyInForce(options);
      await withTrainer(options, ({ trainer }) => trainer.lock.open(key));
      console.log(`the key is right; uploads are open for ${Limits.UNLOCK_SECONDS} s`);
    });

  connectionOptions(root.command('lock'))
    .description('end an open upload now')
    .action(async (options: ConnectionOptions) => {
      const lock = await withTrainer(options, async ({ trainer }) => {
        await trainer.lock.close();
        return (await trainer.status()).lock;
      });
      console.log(
        lock === 'none' ? 'no key is set: management is open to everybody' : 'management is locked',
      );
    });

  connectionOptions(root.command('set-key'))
    .description('set, change or remove the key of the commissioning lock')
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

/** Life of a model on the host: backup, restore, clone, compare, rollback. */
import { type Command, Option } from 'commander';
import { type Comparison, cloneModel, compareModels, Trainer } from '../device';
import { restoreGuarded } from '../session';
import { text, worded } from '../text';
import { firmwarePlanner } from '../virtual';
import {
  type ConnectionOptions,
  connectionOptions,
  parseInteger,
  UsageError,
  wayOptions,
  withTrainer,
} from './connection';
import { type DiscardOptions, discardOptions, guardOf } from './discard';
import { concernsBackup, fromFile, readBackup, writeText } from './files';
import { counted, facts, grouped, hex8, percent, table } from './output';
import { ProgressBar } from './progress';

type Json = { readonly json?: boolean };

function compareText(first: string, second: string, { a, b, ...rest }: Comparison): string {
  const points = (share: number): string => `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} points`;
  return [
    table(
      ['', first, second],
      [
        ['model', a.family, b.family],
        ['generation', String(a.generation), String(b.generation)],
        ['balanced accuracy', percent(a.balancedAccuracy), percent(b.balancedAccuracy)],
        ['fingerprint', hex8(a.fingerprint), hex8(b.fingerprint)],
        ['bytes', grouped(a.bytes), grouped(b.bytes)],
      ],
    ),
    '',
    facts([
      ['same definition', rest.sameShape ? 'yes, one can replace the other' : 'no'],
      ['identical', rest.identical ? 'yes' : 'no'],
      ['bytes that differ', rest.differingShare === undefined ? undefined : percent(rest.differingShare)],
      ['accuracy', rest.accuracyChange === undefined ? undefined : points(rest.accuracyChange)],
    ]),
  ].join('\n');
}

interface BackupCommand extends ConnectionOptions {
  readonly previous?: boolean;
  readonly samples?: boolean;
}

interface RestoreCommand extends ConnectionOptions, DiscardOptions {
  readonly deploy?: boolean;
  readonly samples?: boolean;
}

interface CloneCommand extends ConnectionOptions, DiscardOptions {
  readonly to: readonly number[];
  readonly deploy?: boolean;
}

async function restore(file: string, options: RestoreCommand): Promise<void> {
  const { backup: document } = await readBackup(file);
  const bar = new ProgressBar();
  const onProgress =
    (doing: string) =>
    (done: number, total: number): void =>
      bar.update(done, total, doing);
  const bring = async (trainer: Trainer): Promise<void> => {
    const { status } = await restoreGuarded(trainer, document, await firmwarePlanner(), {
      deploy: options.deploy === true,
      ...guardOf(options),
      onProgress: onProgress('sending'),
    });
    bar.end();
    if (status.generation > 0) console.log(`restored as generation ${status.generation}`);
    if (options.samples !== true) return;
    const { taught, left } = await trainer.backup.restoreSamples(document, {
      onProgress: onProgress('teaching'),
    });
    bar.end();
    const rest = left === 0 ? '' : `; ${left} do not fit the definition and stay in the file`;
    console.log(`${counted(taught, 'sample')} taught${rest}`);
  };
  await withTrainer(options, ({ trainer }) => fromFile(file, () => bring(trainer), concernsBackup)).finally(
    () => bar.end(),
  );
}

function backupCommand(root: Command): void {
  connectionOptions(root.command('backup'))
    .description('write the model and its definition to a file')
    .argument('<file.json>', 'file to write')
    .option('--previous', 'the previous generation instead of the running one')
    .option('--samples', 'also the stitched samples')
    .action(async (file: string, options: BackupCommand) => {
      const bar = new ProgressBar();
      const backup = await withTrainer(
        options,
        ({ trainer }) =>
          trainer.backup.take(options.previous === true ? 'previous' : 'running', {
            samples: options.samples === true,
            onProgress: (done, total) => bar.update(done, total, 'reading'),
          }),
        { readOnly: true },
      ).finally(() => bar.end());
      await writeText(file, `${JSON.stringify(backup, undefined, 2)}\n`);
      console.log(backup.about);
    });
}

function restoreCommand(root: Command): void {
  discardOptions(connectionOptions(root.command('restore')))
    .description('restore the model of a backup as a new generation')
    .argument('<file.json>', 'a backup')
    .option('--deploy', "also deploy the backup's definition if the board runs another one")
    .option('--samples', 'teach the samples of the backup, matched by identity')
    .action(restore);
}

const parseUnits = (text: string): number[] =>
  text.split(',').map((unit) => parseInteger(1, 247)(unit.trim()));

function cloneCommand(root: Command): void {
  discardOptions(connectionOptions(root.command('clone')))
    .description('copy the running model to other trainers on the same wire')
    .addOption(
      new Option('--to <units>', 'unit ids, separated by commas').argParser(parseUnits).makeOptionMandatory(),
    )
    .option('--deploy', 'also deploy the definition where another one runs')
    .action(async (options: CloneCommand) => {
      const units = options.to;
      if (units.includes(options.unit)) throw new UsageError(`unit ${options.unit} is the source itself`);
      const results = await withTrainer(options, async ({ bus, trainer, key }) => {
        const planner = await firmwarePlanner();
        const guard = { deploy: options.deploy === true, ...guardOf(options) };
        return cloneModel(
          trainer,
          units.map((unit) => new Trainer(bus, { unit, ...(key === undefined ? {} : { key }) })),
          {},
          async (target, backup) => (await restoreGuarded(target, backup, planner, guard)).status,
        );
      });
      for (const { unit, status } of results)
        if (status !== undefined) console.log(`unit ${unit}: generation ${status.generation}`);
      const failed = results.filter((result) => result.error !== undefined);
      if (failed.length > 0) throw new Error(failed.map((failure) => failure.error?.message).join('; '));
    });
}

function compareCommand(root: Command): void {
  wayOptions(root.command('compare'))
    .description(
      'compare two backups, a backup with the running model, or the running with the previous generation',
    )
    .argument('[first.json]', 'a backup; default: the previous generation on the board')
    .argument('[second.json]', 'a backup; default: the running model')
    .option('--json', 'print JSON')
    .action(
      async (first: string | undefined, second: string | undefined, options: ConnectionOptions & Json) => {
        const load = async (file: string): Promise<Uint8Array> => {
          const { model } = await readBackup(file);
          if (model.length === 0) throw new Error(worded(text('command.noModel', { file })));
          return model;
        };
        const [a, b] =
          first !== undefined && second !== undefined
            ? [await load(first), await load(second)]
            : await withTrainer(
                options,
                async ({ trainer }) => [
                  first === undefined ? await trainer.model.read('previous') : await load(first),
                  await trainer.model.read('running'),
                ],
                { readOnly: true },
              );
        if (a === undefined || a.length === 0) throw new Error(worded(text('command.noPrevious')));
        if (b === undefined || b.length === 0) throw new Error(worded(text('command.untrained')));
        const comparison = compareModels(a, b);
        console.log(
          options.json === true
            ? JSON.stringify(comparison)
            : compareText(first ?? 'previous', second ?? 'running', comparison),
        );
      },
    );
}

function rollbackCommand(root: Command): void {
  connectionOptions(root.command('rollback'))
    .description('return to the previous generation')
    .action(async (options: ConnectionOptions) => {
      const status = await withTrainer(options, async ({ trainer }) => {
        await trainer.model.rollBack();
        return trainer.status();
      });
      console.log(`generation ${status.generation} runs`);
    });
}

function modeCommand(root: Command): void {
  connectionOptions(root.command('mode'))
    .description('say who may start a training: the board itself, only a command, or nobody')
    .addOption(
      new Option('--set <mode>', 'the new mode').choices(['auto', 'manual', 'frozen']).makeOptionMandatory(),
    )
    .action(async (options: ConnectionOptions & { readonly set: 'auto' | 'manual' | 'frozen' }) => {
      await withTrainer(options, ({ trainer }) => trainer.setMode(options.set));
      console.log(`mode ${options.set}`);
    });
}

export function modelCommands(root: Command): void {
  backupCommand(root);
  restoreCommand(root);
  cloneCommand(root);
  compareCommand(root);
  rollbackCommand(root);
  modeCommand(root);
}

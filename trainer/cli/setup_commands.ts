/** Commands that find, identify and set up a trainer: ports, identify, deploy, status, log. */
import type { Command } from 'commander';
import { serialPorts } from '../bus';
import { type FirmwareReport, firmwareReport, type TrainerStatus, type VoicesStatus } from '../device';
import { deployGuarded, type GuardedDeployResult, reportOf } from '../session';
import { firmwarePlanner } from '../virtual';
import { type ConnectionOptions, connectionOptions, withTrainer } from './connection';
import { type DiscardOptions, discardOptions, guardOf, reportText } from './discard';
import { readDefinition, readGeneration } from './files';
import { counted, duration, facts, grouped, hex8, percent, table } from './output';
import { ProgressBar } from './progress';

type Json = { readonly json?: boolean };

/** How much of what the trainer knows outlives its power. */
function savedText({ saves, saveAgeSeconds, saveState, savesLeft, boots }: TrainerStatus): string {
  const last = saves === 0 ? 'never' : `${duration(saveAgeSeconds)} ago, ${counted(saves, 'time')}`;
  const kept = {
    saved: 'all is kept',
    'samples-wait': 'samples and counters since then are not saved yet',
    'not-saved':
      savesLeft === 0
        ? 'NOT SAVED: the wear budget of the memory allows no save now'
        : 'NOT SAVED YET: a model, definition, set point or key',
    failed: 'SAVING FAILS, see the last error',
    'no-store': 'this board has no memory: all is lost when its power goes',
  }[saveState];
  return `${last}; ${kept}; start number ${boots}`;
}

export function statusText(status: TrainerStatus, voices?: VoicesStatus): string {
  const { lastError, trainResult } = status;
  return facts([
    ['state', status.state + (status.progress > 0 ? `, ${percent(status.progress)}` : '')],
    ['mode', status.mode],
    ['generation', status.generation === 0 ? 'untrained' : status.generation],
    ['previous generation', status.previousGeneration === 0 ? undefined : status.previousGeneration],
    [
      'accuracy in the loop',
      `${percent(status.windowAccuracy)} over the last ${counted(status.windowFilled, 'outcome')}${status.drift ? ', DRIFT' : ''}`,
    ],
    [
      'truths proposed before they came',
      voices?.voices
        .filter(({ accuracy }) => accuracy !== undefined)
        .map(({ name, accuracy }) => `${name} ${percent(accuracy)}`)
        .join(', ') || undefined,
    ],
    [
      'FEEDBACK SUSPICIOUS',
      voices === undefined || voices.suspicion === 'none' ? undefined : voices.suspicion,
    ],
    [
      'data set',
      `${status.samplesStored} of ${status.samplesCapacity} samples, ${status.samplesNew} new, ${status.samplesHeldOut} held out, ${grouped(status.datasetBytes)} bytes`,
    ],
    ['memory', `${grouped(status.memoryUsedBytes)} bytes`],
    ['decisions', `${grouped(status.inferences)}, ${status.ticketsPending} waiting for feedback`],
    ['outcomes', `${grouped(status.judged)} judged, ${grouped(status.satisfied)} satisfactory`],
    [
      'discarded',
      Object.entries(status.discarded)
        .filter(([, count]) => count > 0)
        .map(([reason, count]) => `${count} ${reason}`)
        .join(', ') || undefined,
    ],
    [
      'trainings',
      `${status.trainings}: ${status.promoted} promoted, ${status.rejected} rejected, ${status.rolledBack} rolled back`,
    ],
    [
      'last training',
      // What the last training took is not kept over a start.
      status.trainings === 0 || status.trainIterations === 0
        ? undefined
        : `${counted(status.trainWork, 'operation')}, ${counted(status.trainIterations, 'iteration')}, ${trainResult?.text ?? 'converged'}`,
    ],
    ['definition', status.definitionFingerprint === 0 ? 'none' : hex8(status.definitionFingerprint)],
    ['uptime', `${duration(status.uptimeSeconds)}, started from ${status.startReason}`],
    ['saved', savedText(status)],
    ['lock', status.lock],
    [
      'frames',
      `${grouped(status.framesGood)} good, ${grouped(status.framesBad)} bad, ${grouped(status.exceptions)} refused, ${status.repeats} repeated`,
    ],
    ['last error', lastError === undefined ? undefined : `${lastError.name}: ${lastError.text}`],
  ]);
}

interface DeployCommand extends ConnectionOptions, Json, DiscardOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly weights?: string;
}

async function deploy(file: string, options: DeployCommand): Promise<void> {
  const { document, complete } = await readDefinition(file);
  const firstGeneration =
    options.weights === undefined ? undefined : await readGeneration(options.weights, complete);
  if (options.dryRun === true) {
    const report = await withTrainer(
      options,
      async ({ trainer }) => reportOf(trainer, complete, await firmwarePlanner()),
      { readOnly: true },
    );
    console.log(options.json === true ? JSON.stringify(report) : reportText(report));
    return;
  }
  const bar = new ProgressBar();
  await withTrainer(options, async ({ trainer }) => {
    const planner = await firmwarePlanner();
    const result = await deployGuarded(trainer, document, planner, {
      ...(options.force === undefined ? {} : { force: options.force }),
      ...(firstGeneration === undefined ? {} : { firstGeneration }),
      ...guardOf(options),
      onProgress: (done, total) => bar.update(done, total, 'sending'),
    }).finally(() => bar.end());
    if (options.json === true) console.log(JSON.stringify(result));
    else console.log(`${reportText(result.report)}\n\n${deployText(result)}`);
  });
}

/** What decides now. */
function generationText({ status, firstGeneration }: GuardedDeployResult): string {
  const { generation, previousGeneration } = status;
  if (firstGeneration === 'sent')
    return `${generation}, from the weights${previousGeneration === 0 ? '' : `; generation ${previousGeneration} is kept as the previous one`}`;
  if (generation === 0) return 'untrained';
  return `${generation}, kept${firstGeneration === 'kept' ? ': the weights were not sent; --force sends them' : ''}`;
}

function deployText(result: GuardedDeployResult): string {
  const { need, status } = result;
  return facts([
    ['definition', `${hex8(result.fingerprint)}${result.changed ? ' deployed' : ' was running already'}`],
    ['memory', `${grouped(status.memoryUsedBytes)} bytes`],
    ['data set', `${grouped(status.datasetBytes)} bytes for ${status.samplesCapacity} samples`],
    ['model', need === undefined ? undefined : `${grouped(need.model)} bytes a generation`],
    ['generation', generationText(result)],
  ]);
}

async function listPorts(options: Json): Promise<void> {
  const ports = await serialPorts();
  if (options.json === true) {
    console.log(JSON.stringify(ports));
  } else if (ports.length === 0) {
    console.log('no serial port found');
  } else {
    console.log(
      table(
        ['port', 'maker', 'serial number', 'USB id'],
        ports.map((port) => [
          port.path,
          port.manufacturer ?? '',
          port.serialNumber ?? '',
          port.vendorId === undefined ? '' : `${port.vendorId}:${port.productId ?? ''}`,
        ]),
      ),
    );
  }
}

function portsCommand(root: Command): void {
  root
    .command('ports')
    .description('list the serial ports of this computer')
    .option('--json', 'print JSON')
    .action(listPorts);
}

/** How the firmware stands to the one in this package. */
function ageText({ age, packaged }: FirmwareReport): string {
  if (age === 'same') return '';
  return age === 'older'
    ? `; OLDER than ${packaged} of this package, "edge-trainer flash" writes that`
    : `; newer than ${packaged} of this package`;
}

function identifyCommand(root: Command): void {
  connectionOptions(root.command('identify'))
    .description('print which trainer answers and what it runs')
    .option('--json', 'print JSON')
    .action(async (options: ConnectionOptions & Json) => {
      const { identity, status } = await withTrainer(options, ({ trainer }) => trainer.connect(), {
        readOnly: true,
      });
      const firmware = firmwareReport(identity);
      const shown = { ...identity, firmware, definitionFingerprint: hex8(status.definitionFingerprint) };
      console.log(
        options.json === true
          ? JSON.stringify(shown)
          : facts([
              ['board', identity.board],
              ['serial number', identity.serialNumber],
              [
                'firmware',
                `${identity.firmwareVersion}, register map ${identity.mapVersion}${ageText(firmware)}`,
              ],
              ['LACKS', firmware.lacks.join(', ') || undefined],
              ['models', identity.models.join(', ')],
              ['kernels', identity.kernels.join(', ')],
              ['memory', `${grouped(identity.arenaBytes)} bytes`],
              ['store', identity.storeBytes === 0 ? 'none' : `${grouped(identity.storeBytes)} bytes a slot`],
              ['definition', status.definitionFingerprint === 0 ? 'none' : shown.definitionFingerprint],
              ['generation', status.generation === 0 ? 'untrained' : status.generation],
            ]),
      );
    });
}

function deployCommand(root: Command): void {
  discardOptions(connectionOptions(root.command('deploy')))
    .description('check a definition and install it on the board')
    .argument('<definition.json>', 'the definition')
    .option('--force', 'send it even when the board runs it already')
    .option('--dry-run', 'print what it would change on the board, and change nothing')
    .option(
      '--weights <file>',
      'weights of an imported network, with which the board decides until it has trained',
    )
    .option('--json', 'print JSON')
    .action(deploy);
}

function statusCommand(root: Command): void {
  connectionOptions(root.command('status'))
    .description('print the status of the trainer')
    .option('--definition <file>', 'also print whether the board runs this definition')
    .option('--json', 'print JSON')
    .action(async (options: ConnectionOptions & Json & { readonly definition?: string }) => {
      const definition =
        options.definition === undefined ? undefined : (await readDefinition(options.definition)).document;
      const [{ status, definition: runs }, voices] = await withTrainer(
        options,
        async ({ trainer }) => [await trainer.connect(), await trainer.voices.read()] as const,
        { definition, readOnly: true },
      );
      const shown = { ...status, ...voices, ...(definition === undefined ? {} : { definition: runs }) };
      const sameness = {
        same: 'runs',
        different: 'does not run, it has another one',
        none: 'does not run, it has none',
      };
      if (options.json === true) console.log(JSON.stringify(shown));
      else if (runs === 'not-given' || definition === undefined) console.log(statusText(status, voices));
      else console.log(`the board ${sameness[runs]}: ${options.definition}\n${statusText(status, voices)}`);
    });
}

function logCommand(root: Command): void {
  connectionOptions(root.command('log'))
    .description("print the board's log")
    .option('--json', 'print JSON')
    .action(async (options: ConnectionOptions & Json) => {
      const records = await withTrainer(options, ({ trainer }) => trainer.log.read(), { readOnly: true });
      if (options.json === true) console.log(JSON.stringify(records));
      else if (records.length === 0) console.log('the log is empty');
      else
        console.log(
          table(
            ['uptime', 'event', ''],
            records.map(({ uptimeSeconds, event, text }) => [duration(uptimeSeconds), event, text]),
          ),
        );
    });
}

export function setupCommands(root: Command): void {
  portsCommand(root);
  identifyCommand(root);
  deployCommand(root);
  statusCommand(root);
  logCommand(root);
}

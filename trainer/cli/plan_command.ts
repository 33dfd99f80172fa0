/** `plan`: what a definition takes of a board, before anything is deployed; of a network layer by layer and step by step. */
import type { Command } from 'commander';
import {
  boardOf,
  boardsWith,
  type CompleteDefinition,
  definitionHeader,
  documentOf,
  encodeDefinition,
  isKnownBoard,
  knownBoards,
  MemoryError,
  type MemoryNeed,
  type MemoryPlanner,
  type ModelType,
  memorySvg,
  memoryText,
  type NetworkPlan,
  outputsOf,
  planMemory,
} from '../definition';
import { text, worded } from '../text';
import { firmwarePlanner } from '../virtual';
import { UsageError } from './connection';
import { dataOptions } from './data/options';
import { readDefinition, writeText } from './files';
import { chooseScheme, type FitCommand, fitText } from './fit';
import { facts, grouped, table } from './output';

interface PlanOptions extends FitCommand {
  readonly board?: string;
  readonly svg?: string;
  readonly c?: string;
  readonly json?: boolean;
}

interface Planned {
  readonly board: string;
  readonly arenaBytes: number;
  readonly neededBytes: number;
  readonly fits: boolean;
  readonly need?: MemoryNeed;
  readonly largestCapacity?: number;
  /** Why it does not fit, and what would. */
  readonly advice?: string;
  readonly network?: NetworkPlan;
}

/** @throws DefinitionError when the firmware refuses the definition for another reason than memory */
function plannedFor(definition: CompleteDefinition, board: string, planner: MemoryPlanner): Planned {
  const { arena } = boardOf(board);
  const network = planner.network(encodeDefinition(definition));
  const rest = network === undefined ? {} : { network };
  try {
    const need = planMemory(definition, planner, arena);
    return { board, arenaBytes: arena, neededBytes: need.total, fits: true, need, ...rest };
  } catch (error) {
    if (!(error instanceof MemoryError)) throw error;
    const { neededBytes, largestCapacity, message } = error;
    return { board, arenaBytes: arena, neededBytes, fits: false, largestCapacity, advice: message, ...rest };
  }
}

function memoryFacts({ board, arenaBytes, neededBytes, fits, need }: Planned): string {
  return facts([
    ['board', boardOf(board).title],
    ['memory for the trainer', `${grouped(arenaBytes)} bytes`],
    [
      'needed',
      `${grouped(neededBytes)} bytes${fits ? '' : `, ${grouped(neededBytes - arenaBytes)} too many`}`,
    ],
    ['data set', need === undefined ? undefined : `${grouped(need.dataset)} bytes`],
    ['model', need === undefined ? undefined : `${grouped(need.model)} bytes for each of three generations`],
    ['shared', need === undefined ? undefined : `${grouped(need.shared)} bytes`],
    ['one training', need === undefined ? undefined : `${grouped(need.work)} bytes`],
  ]);
}

function layerTable(definition: CompleteDefinition, network: NetworkPlan): string {
  const layers = definition.model.type === 'dnn' ? definition.model.layers : [];
  const rows = network.layers.map((layer, i) => [
    i + 1,
    layers[i]?.kind ?? '',
    `${layer.height} x ${layer.width} x ${layer.channels}`,
    ...[layer.parameters, layer.trained, layer.forwardMacs, layer.backwardMacs, layer.modelBytes].map(
      grouped,
    ),
  ]);
  const sums = [network.parameters, network.layers.reduce((sum, { trained }) => sum + trained, 0)];
  const total = ['', 'all', '', ...[...sums, network.forwardMacs, network.backwardMacs].map(grouped)];
  return table(
    ['#', 'layer', 'gives', 'parameters', 'trained', 'forward MACs', 'backward MACs', 'bytes'],
    [...rows, [...total, grouped(network.trainedBytes + network.frozenBytes)]],
  );
}

function planText(definition: CompleteDefinition, planned: Planned): string {
  const { network } = planned;
  const parts = [memoryFacts(planned)];
  if (network !== undefined)
    parts.push(
      layerTable(definition, network),
      `Buffers of one training step: ${grouped(network.stepBytes)} bytes (buffers that are not in use together share their bytes)`,
      memoryText(network),
    );
  return parts.join('\n\n');
}

/** That a board's firmware leaves out the type of model, and which boards have it; undefined = it has it. */
export function lackingModel(type: ModelType, board: string): string | undefined {
  if (!boardOf(board).lacks.includes(type)) return undefined;
  return worded(text('command.lacking', { board, type, boards: boardsWith(type) }));
}

/** Chooses a sparse scheme and shows what it chose from. */
async function planFit(complete: CompleteDefinition, board: string, options: PlanOptions): Promise<void> {
  const found = await chooseScheme(complete, board, options);
  if (options.output !== undefined)
    await writeText(options.output, `${JSON.stringify(documentOf(found.definition), undefined, 2)}\n`);
  const kinds = complete.model.type === 'dnn' ? complete.model.layers.map(({ kind }) => kind) : [];
  console.log(
    options.json === true ? JSON.stringify(found) : fitText(found, kinds, outputsOf(complete).length > 0),
  );
}

async function plan(file: string, options: PlanOptions): Promise<void> {
  const { board, svg, c, json } = options;
  const { complete } = await readDefinition(file);
  const name = board ?? complete.board;
  if (!isKnownBoard(name))
    throw new UsageError(`"${name}" is not a known board; use one of ${knownBoards().join(', ')}`);
  const lacking = lackingModel(complete.model.type, name);
  if (options.fit === true && lacking !== undefined) throw new Error(lacking);
  if (options.fit === true) return planFit(complete, name, options);
  const planned = plannedFor(complete, name, await firmwarePlanner());
  if (svg !== undefined) {
    if (planned.network === undefined)
      throw new UsageError('--svg draws the memory of a network; this definition has none');
    await writeText(svg, memorySvg(planned.network, `${complete.name}: memory of one training step`));
  }
  if (c !== undefined) await writeText(c, definitionHeader(complete));
  console.log(json === true ? JSON.stringify(planned) : planText(complete, planned));
  if (lacking !== undefined) throw new Error(lacking);
  if (planned.advice !== undefined) throw new Error(planned.advice);
}

export function planCommand(root: Command): void {
  const command = root
    .command('plan')
    .description(
      'print how much of a board a definition takes; for a network also each layer, and its memory step by step',
    )
    .argument('<definition.json>', 'the definition')
    .option('--board <name>', 'board to plan for; default: the one in the definition')
    .option('--svg <file>', "write the picture of the network's memory to this file")
    .option('--c <file>', 'write the definition as a C header for et_trainer_deploy to this file')
    .option(
      '--fit',
      'choose which parts of a network the board trains, so that it fits the board at the smallest loss',
    )
    .option('--data <file>', 'with --fit: samples to try the schemes on')
    .option('--weights <file>', 'with --fit: weights of the imported network')
    .option('-o, --output <file>', 'with --fit: file to write the definition with the scheme to')
    .option('--json', 'print one JSON object');
  dataOptions(command).action(plan);
}

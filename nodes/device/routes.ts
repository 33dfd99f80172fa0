/** Admin routes of the definition form: the schema it is built from, and what the firmware's own code says to a definition. */
import type { NodeAPI } from 'node-red';
import {
  boardOf,
  complete,
  DefinitionError,
  type DefinitionIssue,
  definitionSchema,
  encodeDefinition,
  families,
  findIssues,
  inputShape,
  isWellFormed,
  knownBoards,
  type LayerPlan,
  largestCapacity,
  MemoryError,
  type MemoryNeed,
  type MemoryPlanner,
  planMemory,
  type TrainerDefinition,
} from '../../trainer/definition';
import { oversize } from '../../trainer/definition/bounds';
import { flashTargets } from '../../trainer/flash';
import type { ChangeReport } from '../../trainer/session';
import { firmwarePlanner } from '../../trainer/virtual';
import { answerOf } from '../shared/runtime';
import type { DeviceNode } from './device';
import { withVariables } from './environment';
import { IMPORT_MOST } from './import_route';

/** Answer to a definition under edit. */
export interface MemoryReport {
  /** Field paths with what is wrong there. */
  readonly issues: readonly DefinitionIssue[];
  readonly board: string;
  /** Bytes the board gives to a trainer. */
  readonly arenaBytes: number;
  /** Undefined while the definition is not valid. */
  readonly need?: MemoryNeed;
  readonly fits: boolean;
  /** Largest data set that fits this board; 0 = none. */
  readonly largestCapacity?: number;
  /** Bytes that deploying it sends. */
  readonly definitionBytes?: number;
  /** What the firmware makes of the layers of a network, also while their shapes do not match. */
  readonly network?: NetworkReport;
  /** Fields whose value comes from an environment variable that this process does not have: nothing was checked then. */
  readonly unknown?: readonly string[];
}

/** The layers in front of a fault, and the input that the first of them reads. */
export interface NetworkReport {
  readonly input: readonly number[];
  readonly layers: readonly LayerPlan[];
}

/** Undefined for a definition without a network, or one whose other fields are wrong. */
function networkReport(
  document: TrainerDefinition,
  issues: readonly DefinitionIssue[],
  planner: MemoryPlanner,
): NetworkReport | undefined {
  const shapesAlone = issues.every(({ path }) => /^model\.(layers|width)/.test(path));
  if (issues.length > 0 && !(shapesAlone && isWellFormed(document))) return undefined;
  const definition = complete(document);
  const input = inputShape(definition);
  const plan = planner.network(encodeDefinition(definition));
  return input === undefined || plan === undefined ? undefined : { input, layers: plan.layers };
}

export async function memoryReport(given: unknown): Promise<MemoryReport> {
  const large = oversize(given);
  const { document, unknown } =
    large === undefined
      ? withVariables(given, (name) => process.env[name])
      : { document: given, unknown: [] };
  const named = (document as { board?: unknown } | null)?.board;
  const board = knownBoards().find((candidate) => candidate === named) ?? 'virtual';
  const arenaBytes = boardOf(board).arena;
  if (unknown.length > 0) return { issues: [], board, arenaBytes, fits: false, unknown };
  const issues = findIssues(document);
  const planner = await firmwarePlanner();
  const network = networkReport(document as TrainerDefinition, issues, planner);
  const known = { board, arenaBytes, ...(network === undefined ? {} : { network }) };
  if (issues.length > 0) return { issues, ...known, fits: false };
  const definition = complete(document as TrainerDefinition);
  const definitionBytes = encodeDefinition(definition).length;
  try {
    const need = planMemory(definition, planner, arenaBytes);
    return { issues: [], ...known, need, fits: true, definitionBytes };
  } catch (error) {
    if (error instanceof DefinitionError)
      return { issues: error.issues, ...known, fits: false, definitionBytes };
    if (!(error instanceof MemoryError)) throw error;
    const answer = planner.plan(encodeDefinition(definition), arenaBytes);
    return {
      issues: [],
      ...known,
      ...(answer.need === undefined ? {} : { need: answer.need }),
      fits: false,
      largestCapacity: largestCapacity(definition, planner, arenaBytes),
      definitionBytes,
    };
  }
}

/** What a definition under edit would do to the board of a device; undefined while the device or its board is not there. */
async function changeOf(RED: NodeAPI, id: string, given: unknown): Promise<ChangeReport | undefined> {
  const { link } = (RED.nodes.getNode(id) ?? {}) as Partial<DeviceNode>;
  if (link === undefined || link.state.kind === 'lost' || link.state.kind === 'connecting') return undefined;
  if (oversize(given) !== undefined) return undefined;
  const { document, unknown } = withVariables(given, (name) => process.env[name]);
  if (unknown.length > 0 || findIssues(document).length > 0) return undefined;
  return link.changeReport(document as TrainerDefinition);
}

export function definitionRoutes(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('edge-trainer.read');

  RED.httpAdmin.post('/edge-trainer/change/:id', mayRead, (request, response) => {
    changeOf(RED, String(request.params.id), request.body).then(
      (report) => {
        response.json({ report });
      },
      (error: unknown) => {
        response.status(500).json(answerOf(RED, error));
      },
    );
  });

  RED.httpAdmin.get('/edge-trainer/definition-schema', mayRead, (_request, response) => {
    response.json({
      ...{ schema: definitionSchema, boards: knownBoards().map(boardOf), families },
      flashable: flashTargets(),
      importMost: IMPORT_MOST,
    });
  });

  RED.httpAdmin.post('/edge-trainer/memory', mayRead, (request, response) => {
    memoryReport(request.body).then(
      (report) => {
        // The editor words the problems: its language need not be that of this process.
        response.json(report);
      },
      (error: unknown) => {
        response.status(500).json(answerOf(RED, error));
      },
    );
  });
}

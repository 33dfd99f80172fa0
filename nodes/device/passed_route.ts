/** Admin route that says what passed last into nodes of a flow, as features with a guess of their ranges. It gives no message itself. */
import type { NodeAPI } from 'node-red';
import { oversize } from '../../trainer/definition/bounds';
import { guessedRange, lastPassed, type PassedValue } from '../shared/passing';

const ID = /^[\w-]{1,64}$/;
const NODES_MOST = 1000;

/** A value as a feature of a definition; an array has no names. */
export interface GuessedFeature {
  readonly name?: string;
  readonly min: number;
  readonly max: number;
  readonly count?: number;
}

/** What passed last; {} = nothing did. */
export interface PassedReport {
  readonly node?: string;
  /** Seconds since then. */
  readonly ago?: number;
  /** Messages that the guess is made from. */
  readonly messages?: number;
  /** Rows in the last message. */
  readonly rows?: number;
  readonly features?: readonly GuessedFeature[];
  readonly array?: GuessedFeature;
}

const featureOf = ({ name, ...range }: PassedValue): GuessedFeature => ({
  ...(name === undefined ? {} : { name }),
  ...guessedRange(range),
});

export function passedReport(ids: readonly string[], now: number): PassedReport {
  const found = lastPassed(ids);
  if (found === undefined) return {};
  const { node, at, messages, rows, values, array } = found;
  return {
    ...{ node, messages, rows, ago: Math.max(0, Math.round((now - at) / 1000)) },
    features: values.map(featureOf),
    ...(array === undefined ? {} : { array: { count: array.count, ...guessedRange(array) } }),
  };
}

/** Undefined: the body is no list of nodes. */
function idsOf(body: unknown): string[] | undefined {
  if (oversize(body) !== undefined || typeof body !== 'object' || body === null) return undefined;
  const { nodes } = body as { nodes?: unknown };
  if (!Array.isArray(nodes) || nodes.length > NODES_MOST) return undefined;
  return nodes.every((id): id is string => typeof id === 'string' && ID.test(id)) ? nodes : undefined;
}

export function passedRoute(RED: NodeAPI): void {
  RED.httpAdmin.post(
    '/edge-trainer/passed',
    RED.auth.needsPermission('edge-trainer.read'),
    (request, response) => {
      const ids = idsOf(request.body);
      if (ids === undefined) response.status(400).json({ message: RED._('device.passed.badQuestion') });
      else response.json(passedReport(ids, Date.now()));
    },
  );
}

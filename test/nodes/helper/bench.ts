/** Nodes in node-red-node-test-helper on one virtual trainer, each with a helper behind its outputs. */
import { join } from 'node:path';
import { ROOT } from '../real_node_red';
import { helper, type Message, next, startHelper, type TestNode, through, unload } from './helper';

/** Settings of a node; `id` is its type unless it is given. */
export type FlowNode = { readonly type: string; readonly id?: string } & Readonly<Record<string, unknown>>;

const { nodes: SETS } = (require(join(ROOT, 'package.json')) as { 'node-red': { nodes: object } })[
  'node-red'
];
const DEVICE_PATH = 'dist/nodes';
const OUTPUTS = ['out', 'second', 'third'];

export interface Bench {
  /** @param before further buses; `devices`: further configuration nodes that need them */
  load(
    definition: object | undefined,
    before: readonly object[],
    nodes: readonly FlowNode[],
    devices?: readonly object[],
  ): Promise<void>;
  unload(): Promise<void>;
  stop(): Promise<void>;
  node(id: string): TestNode;
  /** The next message of an output ("infer-out"), or of a helper. */
  next(id: string): Promise<Message>;
  /** Sends a message into a node and takes the next one out of it; rejects with what was caught. */
  through(id: string, msg: Message): Promise<Message>;
}

export async function bench(): Promise<Bench> {
  await startHelper();
  const sink = (id: string): object => ({ id, type: 'helper', z: 'flow', x: 1, y: 1, wires: [] });
  return {
    async load(definition, before, nodes, devices = []) {
      const placed = nodes.map((node) => ({
        id: node.type,
        z: 'flow',
        x: 1,
        y: 1,
        device: 'device',
        wires: OUTPUTS.map((output) => [`${node.id ?? node.type}-${output}`]),
        ...node,
        type: `edge-trainer-${node.type}`,
      }));
      await helper.load(
        Object.keys(SETS).map((name) => require(join(ROOT, DEVICE_PATH, `${name}.js`)) as unknown),
        [
          { id: 'flow', type: 'tab', label: 'test' },
          { id: 'bus', type: 'edge-trainer-bus', wire: 'virtual', virtualUnit: '1', keep: false },
          ...before,
          { id: 'device', type: 'edge-trainer-device', name: 'room', bus: 'bus', unit: '1', definition },
          ...devices,
          { id: 'catch', type: 'catch', z: 'flow', x: 1, y: 1, scope: null, wires: [['caught']] },
          sink('caught'),
          ...placed,
          ...placed.flatMap(({ id }) => OUTPUTS.map((output) => sink(`${id}-${output}`))),
        ],
      );
    },
    unload,
    stop: () => helper.stopServer(),
    node: (id) => helper.getNode(id),
    next,
    through,
  };
}

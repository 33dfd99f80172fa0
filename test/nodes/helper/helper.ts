/** node-red-node-test-helper, with messages that a test waits for. */

export type Message = Record<string, unknown> & { payload?: unknown };

export interface TestNode {
  receive(msg: Message): void;
  on(event: 'input', listener: (msg: Message) => void): void;
  close(removed: boolean): Promise<void>;
}

interface Helper {
  init(runtime: string): void;
  settings(settings: object): void;
  startServer(done: () => void): void;
  stopServer(): Promise<void>;
  load(nodes: unknown[], flow: object[]): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): TestNode;
  /** Asks the admin application. */
  request(): { post(path: string): { send(body: object): Promise<{ body: unknown }> } };
}

export const helper = require('node-red-node-test-helper') as Helper;

export function startHelper(): Promise<void> {
  helper.init(process.env.EDGE_TRAINER_TEST_NODE_RED_RUNTIME ?? require.resolve('node-red'));
  return new Promise((done) => helper.startServer(done));
}

/** Who waits for the next message of a node. One listener a node: Node-RED's nodes do not take `once` for their input. */
const waiting = new Map<string, ((msg: Message) => void) | undefined>();

/** The next message that a node gets. */
export function next(id: string): Promise<Message> {
  if (!waiting.has(id)) helper.getNode(id).on('input', (msg) => waiting.get(id)?.(msg));
  return new Promise((resolve) => waiting.set(id, resolve));
}

/** Sends a message into a node and takes the next one out of it, which the node `<id>-out` gets; rejects with what the node "caught" gets. */
export async function through(id: string, msg: Message): Promise<Message> {
  const out = Promise.race([
    next(`${id}-out`),
    next('caught').then((caught) => {
      throw new Error((caught.error as { message: string }).message);
    }),
  ]);
  helper.getNode(id).receive(msg);
  return out;
}

export function unload(): Promise<void> {
  waiting.clear();
  return helper.unload();
}

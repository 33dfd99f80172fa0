/** What the three widgets do the same way: they take messages, keep a state, and tell the pages once a second what changed. */
import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';

export interface WidgetConfig extends NodeDef {
  group: string;
}

/** The Dashboard's base node, as far as a widget needs it. */
interface Base {
  emit(event: string, msg: object, node: Node): void;
  readonly stores: { readonly data: { save(base: Base, node: Node, msg: object): void } };
}

interface Group extends Node {
  register(node: Node, config: WidgetConfig, events: object): void;
  getBase(): Base;
}

export interface WidgetState<View, Change> {
  /** A message that came into the node. */
  take(msg: Readonly<Record<string, unknown>>, now: number): void;
  /** All of it, for a page that is opened. */
  view(): View;
  /** What is to be shown anew; undefined = nothing. */
  tick(now: number): Change | undefined;
  /** What a button of the page sends; undefined = nothing, because it is out of date. */
  act(action: unknown): readonly (object | null)[] | undefined;
}

const TICK_MS = 1000;
/** Longest action that a page may send, in characters. */
const LONGEST_ACTION = 500;

export function widget<View, Change>(
  RED: NodeAPI,
  node: Node,
  config: WidgetConfig,
  state: WidgetState<View, Change>,
): void {
  const { id } = node;
  const group = RED.nodes.getNode(config.group) as Group | null;
  if (group === null) {
    node.error(RED._('learning.noGroup'));
    return;
  }
  const base = group.getBase();
  /** Open pages get the change; the Dashboard gives the saved state to a page that opens. */
  const tell = (now: number): void => {
    const change = state.tick(now);
    if (change === undefined) return;
    base.stores.data.save(base, node, { payload: { view: state.view() } });
    base.emit(`msg-input:${id}`, { payload: { change } }, node);
  };
  const timer = setInterval(() => tell(Date.now()), TICK_MS);
  timer.unref();

  // The Dashboard would send every message on to every page; this node decides itself when and what.
  const face = Object.create(node, {
    on: {
      value: (event: string, listener: (...given: unknown[]) => void) => {
        if (event !== 'input') node.on(event as 'close', listener as () => void);
      },
    },
  }) as Node;
  group.register(face, config, {
    onAction: true,
    /** Makes the messages of a button; a page is not trusted to make them itself. */
    beforeSend: (msg: { action?: unknown }) => {
      if (JSON.stringify(msg.action ?? null).length > LONGEST_ACTION) return undefined;
      const messages = state.act(msg.action);
      tell(Date.now());
      return messages;
    },
  });
  node.on('input', (msg: NodeMessageInFlow, _send, done) => {
    state.take(msg as unknown as Readonly<Record<string, unknown>>, Date.now());
    done();
  });
  node.on('close', () => clearInterval(timer));
}

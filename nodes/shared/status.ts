/** The one place that words a status. Colours as in Node-RED: green = works, yellow = waits, red = does not, blue = busy. */
import type { Node, NodeAPI, NodeStatus } from 'node-red';
import type { Session, SessionState } from '../../trainer/session';
import { StatusLine, words } from './runtime';

const percent = (share: number): number => Math.round(100 * share);

/** Status of a node from the state of its device. */
export function statusOf(RED: NodeAPI, state: SessionState): NodeStatus {
  const text = (key: string, values?: Record<string, string | number>): string =>
    words(RED, `status.${key}`, values);
  switch (state.kind) {
    case 'not-configured':
      return { fill: 'red', shape: 'ring', text: text('notConfigured') };
    case 'connecting':
      return { fill: 'yellow', shape: 'ring', text: text('connecting') };
    case 'lost':
      return { fill: 'red', shape: 'ring', text: text('lost') };
    case 'no-definition':
      return { fill: 'yellow', shape: 'ring', text: text('noDefinition') };
    case 'other-definition':
      return { fill: 'yellow', shape: 'ring', text: text('otherDefinition') };
    case 'busy':
      return {
        fill: 'blue',
        shape: 'dot',
        text: text(state.doing, { percent: percent(state.progress) }),
      };
    case 'ready':
      if (state.drift) return { fill: 'yellow', shape: 'dot', text: text('drift') };
      return state.generation === 0
        ? { fill: 'green', shape: 'ring', text: text('untrained') }
        : { fill: 'green', shape: 'dot', text: text('ready', { generation: state.generation }) };
  }
}

/**
 * Status of a node that works on a device. Its own result stays on show for as long as the device answers; as soon as the
 * device does not, that is what the node says.
 */
export class DeviceStatus {
  private readonly RED: NodeAPI;
  private readonly line: StatusLine;
  private readonly link: Session | undefined;
  private own: NodeStatus | undefined;
  private readonly stop: () => void;

  constructor(RED: NodeAPI, node: Node, link: Session | undefined) {
    this.RED = RED;
    this.line = new StatusLine(node);
    this.link = link;
    this.stop = link?.onState(() => this.refresh()) ?? (() => undefined);
    this.refresh();
  }

  /** What the node itself has to say; undefined = nothing any more. */
  say(status: NodeStatus | undefined): void {
    this.own = status;
    this.refresh();
  }

  failed(error: Error): void {
    const text = error.message.length > 60 ? `${error.message.slice(0, 57)}…` : error.message;
    this.say({ fill: 'red', shape: 'dot', text });
  }

  text(key: string, values?: Record<string, string | number>): string {
    return words(this.RED, `status.${key}`, values);
  }

  close(): void {
    this.stop();
  }

  private refresh(): void {
    const state: SessionState = this.link?.state ?? { kind: 'not-configured' };
    const speaks = state.kind === 'ready' || state.kind === 'busy';
    // A result that was shown before the device was lost is no news when it is back.
    if (!speaks && this.own?.fill !== 'red') this.own = undefined;
    const lost = state.kind === 'lost' || state.kind === 'not-configured';
    this.line.show(this.own !== undefined && !lost ? this.own : statusOf(this.RED, state));
  }
}

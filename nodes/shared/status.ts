/** The one place that words a status. Colours as in Node-RED: green = works, yellow = waits, red = does not, blue = busy. */
import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { DefinitionMismatchError, type FirmwareReport } from '../../trainer/device';
import type { Session, SessionState } from '../../trainer/session';
import type { Filling } from '../../trainer/text';
import type { DeviceNode } from '../device/device';
import { briefly, StatusLine, words } from './runtime';

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
      return { fill: 'red', shape: 'ring', text: text(`fault.${state.fault}`, { unit: state.unit }) };
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
      if (state.locked) return { fill: 'yellow', shape: 'ring', text: text('locked') };
      if (state.drift) return { fill: 'yellow', shape: 'dot', text: text('drift') };
      if (state.onlyClass !== undefined)
        return {
          fill: 'yellow',
          shape: state.generation === 0 ? 'ring' : 'dot',
          text: text(state.generation === 0 ? 'onlyClass' : 'readyOnlyClass', {
            label: state.onlyClass,
            generation: state.generation,
          }),
        };
      return state.generation === 0
        ? { fill: 'green', shape: 'ring', text: text('untrained') }
        : { fill: 'green', shape: 'dot', text: text('ready', { generation: state.generation }) };
  }
}

/** Time between two statuses of messages that follow each other quickly, in milliseconds. */
const OFTEN_MS = 250;

/**
 * Status of a node that works on a device. Its own result stays on show for as long as the device answers; as soon as the
 * device does not, that is what the node says.
 */
export class DeviceStatus {
  private readonly RED: NodeAPI;
  private readonly line: StatusLine;
  private readonly link: Session | undefined;
  private readonly problem: string | undefined;
  private readonly keyMissing: boolean;
  private own: NodeStatus | undefined;
  private passing = false;
  /** Makes what is shown next, once `pause` is over. */
  private latest: (() => NodeStatus) | undefined;
  private pause: NodeJS.Timeout | undefined;
  private readonly stop: () => void;

  constructor(RED: NodeAPI, node: Node, device: DeviceNode | undefined) {
    this.RED = RED;
    this.line = new StatusLine(node);
    this.link = device?.link;
    this.problem = device?.problem;
    this.keyMissing = device?.keyMissing === true;
    this.stop =
      this.link?.onState(() => {
        if (this.passing) this.own = undefined;
        this.refresh();
      }) ?? (() => undefined);
    this.refresh();
  }

  /**
   * What the node itself has to say; undefined = nothing any more.
   * @param passing it is no news once the state of the device has changed
   */
  say(status: NodeStatus | undefined, passing = false): void {
    this.latest = undefined;
    this.own = status;
    this.passing = passing;
    this.refresh();
  }

  /** For what comes with every message: made when it is shown, a few times a second at most; the last one is always shown. */
  sayOften(make: () => NodeStatus): void {
    if (this.pause !== undefined) {
      this.latest = make;
      return;
    }
    this.say(make());
    this.pause = setTimeout(() => {
      this.pause = undefined;
      if (this.latest !== undefined) this.sayOften(this.latest);
    }, OFTEN_MS);
    this.pause.unref();
  }

  /** That the board has not got the definition is no news once the state of the device has changed. */
  failed(error: Error): void {
    this.say(
      { fill: 'red', shape: 'dot', text: briefly(this.RED, error) },
      error instanceof DefinitionMismatchError,
    );
  }

  text(key: string, values?: Readonly<Record<string, Filling>>): string {
    return words(this.RED, `status.${key}`, values);
  }

  close(): void {
    clearTimeout(this.pause);
    this.stop();
  }

  private refresh(): void {
    const state: SessionState = this.link?.state ?? { kind: 'not-configured' };
    const speaks = state.kind === 'ready' || state.kind === 'busy';
    // A result that was shown before the device was lost is no news when it is back.
    if (!speaks && this.own?.fill !== 'red') this.own = undefined;
    const lost = state.kind === 'lost' || state.kind === 'not-configured';
    if (this.problem !== undefined) {
      this.line.show({ fill: 'red', shape: 'ring', text: this.problem });
      return;
    }
    if (this.own !== undefined && !lost) this.line.show(this.own);
    else if (this.keyMissing && state.kind === 'ready')
      this.line.show({ fill: 'yellow', shape: 'ring', text: this.text('keyMissing') });
    else if (this.link?.oldFirmware !== undefined && state.kind === 'ready')
      this.line.show({
        fill: 'yellow',
        shape: 'dot',
        text: this.oldFirmwareText(this.link.oldFirmware),
      });
    else this.line.show(statusOf(this.RED, state));
  }

  private oldFirmwareText({ version, packaged, lacks }: FirmwareReport): string {
    return lacks.length === 0
      ? this.text('firmwareOld', { version, packaged })
      : this.text('firmwareLacks', { version, lacks });
  }
}

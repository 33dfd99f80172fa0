/** What every node that works on a device has: its device, its status, its input. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Session } from '../../trainer/session';
import { type DeviceNode, deviceOf } from '../device/device';
import { MessageError } from './message_error';
import { forget, remember } from './passing';
import { Intake, type Send, type TrainerMessage } from './runtime';
import { DeviceStatus } from './status';

export interface DeviceUserConfig extends NodeDef {
  device?: string;
}

export class DeviceUser {
  readonly intake: Intake;
  readonly status: DeviceStatus;
  readonly device: DeviceNode | undefined;
  private readonly node: Node;
  private waiting: Promise<void> | undefined;

  constructor(RED: NodeAPI, node: Node, config: DeviceUserConfig) {
    this.node = node;
    this.device = deviceOf(RED, config.device);
    this.intake = new Intake(RED, node);
    this.status = new DeviceStatus(RED, node, this.device);
    node.on('close', (removed: boolean, done: () => void) => {
      if (removed) forget(node.id);
      done();
    });
  }

  /** Takes messages; those that come before a deployment that the start of the flow brings wait for it. */
  take(handle: (msg: TrainerMessage, send: Send) => Promise<void>, failed?: (error: Error) => void): void {
    this.intake.take(async (msg, send) => {
      const link = this.device?.link;
      if (link?.awaitsDeployment) await this.prepared(link);
      await handle(msg, send);
    }, failed);
  }

  /** All messages of the node wait together. */
  private prepared(link: Session): Promise<void> {
    this.waiting ??= link.prepared(this.intake.signal).finally(() => {
      this.waiting = undefined;
    });
    return this.waiting;
  }

  /** Remembers the form of features that passed, for the dialog of the device. */
  saw(features: unknown): void {
    remember(this.node.id, features);
  }

  /** @throws MessageError when no device is chosen or its configuration is wrong */
  get link(): Session {
    const link = this.device?.link;
    if (link === undefined) {
      const problem = this.device?.problem;
      throw problem === undefined
        ? new MessageError('error.noDevice')
        : new MessageError('error.deviceProblem', { problem });
    }
    return link;
  }

  /** Adds what was found out to the message; what earlier nodes added stays. */
  note(msg: TrainerMessage, found: Record<string, unknown>): void {
    const before = typeof msg.edgeTrainer === 'object' && msg.edgeTrainer !== null ? msg.edgeTrainer : {};
    msg.edgeTrainer = {
      ...before,
      device: this.device?.name || this.device?.id,
      unit: this.link.unit,
      ...found,
    };
  }
}

/** A copy of the message with another payload, for an output of its own. */
export function variant(RED: NodeAPI, msg: TrainerMessage, payload: unknown): TrainerMessage {
  return { ...(RED.util.cloneMessage(msg) as TrainerMessage), payload };
}

/** Value of a typed input that names a message property. */
export function property(RED: NodeAPI, msg: TrainerMessage, path: string | undefined): unknown {
  // Node-RED takes every other path apart each time.
  if (path === undefined || path === '' || path === 'payload') return msg.payload;
  return RED.util.getMessageProperty(msg, path) as unknown;
}

/**
 * What a node that knows several actions is to do: the one that was chosen in its dialog, or what msg.topic says.
 * @throws MessageError that names the actions
 */
export function actionOf<A extends string>(
  actions: readonly A[],
  chosen: A | '' | undefined,
  msg: TrainerMessage,
): A {
  const asked: unknown = chosen === undefined || chosen === '' ? msg.topic : chosen;
  const action = actions.find((candidate) => candidate === asked);
  if (action === undefined)
    throw new MessageError('error.noAction', { got: String(asked), actions: actions });
  return action;
}

/** Lets at most one message per `intervalMs` through, and always one with `last`. */
export class Pace {
  private readonly intervalMs: number;
  private next = 0;

  constructor(intervalMs: number) {
    this.intervalMs = intervalMs;
  }

  due(last = false): boolean {
    const now = Date.now();
    if (!last && now < this.next) return false;
    this.next = now + this.intervalMs;
    return true;
  }
}

/** The devices that run, and what is remembered of each: a history outlives a deploy of the flow. */
import { Gatherer, History } from '../../trainer/overview';
import type { DeviceNode } from '../device/device';

export interface Member {
  readonly node: DeviceNode;
  /** Undefined when the settings of the device are wrong. */
  readonly gatherer: Gatherer | undefined;
}

const members = new Map<string, Member>();
const histories = new Map<string, History>();

/** A device has started. */
export function join(node: DeviceNode): void {
  const history = histories.get(node.id) ?? new History();
  histories.set(node.id, history);
  members.set(node.id, {
    node,
    gatherer: node.link === undefined ? undefined : new Gatherer(node.link, history),
  });
}

/** A device has stopped. @param removed it is gone for good */
export function leave(node: DeviceNode, removed: boolean): void {
  if (removed) histories.delete(node.id);
  const member = members.get(node.id);
  if (member?.node !== node) return;
  member.gatherer?.close();
  members.delete(node.id);
}

export function memberOf(id: string): Member | undefined {
  return members.get(id);
}

export function everybody(): readonly Member[] {
  return [...members.values()];
}

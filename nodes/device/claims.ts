/**
 * What only one node may have: a unit of a wire (two devices would deploy over each other at every start), a device to run a loop with
 * (two loops would take each other's plant for their own). The first node has it, the others report whose it is.
 */
export interface Claim {
  /** The node's id. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
}

const claims = new Map<string, Claim>();

/** Undefined: what `key` names is the node's now. Otherwise who has it. */
export function claim(key: string, by: Claim): Claim | undefined {
  const holder = claims.get(key);
  if (holder !== undefined && holder.id !== by.id) return holder;
  claims.set(key, by);
  return undefined;
}

export function release(key: string, id: string): void {
  if (claims.get(key)?.id === id) claims.delete(key);
}

const unitKey = (wire: string, unit: number): string => `unit ${unit} ${wire}`;

export function claimUnit(wire: string, unit: number, by: Claim): Claim | undefined {
  return claim(unitKey(wire, unit), by);
}

export function releaseUnit(wire: string, unit: number, id: string): void {
  release(unitKey(wire, unit), id);
}

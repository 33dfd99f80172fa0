/**
 * Which device node has which unit of which wire. Two nodes with one trainer would deploy over each other at every start; the first one
 * has it, the others are told whose it is.
 */
export interface Claim {
  /** The node's id. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
}

const claims = new Map<string, Claim>();

const keyOf = (wire: string, unit: number): string => `${unit} ${wire}`;

/** Undefined: it is the node's now. Otherwise who has it. */
export function claimUnit(wire: string, unit: number, by: Claim): Claim | undefined {
  const key = keyOf(wire, unit);
  const holder = claims.get(key);
  if (holder !== undefined && holder.id !== by.id) return holder;
  claims.set(key, by);
  return undefined;
}

export function releaseUnit(wire: string, unit: number, id: string): void {
  const key = keyOf(wire, unit);
  if (claims.get(key)?.id === id) claims.delete(key);
}

/**
 * What a loop leaves to the one that takes its place in a deploy of the flow: the value in effect, since when, and the open decision. When
 * nobody takes it, the fail-safe value is put after a while.
 */
import type { Carried } from '../../trainer/loop';

interface Left {
  /** The plant's registers and settings; a loop with others begins anew. */
  readonly plant: string;
  readonly carried: Carried;
  /** Lets go of the plant, with the fail-safe value or without. */
  readonly letGo: (failSafe: boolean) => Promise<void>;
  readonly late: NodeJS.Timeout;
}

/** A flow that never starts again (a missing node type) does not leave its plant without anybody. */
const LONGEST_LEFT_MS = 30_000;

const left = new Map<string, Left>();

export function leave(id: string, plant: string, carried: Carried, letGo: Left['letGo']): void {
  const late = setTimeout(() => {
    left.delete(id);
    void letGo(true);
  }, LONGEST_LEFT_MS);
  left.set(id, { plant, carried, letGo, late });
}

/** What was left for this node; where its plant is another one now, that before gets its fail-safe value. */
export function takeOver(id: string, plant: string): Carried | undefined {
  const found = left.get(id);
  if (found === undefined) return undefined;
  left.delete(id);
  clearTimeout(found.late);
  const same = found.plant === plant;
  void found.letGo(!same);
  return same ? found.carried : undefined;
}

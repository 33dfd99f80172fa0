import type { Migration } from '../shared/migration';

export const migrations: readonly Migration[] = [
  // The memory of a virtual trainer got a name of its own. Before, its file was named after the node, and an imported flow lost it.
  (stored) => ({ memory: `virtual-${String(stored.id)}`, ...stored }),
];

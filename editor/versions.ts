/** Versions of stored nodes: what the runtime does to a flow file (nodes/shared/migration.ts), the editor does to what it shows. */
namespace EdgeTrainer {
  type Stored = Readonly<Record<string, unknown>>;
  type Steps = readonly ((stored: Stored) => Stored)[];

  /** Migrations by node, put here by the build. */
  export const migrations: Record<string, Steps> = {};
  /** The compiled nodes/shared/migration.ts, put here by the build. */
  export const migration: {
    migrate?: (stored: Stored, steps: Steps) => Stored;
    versionAfter?: (steps: Steps) => number;
  } = {};

  /** Version that a new node has. */
  export function version(node: string): number {
    return migration.versionAfter?.(migrations[node] ?? []) ?? 1;
  }

  const PREFIX = 'edge-trainer-';

  RED.events.on('nodes:add', (added: unknown) => {
    const node = added as EditedNode & { type: string; _def: { defaults: object } };
    if (!node.type.startsWith(PREFIX)) return;
    const steps = migrations[node.type.slice(PREFIX.length)] ?? [];
    const stored = Object.fromEntries(
      ['id', ...Object.keys(node._def.defaults)]
        .filter((name) => node[name] !== undefined)
        .map((name) => [name, node[name]]),
    );
    try {
      Object.assign(node, migration.migrate?.(stored, steps));
    } catch (error) {
      RED.notify((error as Error).message, 'error');
    }
  });
}

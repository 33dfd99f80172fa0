/**
 * What a node stored in an older version of this package -> what the present one understands. The runtime migrates what a flow file
 * holds, the editor what it shows: both by the same steps (nodes/<node>/migrations.ts).
 */

export type Stored = Readonly<Record<string, unknown>>;

/** From one version to the next. Pure: what it is given stays as it was. */
export type Migration = (stored: Stored) => Stored;

/** Version that a node has when all its migrations are behind it. Nodes that were stored without a version have the first. */
export function versionAfter(migrations: readonly Migration[]): number {
  return migrations.length + 1;
}

/**
 * The stored properties in the present version.
 * @throws RangeError when a newer version of this package stored them
 */
export function migrate<T extends object>(stored: T, migrations: readonly Migration[]): T {
  const { version: given } = stored as Stored;
  const version = given === undefined || given === '' ? 1 : Number(given);
  const present = versionAfter(migrations);
  if (!Number.isInteger(version) || version < 1 || version > present)
    throw new RangeError(
      `the node was stored in version ${String(given)}, this package knows up to ${present}; install the newer package, or make the node anew`,
    );
  const steps = migrations.slice(version - 1);
  if (steps.length === 0) return stored;
  const migrated = steps.reduce<Stored>((before, step) => step(before), stored as Stored);
  return { ...migrated, version: present } as T;
}

/** Nodes as older versions of this package stored them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations as busMigrations } from '../../nodes/bus/migrations';
import { type Migration, migrate, versionAfter } from '../../nodes/shared/migration';
import { nodeSets, ROOT } from './real_node_red';

const migrationsOf = (node: string): readonly Migration[] => {
  const file = join(ROOT, 'dist', 'nodes', node, 'migrations.js');
  return existsSync(file) ? (require(file) as { migrations: readonly Migration[] }).migrations : [];
};

describe('stored nodes', () => {
  it('go through every step from their version on, and stay as they were themselves', () => {
    const steps: Migration[] = [
      (stored) => ({ ...stored, path: [...(stored.path as string[]), 'one'] }),
      (stored) => ({ ...stored, path: [...(stored.path as string[]), 'two'] }),
    ];
    const old = Object.freeze({ path: [] as string[] });
    assert.deepEqual(migrate(old, steps), { path: ['one', 'two'], version: 3 });
    assert.deepEqual(migrate({ path: [], version: 2 }, steps), { path: ['two'], version: 3 });
    const present = { path: [], version: 3 };
    assert.equal(migrate(present, steps), present);
  });

  it('of a newer version are refused', () => {
    assert.throws(() => migrate({ version: 4 }, []), /stored in version 4, this package knows up to 1/);
    assert.throws(() => migrate({ version: 'x' }, []), /version x/);
  });

  it('bus, version 1: a virtual trainer finds the file that was named after the node', () => {
    const old = { id: 'ab12', wire: 'virtual', keep: true };
    assert.deepEqual(migrate(old, busMigrations), { ...old, memory: 'virtual-ab12', version: 2 });
  });

  it('of the examples and the demo have the present version', () => {
    const files = readdirSync(join(ROOT, 'examples')).map((name) => join(ROOT, 'examples', name));
    for (const file of [...files, join(ROOT, 'demo', 'flow.json')]) {
      const flow = JSON.parse(readFileSync(file, 'utf8')) as { type: string; version?: number }[];
      for (const { type, version } of flow)
        if (type.startsWith('edge-trainer-'))
          assert.equal(version, versionAfter(migrationsOf(type.slice(13))), `${type} in ${file}`);
    }
  });

  it('have their version among the properties of their dialog', () => {
    for (const node of nodeSets())
      assert.match(
        readFileSync(join(ROOT, 'nodes', node, 'editor.ts'), 'utf8'),
        new RegExp(`version: \\{ value: EdgeTrainer.version\\('${node}'\\) \\}`),
      );
  });

  it('of every example remember, each in a memory of its own', () => {
    const seen = new Map<string, string>();
    for (const name of readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.json'))) {
      const flow = JSON.parse(readFileSync(join(ROOT, 'examples', name), 'utf8')) as {
        type: string;
        keep?: boolean;
        memory?: string;
      }[];
      for (const { type, keep, memory = '' } of flow) {
        if (type !== 'edge-trainer-bus') continue;
        assert.equal(keep, true, name);
        assert.equal(seen.get(memory), undefined, `${memory} in ${name}`);
        seen.set(memory, name);
      }
    }
  });
});

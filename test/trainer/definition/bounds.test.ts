/** The work for a document is bounded, whatever somebody sends. Work is counted: how often the document is looked into. */
import assert from 'node:assert/strict';
import { BackupError, findIssues, openBackup } from '../../../trainer';
import { DEFINITION_BOUNDS, oversize } from '../../../trainer/definition/bounds';
import { worded } from '../../../trainer/text';
import { comfort } from './examples';

/** The document, and how many of its properties were read. */
function counted<T extends object>(document: T): { document: T; reads: () => number } {
  let reads = 0;
  const watch = <V>(value: V): V =>
    typeof value !== 'object' || value === null
      ? value
      : (new Proxy(value, {
          get(target, name, receiver) {
            reads++;
            return watch(Reflect.get(target, name, receiver));
          },
        }) as V);
  return { document: watch(document), reads: () => reads };
}

const empties = (count: number): object[] => Array.from({ length: count }, () => ({}));

describe('documents of any size', () => {
  it('a hundred thousand empty features are refused by their number, not one by one', () => {
    for (const count of [8000, 100_000, 1_000_000]) {
      const { document, reads } = counted({ ...comfort(), features: empties(count) });
      const [issue, ...others] = findIssues(document);
      assert.match(worded(issue?.problem ?? ''), /has more than 4000 values/);
      assert.deepEqual(others, []);
      assert.ok(reads() < 2 * DEFINITION_BOUNDS.values, `${count} features: ${reads()} reads`);
    }
  });

  it('what is within the bounds is looked at in proportion to its size', () => {
    const work = (count: number): number => {
      const { document, reads } = counted({ ...comfort(), features: empties(count) });
      findIssues(document);
      return reads();
    };
    const [once, fourTimes] = [work(500), work(2000)];
    assert.ok(fourTimes < 5 * once, `${once} reads, then ${fourTimes}`);
  });

  it('at most twenty problems are named', () => {
    assert.equal(findIssues({ ...comfort(), features: empties(100) }).length, 20);
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`unknown ${i}`, i]));
    assert.equal(findIssues({ ...comfort(), ...many }).length, 20);
  });

  it('depth, names and texts count, too', () => {
    let deep: object = {};
    for (let i = 0; i < 10_000; i++) deep = { deep };
    assert.match(worded(oversize(deep) ?? ''), /nested more than 12 deep/);
    assert.match(worded(oversize({ name: 'x'.repeat(200_000) }) ?? ''), /100000 characters/);
    assert.match(worded(oversize({ ['x'.repeat(200_000)]: 1 }) ?? ''), /100000 characters/);
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [i, 0]));
    assert.match(worded(oversize(wide) ?? ''), /4000 values/);
    assert.equal(oversize(comfort()), undefined);
  });

  it('the definition in a backup is bounded the same way', () => {
    const { document, reads } = counted({
      format: 'edge-trainer-backup',
      version: 1,
      definition: { document: { ...comfort(), features: empties(100_000) }, data: '' },
      model: { data: '' },
    });
    assert.throws(() => openBackup(document), BackupError);
    assert.ok(reads() < 10_000);
  });
});

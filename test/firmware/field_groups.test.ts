/** Groups of fields that several variants of a list of the contract share. */
import assert from 'node:assert/strict';
import { join } from 'node:path';

interface List {
  readonly name: string;
  readonly groups?: Readonly<Record<string, readonly { name: string }[]>>;
  readonly variants: readonly {
    readonly name: string;
    readonly fields: readonly (string | { name: string })[];
  }[];
}

const root = join(__dirname, '../../..');

describe('fields that variants share', () => {
  let expanded: (list: List) => List;

  before(async () => {
    const path = join(root, 'tools/contract/read.mjs');
    ({ expanded } = (await new Function('path', 'return import(path)')(path)) as {
      expanded: typeof expanded;
    });
  });

  const list: List = {
    name: 'layers',
    groups: { window: [{ name: 'height' }, { name: 'width' }] },
    variants: [
      { name: 'conv', fields: [{ name: 'filters' }, 'window', { name: 'padding' }] },
      { name: 'pool', fields: ['window'] },
    ],
  };
  const names = ({ variants }: List): string[] =>
    variants.map(({ fields }) =>
      fields.map((field) => (typeof field === 'string' ? field : field.name)).join(),
    );

  it('stand where the variant names their group, in its order', () => {
    assert.deepEqual(names(expanded(list)), ['filters,height,width,padding', 'height,width']);
    assert.ok(!('groups' in expanded(list)));
  });

  it('are refused by a group that nobody wrote, and a group that nobody reads', () => {
    assert.throws(() => expanded({ ...list, groups: {} }), /model\.layers: no group of fields window/);
    assert.throws(
      () => expanded({ ...list, groups: { ...list.groups, step: [] } }),
      /model\.layers: no variant has the group of fields step/,
    );
  });
});

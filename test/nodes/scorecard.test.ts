/** The checks of the flow library's scorecard, without the library: both packages pass, and each check can fail. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLISHED, scorecardFailures } from '../../bench/editor/scorecard';

/** A package that does everything wrong. */
const BAD = {
  name: 'node-red-thing',
  license: '',
  keywords: ['modbus'],
  repository: { url: 'somewhere', directory: 'demo' },
  engines: { node: '>=23' },
  dependencies: {
    'agent-base': '^5.0.0',
    ...Object.fromEntries('abcdef'.split('').map((name) => [`not-there-${name}`, '*'])),
  },
  'node-red': { version: '<5', nodes: { inject: 'inject.js', thing: 'thing.js', none: 'none.js' } },
};

describe('the scorecard of the flow library', () => {
  it('has nothing against the packages of this repository', () => {
    assert.equal(PUBLISHED.length, 2);
    for (const folder of PUBLISHED) assert.deepEqual(scorecardFailures(folder), [], folder);
  });

  it('says what is wrong with a package, rule by rule', () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-scorecard-'));
    try {
      writeFileSync(join(folder, 'package.json'), JSON.stringify(BAD));
      writeFileSync(
        join(folder, 'package-lock.json'),
        JSON.stringify({ packages: { 'node_modules/agent-base': { version: '5.1.1' } } }),
      );
      writeFileSync(
        join(folder, 'inject.html'),
        `<script type="text/javascript">RED.nodes.registerType('inject', { category: 'common' })</script>`,
      );
      writeFileSync(
        join(folder, 'thing.html'),
        `<script type="text/javascript">RED.nodes.registerType("thing", { category: 'config' })</script>`,
      );
      const failures = scorecardFailures(folder);
      const rules = [...new Set(failures.map((text) => text.split(' ')[0]))];
      const wanted = [
        'P01',
        'P02',
        'P03',
        'P04',
        'P05',
        'P06',
        'P07',
        'README.md',
        'N01',
        'N02',
        'D01',
        'D02',
        'D03',
      ];
      assert.deepEqual(rules, wanted);
      assert.ok(failures.includes('N01 inject is taken'));
      assert.ok(failures.includes("N01 thing could be anybody's"));
      assert.ok(failures.includes('N02 no example shows inject'));
      assert.ok(!failures.includes('N02 no example shows thing'), 'a configuration needs no example');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

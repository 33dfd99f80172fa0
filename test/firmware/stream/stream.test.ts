import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCTest } from '../../support/c';

const folder = 'test/firmware/stream';
const root = resolve(__dirname, '../../../..');
const tests = ['main', 'replay_file', 'test_parts', 'test_families'];
const sources = [
  ...['esn', 'correlation', 'process', 'stream'].flatMap((family) =>
    readdirSync(join(root, 'firmware/src/models', family))
      .filter((name) => name.endsWith('.c'))
      .map((name) => `firmware/src/models/${family}/${name}`),
  ),
  'firmware/src/support/section.c',
  ...tests.map((name) => `${folder}/${name}.c`),
];

describe('Stream families (C)', () => {
  it('scores, thresholds, alarms, patterns alone; correlation and process against float64, on real vibration', async function () {
    this.timeout(240_000);
    const output = await runCTest('stream', sources, [`-I${folder}`], {
      firmware: [],
      args: [join(root, 'test/data')],
      timeoutMs: 200_000,
    });
    assert.match(output, /[1-9]\d* checks, 0 failures/);
  });
});

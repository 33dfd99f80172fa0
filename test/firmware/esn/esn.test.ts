import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCTest } from '../../support/c';

const folder = 'test/firmware/esn';
const root = resolve(__dirname, '../../../..');
const data = join(root, 'test/data');
const harness = 'test/firmware/stream';
const tests = ['main', 'test_parts', 'test_readout', 'test_stream'];
const families = ['esn', 'correlation', 'process', 'stream'].map((name) => `firmware/src/models/${name}`);
const sources = [
  ...families.flatMap((models) =>
    readdirSync(join(root, models))
      .filter((name) => name.endsWith('.c'))
      .map((name) => `${models}/${name}`),
  ),
  'firmware/src/support/section.c',
  `${harness}/replay_file.c`,
  ...tests.map((name) => `${folder}/${name}.c`),
];

function run(name: string, flags: readonly string[], args: readonly string[]): Promise<string> {
  return runCTest(name, sources, [`-I${harness}`, `-I${folder}`, ...flags], { firmware: [], args });
}

describe('Echo state network (C)', () => {
  it('float build: every part and the whole chain against float64, on real vibration', async function () {
    this.timeout(240_000);
    assert.match(await run('esn-float', [], [data]), /[1-9]\d* checks, 0 failures/);
  });

  it('fixed-point build: the same checks', async function () {
    this.timeout(240_000);
    assert.match(await run('esn-fixed', ['-DET_ESN_FIXED'], [data]), /[1-9]\d* checks, 0 failures/);
  });

  it('fixed point scores as float does: within 0.05 and 5 %, and raises the same alarms', async function () {
    this.timeout(240_000);
    const scratch = mkdtempSync(join(tmpdir(), 'esn-scores-'));
    try {
      const read = async (name: string, flags: readonly string[]) => {
        const file = join(scratch, name);
        await run(name, flags, [data, 'scores', file]);
        const lines = readFileSync(file, 'utf8').trim().split('\n');
        return lines.map((line) => line.split(' ').map(Number) as [number, number, number]);
      };
      const float = await read('esn-float', []);
      const fixed = await read('esn-fixed', ['-DET_ESN_FIXED']);
      // Without an FPU the thresholds take a few windows longer to compute; from then on both score every window.
      const late = float.length - fixed.length;
      assert.ok(late >= 0 && late <= 8 && fixed.length > 700, `${float.length} and ${fixed.length} windows`);
      for (const [i, [score, , alarm]] of fixed.entries()) {
        const [expected, , expectedAlarm] = float[i + late] ?? [Number.NaN, 0, 0];
        assert.ok(
          Math.abs(score - expected) <= 0.05 + 0.05 * expected,
          `window ${i}: ${score}, in float ${expected}`,
        );
        assert.equal(alarm, expectedAlarm, `alarm in window ${i}`);
      }
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runProgram } from '../../support/c';

const data = join(resolve(__dirname, '../../../..'), 'test/data');

describe('Echo state network (C)', () => {
  it('float build: every part and the whole chain against float64, on real vibration', async function () {
    this.timeout(240_000);
    assert.match(await runProgram('esn-float'), /[1-9]\d* checks, 0 failures/);
  });

  it('fixed-point build: the same checks', async function () {
    this.timeout(240_000);
    assert.match(await runProgram('esn-fixed'), /[1-9]\d* checks, 0 failures/);
  });

  it('fixed point scores as float does: within 0.05 and 5 %, and raises the same alarms', async function () {
    this.timeout(240_000);
    const scratch = mkdtempSync(join(tmpdir(), 'esn-scores-'));
    try {
      const read = async (name: string) => {
        const file = join(scratch, name);
        await runProgram(name, [data, 'scores', file]);
        const lines = readFileSync(file, 'utf8').trim().split('\n');
        return lines.map((line) => line.split(' ').map(Number) as [number, number, number]);
      };
      const float = await read('esn-float');
      const fixed = await read('esn-fixed');
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

import assert from 'node:assert/strict';
import { runProgram } from '../../support/c';

describe('Stream families (C)', () => {
  it('scores, thresholds, alarms, patterns alone; correlation, process and autoencoder against float64, on real vibration', async function () {
    this.timeout(240_000);
    assert.match(await runProgram('stream'), /[1-9]\d* checks, 0 failures/);
  });
});

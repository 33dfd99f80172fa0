import assert from 'node:assert/strict';
import { runProgram } from '../support/c';

describe('Modbus RTU server (C)', () => {
  it('serves every function by the specification and finds requests in garbage, checked by sanitizers', async function () {
    this.timeout(180_000);
    assert.match(await runProgram('modbus'), /all checks passed/);
  });
});

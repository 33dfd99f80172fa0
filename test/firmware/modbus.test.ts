import assert from 'node:assert/strict';
import { runCTest } from '../support/c';

describe('Modbus RTU server (C)', () => {
  it('serves every function by the specification and finds requests in garbage, checked by sanitizers', async function () {
    this.timeout(180_000);
    const sources = ['test/firmware/modbus/server_test.c', 'test/firmware/modbus/wire.c'];
    const output = await runCTest('modbus', sources, ['-Itest/firmware/modbus'], {
      firmware: ['modbus', 'support'],
    });
    assert.match(output, /all checks passed/);
  });
});

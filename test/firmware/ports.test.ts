import assert from 'node:assert/strict';
import { runCTest } from '../support/c';

describe('Drivers of the ports (C)', () => {
  it('LIS3DSH accelerometer: starts, tells samples in mg, counts what it missed', async function () {
    this.timeout(120_000);
    const output = await runCTest(
      'lis3dsh',
      ['firmware/ports/accelerometer/lis3dsh.c', 'test/firmware/ports/lis3dsh_test.c'],
      ['-Ifirmware/ports'],
      { firmware: [] },
    );
    assert.match(output, /[1-9]\d* checks, 0 failures/);
  });

  it('WebAssembly: its few library functions are those of the C library, to the last bit', async () => {
    const output = await runCTest('wasm-libc', ['test/firmware/ports/wasm_libc_test.c'], [], {
      firmware: [],
    });
    assert.match(output, /[1-9]\d* checks, 0 failures/);
  });
});

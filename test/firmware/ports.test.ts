import assert from 'node:assert/strict';
import { runProgram } from '../support/c';

describe('Drivers of the ports (C)', () => {
  it('LIS3DSH accelerometer: starts, tells samples in mg, counts what it missed', async function () {
    this.timeout(120_000);
    assert.match(await runProgram('lis3dsh'), /all checks passed/);
  });

  it('STM32 USART: takes rate, parity and stop bits, drops what comes under others', async function () {
    this.timeout(120_000);
    assert.match(await runProgram('stm32-line'), /all checks passed/);
  });

  it('WebAssembly: its few library functions are those of the C library, to the last bit', async () => {
    assert.match(await runProgram('wasm-libc'), /[1-9]\d* checks, 0 failures/);
  });
});

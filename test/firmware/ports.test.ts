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

  it('STM32 USART: takes rate, parity and stop bits, drops what comes under others', async function () {
    this.timeout(120_000);
    const ports = 'firmware/ports';
    const output = await runCTest(
      'stm32-line',
      [
        `${ports}/cortexm-common/stm32_usart.c`,
        `${ports}/common/serial_queue.c`,
        `${ports}/common/line.c`,
        'test/firmware/ports/stm32_line_test.c',
      ],
      // In front of the port's own folder: the registers are an array there.
      ['-iquotetest/firmware/ports', `-I${ports}`],
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

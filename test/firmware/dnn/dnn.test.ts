import assert from 'node:assert/strict';
import { runCTest, runProgram } from '../../support/c';

describe('networks', function () {
  this.timeout(240_000);

  it('have the gradients that finite differences have, in every layer', async () => {
    const [, error] = /gradient_check_max_relative_error (\S+)/.exec(await runProgram('dnn-gradient')) ?? [];
    assert.ok(Number(error) <= 1e-3, `largest relative error ${error}`);
  });

  it('take the memory that their plan says, and give the same bytes in slices and with shared buffers', async () => {
    assert.match(await runProgram('dnn-plan'), /planner_ram_error_bytes 0\nall checks passed/);
  });

  it('learn in both formats, go on after a cancel, keep the best epoch, stop at what is no number', async () => {
    assert.match(await runProgram('dnn-train'), /all checks passed/);
  });

  it('mix both formats: what crosses between two layers is what the layers alone would make', async () => {
    assert.match(await runProgram('dnn-formats'), /all checks passed/);
  });

  it('train from an array in the example for a C project', async () => {
    const output = await runCTest('dnn-example', ['firmware/examples/network.c'], [], {
      firmware: ['models/dnn', 'models/kernels', 'support'],
    });
    const [, right, model, work] =
      /^(\d+) of 200 right; model (\d+) bytes, working memory (\d+) bytes/.exec(output) ?? [];
    assert.ok(Number(right) >= 190, output);
    // The sizes that docs/networks.md names.
    assert.deepEqual([model, work], ['900', '164']);
  });
});

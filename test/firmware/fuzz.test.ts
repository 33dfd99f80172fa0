/** What the fuzzer once found worth keeping, run without it: lives of every kind of model, broken memories, damaged frames. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProgram } from '../support/c';

const CORPUS = join(resolve(__dirname, '../../..'), 'test/firmware/fuzz/corpus');

describe('Whole firmware (C)', function () {
  this.timeout(600_000);

  it('takes every kept input of the fuzzer without a fault that a sanitizer sees', async () => {
    const inputs = readdirSync(CORPUS);
    assert.ok(inputs.length > 5, `${inputs.length} inputs`);
    const output = await runProgram('fuzz-replay');
    assert.match(output, new RegExp(`^${inputs.length} inputs`));
  });
});

/** What the fuzzer once found worth keeping, run without it: lives of every kind of model, broken memories, damaged frames. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCTest } from '../support/c';

const FOLDER = 'test/firmware/fuzz';
const CORPUS = join(resolve(__dirname, '../../..'), FOLDER, 'corpus');

describe('Whole firmware (C)', function () {
  this.timeout(300_000);

  it('takes every kept input of the fuzzer without a fault that a sanitizer sees', async () => {
    const inputs = readdirSync(CORPUS).map((name) => join(CORPUS, name));
    assert.ok(inputs.length > 5, `${inputs.length} inputs`);
    const sources = ['trainer_fuzz.c', 'replay.c'].map((name) => join(FOLDER, name));
    const output = await runCTest('fuzz replay', sources, [], { args: inputs, timeoutMs: 240_000 });
    assert.match(output, new RegExp(`^${inputs.length} inputs`));
  });
});

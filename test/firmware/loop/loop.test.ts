import assert from 'node:assert/strict';
import { runCTest } from '../../support/c';

// With the undefined-behaviour sanitizer gcc sees its own checks in a shift and warns of conversions that are not in the source; the
// board builds compile the same files with these warnings as errors.
const FLAGS = ['-Wno-conversion', '-Wno-sign-conversion'];

describe('Loop (C)', function () {
  this.timeout(180_000);

  it('evaluates, locks and logs as worked out by hand and by second implementations', async () => {
    const output = await runCTest('loop parts', ['test/firmware/loop/parts_test.c'], FLAGS);
    assert.match(output, /all checks passed/);
  });

  it('decides by voices that earned their word, by a start rule, within the limits of the plant, and suspects wrong feedback', async () => {
    const output = await runCTest('decide parts', ['test/firmware/loop/decide_test.c'], FLAGS);
    assert.match(output, /all checks passed/);
  });

  it('never takes the words of two masters for those of one, and spreads the saves over ten years', async () => {
    const output = await runCTest('loop core', ['test/firmware/loop/core_test.c'], FLAGS);
    assert.match(output, /all checks passed/);
  });

  it('scales, judges, stitches, trains on demand and refuses wrong definitions, at the ends of every range', async () => {
    const output = await runCTest('loop blocks', ['test/firmware/loop/loop_test.c'], FLAGS);
    assert.match(output, /all checks passed/);
  });
});

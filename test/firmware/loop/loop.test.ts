import assert from 'node:assert/strict';
import { runProgram } from '../../support/c';

describe('Loop (C)', function () {
  this.timeout(600_000);

  it('evaluates, locks and logs as worked out by hand and by second implementations', async () => {
    assert.match(await runProgram('loop-parts'), /all checks passed/);
  });

  it('decides by voices that earned their word, by a start rule, within the limits of the plant, and suspects wrong feedback', async () => {
    assert.match(await runProgram('loop-decide'), /all checks passed/);
  });

  it('never takes the words of two masters for those of one, and spreads the saves over ten years', async () => {
    assert.match(await runProgram('loop-core'), /all checks passed/);
  });

  it('scales, judges, stitches, trains on demand and refuses wrong definitions, at the ends of every range', async () => {
    assert.match(await runProgram('loop-blocks'), /all checks passed/);
  });

  it('gives backups back as they were, converts what a new definition keeps, starts again with all of it, refuses by name', async () => {
    assert.match(await runProgram('loop-life'), /all checks passed/);
  });

  it('learns by calls what it learns by registers, to the bit, and refuses by name without a change', async () => {
    assert.match(await runProgram('loop-calls'), /all checks passed/);
  });
});

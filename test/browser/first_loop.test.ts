/** What the product promises to an integrator: a loop that learns, within a dozen clicks. */
import assert from 'node:assert/strict';
import { firstLoop } from './first_loop';
import { Stage } from './stage';

describe('the first loop by hand', function () {
  this.timeout(300_000);
  const stage = new Stage();

  it('learns after at most 12 clicks and 4 fields', async () => {
    const { clicks, fields } = await firstLoop(stage.browser, stage.nodeRed);
    console.log(`      ${clicks} clicks, ${fields} fields`);
    assert.ok(clicks <= 12, `${clicks} clicks`);
    assert.ok(fields <= 4, `${fields} fields`);
  });
});

/** What the product promises to an integrator: a loop that learns, within a dozen clicks. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { makeUserDir, RealNodeRed, removeUserDir } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { launch } from './editor_page';
import { firstLoop } from './first_loop';

describe('the first loop by hand', function () {
  this.timeout(300_000);
  let userDir: string;
  let nodeRed: RealNodeRed;
  let browser: Browser;

  before(async function () {
    if (!needs('chromium')) this.skip();
    ({ folder: userDir } = await makeUserDir());
    nodeRed = await RealNodeRed.start(userDir);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('learns after at most 12 clicks and 4 fields', async () => {
    const { clicks, fields } = await firstLoop(browser, nodeRed);
    console.log(`      ${clicks} clicks, ${fields} fields`);
    assert.ok(clicks <= 12, `${clicks} clicks`);
    assert.ok(fields <= 4, `${fields} fields`);
  });
});

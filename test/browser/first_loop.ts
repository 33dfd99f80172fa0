/** An integrator's first loop by hand: from a flow that has a plant and nothing of this palette to a trainer that has learned. Counted. */
import type { Browser, Locator, Page } from 'playwright-core';
import type { RealNodeRed } from '../nodes/real_node_red';
import { EditorPage } from './editor_page';
import type { Json } from './sidebar_flow';

const TAB = 'f1b2c3d4e5f60000';
const PLANT_NODE = 'f1b2c3d4e5f60002';

/** A room that somebody else's flow knows: tells its temperatures, takes -100 to 100 % of heating. */
const PLANT = `
let room = context.get('room') ?? 18, at = context.get('at') ?? 0;
if (msg.edgeTrainer) { context.set('power', Number(msg.payload) || 0); return null; }
const outdoor = 20 + 15 * Math.sin(at / 9);
room += 0.012 * (context.get('power') ?? 0) + 0.05 * (outdoor - room);
context.set('room', room); context.set('at', at + 1);
return [[{ topic: 'outcome', payload: room }, { topic: 'features', payload: [room, outdoor] }]];`;

export function plantFlow(): Json[] {
  return [
    { id: TAB, type: 'tab', label: 'plant' },
    {
      id: 'f1b2c3d4e5f60001',
      type: 'inject',
      z: TAB,
      repeat: '0.2',
      once: true,
      onceDelay: 0.5,
      props: [{ p: 'payload' }],
      payload: '',
      payloadType: 'date',
      x: 120,
      y: 100,
      wires: [[PLANT_NODE]],
    },
    {
      id: PLANT_NODE,
      type: 'function',
      z: TAB,
      name: 'plant',
      func: PLANT,
      outputs: 1,
      x: 320,
      y: 100,
      wires: [[]],
    },
  ];
}

/** What a person does with mouse and keyboard; a drag counts as a click. */
class Hand {
  clicks = 0;
  fields = 0;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async click(selector: string): Promise<void> {
    this.clicks++;
    await this.page.locator(selector).last().click();
  }

  async fill(selector: string, value: string): Promise<void> {
    this.fields++;
    await this.page.fill(selector, value);
  }

  async doubleClick(where: Locator): Promise<void> {
    this.clicks++;
    await where.dblclick();
  }

  async drag(from: Locator, to: { x: number; y: number }): Promise<void> {
    this.clicks++;
    await from.scrollIntoViewIfNeeded();
    const box = await from.boundingBox();
    if (box === null) throw new Error('nothing to drag');
    const { mouse } = this.page;
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await mouse.down();
    await mouse.move(to.x - 20, to.y, { steps: 8 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
  }
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('not to be seen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export interface FirstLoop {
  readonly clicks: number;
  readonly fields: number;
}

/** Resolves when the first generation is promoted. */
export async function firstLoop(browser: Browser, nodeRed: RealNodeRed): Promise<FirstLoop> {
  await nodeRed.deploy(plantFlow());
  const editor = await EditorPage.open(browser, nodeRed.url);
  try {
    const { page } = editor;
    const hand = new Hand(page);
    const chart = await page.locator('#red-ui-workspace-chart').boundingBox();
    if (chart === null) throw new Error('no workspace');
    const plant = page.locator('.red-ui-flow-node-group', { hasText: 'plant' });
    const at = await middle(plant);
    await hand.drag(page.locator('.red-ui-palette-node[data-palette-type="edge-trainer-loop"]'), {
      x: at.x + 200,
      y: at.y + 100,
    });
    const loop = page.locator('.red-ui-flow-node-group', { hasText: 'loop' });
    await hand.drag(
      plant.locator('.red-ui-flow-port-output'),
      await middle(loop.locator('.red-ui-flow-port-input')),
    );
    await hand.drag(
      loop.locator('.red-ui-flow-port-output').first(),
      await middle(plant.locator('.red-ui-flow-port-input')),
    );
    await hand.doubleClick(loop);
    await page.waitForSelector('#node-input-lookup-device, #node-input-btn-device-add, #node-input-device');
    await hand.click('#node-input-btn-device-add, #node-input-lookup-device');
    await page.waitForSelector('.edge-trainer-template');
    await hand.click('[data-template="band"]');
    await page.waitForSelector('.edge-trainer-memory-key');
    await hand.click('#node-config-input-btn-bus-add, #node-config-input-lookup-bus');
    await page.waitForSelector('#node-config-input-wire');
    await hand.click('#node-config-dialog-ok');
    await page.waitForSelector('#node-config-input-wire', { state: 'detached' });
    await hand.click('#node-config-dialog-ok');
    await page.waitForSelector('.edge-trainer-definition', { state: 'detached' });
    await hand.fill('#node-input-interval', '0.5');
    await hand.click('.edge-trainer-dialog summary');
    await hand.fill('#node-input-settle', '0.3');
    await hand.click('#node-dialog-ok');
    await hand.click('#red-ui-header-button-deploy');
    await editor.showSidebar('edge-trainer-sidebar');
    await page.waitForSelector('.edge-trainer-card-state:has-text("generation")', { timeout: 180_000 });
    await editor.picture('first loop');
    return { clicks: hand.clicks, fields: hand.fields };
  } catch (error) {
    await editor.picture('first loop failed');
    throw error;
  } finally {
    await editor.close();
  }
}

/** Figures of the editor in a headless Chromium: how long the sidebar takes for a change, and what axe-core finds. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { EditorPage } from '../../test/browser/editor_page';
import { ROOM, roomFlow } from '../../test/browser/sidebar_flow';
import type { RealNodeRed } from '../../test/nodes/real_node_red';

const TAB = 'edge-trainer-sidebar';
const CHANGES = 60;
const TRAINERS = 50;

/** What runs inside the page. */
declare const document: { body: { offsetHeight: number } };
interface Page {
  EdgeTrainer: { receive(change: object): void };
  axe: {
    run(
      context: object,
      options: object,
    ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
  };
}

type Json = Record<string, unknown>;

function fakeCard(n: number): Json {
  const points = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [at, [1_700_000_000 + 10 * at, 0.5 + at / 500, 0.6, 0.4]]),
  );
  return {
    name: `trainer ${String(n).padStart(2, '0')}`,
    unit: 1,
    wire: 'bus',
    link: { kind: 'ready' },
    lock: 'none',
    match: 'same',
    board: { board: 'virtual', firmwareVersion: '0.1', serialNumber: '1', arenaBytes: 262_144 },
    definition: {
      model: 'svm-linear',
      stream: false,
      linear: true,
      classes: ['heat', 'off', 'cool'],
      defaultClass: 'off',
      outputs: [],
      features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
    },
    status: {
      mode: 'auto',
      frozenBy: 'nobody',
      generation: 3,
      previousGeneration: 2,
      windowAccuracy: 0.8,
      windowFilled: 32,
      samplesStored: 50,
      samplesCapacity: 96,
      samplesNew: 3,
      samplesHeldOut: 10,
      memoryUsedBytes: 3000,
      saveState: 'saved',
      drift: false,
    },
    perClass: [20, 15, 15],
    points,
    decisions: { 1: { at: 1_700_000_000, label: 'heat', by: 'model', confidence: 0.8 } },
    log: {},
  };
}

/** Milliseconds for a change of all 50 trainers, unfolded, drawing and layout included: mean and worst. */
export async function updateMs(
  browser: Browser,
  nodeRed: RealNodeRed,
): Promise<{ median: number; mean: number; worst: number }> {
  const editor = await EditorPage.open(browser, nodeRed.url);
  try {
    const { page } = editor;
    const cards = Object.fromEntries(Array.from({ length: TRAINERS }, (_, n) => [`t${n}`, fakeCard(n)]));
    await page.route('**/edge-trainer/cards', (route) => route.fulfill({ json: { change: 0, cards } }));
    await editor.showSidebar(TAB);
    await page.waitForFunction(
      (count) =>
        (
          globalThis as unknown as { document: { querySelectorAll(s: string): { length: number } } }
        ).document.querySelectorAll('.edge-trainer-card').length === count,
      TRAINERS,
    );
    await page.$$eval('.edge-trainer-card-head', (heads) => {
      for (const head of heads) (head as unknown as { click(): void }).click();
    });
    await page.waitForSelector('.edge-trainer-plot canvas');
    const times = await page.evaluate(
      async ([changes, trainers]) => {
        const { EdgeTrainer } = globalThis as unknown as Page;
        const taken: number[] = [];
        for (let change = 1; change <= (changes as number); change++) {
          const patch: Json = {};
          for (let n = 0; n < (trainers as number); n++)
            patch[`t${n}`] = {
              status: { samplesStored: 50 + (change % 40), windowAccuracy: 0.5 + (change % 50) / 100 },
              points: { [200 + change]: [1_700_002_000 + 10 * change, 0.7, 0.6, 0.4] },
              decisions: {
                [change + 1]: { at: 1_700_002_000 + change, label: 'cool', by: 'model', confidence: 0.9 },
              },
              perClass: [20 + change, 15, 15],
            };
          const began = performance.now();
          EdgeTrainer.receive({ change, patch });
          // Layout is part of it.
          void document.body.offsetHeight;
          taken.push(performance.now() - began);
          await new Promise((next) => setTimeout(next, 20));
        }
        return taken;
      },
      [CHANGES, TRAINERS] as const,
    );
    times.sort((a, b) => a - b);
    return {
      median: times[Math.floor(times.length / 2)] as number,
      mean: times.reduce((sum, time) => sum + time, 0) / times.length,
      worst: Math.max(...times),
    };
  } finally {
    await editor.close();
  }
}

/** Serious and critical violations in the sidebar and in the dialog of a device. */
export async function axeSerious(browser: Browser, nodeRed: RealNodeRed): Promise<string[]> {
  const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
  await nodeRed.deploy(roomFlow(0.1));
  const editor = await EditorPage.open(browser, nodeRed.url);
  try {
    const { page } = editor;
    const look = async (where: string): Promise<string[]> => {
      await page.evaluate(axe);
      return page.evaluate(async (selector) => {
        const found = await (globalThis as unknown as Page).axe.run(
          { include: [[selector]] },
          { resultTypes: ['violations'] },
        );
        return found.violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${selector}: ${id}: ${html.slice(0, 160)}`));
      }, where);
    };
    await editor.showSidebar(TAB);
    await page.waitForSelector('.edge-trainer-confusion');
    const found = await look('.edge-trainer-sidebar');
    await editor.edit(ROOM, 'edge-trainer-device', true);
    await page.waitForSelector('.edge-trainer-memory-key');
    return [...found, ...(await look('.edge-trainer-dialog'))];
  } finally {
    await editor.close();
  }
}

/** `npm start` as a new user runs it: it comes up, the dashboard lives, the trainer learns, and nothing is left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { dashboardPage, docsPictureOf, launch } from '../browser/editor_page';
import { ROOT } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { isFree } from '../support/ports';
import { Demo, DOWN_MS, UP_MS } from './running_demo';

/** How long a loaded machine may take for what `npm start` says; nothing is timed. */
const LEARN_MS = 240_000;

/** The page in a browser that asks for Japanese, and the catalogues that others get. */
/** An element of the page. */
interface Shown {
  readonly scrollHeight: number;
  readonly clientHeight: number;
  getBoundingClientRect(): { readonly top: number };
}

async function speaksJapanese(browser: Browser, url: string, errors: string[]): Promise<void> {
  const words = (language: string): { rooms: { page: string; heading: string; trainer: string } } =>
    JSON.parse(readFileSync(join(ROOT, 'demo', 'locales', language, 'pages.json'), 'utf8'));
  for (const [asked, gets] of [
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['zh-CN', 'zh-CN'],
    ['it,fr-CA;q=0.5', 'fr'],
    ['it', 'en-US'],
  ] as const) {
    const answer = await fetch(new URL('/demo/texts', url), { headers: { 'Accept-Language': asked } });
    assert.equal(answer.headers.get('Content-Language'), gets, asked);
    assert.deepEqual(await answer.json(), words(gets));
  }
  const { rooms } = words('ja');
  const page = await dashboardPage(browser, { locale: 'ja' });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  for (const text of [rooms.heading, rooms.trainer])
    await page.getByText(text, { exact: true }).waitFor({ timeout: UP_MS });
  assert.equal(await page.title(), rooms.page);
  await page.context().close();
}

/** At the width of a tablet and of a wall nothing of the page is below an edge, and the three pictures are at one height. */
async function showsAll(browser: Browser, url: string): Promise<void> {
  for (const width of [1024, 1920]) {
    const page = await dashboardPage(browser, { locale: 'de', viewport: { width, height: 900 } });
    await page.goto(url);
    await page.locator('.rooms svg').nth(2).waitFor({ timeout: UP_MS });
    const [hidden, ...tops] = await page.evaluate(() => {
      const { document } = globalThis as unknown as { document: { querySelectorAll(of: string): Shown[] } };
      const [widget] = document.querySelectorAll('.nrdb-ui-template');
      const pictures = [...document.querySelectorAll('.rooms svg')];
      return [
        (widget?.scrollHeight ?? 0) - (widget?.clientHeight ?? 0),
        ...pictures.map((picture) => picture.getBoundingClientRect().top),
      ];
    });
    assert.deepEqual([hidden, new Set(tops).size], [0, 1], `${width} wide`);
    await page.context().close();
  }
}

describe('npm start', function () {
  this.timeout(UP_MS + LEARN_MS + DOWN_MS);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-demo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('brings up rooms, motor and editor; one trainer learns from votes, the other stops the motor; leaves nothing behind', async function () {
    if (!needs('chromium')) this.skip();
    const demo = await Demo.start(folder);
    try {
      await demo.until(/Ctrl-C ends the demo\./);
      const base = `http://127.0.0.1:${demo.port}`;
      // Every sentence that is printed is looked at below; a new one has to be, too.
      const said = /^editor .*^Ctrl-C ends the demo\.$/ms.exec(demo.output)?.[0];
      assert.equal(
        said,
        [
          `editor     ${base}/`,
          `dashboard  ${base}/dashboard/zone    three rooms: in one the trainer moves the set point, learns from votes, and trains itself`,
          `           ${base}/dashboard/motor   put a weight on the blades: the trainer stops the motor`,
          'Ctrl-C ends the demo.',
        ].join('\n'),
      );
      const url = `${base}/dashboard/zone`;
      assert.equal((await fetch(`http://127.0.0.1:${demo.port}/`)).status, 200);

      const browser = await launch();
      try {
        const page = await dashboardPage(browser);
        const errors: string[] = [];
        page.on('pageerror', (error) => errors.push(error.message));
        // The motor is learned in ten seconds; a weight on its blades stops it.
        const says = (text: RegExp): Promise<void> =>
          page.getByText(text).first().waitFor({ timeout: LEARN_MS });
        await page.goto(url.replace('/zone', '/motor'));
        await says(/^healthy$/);
        await page.getByRole('button', { name: 'Blades: weight, second arrangement' }).click();
        await says(/^stopped: tripped by the alarm$/);
        await says(/^alarm$/);
        await says(/^pattern \d$/);
        await docsPictureOf(page, 'motor');
        await page.goto(url);
        // Three rooms side by side, each with its figures, the empty hours of both nights grey.
        for (const name of ['The trainer moves the set point', 'The design keeps it', 'Every vote moves it'])
          await says(new RegExp(`^${name}$`));
        await says(
          /^day \d+, \d\d:\d\d — (nobody is there|the (morning|afternoon) person, who likes it (cool|warm))$/,
        );
        const figures = /^(\d+\.\d (h|kWh)|\d+(\.\d)?) (a working day|since the start)$/;
        await page.locator('.rooms rect.empty').nth(2).waitFor({ state: 'attached', timeout: LEARN_MS });
        await page.getByText(figures).nth(8).waitFor({ timeout: LEARN_MS });
        assert.equal(
          await page.getByText(/^\d\d\.\d °C, set point \d\d\.\d °C, (off|cooling|heating)$/).count(),
          3,
        );
        // The set point is moved, and by no other room's rule.
        const setPoint = (room: number): Promise<string | undefined> =>
          page
            .locator('.rooms section')
            .nth(room)
            .getByText(/set point \d/)
            .textContent()
            .then((text) => /set point ([\d.]+)/.exec(text ?? '')?.[1]);
        const design = await setPoint(1);
        for (const end = Date.now() + LEARN_MS; (await setPoint(0)) === design; await wait(500))
          assert.ok(Date.now() < end, 'the trainer never moved the set point');
        assert.equal(await setPoint(1), design);
        // It trains itself from the votes, and says so; each training is marked.
        await says(/Votes kept: [1-9]\d*, trainings: [1-9]\d*, generation: [1-9]\d*$/);
        await page.waitForSelector('.rooms line.mark', { state: 'attached', timeout: LEARN_MS });
        await docsPictureOf(page, 'dashboard');
        await speaksJapanese(browser, url, errors);
        await showsAll(browser, url);
        assert.deepEqual(errors, []);
      } finally {
        await browser.close();
      }
    } finally {
      const code = await demo.stop();
      assert.equal(code, 0, demo.output);
    }
    assert.ok(existsSync(join(folder, 'flows.json')), 'the flow stays for the next time');
    assert.deepEqual(
      [await isFree(demo.port), await isFree(demo.plcPort), await isFree(demo.drivePort)],
      [true, true, true],
    );
    assert.doesNotMatch(demo.output, /\[error\]/);
  });

  it('says which port is taken and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const child = spawn(process.execPath, [join(ROOT, 'tools', 'start.mjs')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PORT: String(port), EDGE_TRAINER_DEMO: folder },
    });
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const [code] = await once(child, 'exit');
    other.close();
    assert.equal(code, 1);
    assert.match(said, new RegExp(`port ${port} is taken; choose another: PORT=${port + 1} npm start`));
  });
});

/** The Dashboard widgets: what they keep, and what a person sees and does with them in a real Node-RED with both packages installed. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { LearningState } from '../dashboard/nodes/learning_state';
import { LoopState } from '../dashboard/nodes/loop_state';
import { MotorState } from '../dashboard/nodes/motor_state';
import { thinned } from '../dashboard/nodes/points';
import { dashboardPage, docsPictureOf, launch, pictureOf } from './browser/editor_page';
import { makeUserDir, RealNodeRed, ROOT, removeUserDir } from './nodes/real_node_red';
import { needs } from './support/needs';

const NAME = '@edge-trainer/node-red-dashboard-2-edge-trainer';
const run = promisify(execFile);
const heard = (score: number, more: object = {}): Record<string, unknown> => ({
  payload: { score, threshold: 2, calibrated: true, alarm: false, pattern: 0, ...more },
});

describe('the state of a Motor widget', () => {
  it('has a point a second, the largest score of it, and a gap where nothing was scored', () => {
    const state = new MotorState();
    for (const [ms, score] of [
      [100, 1],
      [200, 7],
      [300, 1],
    ] as const)
      state.take(heard(score), ms);
    assert.deepEqual(state.tick(1000)?.add, [[1000, 7, 2]]);
    assert.equal(state.tick(2000), undefined);
    assert.deepEqual(state.tick(4000)?.add, [[4000, null, null]]);
    assert.equal(state.tick(5000), undefined);
    assert.equal(state.view().light, 'unknown');
  });

  it('lists each alarm once; only the newest is judged, an older one is named through the model node', () => {
    const state = new MotorState();
    for (const ms of [0, 1000]) {
      state.take(heard(5, { alarm: true, pattern: 3, newPattern: true }), ms);
      state.take(heard(6, { alarm: true, pattern: 3 }), ms + 100);
      state.take(heard(1), ms + 200);
    }
    const { alarms } = state.view();
    assert.deepEqual(
      alarms.map(({ number, peak, ended }) => [number, peak, ended]),
      [
        [2, 6, 1200],
        [1, 6, 200],
      ],
    );
    assert.equal(state.act({ what: 'false-alarm', alarm: 1 }), undefined);
    assert.deepEqual(state.act({ what: 'false-alarm', alarm: 2 })?.[0]?.payload, { falseAlarm: true });
    assert.deepEqual(state.act({ what: 'name', alarm: 2, name: ' loose ' })?.[0]?.payload, {
      confirmed: 'loose',
    });
    assert.deepEqual(state.act({ what: 'name', alarm: 1, name: 'x' })?.[1]?.payload, {
      pattern: 3,
      name: 'x',
    });
    assert.equal(state.act({ what: 'acknowledge', alarm: 9 }), undefined);
    state.take({ payload: { judgement: 'satisfied' } }, 2000);
    assert.equal(state.view().alarms[0]?.answer, 'confirmed');
    // It is answered: the trainer would refuse another answer, and a new name goes to its pattern.
    assert.equal(state.act({ what: 'false-alarm', alarm: 2 }), undefined);
    assert.equal(state.act({ what: 'confirm', alarm: 2 }), undefined);
    assert.deepEqual(state.act({ what: 'name', alarm: 2, name: 'x' })?.[1]?.payload, {
      pattern: 3,
      name: 'x',
    });
  });
});

describe('the state of a Loop widget', () => {
  it('sends the word of a person with the ticket that the person saw, and nothing for a decision it does not know', () => {
    const state = new LoopState(['heat', 'hold', 'cool'], { low: 21, high: 23 }, '°C');
    state.take({ edgeTrainer: { ticket: 7, label: 'heat', confidence: 0.8 } }, undefined, 1000);
    state.take({ payload: { outcome: 21.5 } }, 21.5, 1100);
    // The same message once more, on its way through the flow.
    state.take({ edgeTrainer: { ticket: 7, label: 'heat' }, payload: { outcome: 21.6 } }, 21.6, 1150);
    assert.equal(state.view().decisions.length, 1);
    assert.deepEqual(state.act({ what: 'right', ticket: 7 }), [
      { topic: 'outcome', payload: { label: 'heat' }, ticket: 7 },
      null,
    ]);
    assert.deepEqual(state.act({ what: 'override', label: 'cool', ticket: 7 })?.[1]?.payload, 'cool');
    assert.equal(state.act({ what: 'wrong', label: 'burn', ticket: 7 }), undefined);
    assert.equal(state.act({ what: 'right', ticket: 6 }), undefined);
    state.take({ payload: { ticket: 7, judgement: 'unsatisfied', truth: 'hold' } }, undefined, 1200);
    assert.equal(state.view().decisions[0]?.judgement, 'unsatisfied');
    assert.equal(state.view().truth, 'hold');
  });
});

describe('the state of a Learning widget', () => {
  it('draws accuracy beside the baseline, and each promotion once', () => {
    const state = new LearningState();
    const record = {
      record: 'status',
      time: 5,
      accuracy: 0.9,
      accuracy_start_rule: 0.5,
      generation: 1,
      state: 'ready',
    };
    state.take({ payload: record }, 5);
    for (const time of [6, 7]) state.take({ payload: { event: 'promoted', generation: 1 } }, time);
    assert.deepEqual(state.tick()?.add, [[5, 0.9, 0.5, null]]);
    assert.deepEqual(state.view().promotions, [{ time: 6, generation: 1 }]);
    assert.equal(state.tick(), undefined);
  });

  it('loses detail first where it is old, and never a gap', () => {
    const points = Array.from({ length: 101 }, (_, at) => [at, at === 11 ? null : 1] as const);
    const kept = thinned(points, 100);
    assert.ok(kept.length < 100);
    assert.ok(kept.some(([, value]) => value === null));
    assert.deepEqual(kept.slice(-50), points.slice(-50));
  });
});

describe('the Dashboard widgets', function () {
  this.timeout(240_000);
  let userDir: string;
  let nodeRed: RealNodeRed;
  let browser: Browser;
  const flow = JSON.parse(
    readFileSync(join(ROOT, 'dashboard', 'examples', 'widgets - a room and a motor.json'), 'utf8'),
  ) as Record<string, unknown>[];
  const named = (name: string): string => String(flow.find((node) => node.name === name)?.id);
  const errors: string[] = [];

  /** Installs the packed widgets beside the main package. */
  async function install(folder: string): Promise<string[]> {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: join(ROOT, 'dist', 'dashboard', 'package'),
    });
    const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    const target = join(folder, 'node_modules', NAME);
    mkdirSync(target, { recursive: true });
    const file = join(folder, String(packed?.filename).replace('@', '').replace('/', '-'));
    await run('tar', ['-xzf', file, '-C', target, '--strip-components=1']);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    manifest.dependencies = { ...manifest.dependencies, [NAME]: '*' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    return (packed?.files ?? []).map(({ path }) => path);
  }

  async function open(language = 'en-US'): Promise<Page> {
    const page = await dashboardPage(browser, {
      locale: language,
      viewport: { width: 1280, height: 1300 },
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${nodeRed.url}/dashboard/edge-trainer`);
    return page;
  }

  before(async function () {
    if (!needs('chromium')) this.skip();
    ({ folder: userDir } = await makeUserDir(['@flowfuse/node-red-dashboard']));
    const files = await install(userDir);
    assert.ok(files.includes('resources/widgets.umd.js') && !files.some((file) => /\.(vue|ts)$/.test(file)));
    // The motor is replayed faster than a person would watch it.
    const quick = flow.map((node) => (node.repeat === '0.2' ? { ...node, repeat: '0.025' } : node));
    nodeRed = await RealNodeRed.start(userDir, quick);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('show a loop and what it learns; a person says what would have been right', async () => {
    const page = await open();
    await page.getByText(/^Generation [1-9]/).waitFor({ timeout: 120_000 });
    await page.getByText(/^\d+ % \/ \d+ %$/).waitFor();
    await page.getByText(/\d+ of 120 samples, trainings: \d+/).waitFor();
    await page.locator('.et-head').filter({ hasText: /\d °C/ }).waitFor();
    await page.locator('.et-strip i').nth(5).waitFor({ state: 'attached' });
    await page.locator('.et-band').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'That was wrong' }).click();
    await page.getByText('What would have been right?').waitFor();
    await page
      .getByRole('button', { name: 'heat', exact: true })
      .or(page.getByRole('button', { name: 'cool', exact: true }))
      .first()
      .click();
    // The answer, or why it came too late: either is said.
    await page.locator('.et-verdict').filter({ hasText: /\S/ }).waitFor();
    await page.context().close();
  });

  it('show a motor: light, score, an alarm that is named, acknowledged and known again', async () => {
    const page = await open();
    await page.getByText('healthy', { exact: true }).waitFor({ timeout: 90_000 });
    await fetch(`${nodeRed.url}/inject/${named('blades: weight, second arrangement')}`, { method: 'POST' });
    await page.getByText('alarm', { exact: true }).waitFor({ timeout: 60_000 });
    await page
      .getByText(/^pattern \d/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole('textbox', { name: 'Name of this pattern' }).first().fill('loose <b>blade</b>');
    await page.getByRole('button', { name: 'Set name' }).first().click();
    // Shown as it was typed: no text becomes markup.
    await page.getByText('loose <b>blade</b>').first().waitFor({ timeout: 60_000 });
    await page
      .getByText(/confirmed/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Acknowledge' }).first().click();
    await page.getByRole('button', { name: 'Acknowledge' }).waitFor({ state: 'detached' });
    await docsPictureOf(page, 'widgets');
    // A page that is opened later sees the same.
    const later = await open('de-DE');
    await later.getByText('loose <b>blade</b>').first().waitFor();
    await later.getByRole('button', { name: 'Benennen' }).first().waitFor();
    // It has been answered: nobody is asked again.
    assert.equal(await later.getByRole('button', { name: 'Fehlalarm' }).count(), 0);
    await pictureOf(later, 'widgets german');
    await later.context().close();
    await page.context().close();
  });

  it('keep their contrast on a dark page', async () => {
    const dark = {
      surface: '#10181c',
      primary: '#4fb3c4',
      bgPage: '#11181c',
      groupBg: '#1d262b',
      groupOutline: '#38444a',
    };
    await nodeRed.deploy(
      flow.map((node) => (node.type === 'ui-theme' ? { ...node, colors: dark } : node)),
      'nodes',
    );
    const page = await open();
    await page.locator('.et-line').first().waitFor({ state: 'attached' });
    const ink = await page
      .locator('.et-widget')
      .first()
      .evaluate((element) => {
        const { getComputedStyle } = globalThis as unknown as {
          getComputedStyle(of: unknown): { color: string };
        };
        return getComputedStyle(element).color;
      });
    const [red = 0] = ink.match(/\d+/g)?.map(Number) ?? [];
    assert.ok(red > 180, ink);
    await pictureOf(page, 'widgets dark');
    assert.deepEqual(errors, []);
  });
});

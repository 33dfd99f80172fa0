/** The sidebar: what it says of a trainer that learns, of one that is down, and that it rests while nobody looks. */
import assert from 'node:assert/strict';
import { DARK, type EditorPage } from './editor_page';
import { SharedEditor } from './shared_editor';
import { AIR, FAULTS, faultFlow, networkFlow, ROOM, roomFlow, STRANGE, TEACH_AIR } from './sidebar_flow';
import { Stage } from './stage';

/** What runs inside the page. */
declare const document: {
  querySelector(selector: string): { textContent: string | null } | null;
  activeElement: { getAttribute(name: string): string | null } | null;
};
type Tell = (entries: object[]) => void;
interface Told {
  IntersectionObserver: new (tell: Tell) => { observe(target: object): void };
  tell: Tell;
}
interface Page {
  RED: {
    nodes: { eachNode(each: (node: { name: string; status?: { text?: string } }) => void): void };
  };
}

const TAB = 'edge-trainer-sidebar';

describe('the sidebar', function () {
  this.timeout(120_000);
  const stage = new Stage(roomFlow(0.1));
  const shared = new SharedEditor(stage);
  let editor: EditorPage;

  const card = `.edge-trainer-card[data-device="${ROOM}"]`;
  const open = async (language?: string, width?: number): Promise<void> => {
    editor = await shared.asLeft(language, width);
    await editor.showSidebar(TAB);
    await editor.page.waitForSelector(`${card} .edge-trainer-card-head[aria-expanded="true"]`);
  };

  it('shows a room live while it learns', async () => {
    await open();
    const { page } = editor;
    await page.waitForSelector(`${card} .edge-trainer-plot canvas`);
    await page.waitForSelector(`${card} .edge-trainer-satisfied`);
    await page.waitForSelector(`${card} .edge-trainer-confusion .edge-trainer-right`);
    await page.waitForSelector(`${card} .edge-trainer-card-state:has-text("generation")`);
    const facts = (await page.textContent(`${card} .edge-trainer-part-facts`)) ?? '';
    assert.match(facts, /same as here.*of 262144 bytes/);
    const where = `${card} .edge-trainer-part-decisions`;
    const before = await page.textContent(where);
    await page.waitForFunction(
      ([selector, text]) => document.querySelector(selector as string)?.textContent !== text,
      [where, before] as const,
    );
    await editor.picture('sidebar');
    await editor.docsPicture('sidebar', '#red-ui-sidebar');
  });

  it('asks before it rolls back, and does it by keyboard alone', async () => {
    await open();
    const { page } = editor;
    const before = await page.textContent(`${card} .edge-trainer-card-state`);
    await page.focus(`${card} [data-action="mode"]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${card} .edge-trainer-card-state:has-text("frozen")`);
    await page.focus(`${card} [data-action="roll-back"]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${card} .edge-trainer-panel p`);
    // Escape leaves it, and the focus is where it was.
    await page.keyboard.press('Escape');
    assert.equal(await page.$(`${card} .edge-trainer-panel`), null);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-action')), 'roll-back');
    await page.keyboard.press('Enter');
    await editor.picture('sidebar roll back');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.red-ui-notification:has-text("rolled back")');
    assert.notEqual(await page.textContent(`${card} .edge-trainer-card-state`), before);
    await page.click(`${card} [data-action="mode"]`);
    await page.waitForSelector(`${card} [data-action="mode"]:has-text("Freeze")`);
  });

  it('teaches a sample by hand', async () => {
    await open();
    const { page } = editor;
    await page.click(`${card} [data-action="teach"]`);
    const fields = await page.$$(`${card} .edge-trainer-panel input[type="number"]`);
    for (const field of fields) await field.fill('20');
    await editor.picture('sidebar teach');
    await page.click(`${card} .edge-trainer-go`);
    await page.waitForSelector('.red-ui-notification:has-text("samples")');
  });

  it('draws what the model decides, what a generation changed, and its weights', async () => {
    await open();
    const { page } = editor;
    await page.click(`${card} [data-action="model"]`);
    await page.waitForSelector('.edge-trainer-regions[data-drawn="0 1 regions"]');
    const words = await page.textContent('.edge-trainer-model');
    assert.match(words ?? '', /\+1 °C room: towards/);
    await page.locator('.edge-trainer-model').scrollIntoViewIfNeeded();
    await editor.picture('model view');
    await editor.docsPicture('model-view', '.edge-trainer-model');
    await page.selectOption('.edge-trainer-model select >> nth=0', 'change');
    await page.waitForSelector('.edge-trainer-regions[data-drawn="0 1 change"]');
    await editor.picture('model view change');
  });

  it('asks for nothing while it is hidden', async () => {
    await open();
    const { page } = editor;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/edge-trainer/')) asked.push(request.url());
    });
    const left = page.waitForRequest(/cards\/leave/);
    await editor.showSidebar('info');
    await left;
    asked.splice(0);
    // Long enough for several turns of the runtime.
    await page.waitForTimeout(3500);
    assert.deepEqual(asked, []);
    await editor.showSidebar(TAB);
    await page.waitForSelector(`${card} .edge-trainer-plot canvas`);
  });

  it('comes back when it was hidden and shown between two looks', async () => {
    editor = await shared.asLeft();
    const { page } = editor;
    // What the browser tells of the sidebar, told by hand.
    await page.addInitScript(() => {
      const told = globalThis as unknown as Told;
      const Real = told.IntersectionObserver;
      told.IntersectionObserver = class extends Real {
        private readonly tell: Tell;
        constructor(tell: Tell) {
          super(tell);
          this.tell = tell;
        }
        override observe(target: { className: string }): void {
          super.observe(target);
          if (target.className === 'edge-trainer-sidebar') told.tell = this.tell;
        }
      };
    });
    await editor.reload();
    await editor.showSidebar(TAB);
    await page.waitForSelector(`${card} .edge-trainer-plot canvas`);
    const left = page.waitForRequest(/cards\/leave/);
    await editor.showSidebar('info');
    await left;
    const asks = page.waitForRequest(/cards$/);
    await page.evaluate(() =>
      (globalThis as unknown as Told).tell([{ isIntersecting: false }, { isIntersecting: true }]),
    );
    await asks;
  });

  it('is readable in a dark theme, in German, and narrow', async () => {
    await open('de');
    const { page } = editor;
    await page.addStyleTag({ content: DARK });
    await page.waitForSelector('.edge-trainer-sidebar.edge-trainer-dark .edge-trainer-plot canvas');
    const words = (await page.textContent(card)) ?? '';
    assert.match(words, /Letzte Entscheidungen/);
    assert.ok(!/sidebar\.|status\./.test(words), words);
    await editor.picture('sidebar dark german');
    await open('en-US', 700);
    const sticksOut = await editor.page.$$eval(
      `${card} *`,
      (all) =>
        all
          .filter((element) => {
            // null: the card was drawn anew meanwhile, and this element is gone
            const outer = element.closest('.edge-trainer-card') as unknown as Element | null;
            if (outer === null) return false;
            return element.getBoundingClientRect().right > outer.getBoundingClientRect().right + 1;
          })
          .map((element) => element.className) as string[],
    );
    assert.deepEqual(sticksOut, []);
    await editor.picture('sidebar narrow');
  });

  it('shows a stream: score, residuals, patterns and regimes with names, and what to answer an alarm', async () => {
    editor = await shared.anew();
    const { page } = editor;
    const scores = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [at, [1_700_000_000 + at, 1 + Math.sin(at / 5), 2.5]]),
    );
    const stream = {
      alarm: true,
      newPattern: false,
      calibrated: true,
      learning: false,
      machineOff: false,
      notLearned: false,
      stopped: false,
      constantChannels: [],
      regime: 1,
      pattern: 2,
      patternName: 'bearing',
      score: 3.1,
      threshold: 2.5,
      windows: 60,
      samplesLost: 0,
      residuals: [4.2, 0.3, -1],
    };
    const record = (event: string, a: number, b: number, detail?: string): object => {
      const at = { at: 0, generation: 1, text: `english of ${event}` };
      return { ...at, event, a, b, ...(detail === undefined ? {} : { detail }) };
    };
    const motor = {
      name: 'Motor',
      unit: 1,
      wire: 'hall',
      link: { kind: 'ready' },
      lock: 'none',
      match: 'same',
      definition: {
        model: 'correlation',
        stream: true,
        linear: false,
        classes: [],
        defaultClass: '',
        outputs: [],
        features: ['x', 'y', 'z'].map((name) => ({ name, unit: 'g', min: -4, max: 4 })),
      },
      status: {
        mode: 'auto',
        generation: 1,
        previousGeneration: 0,
        windowAccuracy: null,
        saveState: 'saved',
      },
      patterns: [{ pattern: 2, name: 'bearing', seen: 3, confirmed: true }],
      regimes: ['half load'],
      scores,
      stream,
      log: {
        1: record('train-begin', 0, 0, 'learning'),
        2: record('promoted', 65_535, 65_535, 'unproposed'),
        3: record('train-begin', 20, 65_535),
        4: record('promoted', 250, 65_535),
        5: record('mode', 2, 0, 'frozen'),
        6: record('train-failed', 22, 0),
      },
    };
    // Asked again, as it is every ten seconds, the runtime says what it has told meanwhile.
    let now: { change: number; stream: object } = { change: 0, stream };
    await page.route('**/edge-trainer/cards', (route) =>
      route.fulfill({ json: { change: now.change, cards: { motor: { ...motor, stream: now.stream } } } }),
    );
    const named = page.waitForRequest(/trainers\/motor\/name-regime/);
    await page.route('**/trainers/motor/*', (route) => route.fulfill({ json: { message: 'named' } }));
    await editor.showSidebar(TAB);
    await page.waitForSelector('.edge-trainer-part-score canvas');
    assert.match(
      (await page.textContent('.edge-trainer-part-stream')) ?? '',
      /alarm: pattern bearing.*Real alarm/,
    );
    assert.match((await page.textContent('.edge-trainer-part-residuals')) ?? '', /x4\.2 σ/);
    // A share that is not known is no number.
    assert.deepEqual(
      await page.$$eval('.edge-trainer-log li span', (all) => all.map((one) => one.textContent)),
      [
        'english of train-failed',
        'frozen: the model stays as it is',
        'generation 1 installed; proposed before each truth: models 25 %, start rule –',
        'training began, samples: 20, accuracy over the window: –',
        'generation 1 installed',
        'learning began',
      ],
    );
    assert.equal(await page.inputValue('.edge-trainer-part-patterns input'), 'bearing');
    await page.fill('.edge-trainer-part-regimes input', 'full load');
    await page.keyboard.press('Enter');
    assert.deepEqual((await named).postDataJSON(), { regime: 1, name: 'full load' });
    // Where nobody looked the line has a gap, and times within a minute have seconds.
    const [points, close, far] = await page.evaluate(() => {
      const { EdgeTrainer } = globalThis as unknown as {
        EdgeTrainer: {
          withGaps(points: number[][], longestSeconds: number): (number | null)[][];
          clocks(at: number[]): string[];
        };
      };
      const { withGaps, clocks } = EdgeTrainer;
      const times = [
        [0, 1, 2],
        [1, 1, 2],
        [60, 1, 2],
      ];
      return [withGaps(times, 10).map(([at, score]) => [at, score]), clocks([0, 20, 40]), clocks([0, 60])];
    });
    assert.deepEqual(points, [
      [0, 1],
      [1, 1],
      [2, null],
      [60, 1],
    ]);
    assert.deepEqual([new Set(close as string[]).size, new Set(far as string[]).size], [3, 2]);
    await editor.picture('sidebar stream');
    // Learning waits for the end of an alarm; an answer takes the buttons for it away, and says what it was and when.
    assert.match((await page.getAttribute('[data-action="learn"]', 'title')) ?? '', /^Not during an alarm/);
    assert.equal(await page.isDisabled('[data-action="learn"]'), true);
    const told = (change: number, answer: string): Promise<void> => {
      const news = { answer, answeredAt: Math.round(Date.now() / 1000) - 200 };
      now = { change, stream: { ...stream, ...news } };
      return page.evaluate(
        (patch) => {
          const { EdgeTrainer } = globalThis as unknown as {
            EdgeTrainer: { receive(change: object): void };
          };
          EdgeTrainer.receive(patch);
        },
        { change, patch: { motor: { stream: news } } },
      );
    };
    await told(1, 'confirmed');
    await editor.untilText('.edge-trainer-part-stream', /answered: real alarm, 3 min ago/);
    assert.equal(await page.$('[data-action="answer"]'), null);
    await told(2, 'false');
    await editor.untilText('.edge-trainer-part-stream', /answered: false alarm/);
    assert.equal(await page.isDisabled('[data-action="learn"]'), false);
  });

  it('shows the layers of a network, and the error of each continuous output beside the mean rule', async () => {
    await stage.nodeRed.deploy([...roomFlow(0.1), ...networkFlow()]);
    editor = await shared.anew();
    const { page } = editor;
    await editor.showSidebar(TAB);
    const air = `.edge-trainer-card[data-device="${AIR}"]`;
    const part = (name: string): string => `${air} .edge-trainer-part-${name}`;
    await page.waitForSelector(part('layers'), { state: 'attached' });
    await editor.untilText(part('layers'), /Input 1 × 2 × 1, 62 parameters/);
    const rows = await page.$$eval(`${part('layers')} tr`, (all) => all.map((row) => row.textContent));
    assert.deepEqual(rows.slice(1), ['1 Dense1 × 1 × 123636', '2 Dense1 × 1 × 22626']);
    await stage.nodeRed.inject(TEACH_AIR);
    await editor.untilText(part('facts'), /80 of 100/);
    await page.click(`${air} [data-action="train"]`);
    await editor.untilText(part('output-errors'), /generation 1/);
    const errors = await page.$$eval(`${part('output-errors')} tr`, (all) =>
      all.map((element) => element.textContent),
    );
    assert.equal(errors[0], 'Outputmodelmean always');
    const [, model, mean] = /^valve([\d.]+) %([\d.]+) %$/.exec(errors[1] ?? '') ?? [];
    assert.ok(Number(model) < Number(mean) / 2, errors.join());
    assert.match(errors[2] ?? '', /^fan[\d.]+ m\/s[\d.]+ m\/s$/);
    await page.waitForSelector(`${part('curve')} canvas`);
    // A continuous output has no classes to tell apart.
    assert.equal(await page.textContent(part('per-class')), '');
    assert.equal(await page.textContent(part('confusion')), '');
    // Its true values are taught by hand, too.
    await page.click(`${air} [data-action="teach"]`);
    const fields = await page.$$(`${air} .edge-trainer-panel input`);
    for (const [at, value] of ['5', '10', '40', '2'].entries()) await fields[at]?.fill(value);
    await page.click(`${air} .edge-trainer-go`);
    await page.waitForSelector('.red-ui-notification:has-text("81 of 100")');
    await page.locator(part('layers')).scrollIntoViewIfNeeded();
    await editor.picture('sidebar network');
    await editor.docsPicture('sidebar-network', '#red-ui-sidebar');
  });

  it('says of each trainer that is down why, on its node, and on its card with what to do', async () => {
    const began = performance.now();
    await stage.nodeRed.deploy([...roomFlow(0.1), ...faultFlow()]);
    editor = await shared.anew();
    const { page } = editor;
    for (const [name, words] of Object.entries(FAULTS)) {
      await page.waitForFunction(
        ([node, source]) => {
          const { RED } = globalThis as unknown as Partial<Page>;
          let found = false;
          RED?.nodes?.eachNode((candidate) => {
            found ||=
              candidate.name === node && new RegExp(source as string).test(candidate.status?.text ?? '');
          });
          return found;
        },
        [name, words.source] as const,
      );
    }
    console.log(`      all words on the nodes ${Math.round(performance.now() - began)} ms after the deploy`);
    await editor.showSidebar(TAB);
    for (const [name, words] of Object.entries(FAULTS)) {
      const down = page.locator('.edge-trainer-card', { hasText: name });
      // Only what is in sight is drawn.
      await down.scrollIntoViewIfNeeded();
      // The card may have been drawn while the trainer was still connecting.
      await down.locator('.edge-trainer-card-state').filter({ hasText: words }).waitFor();
      assert.ok(((await down.locator('.edge-trainer-part-advice').textContent()) ?? '').length > 20);
    }
    // A name stays text.
    await page.locator('.edge-trainer-card-name', { hasText: STRANGE }).waitFor();
    assert.equal(await page.$('.edge-trainer-card img'), null);
    await editor.picture('sidebar faults');
  });
});

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exampleFlows, ROOT } from '../nodes/real_node_red';
import { DARK, type EditorPage } from './editor_page';
import { SharedEditor } from './shared_editor';
import { Stage } from './stage';

/** What runs inside the page. */
declare const document: { querySelector(selector: string): { textContent: string | null } | null };
declare function getComputedStyle(element: object): { color: string };

const CONFIG_TYPES = ['edge-trainer-bus', 'edge-trainer-device'];
/** The HVAC example needs other palettes; the demo's own test opens it. */
const examples = exampleFlows(
  readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.json') && !/hvac/i.test(name)),
);

describe('the editor in a browser', function () {
  this.timeout(120_000);
  const shared = new SharedEditor(new Stage());

  for (const { name, flow } of examples) {
    it(`imports "${name}", opens and saves every dialog without an error`, async () => {
      const editor = await shared.open(flow);
      await editor.picture(`flow ${name}`);
      const seen = new Set<string>();
      for (const node of flow) {
        const type = String(node.type);
        if (!type.startsWith('edge-trainer-')) continue;
        const config = CONFIG_TYPES.includes(type);
        await editor.edit(String(node.id), type, config);
        if (type === 'edge-trainer-device')
          await editor.page.waitForSelector('.edge-trainer-memory-legend .edge-trainer-memory-key');
        const invalid = await editor.page.$$eval('.red-ui-tray .input-error', (fields) =>
          fields.map((field) => field.id),
        );
        assert.deepEqual(invalid, [], `${type} ${String(node.name)}`);
        if (!seen.has(type)) await editor.picture(`dialog ${type.slice(13)} in ${name}`);
        seen.add(type);
        await editor.done(config);
        // Opening and saving a dialog changes nothing.
        const { id, z: _z, x: _x, y: _y, wires: _wires, type: _type, ...properties } = node;
        for (const [property, value] of Object.entries(properties))
          assert.deepEqual(await editor.property(String(id), property), value, `${type}.${property}`);
      }
      assert.ok(seen.size >= 3);
    });
  }

  describe('the definition form', () => {
    const feedbackExample = examples.find(({ name }) => name.startsWith('feedback'));
    const device = feedbackExample?.flow.find(({ type }) => type === 'edge-trainer-device');
    const id = String(device?.id);
    let editor: EditorPage;

    const field = (path: string): string => editor.field(path);
    const tab = (name: string): Promise<void> => editor.tab(name);
    const open = async (language?: string): Promise<void> => {
      editor = await shared.open(feedbackExample?.flow ?? [], language);
      await editor.edit(id, 'edge-trainer-device', true);
      await editor.page.waitForSelector('.edge-trainer-memory-key');
    };
    const memoryText = (pattern: RegExp): Promise<void> => editor.memoryText(pattern);

    it('stores what is filled in, and leaves out what is left at its default', async () => {
      await open();
      await tab('model');
      await editor.page.fill(`${field('model.cost')} input`, '2.5');
      await tab('learning');
      await editor.page.fill(`${field('stitching.capacity')} input`, '64');
      await editor.picture('form learning');
      await tab('feedback');
      await editor.page.selectOption(`${field('feedback.tooHigh')} select`, 'hold');
      await editor.picture('form feedback');
      await tab('inputs');
      await editor.page.click('#edge-trainer-page-inputs .red-ui-editableList-addButton');
      await editor.picture('form inputs');
      await tab('classes');
      await editor.picture('form classes');
      await editor.done(true);
      const definition = (await editor.property(id, 'definition')) as Record<string, Record<string, unknown>>;
      assert.equal(definition.model?.cost, 2.5);
      assert.equal(definition.stitching?.capacity, 64);
      assert.equal(definition.feedback?.tooHigh, 'hold');
      assert.equal((definition.features as unknown as unknown[]).length, 3);
      assert.ok(!('tolerance' in (definition.model ?? {})));
      assert.ok(!('save' in definition));
    });

    it('marks a wrong field and says what is wrong with it', async () => {
      await open();
      await tab('inputs');
      await editor.page.fill('[data-path="features[0]"] [data-column="min"]', '90');
      await editor.problems(/Inputs › Feature 1, Least: must be below max/);
      await editor.page.waitForSelector('.edge-trainer-tab-bad[data-page="inputs"]');
      await editor.page.waitForSelector('[data-path="features[0]"] [data-column="min"].input-error');
      await editor.picture('form wrong field');
    });

    it('asks the firmware how much memory a definition takes, and says when it does not fit', async () => {
      await open();
      await editor.page.selectOption(`${field('board')} select`, 'stm32f103');
      await memoryText(/Fits STM32F103/);
      await tab('learning');
      await editor.page.fill(`${field('stitching.capacity')} input`, '4096');
      await memoryText(/Does not fit STM32F103.*a data set with the capacity \d+ would fit/);
      await editor.picture('form too large');
    });

    it('changes the model and keeps the definition valid', async () => {
      await open();
      await tab('model');
      await editor.page.selectOption(`${field('model.type')} select`, 'esn');
      await memoryText(/Fits/);
      await tab('model');
      await editor.picture('form echo state network');
      await editor.done(true);
      const definition = (await editor.property(id, 'definition')) as Record<string, unknown>;
      assert.equal((definition.model as { type: string }).type, 'esn');
      assert.ok(Array.isArray(definition.channels));
      for (const gone of ['features', 'classes', 'feedback', 'defaultClass'])
        assert.ok(!(gone in definition), gone);
    });

    it('brings set point, classes and feedback back when another model was only looked at', async () => {
      await open();
      const before = await editor.property(id, 'definition');
      for (const type of ['esn', 'svm-kernel', 'svm-linear']) {
        await tab('model');
        await editor.page.selectOption(`${field('model.type')} select`, type);
      }
      for (const rule of ['limit', 'label', 'dead-band']) {
        await tab('feedback');
        await editor.page.selectOption(`${field('feedback.rule')} select`, rule);
      }
      await editor.done(true);
      assert.deepEqual(await editor.property(id, 'definition'), before);
    });

    it('keeps the identity of what is renamed, and gives none twice', async () => {
      await open();
      const cell = (row: number): string => `[data-path="features[${row}]"] [data-column="name"]`;
      const [first] = ((await editor.property(id, 'definition')) as { features: { name: string }[] })
        .features;
      await tab('inputs');
      await editor.page.fill(cell(0), 'room');
      await editor.page.click('#edge-trainer-page-inputs .red-ui-editableList-addButton');
      await editor.page.fill(cell(2), String(first?.name));
      await editor.done(true);
      const { features } = (await editor.property(id, 'definition')) as {
        features: { name: string; id?: string }[];
      };
      assert.deepEqual(
        features.map(({ name, id: identity }) => [name, identity]),
        [
          ['room', first?.name],
          [features[1]?.name, undefined],
          [first?.name, `${first?.name} 2`],
        ],
      );
    });

    it('takes a definition that is written as JSON', async () => {
      await open();
      await tab('json');
      await editor.page.waitForSelector('#edge-trainer-json .view-line, #edge-trainer-json .ace_line');
      await editor.picture('form json');
      await editor.writeJson(
        JSON.stringify({
          features: [{ name: 'speed', min: 0, max: 10 }],
          classes: [{ label: 'low' }, { label: 'high' }],
          model: { type: 'svm-linear' },
        }),
      );
      await tab('classes');
      await memoryText(/Fits/);
      await editor.done(true);
      const definition = (await editor.property(id, 'definition')) as { classes: { label: string }[] };
      assert.deepEqual(
        definition.classes.map(({ label }) => label),
        ['low', 'high'],
      );
    });

    for (const { language, called, fits, feedback } of [
      { language: 'de', called: 'german', fits: /Passt auf/, feedback: /Rückmeldung/ },
      { language: 'ja', called: 'japanese', fits: /に収まります/, feedback: /フィードバック/ },
    ])
      it(`speaks ${language}`, async () => {
        await open(language);
        await memoryText(fits);
        await tab('feedback');
        await editor.picture(`form ${called}`);
        const text = (await editor.page.textContent('.edge-trainer-definition')) ?? '';
        assert.match(text, feedback);
        assert.ok(!/(field|form|choice)\./.test(text), text);
      });

    it('is readable in a dark theme', async () => {
      await open();
      const dark = await editor.page.addStyleTag({ content: DARK });
      await editor.picture('form dark');
      const colours = await editor.page.evaluate(() => {
        const style = (selector: string): string => {
          const element = document.querySelector(selector);
          return element === null ? '' : getComputedStyle(element).color;
        };
        return [style('.edge-trainer-memory-legend'), style('.edge-trainer-memory-text')];
      });
      await dark.evaluate((element) => (element as unknown as { remove(): void }).remove());
      // Light text: every channel above the middle.
      for (const colour of colours) {
        const channels = colour.match(/\d+/g)?.map(Number) ?? [];
        assert.ok(channels.length >= 3 && channels.slice(0, 3).every((channel) => channel > 128), colour);
      }
    });
  });
});

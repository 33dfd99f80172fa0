/** What the form of a definition keeps, and what it marks: unfinished JSON, wrong values, templates, start rules, continuous values. */
import assert from 'node:assert/strict';
import { DEFINITION, Dialogs, deviceId, editDevice, flow, inferId, type Json } from './dialog_flow';

describe('the form of a definition', () => {
  const dialogs = new Dialogs();

  it('take form edits after the JSON page was open', async () => {
    const editor = await dialogs.open();
    await editDevice(editor);
    await editor.tab('json');
    await editor.tab('feedback');
    await editor.page.fill(`${editor.field('feedback.setPoint')} input`, '25,5');
    await editor.done(true);
    const { feedback } = (await editor.property(deviceId, 'definition')) as {
      feedback: { setPoint: number };
    };
    assert.equal(feedback.setPoint, 25.5);
  });

  it('keep JSON that is not finished, say what is wrong with it, and mark the node', async () => {
    const unfinished = '{ "name": "room", "model": { "type": ';
    const editor = await dialogs.open();
    await editDevice(editor);
    await editor.tab('json');
    await editor.writeJson(unfinished);
    await editor.memoryText(/JSON is not valid/);
    // The page is not left: the text would be gone.
    await editor.page.click('.edge-trainer-tabs [data-page="feedback"]');
    assert.ok(await editor.page.isVisible('#edge-trainer-page-json'));
    await editor.picture('dialog unfinished json');
    await editor.done(true);
    assert.equal(await editor.property(deviceId, 'definition'), unfinished);
    await editor.untilTriangle(deviceId, /JSON: /);
    assert.match((await editor.triangle(inferId)) ?? '', /device/);
    await editDevice(editor);
    await editor.page.waitForSelector('#edge-trainer-json .view-line, #edge-trainer-json .ace_line');
    await editor.writeJson(JSON.stringify(DEFINITION));
    await editor.memoryText(/Fits/);
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), DEFINITION);
    assert.equal(await editor.triangle(deviceId), undefined);
  });

  it('mark an invalid definition as soon as it is imported, by page and field', async () => {
    const editor = await dialogs.open(
      {},
      {
        definition: {
          ...DEFINITION,
          feedback: { ...DEFINITION.feedback, setPoint: 1000, scale: 100, tooLow: 'warm' },
        },
      },
    );
    await editor.untilTriangle(deviceId, /Feedback › Set point: does not fit a register/);
    await editor.untilTriangle(deviceId, /Feedback › Right when too low: "warm" is no class/);
    assert.match((await editor.triangle(inferId)) ?? '', /device/);
    await editor.picture('flow with triangle');
    await editDevice(editor);
    await editor.problems(/Feedback › Set point/);
    await editor.page.click('.edge-trainer-problem >> nth=0');
    await editor.page.locator('#edge-trainer-page-feedback').waitFor({ state: 'visible' });
    await editor.picture('dialog problems');
  });

  for (const language of ['en-US', 'de'])
    it(`begin with a template for what the trainer is for, each valid (${language})`, async () => {
      const editor = await dialogs.openNodes(flow({}, { definition: {} }), language);
      await editor.edit(deviceId, 'edge-trainer-device', true);
      await editor.page.waitForSelector('.edge-trainer-template');
      await editor.picture(`dialog templates ${language}`);
      const names = await editor.page.$$eval('.edge-trainer-template', (all) =>
        all.map((element) => element.getAttribute('data-template')),
      );
      assert.ok(names.length >= 5);
      for (const name of names) {
        await editor.page.click(`[data-template="${name}"]`);
        await editor.page.waitForSelector('.edge-trainer-memory-key');
        assert.equal((await editor.page.$$('.edge-trainer-problem')).length, 0, String(name));
        await editor.tab('general');
        await editor.page.click('.edge-trainer-drop');
      }
    });

  it('fold what experts need away, and show it when something is wrong there', async () => {
    let editor = await dialogs.open();
    await editDevice(editor);
    const visible = (name: string): Promise<boolean> =>
      editor.page.isVisible(`.edge-trainer-tabs [data-page="${name}"]`);
    assert.deepEqual(
      [await visible('feedback'), await visible('model'), await visible('json')],
      [true, false, false],
    );
    await editor.page.click('.edge-trainer-more');
    assert.deepEqual([await visible('model'), await visible('json')], [true, true]);
    editor = await dialogs.open(
      {},
      { definition: { ...DEFINITION, model: { type: 'svm-linear', cost: -1 } } },
    );
    await editDevice(editor);
    await editor.page.waitForSelector('.edge-trainer-tab-bad[data-page="model"]', { state: 'visible' });
    await editor.picture('dialog expert');
  });

  it('offer the start rule, and leave it out until one is chosen', async () => {
    const editor = await dialogs.open();
    await editDevice(editor);
    await editor.tab('start');
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), DEFINITION);
    await editDevice(editor);
    await editor.tab('start');
    await editor.page.selectOption(`${editor.field('startRule.rule')} select`, 'dead-band');
    await editor.page.fill(`${editor.field('startRule.setPoint')} input`, '21');
    await editor.memoryText(/Fits/);
    await editor.picture('form start rule');
    await editor.done(true);
    const { startRule } = (await editor.property(deviceId, 'definition')) as { startRule: Json };
    assert.deepEqual(startRule, {
      rule: 'dead-band',
      feature: 'room',
      setPoint: 21,
      band: 1,
      tooLow: 'heat',
      within: 'heat',
      tooHigh: 'cool',
    });
  });

  it('let a rule that follows depend on features that are ticked, on none, or on what the firmware chooses', async () => {
    const startRule = {
      ...{ rule: 'table', feature: 'room', above: 'cool', leads: true, followBy: ['gone'] },
      steps: [{ upTo: 22, class: 'heat' }],
    };
    const features = [...DEFINITION.features, { name: 'hour', min: 0, max: 24 }];
    const editor = await dialogs.open({}, { definition: { ...DEFINITION, features, startRule } });
    const followBy = async (act: () => Promise<unknown>): Promise<unknown> => {
      await editDevice(editor);
      await editor.tab('start');
      await act();
      await editor.done(true);
      const { startRule: now } = (await editor.property(deviceId, 'definition')) as { startRule: Json };
      return now.followBy;
    };
    const row = editor.field('startRule.followBy');
    const tick = (name: string): Promise<void> => editor.page.click(`${row} input[value="${name}"]`);
    const choose = (how: string): Promise<unknown> => editor.page.selectOption(`${row} select`, how);
    assert.deepEqual(
      await followBy(async () => {
        await tick('hour');
        await tick('gone');
        await editor.memoryText(/Fits/);
      }),
      ['hour'],
    );
    assert.deepEqual(await followBy(() => choose('none')), []);
    assert.deepEqual(await followBy(() => choose('automatic')), undefined);
    // What follows from other fields until somebody decides is neither yes nor no.
    await editDevice(editor);
    await editor.tab('start');
    const leads = `${editor.field('startRule.leads')} select`;
    assert.equal(await editor.page.inputValue(leads), 'true');
    await editor.page.selectOption(leads, '');
    await editor.done(true);
    const { startRule: now } = (await editor.property(deviceId, 'definition')) as { startRule: Json };
    assert.ok(!('leads' in now));
  });

  it('give continuous values in place of a class, and classes again as they were', async () => {
    const model = { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] };
    const feedback = { rule: 'label' };
    const definition = { ...DEFINITION, model, feedback };
    const editor = await dialogs.open({}, { definition });
    const gives = async (
      what: string,
      act: () => Promise<unknown> = async () => undefined,
    ): Promise<Json> => {
      await editDevice(editor);
      await editor.tab('classes');
      await editor.page.selectOption(`${editor.field('outputs')} select`, what);
      await act();
      await editor.memoryText(/Fits/);
      await editor.done(true);
      return (await editor.property(deviceId, 'definition')) as Json;
    };
    /** A field that a table squeezes to a slit is none: widths of the row's fields, and how far they stand out of the list. */
    const tableFits = async (): Promise<void> => {
      const [narrowest, over] = await editor.page.$eval('.edge-trainer-table:visible', (list) => {
        const fields = [...list.querySelectorAll('.edge-trainer-table-row > *')];
        const boxes = fields.map((field) => field.getBoundingClientRect());
        const right = list.getBoundingClientRect().right;
        return [
          Math.min(...boxes.map((box) => box.width)),
          Math.max(...boxes.map((box) => box.right - right)),
        ];
      });
      assert.ok((narrowest ?? 0) >= 30, `a field ${narrowest} pixels wide`);
      assert.ok((over ?? 1) <= 0, `fields stand out by ${over} pixels`);
      await editor.picture('form outputs');
    };
    const values = await gives('outputs', tableFits);
    assert.deepEqual(values.outputs, [{ name: 'output 1', min: 0, max: 100 }]);
    assert.deepEqual(values.model, { type: 'dnn', layers: [{ kind: 'dense', units: 1 }] });
    assert.deepEqual([values.classes, values.defaultClass], [undefined, undefined]);
    // What the dialog does not touch stays as it is.
    await editDevice(editor);
    await editor.tab('classes');
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), values);
    await editDevice(editor);
    await editor.tab('model');
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'svm-linear');
    await editor.memoryText(/Fits/);
    await editor.done(true);
    const classes = (await editor.property(deviceId, 'definition')) as Json;
    assert.equal(classes.outputs, undefined);
    assert.ok((classes.classes as unknown[]).length >= 2);
  });

  it('take features that were copied from a spreadsheet, without their heading', async () => {
    const editor = await dialogs.open();
    await editDevice(editor);
    await editor.tab('inputs');
    await editor.page.fill(
      '#edge-trainer-page-inputs .edge-trainer-paste',
      'Name\tUnit\tMin\tMax\nflow\tl/min\t0\t12,5\nvalve\t%\t0\t100\n',
    );
    await editor.picture('form pasted');
    await editor.done(true);
    const { features } = (await editor.property(deviceId, 'definition')) as { features: Json[] };
    assert.deepEqual(features.slice(1), [
      { name: 'flow', unit: 'l/min', min: 0, max: 12.5 },
      { name: 'valve', unit: '%', min: 0, max: 100 },
    ]);
  });
});

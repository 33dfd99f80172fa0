/** Inputs in the dialog of a device: taken from messages, as one array, imported, and on the board's own channels. */
import assert from 'node:assert/strict';
import type { TrainerDefinition } from '../../trainer/definition';
import { longRow } from '../support/networks';
import { tfliteFile } from '../support/tflite';
import { EditorPage } from './editor_page';
import { Stage } from './stage';

type Json = Record<string, unknown>;

const id = (number: number): string => `a1b2c3d4e5f8${String(number).padStart(4, '0')}`;
const TAB = id(0);
const BUS = id(1);
const DEVICE = id(2);
const NAMED = id(10);
const BYTES = id(11);
const LOOP = id(20);
const DEFINITION = {
  name: 'room',
  features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'cool' }],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 1, tooLow: 'heat', tooHigh: 'cool' },
};
const node = (number: number, type: string, wires: string[][], more: Json): Json => ({
  ...{ id: id(number), type, z: TAB, x: 200, y: 40 * number, wires },
  ...more,
});
const inject = (number: number, payload: unknown): Json =>
  node(number, 'inject', [[id(number + 10)]], {
    props: [{ p: 'payload' }],
    payload: JSON.stringify(payload),
    payloadType: 'json',
  });
const FLOW: Json[] = [
  { id: TAB, type: 'tab', label: 'inputs' },
  { id: BUS, type: 'edge-trainer-bus', version: 2, wire: 'virtual', virtualUnit: '1', keep: false },
  { id: DEVICE, type: 'edge-trainer-device', version: 1, bus: BUS, unit: '1', definition: DEFINITION },
  inject(10, { outdoor: -4.5, '<b>bold</b>': 1, note: 'warm' }),
  inject(
    11,
    Array.from({ length: 144 }, (_, i) => i % 16),
  ),
  node(20, 'edge-trainer-loop', [[], []], { version: 1, device: DEVICE, interval: '10', failSafe: '0' }),
  // It has no device yet: nobody has chosen one.
  node(21, 'edge-trainer-infer', [[]], { version: 1, device: '', property: 'payload', input: 'values' }),
];

describe('the inputs of a device', function () {
  this.timeout(120_000);
  const stage = new Stage();
  let editor: EditorPage;

  before(async () => {
    await stage.nodeRed.deploy(FLOW);
    editor = await EditorPage.open(stage.browser, stage.nodeRed.url);
  });
  afterEach(async () => {
    await editor?.cancel(true);
    assert.deepEqual(editor?.errors.splice(0) ?? [], []);
  });

  const open = async (definition: Json, page = 'inputs'): Promise<void> => {
    await editor.setProperty(DEVICE, 'definition', definition);
    await editor.edit(DEVICE, 'edge-trainer-device', true);
    await editor.tab(page);
  };
  const stored = async (): Promise<TrainerDefinition> => {
    await editor.done(true);
    return (await editor.property(DEVICE, 'definition')) as TrainerDefinition;
  };
  const passed = async (pattern: RegExp): Promise<void> => {
    // A message takes a moment from its inject node to the next one.
    await editor.page.waitForFunction(
      ([source]) => {
        const page = globalThis as unknown as {
          document: { querySelector(selector: string): { textContent: string | null; click(): void } | null };
        };
        const told = page.document.querySelector('.edge-trainer-from-message .edge-trainer-answer');
        if (new RegExp(source as string).test(told?.textContent ?? '')) return true;
        page.document.querySelector('[data-take="ask"]')?.click();
        return false;
      },
      [pattern.source],
      { polling: 500 },
    );
  };
  const network = { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] };

  it('say that no message has passed, as long as none has', async () => {
    await open(DEFINITION);
    await passed(/No message with numbers/);
  });

  it('are taken from the last message: names as they are, ranges as a guess that says so', async () => {
    await stage.nodeRed.inject(NAMED);
    await open(DEFINITION);
    await passed(/“loop: room”, \d+ s ago. The ranges are a guess \(messages seen: 1\)/);
    assert.equal(await editor.page.$('.edge-trainer-passed b'), null, 'a name is no HTML');
    await editor.page.uncheck('.edge-trainer-passed label:has-text("bold") input');
    await editor.picture('form message');
    await editor.page.click('[data-take="add"]');
    await editor.memoryText(/Fits/);
    const { features } = await stored();
    assert.deepEqual(features, [DEFINITION.features[0], { name: 'outdoor', min: -9, max: 0 }]);
  });

  it('are edited with the keyboard alone, from a template to Update', async () => {
    await editor.setProperty(DEVICE, 'definition', {});
    await editor.edit(DEVICE, 'edge-trainer-device', true);
    await editor.page.waitForSelector('.edge-trainer-template');
    const { keyboard } = editor.page;
    const at = (selector: string): Promise<boolean> =>
      editor.page.evaluate((wanted) => {
        const { document } = globalThis as unknown as {
          document: { activeElement: { matches(selector: string): boolean } | null };
        };
        return document.activeElement?.matches(wanted) === true;
      }, selector);
    const until = async (selector: string, key: string): Promise<void> => {
      for (let pressed = 0; !(await at(selector)); pressed++) {
        assert.ok(pressed < 60, `${selector} is reached by ${key}`);
        await keyboard.press(key);
      }
    };
    await editor.page.focus('#node-config-input-unit');
    await until('[data-template="band"]', 'Tab');
    await keyboard.press('Enter');
    assert.ok(await at('[role="tab"][data-page="feedback"]'), 'the keyboard goes on at the tab');
    await until('[role="tab"][data-page="inputs"]', 'ArrowLeft');
    await until('#edge-trainer-page-inputs [data-column="name"]', 'Tab');
    await keyboard.press('Control+A');
    await keyboard.type('hall');
    await until('[data-take="ask"]', 'Tab');
    await keyboard.press('Enter');
    await editor.untilText('.edge-trainer-from-message .edge-trainer-answer', /ranges are a guess/);
    await until('[data-take="add"]', 'Tab');
    await until('[role="tab"][data-page="inputs"]', 'Shift+Tab');
    await editor.memoryText(/Fits/);
    await keyboard.press('Control+Enter');
    await editor.page.waitForSelector('#node-config-dialog-ok', { state: 'detached' });
    const { features } = (await editor.property(DEVICE, 'definition')) as TrainerDefinition;
    assert.equal(features?.[0]?.name, 'hall');
  });

  it('become one array, from a message, and single values again', async () => {
    await stage.nodeRed.inject(BYTES);
    await open({ ...DEFINITION, feedback: { rule: 'label' }, model: network });
    await passed(/144 values/);
    await editor.page.click('[data-take="array"]');
    await editor.memoryText(/Fits/);
    await editor.tab('model');
    await editor.untilText('.edge-trainer-layer-input', /1 × 144 × 1/);
    await editor.page.click('[data-preset="image"]');
    await editor.untilText('.edge-trainer-layer-input', /12 × 12 × 1/);
    await editor.tab('inputs');
    await editor.page.fill(`${editor.field('features[0].count')} input`, '100');
    await editor.problems(/Model › .*/);
    // What is offered fits the values as they are now.
    await editor.tab('model');
    await editor.page.click('[data-preset="image"]');
    await editor.untilText('.edge-trainer-layer-input', /10 × 10 × 1/);
    await editor.memoryText(/Fits/);
    await editor.tab('inputs');
    await editor.picture('form array');
    assert.deepEqual((await stored()).features, [{ name: 'values', min: 0, max: 30, count: 100 }]);
    await editor.edit(DEVICE, 'edge-trainer-device', true);
    await editor.tab('model');
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'svm-linear');
    await editor.memoryText(/Fits/);
    assert.equal((await stored()).features?.length, 100);
  });

  it('come back as they were when the array is given up', async () => {
    const definition = { ...DEFINITION, feedback: { rule: 'label' }, model: network };
    await open(definition);
    const takes = (what: string): Promise<unknown> =>
      editor.page.selectOption('#edge-trainer-definition-takes', what);
    await takes('array');
    await editor.page.waitForSelector(editor.field('features[0].count'));
    await takes('values');
    assert.deepEqual(await stored(), definition);
  });

  it('become a window of a stream, on which a board may close the loop itself', async () => {
    await open({ ...DEFINITION, board: 'rp2040', feedback: { rule: 'label' }, model: network });
    const takes = (what: string): Promise<unknown> =>
      editor.page.selectOption('#edge-trainer-definition-takes', what);
    await takes('window');
    await editor.page.fill(`${editor.field('features[0].count')} input`, '96');
    await editor.page.fill(`${editor.field('features[0].streamChannels')} input`, '5');
    await editor.problems(/streamChannels|Channels/);
    await editor.page.fill(`${editor.field('features[0].streamChannels')} input`, '3');
    await editor.picture('form window');
    await editor.tab('model');
    await editor.page.click('[data-preset="window"]');
    await editor.untilText('.edge-trainer-layer-input', /1 × 32 × 3/);
    await editor.tab('io');
    await editor.page.selectOption(`${editor.field('io')} select`, 'board');
    assert.equal(await editor.page.$('.edge-trainer-io-inputs'), null, 'the stream gives the values');
    await editor.memoryText(/Fits/);
    const { features, io } = await stored();
    assert.deepEqual([features?.[0]?.count, features?.[0]?.streamChannels, io?.inputs], [96, 3, []]);
    await editor.edit(DEVICE, 'edge-trainer-device', true);
    await editor.tab('inputs');
    await takes('array');
    const after = await stored();
    assert.deepEqual([after.features?.[0]?.streamChannels, after.io], [undefined, undefined]);
  });

  it('of a network with more inputs than registers are imported as one array', async () => {
    await open(DEFINITION, 'model');
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'dnn');
    await editor.page.click('.edge-trainer-import summary');
    await editor.page.setInputFiles('.edge-trainer-import-file', {
      ...{ name: 'long.tflite', mimeType: '' },
      buffer: Buffer.from(tfliteFile(longRow(301, 3))),
    });
    await editor.memoryText(/Fits/);
    const { features } = await stored();
    assert.equal(features?.length, 1);
    assert.ok((features?.[0]?.count ?? 0) > 120);
  });

  it('are as before after undo, also when the device was deleted with what uses it', async () => {
    const history = (what: 'pop' | 'redo'): Promise<void> =>
      editor.page.evaluate((call) => {
        const { RED } = globalThis as unknown as { RED: { history: Record<string, () => void> } };
        RED.history[call]?.();
      }, what);
    await open(DEFINITION);
    await editor.page.fill('#edge-trainer-page-inputs [data-column="name"]', 'hall');
    await editor.tab('feedback');
    await editor.page.fill(`${editor.field('feedback.band')} input`, '-5');
    await editor.problems(/Band/);
    const wrong = await stored();
    assert.deepEqual(wrong.features, [{ ...DEFINITION.features[0], name: 'hall', id: 'room' }]);
    await editor.untilTriangle(DEVICE, /Band/);
    await history('pop');
    assert.deepEqual(await editor.property(DEVICE, 'definition'), DEFINITION);
    assert.equal(await editor.triangle(DEVICE), undefined);
    await history('redo');
    assert.deepEqual(await editor.property(DEVICE, 'definition'), wrong);
    await history('pop');
    await editor.edit(DEVICE, 'edge-trainer-device', true);
    await editor.page.click('.red-ui-tray-toolbar button:has-text("Delete")');
    await editor.page.waitForSelector('#node-config-dialog-ok', { state: 'detached' });
    assert.equal(await editor.property(LOOP, 'device'), '');
    await editor.untilTriangle(LOOP, /device/);
    await history('pop');
    assert.deepEqual(await editor.property(DEVICE, 'definition'), DEFINITION);
    assert.equal(await editor.property(LOOP, 'device'), DEVICE);
  });

  it('speak the language of the editor, problems too, and no word stands out of its place', async () => {
    const german = await EditorPage.open(stage.browser, stage.nodeRed.url, 'de');
    try {
      await german.setProperty(DEVICE, 'definition', {
        ...{ ...DEFINITION, board: 'rp2040' },
        io: { intervalMs: 1000, output: 9, inputs: [{ feature: 'room', channel: 0 }] },
      });
      await german.edit(DEVICE, 'edge-trainer-device', true);
      await german.problems(/Board-IO › Ausgangskanal: ist kein Ausgang des Boards rp2040/);
      for (const page of ['inputs', 'classes', 'feedback', 'model', 'io']) {
        await german.tab(page);
        const cut = await german.page.$$eval(
          '.edge-trainer-page label, .edge-trainer-page button, .edge-trainer-table-head span',
          (all) =>
            all
              .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
              .map((element) => element.textContent),
        );
        assert.deepEqual(cut, [], page);
        await german.picture(`form german ${page}`);
      }
    } finally {
      await german.close();
    }
  });

  it('are on channels of the board, where it has some; a channel that it lacks is named by its field', async () => {
    await open(DEFINITION, 'general');
    await editor.page.click('.edge-trainer-more');
    const hasPage = (): Promise<boolean> => editor.page.isVisible('.edge-trainer-tabs [data-page="io"]');
    assert.equal(await hasPage(), false, 'a virtual trainer of a bus has no channels');
    await editor.page.selectOption(`${editor.field('board')} select`, 'rp2040');
    await editor.tab('io');
    await editor.page.selectOption(`${editor.field('io')} select`, 'board');
    await editor.memoryText(/Fits/);
    await editor.page.selectOption(`${editor.field('io.outcome')} select`, 'board');
    await editor.page.fill('[data-path="io.inputs[0]"] [data-column="gain"]', '0,1');
    await editor.page.fill(`${editor.field('io.outcome.channel')} input`, '7');
    await editor.problems(
      /Board IO › Outcome from, Channel: is no input of the board rp2040 \(inputs of its own, counted from 0: 5\)/,
    );
    await editor.picture('form board channels wrong');
    await editor.tab('general');
    await editor.page.click('.edge-trainer-problem');
    await editor.page.fill(`${editor.field('io.outcome.channel')} input`, '0');
    await editor.memoryText(/Fits/);
    // The inputs follow the features.
    await editor.tab('inputs');
    await editor.page.fill('#edge-trainer-page-inputs [data-column="name"]', 'hall');
    await editor.page.click('#edge-trainer-page-inputs .red-ui-editableList-addButton');
    await editor.tab('io');
    await editor.memoryText(/Fits/);
    await editor.picture('form board channels');
    const { io } = await stored();
    assert.deepEqual(io, {
      ...{ intervalMs: 1000, output: 0, outcome: { channel: 0 } },
      inputs: [
        { feature: 'hall', channel: 0, gain: 0.1 },
        { feature: 'feature 2', channel: 1 },
      ],
    });
    await editor.edit(DEVICE, 'edge-trainer-device', true);
    await editor.tab('io');
    await editor.page.selectOption(`${editor.field('io')} select`, 'master');
    assert.equal((await stored()).io, undefined);
  });
});

/** The layers of a network in the dialog of a device: by mouse and keyboard, with what the firmware makes of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseDefinition, type TrainerDefinition } from '../../trainer/definition';
import { openWeights } from '../../trainer/network';
import { generationOf } from '../../trainer/virtual';
import { pictures } from '../support/networks';
import { tfliteFile } from '../support/tflite';
import { EditorPage } from './editor_page';
import { Stage } from './stage';

type Json = Record<string, unknown>;

const BUS_ID = 'a1b2c3d4e5f70001';
const DEVICE_ID = 'a1b2c3d4e5f70002';
const FEATURES = 64;
const CONV = {
  kind: 'conv',
  filters: 8,
  kernelHeight: 3,
  kernelWidth: 3,
  padding: 'same',
  activation: 'relu',
};
const NETWORK = {
  type: 'dnn',
  height: 8,
  width: 8,
  layers: [CONV, { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 }, { kind: 'dense', units: 3 }],
};
const definitionOf = (model: Json, features = FEATURES): Json => ({
  name: 'network',
  board: 'virtual',
  features: Array.from({ length: features }, (_, i) => ({ name: `x${i + 1}`, min: 0, max: 16 })),
  classes: ['a', 'b', 'c'].map((label) => ({ label })),
  model,
});

describe('the layers of a network', function () {
  this.timeout(120_000);
  const stage = new Stage();
  let editor: EditorPage;

  before(async () => {
    editor = await EditorPage.open(stage.browser, stage.nodeRed.url);
    await editor.import([
      { id: 'a1b2c3d4e5f70000', type: 'tab', label: 'network' },
      { id: BUS_ID, type: 'edge-trainer-bus', version: 2, wire: 'virtual', virtualUnit: '1', keep: false },
      {
        ...{ id: DEVICE_ID, type: 'edge-trainer-device', version: 1, bus: BUS_ID, unit: '1' },
        definition: definitionOf(NETWORK),
      },
    ]);
  });
  afterEach(async () => {
    await editor?.cancel(true);
    assert.deepEqual(editor?.errors.splice(0) ?? [], []);
  });

  /** Opens the dialog of the device, as if it had been left with this definition. */
  const open = async (definition: Json): Promise<void> => {
    await editor.setProperty(DEVICE_ID, 'definition', definition);
    await editor.edit(DEVICE_ID, 'edge-trainer-device', true);
    await editor.tab('model');
  };
  const button = (name: string, index: number): string => `${layer(index)} [data-button="${name}"]`;
  const layer = (index: number): string => `[data-path="model.layers[${index}]"]`;
  const planned = (index: number, pattern: RegExp): Promise<void> =>
    editor.untilText(`${layer(index)} .edge-trainer-layer-plan`, pattern);
  const stored = async (): Promise<Json & { layers: Json[] }> => {
    await editor.done(true);
    const { model } = (await editor.property(DEVICE_ID, 'definition')) as { model: Json };
    return model as Json & { layers: Json[] };
  };

  it('show the shape and the parameters of each, and stay as they were when nothing is changed', async () => {
    await open(definitionOf(NETWORK));
    await editor.untilText('.edge-trainer-layer-input', /8 × 8 × 1/);
    await planned(0, /8 × 8 × 8, 80 parameters/);
    await planned(1, /4 × 4 × 8, 0 parameters/);
    await planned(2, /1 × 1 × 3, 387 parameters/);
    await editor.page.setViewportSize({ width: 1400, height: 1500 });
    await editor.docsPicture('layers', '.edge-trainer-layers');
    assert.deepEqual(await stored(), NETWORK);
  });

  it('name the layer that does not fit, with what it reads, and keep the shapes in front of it', async () => {
    await open(definitionOf(NETWORK));
    await planned(2, /387/);
    await editor.page.fill(`${editor.field('model.layers[1].kernelWidth')} input`, '9');
    await editor.problems(/layer 2 \(max-pool 2 x 9\) does not fit its input \(layer 1, 8 x 8 x 8\)/);
    await planned(0, /8 × 8 × 8/);
    await editor.page.waitForSelector(`${layer(1)} select.input-error`);
    await editor.page.click('.edge-trainer-problem');
    assert.equal(await editor.focused(), 'kind');
    await editor.picture('form layers wrong');
    await editor.page.fill(`${editor.field('model.layers[1].kernelWidth')} input`, '2');
    await editor.page.fill(`${editor.field('model.layers[2].units')} input`, '4');
    await editor.problems(/Model › Layer 3, Units: must be 3/);
    // Units that are not those of the classes have a shape all the same.
    await planned(2, /1 × 1 × 4, 516 parameters/);
  });

  it('are added, reordered and removed with the keyboard alone; who reads a layer reads the same one afterwards', async () => {
    const dense = { kind: 'dense', units: 8, activation: 'relu' };
    const layers = [{ kind: 'flatten' }, dense, { kind: 'add', other: 2 }, { kind: 'dense', units: 3 }];
    await open(definitionOf({ type: 'dnn', layers }));
    await planned(3, /1 × 1 × 3/);
    await editor.page.focus(button('up', 1));
    await editor.page.keyboard.press('Enter');
    // Up cannot be pressed again in the first place: the focus stays with the layer.
    assert.equal(await editor.focused(), 'remove');
    await editor.page.focus('.edge-trainer-layer-add');
    await editor.page.keyboard.press('Enter');
    assert.equal(await editor.focused(), 'kind');
    await editor.page.focus(button('remove', 4));
    await editor.page.keyboard.press('Enter');
    await editor.page.selectOption(`${layer(1)} [data-column="kind"]`, 'conv');
    assert.equal(await editor.focused(), 'kind');
    const { layers: now } = await stored();
    assert.deepEqual(now, [
      dense,
      { kind: 'conv', filters: 8, kernelWidth: 3 },
      { kind: 'add', other: 1 },
      { kind: 'dense', units: 3 },
    ]);
  });

  it('leave a number out whose layer is removed, and ask for it where one is needed', async () => {
    const layers = [
      { kind: 'dense', units: 3 },
      { kind: 'dense', units: 3 },
      { kind: 'add', input: 1, other: 2 },
    ];
    await open(definitionOf({ type: 'dnn', layers }));
    await planned(2, /1 × 1 × 3/);
    await editor.page.click(button('remove', 1));
    await editor.problems(/Model › Layer 2, Adds: /);
    await editor.page.selectOption(`${editor.field('model.layers[1].other')} select`, '1');
    await planned(1, /1 × 1 × 3/);
    assert.deepEqual((await stored()).layers, [
      { kind: 'dense', units: 3 },
      { kind: 'add', input: 1, other: 1 },
    ]);
  });

  it('begin with a preset that fits the features and classes, each valid', async () => {
    await open(definitionOf({ type: 'svm-linear' }));
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'dnn');
    await planned(1, /1 × 1 × 3/);
    for (const [name, input] of [
      ['image', /8 × 8 × 1/],
      ['window', /1 × 64 × 1/],
      ['dense', /1 × 64 × 1/],
    ] as const) {
      await editor.page.click(`[data-preset="${name}"]`);
      await editor.untilText('.edge-trainer-layer-input', input);
      await editor.memoryText(/Fits/);
    }
    await editor.cancel(true);
    await open(definitionOf({ type: 'svm-linear' }, 2));
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'dnn');
    await planned(1, /1 × 1 × 3/);
    assert.deepEqual(
      await editor.page.$$eval('[data-preset]', (all) =>
        all.map((element) => [
          element.getAttribute('data-preset'),
          (element as unknown as { disabled: boolean }).disabled,
        ]),
      ),
      [
        ['dense', false],
        ['window', true],
        ['image', true],
      ],
    );
  });

  it('take settings that a network cannot have away with the former model, and bring them back', async () => {
    const definition = {
      ...definitionOf({ type: 'svm-linear' }),
      ...{ storage: 'int16', scaling: 'standard', feedback: { rule: 'label' } },
    };
    await open(definition);
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'dnn');
    await editor.memoryText(/Fits/);
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'svm-linear');
    await editor.done(true);
    assert.deepEqual(await editor.property(DEVICE_ID, 'definition'), definition);
  });

  it('come from a .tflite file, with what the form says besides; the weights are saved as a file', async () => {
    await open({ ...definitionOf({ type: 'svm-linear' }), stitching: { capacity: 64 } });
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'dnn');
    await editor.page.click('.edge-trainer-import summary');
    const choose = (name: string, buffer: Buffer): Promise<void> =>
      editor.page.setInputFiles('.edge-trainer-import-file', { name, mimeType: '', buffer });
    await choose('large.tflite', Buffer.alloc(2_000_000));
    await editor.untilText('.edge-trainer-import .edge-trainer-bad', /2000000 bytes; at most 1048576/);
    await choose('broken.tflite', Buffer.from('no network'));
    await editor.untilText(
      '.edge-trainer-import .edge-trainer-bad',
      /truncated or is no TensorFlow Lite file/,
    );
    await choose('pictures.tflite', Buffer.from(tfliteFile(pictures())));
    await editor.untilText('.edge-trainer-layer-input', /6 × 4 × 2/);
    await editor.memoryText(/Fits/);
    const saving = editor.page.waitForEvent('download');
    await editor.page.click('.edge-trainer-import a');
    const saved = await saving;
    assert.equal(saved.suggestedFilename(), 'pictures.weights.json');
    const weights = openWeights(JSON.parse(readFileSync(await saved.path(), 'utf8')));
    await editor.done(true);
    const definition = (await editor.property(DEVICE_ID, 'definition')) as TrainerDefinition;
    assert.deepEqual(
      [definition.name, definition.stitching, definition.classes?.length],
      ['network', { capacity: 64 }, 5],
    );
    assert.ok((await generationOf(parseDefinition(definition), weights)).length > 0);
    // The browser logs every answer that says no.
    editor.errors.push(...editor.errors.splice(0).filter((error) => !/422/.test(error)));
  });

  it('come from a file with a new head for the classes of the form', async () => {
    await open({ ...definitionOf(NETWORK), defaultClass: 'b' });
    await editor.page.click('.edge-trainer-import summary');
    await editor.page.check('.edge-trainer-import-head input');
    await editor.page.selectOption('#edge-trainer-import-trained', 'head');
    await editor.page.setInputFiles('.edge-trainer-import-file', {
      ...{ name: 'pictures.tflite', mimeType: '' },
      buffer: Buffer.from(tfliteFile(pictures())),
    });
    await editor.untilText('.edge-trainer-layer-input', /6 × 4 × 2/);
    await editor.memoryText(/Fits/);
    await editor.done(true);
    const definition = (await editor.property(DEVICE_ID, 'definition')) as Json;
    assert.deepEqual([definition.classes, definition.defaultClass], [definitionOf(NETWORK).classes, 'b']);
  });

  it('have words for everything, and nothing that keeps people out', async () => {
    await open(definitionOf(NETWORK));
    await planned(2, /387/);
    await editor.page.click(`${layer(0)} summary`);
    const words = (await editor.page.textContent('#edge-trainer-page-model')) ?? '';
    assert.ok(!/(field|form|choice)\./.test(words), words);
    await editor.page.addScriptTag({
      content: readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8'),
    });
    const violations = await editor.page.evaluate(async () => {
      const { axe } = globalThis as unknown as Axe;
      const { violations: found } = await axe.run('.edge-trainer-definition');
      return found
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('; ')}`);
    });
    assert.deepEqual(violations, []);
  });
});

interface Axe {
  axe: {
    run(where: string): Promise<{
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    }>;
  };
}

/** What the dialogs keep, and what they mark: environment variables, unfinished JSON, wrong values, missing keys, two nodes on one trainer. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { makeUserDir, RealNodeRed, removeUserDir } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { EditorPage, launch } from './editor_page';

const DEFINITION = {
  name: 'room',
  features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'cool' }],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 1, tooLow: 'heat', tooHigh: 'cool' },
};
type Json = Record<string, unknown>;
const BUS: Json = {
  id: 'a1b2c3d4e5f60001',
  type: 'edge-trainer-bus',
  version: 2,
  name: 'wire',
  wire: 'virtual',
  baudRate: '115200',
  parity: 'none',
  dataBits: '8',
  stopBits: '1',
  virtualUnit: '1',
  keep: true,
  memory: 'room',
  port: '502',
  responseTimeout: '',
  settle: '',
};
const DEVICE: Json = {
  id: 'a1b2c3d4e5f60002',
  type: 'edge-trainer-device',
  version: 1,
  name: 'the room',
  bus: BUS.id,
  unit: '1',
  definition: DEFINITION,
};
const INFER: Json = {
  id: 'a1b2c3d4e5f60003',
  type: 'edge-trainer-infer',
  version: 1,
  z: 'a1b2c3d4e5f60000',
  x: 200,
  y: 100,
  wires: [[]],
  device: DEVICE.id,
  property: 'payload',
  input: 'registers',
  signed: true,
  scaling: 'divisor',
  divisor: '10',
  offset: '0',
  output: 'flex-write',
  writeUnit: '1',
  writeFc: '6',
  writeAddress: '0',
  writeValue: 'actuation',
};
const flow = (bus: Json = {}, device: Json = {}, ...others: Json[]): Json[] => [
  { id: 'a1b2c3d4e5f60000', type: 'tab', label: 'room' },
  { ...BUS, ...bus },
  { ...DEVICE, ...device },
  INFER,
  ...others,
];
const [busId, deviceId, inferId] = [BUS, DEVICE, INFER].map(({ id }) => String(id)) as [
  string,
  string,
  string,
];

describe('the dialogs', () => {
  let userDir: string;
  let nodeRed: RealNodeRed;
  let browser: Browser;
  let editor: EditorPage;

  before(async function () {
    if (!needs('chromium')) this.skip();
    ({ folder: userDir } = await makeUserDir());
    nodeRed = await RealNodeRed.start(userDir);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });
  afterEach(async () => {
    const errors = editor?.errors ?? [];
    await editor?.close();
    assert.deepEqual(errors, []);
  });

  const open = async (...nodes: Parameters<typeof flow>): Promise<void> => {
    editor = await EditorPage.open(browser, nodeRed.url);
    await editor.import(flow(...nodes));
  };
  const editDevice = async (): Promise<void> => {
    await editor.edit(deviceId, 'edge-trainer-device', true);
    await editor.page.waitForSelector('.edge-trainer-tabs');
  };

  it('keep environment variables in every numeric field', async () => {
    const variables = {
      baudRate: '${BAUD}',
      port: '${PORT}',
      virtualUnit: '${UNIT}',
      responseTimeout: '${WAIT}',
      settle: '${SETTLE}',
    };
    const definition = {
      ...DEFINITION,
      features: [{ name: 'room', min: '${LEAST}', max: 45 }],
      feedback: { ...DEFINITION.feedback, setPoint: '${SET_POINT}' },
    };
    await open(variables, { unit: '${UNIT}', definition });
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.done(true);
    for (const [name, value] of Object.entries(variables))
      assert.equal(await editor.property(busId, name), value);
    assert.equal(await editor.triangle(busId), undefined);
    await editDevice();
    await editor.memoryText(/Not checked here: features\[0\]\.min, feedback\.setPoint/);
    await editor.tab('feedback');
    assert.equal(await editor.page.inputValue(`${editor.field('feedback.setPoint')} input`), '${SET_POINT}');
    await editor.picture('dialog environment');
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), definition);
    assert.equal(await editor.property(deviceId, 'unit'), '${UNIT}');
    assert.equal(await editor.triangle(deviceId), undefined);
    for (const [name, value] of Object.entries({
      divisor: '${TEN}',
      offset: '${FIRST}',
      writeUnit: '${UNIT}',
    })) {
      await editor.edit(inferId, 'edge-trainer-infer', false);
      await editor.page.fill(`#node-input-${name}`, value);
      await editor.done(false);
      await editor.edit(inferId, 'edge-trainer-infer', false);
      await editor.done(false);
      assert.equal(await editor.property(inferId, name), value);
    }
    assert.equal(await editor.triangle(inferId), undefined);
  });

  it('take form edits after the JSON page was open', async () => {
    await open();
    await editDevice();
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
    await open();
    await editDevice();
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
    await editDevice();
    await editor.page.waitForSelector('#edge-trainer-json .view-line, #edge-trainer-json .ace_line');
    await editor.writeJson(JSON.stringify(DEFINITION));
    await editor.memoryText(/Fits/);
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), DEFINITION);
    assert.equal(await editor.triangle(deviceId), undefined);
  });

  it('mark an invalid definition as soon as it is imported, by page and field', async () => {
    await open(
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
    await editDevice();
    await editor.problems(/Feedback › Set point/);
    await editor.page.click('.edge-trainer-problem >> nth=0');
    await editor.page.locator('#edge-trainer-page-feedback').waitFor({ state: 'visible' });
    await editor.picture('dialog problems');
  });

  it('mark wrong settings of a bus, and every node on it', async () => {
    await open({ wire: 'tcp', host: '127.0.0.1', port: '99999' });
    assert.match((await editor.triangle(busId)) ?? '', /port/);
    assert.match((await editor.triangle(deviceId)) ?? '', /bus/);
    for (const wrong of [{ memory: '../up' }, { virtualUnit: '1-33' }, { responseTimeout: '1e9' }]) {
      await editor.close();
      await open(wrong);
      assert.match((await editor.triangle(busId)) ?? '', new RegExp(Object.keys(wrong)[0] as string));
    }
  });

  it('mark a lock key that is none', async () => {
    await open();
    await editDevice();
    await editor.page.fill('#node-config-input-key', 'abc');
    await editor.page.press('#node-config-input-key', 'Tab');
    await editor.page.waitForSelector('#node-config-input-key.input-error');
    await editor.done(true);
    assert.match((await editor.triangle(deviceId)) ?? '', /32 hexadecimal digits/);
  });

  it('say that an imported device had a lock key, and that it is missing', async () => {
    await open({}, { keyed: true });
    await editor.untilTriangle(deviceId, /lock key of this device is missing/);
    await editDevice();
    await editor.page.getByText('The lock key of this device is missing').waitFor();
    await editor.picture('dialog key missing');
    await editor.page.fill('#node-config-input-key', '00112233445566778899aabbccddeeff');
    await editor.done(true);
    assert.equal(await editor.triangle(deviceId), undefined);
  });

  it('mark two devices that have one trainer, whatever their buses are called', async () => {
    const second = { ...DEVICE, id: 'a1b2c3d4e5f60012', name: 'the copy', bus: 'a1b2c3d4e5f60011' };
    await open({}, {}, { ...BUS, id: 'a1b2c3d4e5f60011', name: 'copied wire' }, second);
    assert.match((await editor.triangle(deviceId)) ?? '', /"the copy" has the same wire and unit id/);
    assert.match((await editor.triangle(second.id)) ?? '', /"the room" has the same wire and unit id/);
    await editDevice();
    await editor.page.fill('#node-config-input-unit', '2');
    await editor.done(true);
    assert.equal(await editor.triangle(deviceId), undefined);
    await editor.page.waitForFunction(
      (id) =>
        (
          globalThis as unknown as { RED: { nodes: { node(id: string): { valid: boolean } } } }
        ).RED.nodes.node(id).valid,
      second.id,
    );
  });

  it('write firmware: the board of the definition is chosen, a drive is asked for where it is one, a failure is said', async () => {
    await open();
    await editDevice();
    await editor.page.selectOption('.edge-trainer-flash-board', 'stm32f405');
    assert.equal(await editor.page.isVisible('.edge-trainer-flash-drive'), false);
    await editor.page.selectOption('.edge-trainer-flash-board', 'rp2040');
    await editor.page.fill('.edge-trainer-flash-drive', userDir);
    await editor.page.click('button.edge-trainer-flash');
    // The user directory is no drive, and a tree without images has nothing to write: both are said, and the button is ready again.
    await editor.page.waitForSelector('.edge-trainer-firmware .edge-trainer-bad:has-text("Nothing was")');
    await editor.page.waitForSelector('button.edge-trainer-flash:has-text("Write firmware")');
    await editor.picture('dialog firmware');
  });

  it('test a connection before anything is deployed, and find the units of the wire', async () => {
    await open({ virtualUnit: '3' }, { unit: '1' });
    await editDevice();
    await editor.page.click('.edge-trainer-test');
    await editor.page.waitForSelector('.edge-trainer-answer.edge-trainer-bad:has-text("unit 1")');
    // Looking stops when it is told to.
    await editor.page.click('.edge-trainer-find');
    await editor.page.waitForSelector('.edge-trainer-unit-found:has-text("3: ")');
    await editor.page.click('.edge-trainer-find');
    await editor.page.click('.edge-trainer-unit-found');
    assert.equal(await editor.page.inputValue('#node-config-input-unit'), '3');
    await editor.page.click('.edge-trainer-test');
    await editor.page.waitForSelector(
      '.edge-trainer-answer:has-text("nothing deployed"):not(.edge-trainer-bad)',
    );
    await editor.picture('dialog connection');
    assert.ok(!existsSync(join(userDir, 'edge-trainer', 'room.bin')), 'a question makes no memory');
    // The browser logs every answer that says no.
    editor.errors.splice(0, editor.errors.length, ...editor.errors.filter((one) => !/502/.test(one)));
  });

  for (const language of ['en-US', 'de'])
    it(`begin with a template for what the trainer is for, each valid (${language})`, async () => {
      editor = await EditorPage.open(browser, nodeRed.url, language);
      await editor.import(flow({}, { definition: {} }));
      await editor.edit(deviceId, 'edge-trainer-device', true);
      await editor.page.waitForSelector('.edge-trainer-template');
      await editor.picture(`dialog templates ${language}`);
      const names = await editor.page.$$eval('.edge-trainer-template', (all) =>
        all.map((one) => one.getAttribute('data-template')),
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
    await open();
    await editDevice();
    const visible = (name: string): Promise<boolean> =>
      editor.page.isVisible(`.edge-trainer-tabs [data-page="${name}"]`);
    assert.deepEqual(
      [await visible('feedback'), await visible('model'), await visible('json')],
      [true, false, false],
    );
    await editor.page.click('.edge-trainer-more');
    assert.deepEqual([await visible('model'), await visible('json')], [true, true]);
    await editor.close();
    await open({}, { definition: { ...DEFINITION, model: { type: 'svm-linear', cost: -1 } } });
    await editDevice();
    await editor.page.waitForSelector('.edge-trainer-tab-bad[data-page="model"]', { state: 'visible' });
    await editor.picture('dialog expert');
  });

  it('offer the start rule, and leave it out until one is chosen', async () => {
    await open();
    await editDevice();
    await editor.tab('start');
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), DEFINITION);
    await editDevice();
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
    await open({}, { definition: { ...DEFINITION, features, startRule } });
    const followBy = async (act: () => Promise<unknown>): Promise<unknown> => {
      await editDevice();
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
    await editDevice();
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
    await open({}, { definition });
    const gives = async (
      what: string,
      act: () => Promise<unknown> = async () => undefined,
    ): Promise<Json> => {
      await editDevice();
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
    await editDevice();
    await editor.tab('classes');
    await editor.done(true);
    assert.deepEqual(await editor.property(deviceId, 'definition'), values);
    await editDevice();
    await editor.tab('model');
    await editor.page.selectOption(`${editor.field('model.type')} select`, 'svm-linear');
    await editor.memoryText(/Fits/);
    await editor.done(true);
    const classes = (await editor.property(deviceId, 'definition')) as Json;
    assert.equal(classes.outputs, undefined);
    assert.ok((classes.classes as unknown[]).length >= 2);
  });

  it('list serial ports with their USB names, and mark the one where a trainer answers', async () => {
    await open({ wire: 'serial', path: '' });
    await editor.page.route('**/edge-trainer/serial-ports', (route) =>
      route.fulfill({
        json: [{ path: '/dev/ttyACM0', manufacturer: 'Raspberry Pi' }, { path: '/dev/ttyUSB0' }],
      }),
    );
    await editor.page.route('**/edge-trainer/identify', (route) => {
      const { bus, unit } = route.request().postDataJSON() as { bus: Json; unit: number };
      assert.deepEqual([bus.wire, bus.baudRate, unit], ['serial', '115200', 1]);
      return bus.path === '/dev/ttyUSB0'
        ? route.fulfill({ json: { board: 'STM32F405' } })
        : route.fulfill({ status: 502, json: { message: 'no answer' } });
    });
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.page.click('#edge-trainer-find-ports');
    await editor.page.waitForSelector('[data-path="/dev/ttyACM0"]:has-text("Raspberry Pi")');
    await editor.page.waitForSelector(
      '[data-path="/dev/ttyUSB0"].edge-trainer-answers:has-text("STM32F405")',
    );
    await editor.picture('dialog ports');
    await editor.page.click('[data-path="/dev/ttyUSB0"]');
    assert.equal(await editor.page.inputValue('#node-config-input-path'), '/dev/ttyUSB0');
    // The browser logs every answer that says no.
    editor.errors.splice(0, editor.errors.length, ...editor.errors.filter((one) => !/502/.test(one)));
  });

  it('take features that were copied from a spreadsheet, without their heading', async () => {
    await open();
    await editDevice();
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

  it('take the only device in a further node, and say on the node which device it has', async () => {
    const { device: _device, ...without } = INFER;
    const further = {
      ...without,
      id: 'a1b2c3d4e5f60023',
      type: 'edge-trainer-monitor',
      device: '',
      interval: '5',
    };
    await open({}, {}, further);
    assert.equal(await editor.property(further.id, 'device'), deviceId);
    assert.equal(await editor.triangle(further.id), undefined);
    await editor.page.waitForSelector('.red-ui-flow-node-label-text:has-text("monitor: the room")');
  });

  it('show a bus of the first version as the runtime understands it', async () => {
    const { version: _version, memory: _memory, ...old } = BUS;
    editor = await EditorPage.open(browser, nodeRed.url);
    await editor.import([{ id: 'a1b2c3d4e5f60000', type: 'tab', label: 'room' }, old, DEVICE, INFER]);
    assert.equal(await editor.property(busId, 'memory'), `virtual-${busId}`);
    assert.equal(await editor.property(busId, 'version'), 2);
    assert.equal(await editor.triangle(busId), undefined);
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.picture('dialog bus memory');
  });

  it('keep the registers of a PLC: typed, pasted from a spreadsheet, and as they were', async () => {
    await open();
    await editor.edit(inferId, 'edge-trainer-infer', false);
    const { page } = editor;
    await page.selectOption('#node-input-input', 'plc');
    await page.selectOption('#node-input-plc', busId);
    await page.getByText('Paste an address list').click();
    await page.fill(
      '#edge-trainer-paste',
      'name\taddress\ttype\tdivisor\nroom\t40101\treal\t10\nwindow\t10001\tbool\n',
    );
    await page.getByRole('button', { name: 'Add these rows' }).click();
    await page.getByText('2 rows added').waitFor();
    const rows = page.locator('.edge-trainer-point-row');
    assert.equal(await rows.nth(1).locator('[data-column="type"]').isDisabled(), true);
    await rows.nth(0).locator('[data-column="order"]').selectOption('CDAB');
    await rows.nth(0).locator('[data-column="unit"]').fill('4');
    await editor.done(false);
    const stored = (await editor.property(inferId, 'points')) as Json[];
    assert.deepEqual(
      stored.map(({ name, kind, address, type, order, unit }) => [name, kind, address, type, order, unit]),
      [
        ['room', 'holding', '100', 'float32', 'CDAB', '4'],
        ['window', 'discrete', '0', 'bit', 'ABCD', ''],
      ],
    );
    await editor.edit(inferId, 'edge-trainer-infer', false);
    assert.equal(await rows.nth(0).locator('[data-column="order"]').inputValue(), 'CDAB');
    await editor.done(false);
    assert.deepEqual(await editor.property(inferId, 'points'), stored);
  });

  it('make a loop from a pasted address list, and say what its numbers must be', async () => {
    const loopId = 'a1b2c3d4e5f60009';
    await open(
      {},
      {},
      {
        id: loopId,
        type: 'edge-trainer-loop',
        version: 1,
        z: 'a1b2c3d4e5f60000',
        x: 200,
        y: 200,
        wires: [[], []],
        device: DEVICE.id,
        interval: '10',
        failSafe: '0',
      },
    );
    await editor.edit(loopId, 'edge-trainer-loop', false);
    const { page } = editor;
    await page.selectOption('#node-input-plc', busId);
    await page.getByText('Paste an address list').click();
    await page.fill(
      '#edge-trainer-paste',
      'for\tname\tkind\taddress\tdivisor\toffset\nfeature\troom\tinput\t3\t10\t\nactuation\tvalve\tholding\t100\t\t\ninterlock\toccupied\tdiscrete\t0\t-1\t1\n',
    );
    await page.getByRole('button', { name: 'Add these rows' }).click();
    await page.getByText('3 rows added').waitFor();
    await page.fill('#node-input-interval', '0.5');
    await page.fill('#node-input-failSafe', '${SAFE}');
    await editor.picture('dialog loop');
    await editor.done(false);
    const stored = (await editor.property(loopId, 'points')) as Json[];
    assert.deepEqual(
      stored.map(({ use, name, kind, address, divisor, offset }) => [
        use,
        name,
        kind,
        address,
        divisor,
        offset,
      ]),
      [
        ['feature', 'room', 'input', '3', '10', '0'],
        ['actuation', 'valve', 'holding', '100', '1', '0'],
        ['interlock', 'occupied', 'discrete', '0', '-1', '1'],
      ],
    );
    assert.deepEqual(
      [
        await editor.property(loopId, 'interval'),
        await editor.property(loopId, 'failSafe'),
        await editor.triangle(loopId),
      ],
      ['0.5', '${SAFE}', undefined],
    );
    await editor.edit(loopId, 'edge-trainer-loop', false);
    await page.fill('#node-input-interval', 'soon');
    await editor.done(false);
    assert.ok((await editor.triangle(loopId)) !== undefined);
  });
});

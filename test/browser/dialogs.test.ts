/** What the dialogs keep, and what they mark: environment variables, wrong settings, missing keys, two nodes on one trainer, addresses of a PLC. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUS,
  busId,
  DEFINITION,
  DEVICE,
  Dialogs,
  deviceId,
  editDevice,
  INFER,
  inferId,
  type Json,
} from './dialog_flow';

describe('the dialogs', () => {
  const dialogs = new Dialogs();

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
    const editor = await dialogs.open(variables, { unit: '${UNIT}', definition });
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.done(true);
    for (const [name, value] of Object.entries(variables))
      assert.equal(await editor.property(busId, name), value);
    assert.equal(await editor.triangle(busId), undefined);
    await editDevice(editor);
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

  it('mark wrong settings of a bus, and every node on it', async () => {
    let editor = await dialogs.open({ wire: 'tcp', host: '127.0.0.1', port: '99999' });
    assert.match((await editor.triangle(busId)) ?? '', /port/);
    assert.match((await editor.triangle(deviceId)) ?? '', /bus/);
    for (const wrong of [{ memory: '../up' }, { virtualUnit: '1-33' }, { responseTimeout: '1e9' }]) {
      editor = await dialogs.open(wrong);
      assert.match((await editor.triangle(busId)) ?? '', new RegExp(Object.keys(wrong)[0] as string));
    }
  });

  it('mark a lock key that is none', async () => {
    const editor = await dialogs.open();
    await editDevice(editor);
    await editor.page.fill('#node-config-input-key', 'abc');
    await editor.page.press('#node-config-input-key', 'Tab');
    await editor.page.waitForSelector('#node-config-input-key.input-error');
    await editor.done(true);
    assert.match((await editor.triangle(deviceId)) ?? '', /32 hexadecimal digits/);
  });

  it('say that an imported device had a lock key, and that it is missing', async () => {
    const editor = await dialogs.open({}, { keyed: true });
    await editor.untilTriangle(deviceId, /lock key of this device is missing/);
    await editDevice(editor);
    await editor.page.getByText('The lock key of this device is missing').waitFor();
    await editor.picture('dialog key missing');
    await editor.page.fill('#node-config-input-key', '00112233445566778899aabbccddeeff');
    await editor.done(true);
    assert.equal(await editor.triangle(deviceId), undefined);
  });

  it('mark two devices that have one trainer, whatever their buses are called', async () => {
    const second = { ...DEVICE, id: 'a1b2c3d4e5f60012', name: 'the copy', bus: 'a1b2c3d4e5f60011' };
    const editor = await dialogs.open(
      {},
      {},
      { ...BUS, id: 'a1b2c3d4e5f60011', name: 'copied wire' },
      second,
    );
    assert.match((await editor.triangle(deviceId)) ?? '', /"the copy" has the same wire and unit id/);
    assert.match((await editor.triangle(second.id)) ?? '', /"the room" has the same wire and unit id/);
    await editDevice(editor);
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
    const editor = await dialogs.open();
    await editDevice(editor);
    await editor.page.selectOption('.edge-trainer-flash-board', 'stm32f405');
    assert.equal(await editor.page.isVisible('.edge-trainer-flash-drive'), false);
    // What happens first: the board leaves by itself, or a hand has to do something.
    const before = editor.page.locator('.edge-trainer-flash-before');
    assert.match(
      (await before.textContent()) ?? '',
      /saves what it has learned and leaves for its boot loader/,
    );
    await editor.page.uncheck('.edge-trainer-flash-runs input');
    assert.match((await before.textContent()) ?? '', /Set BOOT0 high/);
    await editor.page.selectOption('.edge-trainer-flash-board', 'atmega2560');
    assert.equal(await editor.page.isVisible('.edge-trainer-flash-runs'), false);
    assert.match((await before.textContent()) ?? '', /Press the reset button/);
    assert.equal(await editor.page.isVisible('.edge-trainer-flash-image'), false);
    await editor.page.selectOption('.edge-trainer-flash-board', 'esp32c3');
    assert.match((await before.textContent()) ?? '', /hold BOOT, press/);
    await editor.page.fill('.edge-trainer-flash-image', join(dialogs.userDir, 'firmware.bin'));
    await editor.picture('dialog firmware of an ESP32');
    await editor.page.route('**/edge-trainer/flash{,/6}', (route) =>
      route.fulfill({ json: { id: 6, state: 'failed', message: 'firmware.bin is damaged' } }),
    );
    const own = editor.page.waitForRequest('**/edge-trainer/flash');
    await editor.page.click('button.edge-trainer-flash');
    assert.equal((await own).postDataJSON().image, join(dialogs.userDir, 'firmware.bin'));
    await editor.page.waitForSelector('.edge-trainer-firmware .edge-trainer-bad:has-text("damaged")');
    await editor.page.unrouteAll();
    await editor.page.waitForSelector('button.edge-trainer-flash:has-text("Write firmware")');
    await editor.page.selectOption('.edge-trainer-flash-board', 'rp2040');
    assert.match((await before.textContent()) ?? '', /Hold BOOTSEL/);
    await editor.page.fill('.edge-trainer-flash-drive', dialogs.userDir);
    await editor.page.check('.edge-trainer-flash-runs input');
    const states = [
      { state: 'running', step: 'leave' },
      { state: 'running', step: 'write', done: 1, total: 2 },
      { state: 'failed', message: 'cut off. Nothing was learned from that' },
    ];
    await editor.page.route('**/edge-trainer/flash/7', (route) =>
      route.fulfill({ json: { id: 7, ...states.shift() } }),
    );
    await editor.page.route('**/edge-trainer/flash', (route) =>
      route.fulfill({ json: { id: 7, state: 'running' } }),
    );
    const asked = editor.page.waitForRequest('**/edge-trainer/flash');
    await editor.page.click('button.edge-trainer-flash');
    const { running, drive, bus } = (await asked).postDataJSON();
    assert.deepEqual(running, { unit: 1, device: deviceId });
    assert.deepEqual([drive, bus.id], [dialogs.userDir, busId]);
    await editor.page.waitForSelector('.edge-trainer-firmware:has-text("starts its boot loader …")');
    await editor.page.waitForSelector('.edge-trainer-firmware .edge-trainer-bad:has-text("cut off")');
    // The firmware that could be asked is gone.
    assert.equal(await editor.page.isChecked('.edge-trainer-flash-runs input'), false);
    await editor.page.unrouteAll();
    await editor.page.fill('.edge-trainer-flash-drive', dialogs.userDir);
    await editor.page.click('button.edge-trainer-flash');
    // The user directory is no drive, and a tree without images has nothing to write: both are said, and the button is ready again.
    await editor.page.waitForSelector('.edge-trainer-firmware .edge-trainer-bad:has-text("Nothing was")');
    await editor.page.waitForSelector('button.edge-trainer-flash:has-text("Write firmware")');
    await editor.picture('dialog firmware');
  });

  it('test a connection before anything is deployed, and find the units of the wire', async () => {
    const editor = await dialogs.open({ virtualUnit: '3' }, { unit: '1' });
    await editDevice(editor);
    await editor.page.click('.edge-trainer-test');
    await editor.page.waitForSelector('.edge-trainer-answer.edge-trainer-bad:has-text("unit 1")');
    // Looking stops when it is told to.
    await editor.page.click('.edge-trainer-find');
    await editor.page.waitForSelector('.edge-trainer-unit-found:has-text("3: ")');
    const last = editor.page.waitForEvent('console', (message) => /502/.test(message.text()));
    await editor.page.click('.edge-trainer-find');
    await editor.page.click('.edge-trainer-unit-found');
    assert.equal(await editor.page.inputValue('#node-config-input-unit'), '3');
    await editor.page.click('.edge-trainer-test');
    await editor.page.waitForSelector(
      '.edge-trainer-answer:has-text("nothing deployed"):not(.edge-trainer-bad)',
    );
    await editor.picture('dialog connection');
    assert.ok(!existsSync(join(dialogs.userDir, 'edge-trainer', 'room.bin')), 'a question makes no memory');
    // The browser logs every answer that says no, and unit 4 was asked when the search stopped.
    await last;
    editor.errors.splice(0, editor.errors.length, ...editor.errors.filter((error) => !/502/.test(error)));
  });

  it('list serial ports with their USB names, and mark the one where a trainer answers', async () => {
    const editor = await dialogs.open({ wire: 'serial', path: '' });
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
    // The browser logs every answer that says no.
    const refused = editor.page.waitForEvent('console', (message) => /502/.test(message.text()));
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.page.click('#edge-trainer-find-ports');
    await editor.page.waitForSelector('[data-path="/dev/ttyACM0"]:has-text("Raspberry Pi")');
    await editor.page.waitForSelector(
      '[data-path="/dev/ttyUSB0"].edge-trainer-answers:has-text("STM32F405")',
    );
    await editor.picture('dialog ports');
    await editor.page.click('[data-path="/dev/ttyUSB0"]');
    assert.equal(await editor.page.inputValue('#node-config-input-path'), '/dev/ttyUSB0');
    await refused;
    editor.errors.splice(0, editor.errors.length, ...editor.errors.filter((error) => !/502/.test(error)));
  });

  it('say of a bus with seven data bits that it cannot open, and Update sets it to eight', async () => {
    const editor = await dialogs.open({ wire: 'serial', path: '/dev/ttyUSB0', dataBits: '7' });
    assert.match((await editor.triangle(busId)) ?? '', /dataBits/);
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.untilText('.edge-trainer-data-bits', /saved with 7 data bits, and Modbus RTU needs 8/);
    await editor.page.locator('.edge-trainer-data-bits').waitFor({ state: 'visible' });
    await editor.done(true);
    assert.equal(await editor.property(busId, 'dataBits'), '8');
    assert.equal(await editor.triangle(busId), undefined);
    await editor.edit(busId, 'edge-trainer-bus', true);
    assert.equal(await editor.page.locator('.edge-trainer-data-bits').isVisible(), false);
    await editor.done(true);
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
    const editor = await dialogs.open({}, {}, further);
    assert.equal(await editor.property(further.id, 'device'), deviceId);
    assert.equal(await editor.triangle(further.id), undefined);
    await editor.page.waitForSelector('.red-ui-flow-node-label-text:has-text("monitor: the room")');
  });

  it('show a bus of the first version as the runtime understands it', async () => {
    const { version: _version, memory: _memory, ...old } = BUS;
    const editor = await dialogs.openNodes([
      { id: 'a1b2c3d4e5f60000', type: 'tab', label: 'room' },
      old,
      DEVICE,
      INFER,
    ]);
    assert.equal(await editor.property(busId, 'memory'), `virtual-${busId}`);
    assert.equal(await editor.property(busId, 'version'), 2);
    assert.equal(await editor.triangle(busId), undefined);
    await editor.edit(busId, 'edge-trainer-bus', true);
    await editor.picture('dialog bus memory');
  });

  it('keep the registers of a PLC: typed, pasted from a spreadsheet, and as they were', async () => {
    const editor = await dialogs.open();
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
    await page.getByText('rows added: 2').waitFor();
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
    const editor = await dialogs.open(
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
    await page.getByText('rows added: 3').waitFor();
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

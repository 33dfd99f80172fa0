import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openWire } from './wires';

const DIST = join(__dirname, '../../..');

/** Makes every load of serialport fail, as it does where its native code was not installed. */
const WITHOUT = `const Module = require('node:module');
const load = Module._load;
Module._load = function (name, ...rest) {
  if (/^@?serialport/.test(name)) throw new Error('No native build was found');
  return load.call(this, name, ...rest);
};`;

const PROGRAM = `const { openBus } = require('${DIST}/trainer');
require('${DIST}/nodes/bus.js');
require('${DIST}/nodes/device.js');
const bus = openBus({ kind: 'serial', path: '/dev/ttyNone' });
bus.request({ unit: 1, fc: 3, address: 0, quantity: 1 }, { deadlineMs: 50 }).catch((error) => console.log(error.message)).finally(() => bus.close());`;

describe('without the native code of serialport', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bus-no-serial-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('trainer and nodes load, and a serial wire says what is missing', async () => {
    const preload = join(folder, 'without.js');
    writeFileSync(preload, WITHOUT);
    const { stdout } = await promisify(execFile)(process.execPath, ['--require', preload, '-e', PROGRAM]);
    assert.match(stdout, /the package serialport does not load \(No native build was found\).*npm rebuild/);
  });
});

describe('a bus with many devices', () => {
  it('has as many listeners as it has users, without a warning', async () => {
    const wire = await openWire('virtual');
    const warnings: Error[] = [];
    const listen = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', listen);
    try {
      for (let i = 0; i < 40; i++) wire.bus.on('state', () => undefined).on('health', () => undefined);
      await new Promise(setImmediate);
      assert.deepEqual(warnings, []);
    } finally {
      process.off('warning', listen);
      await wire.close();
    }
  });
});

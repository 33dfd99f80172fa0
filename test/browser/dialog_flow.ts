/** A bus, a device and an infer node in a real editor, for the tests of the dialogs. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { makeUserDir, RealNodeRed, removeUserDir } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { EditorPage, launch } from './editor_page';

export const DEFINITION = {
  name: 'room',
  features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'cool' }],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 1, tooLow: 'heat', tooHigh: 'cool' },
};
export type Json = Record<string, unknown>;
export const BUS: Json = {
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
export const DEVICE: Json = {
  id: 'a1b2c3d4e5f60002',
  type: 'edge-trainer-device',
  version: 1,
  name: 'the room',
  bus: BUS.id,
  unit: '1',
  definition: DEFINITION,
};
export const INFER: Json = {
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
export const flow = (bus: Json = {}, device: Json = {}, ...others: Json[]): Json[] => [
  { id: 'a1b2c3d4e5f60000', type: 'tab', label: 'room' },
  { ...BUS, ...bus },
  { ...DEVICE, ...device },
  INFER,
  ...others,
];
export const [busId, deviceId, inferId] = [BUS, DEVICE, INFER].map(({ id }) => String(id)) as [
  string,
  string,
  string,
];

/** One Node-RED and one browser for a suite; each test opens an editor, which must log no error. */
export class Dialogs {
  #userDir = '';
  #nodeRed: RealNodeRed | undefined;
  #browser: Browser | undefined;
  #editor: EditorPage | undefined;

  /** Registers what runs before and after the tests of the suite that is being described. */
  constructor() {
    const dialogs = this;
    before(async function () {
      if (!needs('chromium')) this.skip();
      await dialogs.#start();
    });
    after(() => this.#stop());
    afterEach(async () => {
      const errors = this.#editor?.errors ?? [];
      await this.#editor?.close();
      assert.deepEqual(errors, []);
    });
  }

  async #start(): Promise<void> {
    ({ folder: this.#userDir } = await makeUserDir());
    this.#nodeRed = await RealNodeRed.start(this.#userDir);
    this.#browser = await launch();
  }

  async #stop(): Promise<void> {
    await this.#browser?.close();
    await this.#nodeRed?.stop();
    if (this.#userDir !== '') removeUserDir(this.#userDir);
  }

  get userDir(): string {
    return this.#userDir;
  }

  /** An editor with these nodes. */
  async openNodes(nodes: readonly Json[], language?: string): Promise<EditorPage> {
    if (this.#browser === undefined || this.#nodeRed === undefined)
      throw new Error('the suite has not begun');
    this.#editor = await EditorPage.open(this.#browser, this.#nodeRed.url, language);
    await this.#editor.import([...nodes]);
    return this.#editor;
  }

  /** An editor with the flow, changed as said. */
  open(...nodes: Parameters<typeof flow>): Promise<EditorPage> {
    return this.openNodes(flow(...nodes));
  }
}

export async function editDevice(editor: EditorPage): Promise<void> {
  await editor.edit(deviceId, 'edge-trainer-device', true);
  await editor.page.waitForSelector('.edge-trainer-tabs');
}

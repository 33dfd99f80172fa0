/** A bus, a device and an infer node in a real editor, for the tests of the dialogs. */
import assert from 'node:assert/strict';
import { EditorPage } from './editor_page';
import { Stage } from './stage';

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

/** Each test of the suite that is being described opens an editor, which must log no error. */
export class Dialogs {
  readonly #stage = new Stage();
  #editor: EditorPage | undefined;

  constructor() {
    afterEach(async () => {
      const errors = this.#editor?.errors ?? [];
      await this.#editor?.close();
      assert.deepEqual(errors, []);
    });
  }

  get userDir(): string {
    return this.#stage.userDir;
  }

  /** An editor with these nodes. */
  async openNodes(nodes: readonly Json[], language?: string): Promise<EditorPage> {
    const { browser, nodeRed } = this.#stage;
    this.#editor = await EditorPage.open(browser, nodeRed.url, language);
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

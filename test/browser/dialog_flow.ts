/** A bus, a device and an infer node in a real editor, for the tests of the dialogs. */
import type { EditorPage } from './editor_page';
import { SharedEditor } from './shared_editor';
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

/** An editor for the tests of the suite that is being described. */
export class Dialogs {
  readonly #stage = new Stage();
  readonly #editor = new SharedEditor(this.#stage);

  get userDir(): string {
    return this.#stage.userDir;
  }

  /** An editor with these nodes. */
  openNodes(nodes: readonly Json[], language?: string): Promise<EditorPage> {
    return this.#editor.open(nodes, language);
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

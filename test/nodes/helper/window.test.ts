/** A network over a window of a stream through the nodes: samples in, decisions without values, feedback, a loop, and a flow that starts again. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision, TrainerDefinition, Verdict } from '../../../trainer';
import { ROOT } from '../real_node_red';
import { helper, type Message, next, through as sent, startHelper, unload } from './helper';

const SETS = ['bus', 'device', 'deploy', 'infer', 'feedback', 'dataset', 'loop'];
const load = (name: string): unknown => require(join(ROOT, 'dist', 'nodes', `${name}.js`));

const SAMPLES = 16;
const definition: TrainerDefinition = {
  name: 'vibration',
  features: [{ name: 'x', unit: 'g', count: 2 * SAMPLES, streamChannels: 2, min: -2, max: 2, scale: 1000 }],
  classes: [{ label: 'healthy' }, { label: 'faulty', actuation: 7 }],
  model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
  feedback: { rule: 'label' },
};
const device = { device: 'device', z: 'flow', x: 1, y: 1 };
const out = (id: string): object => ({ id: `${id}-out`, type: 'helper', z: 'flow', x: 1, y: 1, wires: [] });

const flow = (loop: boolean): object[] => [
  { id: 'flow', type: 'tab', label: 'test' },
  { id: 'bus', type: 'edge-trainer-bus', wire: 'virtual', virtualUnit: '1', keep: true },
  { id: 'device', type: 'edge-trainer-device', name: 'fan', bus: 'bus', unit: '1', definition },
  { id: 'catch', type: 'catch', z: 'flow', x: 1, y: 1, scope: null, wires: [['caught']] },
  { id: 'status', type: 'status', z: 'flow', x: 1, y: 1, scope: ['infer'], wires: [['said']] },
  { id: 'said', type: 'helper', z: 'flow', x: 1, y: 1, wires: [] },
  { id: 'caught', type: 'helper', z: 'flow', x: 1, y: 1, wires: [] },
  { ...device, id: 'deploy', type: 'edge-trainer-deploy', source: 'device', wires: [['deploy-out']] },
  { ...device, id: 'infer', type: 'edge-trainer-infer', property: 'payload', wires: [['infer-out']] },
  { ...device, id: 'feedback', type: 'edge-trainer-feedback', kind: 'auto', wires: [['feedback-out']] },
  { ...device, id: 'dataset', type: 'edge-trainer-dataset', action: 'add', wires: [['dataset-out'], []] },
  ...(loop
    ? [
        {
          ...device,
          id: 'loop',
          type: 'edge-trainer-loop',
          interval: '0.2',
          failSafe: '5',
          wires: [['loop-out'], []],
        },
      ]
    : []),
  ...['deploy', 'infer', 'feedback', 'dataset', 'loop'].map(out),
];

const through = async <T>(id: string, msg: Message): Promise<T> => (await sent(id, msg)).payload as T;
const rows = (samples: number): number[][] => Array.from({ length: samples }, (_, i) => [i / 10, -i / 10]);

describe('nodes: a window of a stream', function () {
  this.timeout(60_000);
  let folder: string;

  const begin = (loop = false): Promise<void> => helper.load(SETS.map(load), flow(loop));
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-window-'));
    await startHelper();
    helper.settings({ userDir: folder });
  });
  beforeEach(() => begin());
  afterEach(unload);
  after(async () => {
    await helper.stopServer();
    rmSync(folder, { recursive: true, force: true });
  });

  it('fills with samples of every form, decides when no sample comes, and learns by ticket', async () => {
    await through('deploy', {});
    await assert.rejects(through('infer', { payload: '' }), /the window has 0 of 16 samples/);
    assert.deepEqual(await through('infer', { payload: rows(5) }), {
      ...{ samples: 5, lost: 0, clamped: {}, held: 5, needed: 16 },
    });
    const filled = async (payload: unknown): Promise<number> =>
      (await through<{ held: number }>('infer', { payload })).held;
    assert.equal(await filled([0.1, 0.2, 0.3, 0.4]), 7, 'interleaved values');
    assert.equal(await filled(Int16Array.of(100, 200)), 8, 'register units');
    assert.equal(await filled(Buffer.from([0, 100, 0, 200])), 9, 'a sensor');
    assert.equal(await filled({ 'x 1': 0.1, 'x 2': 0.2 }), 10, 'one sample by name');
    await assert.rejects(through('infer', { payload: [1, 2, 3] }), /unevenSamples/);
    assert.equal(await filled(rows(6)), 16);
    const { ticket, label } = await through<Decision>('infer', { payload: true });
    assert.equal(label, 'healthy');
    const asked = await through<Decision>('infer', { payload: 1_700_000_000_000, topic: 'decide' });
    assert.notEqual(asked.ticket, ticket);
    const verdict = await through<Verdict>('feedback', { payload: { label: 'faulty' }, ticket });
    assert.deepEqual([verdict.judgement, verdict.truth], ['unsatisfied', 'faulty']);
    const { stored } = await through<{ stored: number }>('dataset', { payload: { label: 'faulty' } });
    assert.equal(stored, 2, 'the window of now is a lesson, too');
  });

  it('says what it decided while the window moves on, and how full it is where that is news', async () => {
    const said: string[] = [];
    helper.getNode('said').on('input', ({ status }) => said.push((status as { text: string }).text));
    await through('deploy', {});
    await through('infer', { payload: rows(SAMPLES) });
    await through('infer', { payload: '' });
    await through('infer', { payload: rows(3) });
    await through('infer', { payload: rows(4) });
    // The helper has no catalogue: a text is its key.
    assert.deepEqual(
      said.slice(-2).map((text) => text.replace(/^.*:status\./, '')),
      ['window', 'decided'],
    );
    await through('infer', { payload: [[9, 0]] });
    // A second fact behind it, cut: keys are longer than what a catalogue has for them.
    assert.match(said.at(-1) as string, /status\.window; \S+…$/);
  });

  it('begins anew when its board starts again with the flow, in the middle of a stream', async () => {
    await through('deploy', {});
    const { held } = await through<{ held: number }>('infer', { payload: rows(20) });
    assert.equal(held, SAMPLES);
    await unload();
    await begin();
    const again = await through<{ held: number; lost: number }>('infer', { payload: rows(3) });
    assert.deepEqual([again.held, again.lost], [3, 0]);
    await assert.rejects(through('infer', { payload: '' }), /the window has 3 of 16 samples/);
  });

  it('is what a loop decides by at its interval; without one it puts its fail-safe value', async () => {
    await through('deploy', {});
    await unload();
    await begin(true);
    const value = async (wanted: number): Promise<Message> => {
      for (;;) {
        const msg = await next('loop-out');
        if (msg.payload === wanted) return msg;
      }
    };
    await value(5);
    helper.getNode('loop').receive({ payload: rows(SAMPLES) });
    const { edgeTrainer } = await value(0);
    assert.equal((edgeTrainer as Decision).label, 'healthy');
  });
});

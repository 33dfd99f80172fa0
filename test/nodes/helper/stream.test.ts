/** A stream model through the nodes: samples of every form in, known and new patterns out, named, merged, forgotten, kept. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pattern, StreamResult, TrainingResult } from '../../../trainer';
import { LEARNED, machine, machineDefinition, WINDOW } from '../../trainer/device/machine';
import { ROOT } from '../real_node_red';
import { helper, type Message, next, through as sent, startHelper, unload } from './helper';

const SETS = ['bus', 'device', 'deploy', 'infer', 'feedback', 'model', 'train'];
const load = (name: string): unknown => require(join(ROOT, 'dist', 'nodes', `${name}.js`));

const nodes = (): object[] => {
  const withHelper = (type: string, settings: object = {}): object[] => [
    {
      id: type,
      type: `edge-trainer-${type}`,
      z: 'flow',
      x: 1,
      y: 1,
      device: 'device',
      wires: [[`${type}-out`]],
      ...settings,
    },
    { id: `${type}-out`, type: 'helper', z: 'flow', x: 1, y: 1, wires: [] },
  ];
  return [
    { id: 'flow', type: 'tab', label: 'test' },
    { id: 'bus', type: 'edge-trainer-bus', wire: 'virtual', virtualUnit: '1', keep: true },
    {
      id: 'device',
      type: 'edge-trainer-device',
      name: 'fan',
      bus: 'bus',
      unit: '1',
      definition: machineDefinition,
    },
    { id: 'catch', type: 'catch', z: 'flow', x: 1, y: 1, scope: null, wires: [['caught']] },
    { id: 'caught', type: 'helper', z: 'flow', x: 1, y: 1, wires: [] },
    ...withHelper('deploy', { source: 'device' }),
    ...withHelper('infer'),
    ...withHelper('feedback', { kind: 'auto' }),
    ...withHelper('model', { action: '' }),
    ...withHelper('train', { action: '' }),
  ];
};

const through = async <T>(id: string, msg: Message): Promise<T> => (await sent(id, msg)).payload as T;

describe('nodes: a stream model', () => {
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-stream-'));
    await startHelper();
    helper.settings({ userDir: folder });
  });
  after(async () => {
    await helper.stopServer();
    helper.settings({});
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(unload);

  const start = async (): Promise<void> => {
    await helper.load(SETS.map(load), nodes());
    await through('deploy', {});
  };
  const infer = (payload: unknown): Promise<StreamResult> => through('infer', { payload });
  const patterns = (topic: string, payload?: unknown): Promise<Pattern[]> =>
    through('model', { topic, payload });
  const mg = (samples: number[][]): number[] => samples.flat().map((value) => Math.round(1000 * value));

  it('learns, tells a known pattern from a new one, and takes names, merges and forgetting', async () => {
    await start();
    const learned = await infer(machine(LEARNED, 1));
    assert.equal(learned.calibrated, true);

    // One array of interleaved values in engineering units; a Buffer and an Int16Array in register units.
    const healthy = await infer(machine(WINDOW * 2, 2).flat());
    assert.equal(healthy.alarm, false);
    const words = Buffer.from(Int16Array.from(mg(machine(WINDOW * 60, 3, 'rattle'))).buffer).swap16();
    const first = await infer(words);
    assert.equal(first.alarm, true);
    assert.equal(first.newPattern, true);
    assert.equal(first.pattern, 1);
    assert.equal(first.windows - healthy.windows, 60);
    assert.equal(first.residuals.length, 2);
    assert.ok(first.score > first.threshold);
    assert.ok(first.baselineAlarm, 'the level has changed, too');

    const verdict = await through<{ judgement: string }>('feedback', {
      payload: { confirmed: 'loose blade' },
    });
    assert.equal(verdict.judgement, 'satisfied');
    await infer(Int16Array.from(mg(machine(WINDOW * 40, 4))));
    const again = await infer(machine(WINDOW * 60, 5, 'rattle'));
    assert.equal(again.newPattern, false);
    assert.equal(again.patternName, 'loose blade');
    assert.equal(again.patternSeen, 2);
    await infer(machine(WINDOW * 40, 6));

    assert.equal((await infer(machine(WINDOW * 60, 7, 'imbalance'))).pattern, 2);
    await infer(machine(WINDOW * 40, 8));
    assert.deepEqual(await patterns('name-pattern', { pattern: 2, name: 'imbalance' }), [
      { pattern: 1, name: 'loose blade', seen: 2, confirmed: true },
      { pattern: 2, name: 'imbalance', seen: 1, confirmed: false },
    ]);
    await assert.rejects(
      patterns('name-pattern', { pattern: 3, name: 'x' }),
      /3 is not known to the trainer/,
    );
    await assert.rejects(patterns('merge-patterns', { into: 1 }), /from must be a whole number/);
    assert.deepEqual(await patterns('merge-patterns', { into: 1, from: 2 }), [
      { pattern: 1, name: 'loose blade', seen: 3, confirmed: true },
    ]);
    assert.deepEqual(await patterns('patterns'), await patterns('patterns'));

    // A new start of the flow: the board keeps signatures, the host the names.
    assert.deepEqual(JSON.parse(readFileSync(join(folder, 'edge-trainer', 'patterns-device.json'), 'utf8')), [
      'loose blade',
    ]);
    await through('train', { topic: 'save' });
    await unload();
    await start();
    const [kept] = await patterns('patterns');
    assert.equal(kept?.name, 'loose blade');
    assert.deepEqual(await patterns('forget-pattern', 1), []);
  });

  it('names a regime, learns it by its name, tells it, and keeps the name for the next start', async () => {
    await start();
    const idle = [{ regime: 1, name: 'idle' }];
    assert.deepEqual(
      await through('model', { topic: 'name-regime', payload: { regime: 1, name: 'idle' } }),
      idle,
    );
    await assert.rejects(
      through('model', { topic: 'name-regime', payload: { regime: 2, name: 'x' } }),
      /2 is no regime of the definition; there are 1 \(idle\)/,
    );
    const learning = through<TrainingResult>('train', { topic: 'learn', regime: 'idle' });
    assert.equal((await infer(machine(LEARNED, 1))).regimeName, 'idle');
    assert.equal((await learning).result, 'promoted');
    const noted = next('infer-out');
    helper.getNode('infer').receive({ payload: machine(WINDOW * 2, 2) });
    const { regime, regimeName } = (await noted).edgeTrainer as StreamResult;
    assert.deepEqual([regime, regimeName], [1, 'idle']);
    await unload();
    await start();
    assert.deepEqual(await through('model', { topic: 'regimes' }), idle);
  });

  it('a damaged file of names is told and does not stop the device', async () => {
    writeFileSync(join(folder, 'edge-trainer', 'patterns-device.json'), '{"1":');
    await start();
    assert.ok(Array.isArray(await patterns('patterns')));
  });

  // The helper does not translate: the key of the text is what is told here.
  it('an odd buffer and half a sample are refused', async () => {
    await start();
    await assert.rejects(infer(Buffer.alloc(7)), /oddBuffer/);
    await assert.rejects(infer([1, 2, 3]), /unevenSamples/);
  });
});

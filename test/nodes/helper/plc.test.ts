/** Nodes that read a PLC by themselves: features and outcome from its registers, and what they say when it does not have them. */
import assert from 'node:assert/strict';
import { TestPlc } from '../../support/plc';
import { type Bench, bench, type FlowNode } from './bench';

const DEFINITION = {
  name: 'room',
  features: [
    { name: 'room', unit: '°C', min: 0, max: 45 },
    { name: 'outdoor', unit: '°C', min: -30, max: 45 },
  ],
  classes: [{ label: 'heat' }, { label: 'hold' }],
  defaultClass: 'hold',
  model: { type: 'svm-linear' },
  feedback: { rule: 'limit', limit: 20, side: 'below', truth: 'heat' },
  training: { mode: 'manual' },
};
/** Room in tenths at holding register 10 of unit 1, outdoor as a float, low word first, at input register 200 of unit 4. */
const FEATURES = [
  { name: 'outdoor', kind: 'input', address: '200', type: 'float32', order: 'CDAB', unit: '4' },
  { name: 'room', kind: 'holding', address: '10', type: 'int16', divisor: '10', unit: '' },
];

describe('nodes that read a PLC', () => {
  let plc: TestPlc;
  let red: Bench;

  before(async () => {
    red = await bench();
  });
  after(() => red.stop());
  beforeEach(async () => {
    plc = await TestPlc.start();
    plc.unit(1).holding.set(10, 195);
    /* -4.5 is c0 90 00 00. */
    plc.unit(4).input.set(200, 0).set(201, 0xc090);
  });
  afterEach(async () => {
    await red.unload();
    await plc.close();
  });

  const load = async (...nodes: FlowNode[]): Promise<void> => {
    const wire = {
      id: 'plc',
      type: 'edge-trainer-bus',
      wire: 'tcp',
      host: '127.0.0.1',
      port: String(plc.port),
    };
    await red.load(DEFINITION, [wire], [{ type: 'deploy', source: 'device' }, ...nodes]);
    await red.through('deploy', {});
  };

  it('infer: decides by what the registers hold, whatever their order', async () => {
    await load({ type: 'infer', input: 'plc', plc: 'plc', plcUnit: '1', points: FEATURES });
    const { payload, kept } = await red.through('infer', { payload: 'anything', kept: 1 });
    assert.deepEqual([(payload as { label: string }).label, kept], ['hold', 1]);
    plc.unit(4).input.set(201, 0xc2c8); // -100
    await assert.rejects(red.through('infer', {}), /outdoor/);
  });

  it('infer: names what it cannot read and decides nothing, then goes on', async () => {
    await load({ type: 'infer', input: 'plc', plc: 'plc', plcUnit: '1', points: FEATURES });
    plc.unit(4).input.delete(201);
    await assert.rejects(red.through('infer', {}), /outdoor: not read from unit 4/);
    plc.unit(4).input.set(201, 0);
    await red.through('infer', {});
  });

  it('infer: says which row of its list is wrong, and that it has no PLC', async () => {
    await load(
      { type: 'infer', input: 'plc', plc: 'plc', points: [{ ...FEATURES[1], address: 'ten' }] },
      { type: 'infer', id: 'nowhere', input: 'plc', plc: '', points: FEATURES },
      { type: 'infer', id: 'nothing', input: 'plc', plc: 'plc', points: [] },
    );
    await assert.rejects(red.through('infer', {}), /register of room: address is "ten"/);
    await assert.rejects(red.through('nowhere', {}), /noPlc/);
    await assert.rejects(red.through('nothing', {}), /noPoints/);
  });

  it('feedback: judges by the outcome in a register', async () => {
    await load(
      { type: 'infer', input: 'plc', plc: 'plc', points: FEATURES },
      {
        type: 'feedback',
        kind: 'auto',
        input: 'plc',
        plc: 'plc',
        points: [{ use: 'outcome', address: '10', divisor: '10' }],
      },
    );
    const { ticket } = await red.through('infer', {});
    const { payload } = await red.through('feedback', { ticket });
    const { judgement, truth } = payload as { judgement: string; truth: string };
    assert.deepEqual([judgement, truth], ['unsatisfied', 'heat']);
  });
});

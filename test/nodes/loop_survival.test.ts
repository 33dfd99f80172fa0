/** A loop in a real Node-RED: what its plant gets when the flow is deployed again, disabled, changed, and when Node-RED stops. */
import assert from 'node:assert/strict';
import { TestPlc } from '../support/plc';
import { makeUserDir, RealNodeRed, removeUserDir } from './real_node_red';

type Json = Record<string, unknown>;
const DEFINITION = {
  name: 'room',
  features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
  classes: [{ label: 'heat', actuation: 100 }, { label: 'hold' }],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
};
const FAIL_SAFE = 5;

describe('a loop in Node-RED', function () {
  this.timeout(90_000);
  let userDir: string;
  let nodeRed: RealNodeRed;
  let plc: TestPlc;

  const point = (use: string, name: string, address: number): Json => ({
    use,
    name,
    kind: 'holding',
    address,
  });
  const flow = (settings: Json = {}, tab: Json = {}): Json[] => [
    { id: 'flow', type: 'tab', label: 'room', ...tab },
    { id: 'bus', type: 'edge-trainer-bus', version: 2, wire: 'virtual', virtualUnit: '1' },
    {
      id: 'plc',
      type: 'edge-trainer-bus',
      version: 2,
      wire: 'tcp',
      host: '127.0.0.1',
      port: String(plc.port),
    },
    { id: 'device', type: 'edge-trainer-device', bus: 'bus', unit: '1', definition: DEFINITION },
    {
      id: 'loop',
      type: 'edge-trainer-loop',
      z: 'flow',
      x: 100,
      y: 100,
      wires: [[], []],
      device: 'device',
      interval: '0.1',
      failSafe: String(FAIL_SAFE),
      plc: 'plc',
      plcUnit: '1',
      points: [point('feature', 'room', 0), point('actuation', 'valve', 100)],
      ...settings,
    },
    { id: 'other', type: 'comment', z: 'flow', x: 1, y: 1, name: '', wires: [] },
  ];
  const written = (value: number, address = 100) =>
    plc.nextWrite((write) => write.value === value && write.address === address);
  const deploy = async (flows: Json[]): Promise<void> => {
    nodeRed.output.length = 0;
    await nodeRed.deploy(flows);
    await nodeRed.untilLine(/Started (modified )?(flows|nodes)/);
  };

  before(async () => {
    ({ folder: userDir } = await makeUserDir());
  });
  beforeEach(async () => {
    plc = await TestPlc.start();
    plc.unit(1).holding.set(0, 20).set(100, 0).set(101, 0);
    nodeRed = await RealNodeRed.start(userDir, []);
    const write = written(100);
    await deploy(flow());
    await write;
  });
  afterEach(async () => {
    await nodeRed.stop();
    await plc.close();
  });
  after(() => {
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('keeps the value of the plant while the whole flow is deployed again', async () => {
    await deploy([...flow(), { id: 'more', type: 'comment', z: 'flow', x: 1, y: 1, wires: [] }]);
    await written(100);
    await written(100);
    assert.ok(
      plc.writes.every(({ value }) => value === 100),
      JSON.stringify(plc.writes),
    );
  });

  it('knows after a deploy since when the plant has been on', async () => {
    await deploy(flow({ leastOn: '600', leastOff: '600' }));
    await written(100);
    assert.ok(plc.writes.every(({ value }) => value === 100));
  });

  it('keeps the value of the plant when only this node is deployed again', async () => {
    nodeRed.output.length = 0;
    await nodeRed.deploy(flow({ interval: '0.2' }), 'nodes');
    await nodeRed.untilLine(/Started modified nodes/);
    await written(100);
    assert.ok(
      plc.writes.every(({ value }) => value === 100),
      JSON.stringify(plc.writes),
    );
  });

  it('gives the register that it leaves its fail-safe value', async () => {
    const [left, taken] = [written(FAIL_SAFE, 100), written(100, 101)];
    await deploy(flow({ points: [point('feature', 'room', 0), point('actuation', 'valve', 101)] }));
    await Promise.all([left, taken]);
  });

  it('leaves the plant at the fail-safe value when its tab is disabled', async () => {
    const safe = written(FAIL_SAFE);
    await deploy(flow({}, { disabled: true }));
    await safe;
    assert.equal(plc.unit(1).holding.get(100), FAIL_SAFE);
    const write = written(100);
    await deploy(flow());
    await write;
  });

  it('logs once what goes on, however its figures change', async () => {
    const outOfRange = async (...rooms: number[]): Promise<void> => {
      for (const room of rooms) {
        plc.unit(1).holding.set(0, room);
        await written(FAIL_SAFE);
        await written(FAIL_SAFE);
      }
      plc.unit(1).holding.set(0, 20);
      await written(100);
    };
    const warnings = (): string[] => nodeRed.output.filter((line) => /\[warn\].*fail-safe/.test(line));
    await outOfRange(50, 51, 52);
    await nodeRed.untilLine(/\[warn\].*out of range: 50/);
    plc.unit(1).holding.set(0, 60);
    await nodeRed.untilLine(/\[warn\].*out of range: 60/);
    assert.equal(warnings().length, 2, warnings().join('\n'));
  });

  it('leaves the plant at the fail-safe value when Node-RED stops, and goes on after its start', async () => {
    await nodeRed.stop();
    assert.equal(plc.unit(1).holding.get(100), FAIL_SAFE);
    const write = written(100);
    nodeRed = await RealNodeRed.start(userDir, flow());
    await write;
  });
});

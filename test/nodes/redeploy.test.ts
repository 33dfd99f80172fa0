/** What a deploy of the flow leaves alone: the wire, the virtual trainer on it, and the names of its patterns. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeUserDir, RealNodeRed, removeUserDir } from './real_node_red';

const DEFINITION = {
  name: 'room',
  features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'cool' }],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
  training: { mode: 'manual' },
};
type Json = Record<string, unknown>;

const step = (id: string, type: string, to: string[], settings: Json = {}): Json => ({
  id,
  type,
  z: 'flow',
  x: 100,
  y: 100,
  wires: [to],
  device: 'device',
  ...settings,
});
const BUS = { id: 'bus', type: 'edge-trainer-bus', version: 2, wire: 'virtual', virtualUnit: '1' };
const DEVICE = { id: 'device', type: 'edge-trainer-device', bus: 'bus', unit: '1', definition: DEFINITION };

/** GET /teach adds a sample, GET /samples tells how many there are, GET /save saves. */
const flow = (bus: Json, device: Json = {}): Json[] => [
  { id: 'flow', type: 'tab', label: 'room' },
  { ...BUS, ...bus },
  { ...DEVICE, ...device },
  step('deploy', 'edge-trainer-deploy', [], { onStart: true }),
  step('teach', 'http in', ['lesson'], { url: '/teach', method: 'get' }),
  step('lesson', 'change', ['add'], {
    rules: [
      { t: 'set', p: 'payload', pt: 'msg', to: '{"features":[20],"label":"heat"}', tot: 'json' },
      { t: 'set', p: 'topic', pt: 'msg', to: 'add', tot: 'str' },
    ],
  }),
  step('add', 'edge-trainer-dataset', ['said'], { action: '' }),
  step('samples', 'http in', ['count'], { url: '/samples', method: 'get' }),
  step('count', 'edge-trainer-dataset', ['said'], { action: 'counts' }),
  step('saving', 'http in', ['save'], { url: '/save', method: 'get' }),
  step('save', 'edge-trainer-train', ['said'], { action: 'save' }),
  step('said', 'http response', [], {}),
  step('errors', 'catch', ['failed'], { scope: null }),
  step('failed', 'http response', [], { statusCode: '500' }),
];

describe('deploying a flow again', function () {
  this.timeout(90_000);
  let userDir: string;
  let nodeRed: RealNodeRed;

  before(async () => {
    ({ folder: userDir } = await makeUserDir());
    nodeRed = await RealNodeRed.start(userDir);
  });
  after(async () => {
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  const deploy = async (flows: Json[], kind?: 'full' | 'nodes'): Promise<void> => {
    nodeRed.output.length = 0;
    await nodeRed.deploy(flows, kind);
    await nodeRed.untilLine(/Started (modified )?(flows|nodes)/);
  };
  const samples = async (): Promise<number> => (await nodeRed.json<{ stored: number }>('/samples')).stored;
  /** Waits for the deploy node: the board takes lessons as soon as it has its definition. */
  const teach = async (): Promise<void> => {
    for (const until = Date.now() + 20_000; Date.now() < until; )
      if ((await nodeRed.get('/teach')).status === 200) return;
    throw new Error(nodeRed.output.join('\n'));
  };

  it('leaves a virtual trainer without Remember running, in a full deploy and under another name', async () => {
    await deploy(flow({ keep: false }));
    await teach();
    await teach();
    await deploy(flow({ keep: false }));
    assert.equal(await samples(), 2);
    await deploy(flow({ keep: false, name: 'wire of the room' }));
    assert.equal(await samples(), 2);
    await deploy(flow({ keep: false, name: 'renamed again' }), 'nodes');
    assert.equal(await samples(), 2);
  });

  it('starts another virtual trainer when the wire is another one', async () => {
    await deploy(flow({ keep: false, virtualUnit: '2' }, { unit: '2' }));
    await teach();
    assert.equal(await samples(), 1);
  });

  it('a memory survives export and import: copied nodes with other ids go on with what was learned', async () => {
    await deploy(flow({ keep: true, memory: 'room' }));
    await teach();
    assert.equal((await nodeRed.get('/save')).status, 200);
    const copied = JSON.parse(
      JSON.stringify(flow({ keep: true, memory: 'room' }))
        .replace(/"(bus|device)"/g, '"$1-copy"')
        .replaceAll('"bus-copy":', '"bus":')
        .replaceAll('"device-copy":', '"device":'),
    ) as Json[];
    await deploy(copied);
    assert.equal(await samples(), 1);
    assert.ok(existsSync(join(userDir, 'edge-trainer', 'room.bin')));
  });

  it('a name that leads out of the folder is refused, and the nodes say so', async () => {
    await deploy(flow({ keep: true, memory: '../../outside' }));
    await nodeRed.untilLine(/\[error\].*the memory of the virtual trainer must have a name/);
    assert.equal((await nodeRed.get('/samples')).status, 500);
    assert.ok(!existsSync(join(userDir, '..', 'outside.bin')));
  });

  it('pattern names stay while the device is disabled, go when it is gone from the flow, and come back with it', async () => {
    const names = join(userDir, 'edge-trainer', 'patterns-device.json');
    mkdirSync(join(userDir, 'edge-trainer'), { recursive: true });
    writeFileSync(names, '["loose blade"]');
    await deploy(flow({ keep: false }));
    await deploy(flow({ keep: false }, { d: true }));
    assert.ok(existsSync(names), 'disabled');
    await deploy(flow({ keep: false }));
    assert.ok(existsSync(names), 'enabled again');
    await deploy(flow({ keep: false }).filter(({ type }) => type !== 'edge-trainer-device'));
    assert.ok(!existsSync(names), 'removed');
    await deploy(flow({ keep: false }));
    assert.equal(readFileSync(names, 'utf8'), '["loose blade"]', 'the deletion was undone');
  });

  it('of two devices with one trainer the second is refused and the first one named', async () => {
    const second = { ...DEVICE, id: 'second', name: 'copy of the room' };
    await deploy([...flow({ keep: false }, { name: 'the room' }), second]);
    await nodeRed.untilLine(/\[error\].*copy of the room.*belongs to the device "the room" already/);
    await teach();
    // Another bus node on the same memory is the same wire.
    const other = { ...BUS, id: 'other', keep: true, memory: 'room' };
    await deploy([
      ...flow({ keep: true, memory: 'room' }, { name: 'the room' }),
      other,
      { ...second, bus: 'other' },
    ]);
    await nodeRed.untilLine(/\[error\].*belongs to the device "the room" already/);
    // With an address of its own it works.
    await deploy(flow({ keep: false }, { name: 'the room' }));
    assert.ok(!nodeRed.output.some((line) => /\[error\]/.test(line)), nodeRed.output.join('\n'));
  });
});

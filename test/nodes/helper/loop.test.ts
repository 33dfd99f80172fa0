/** The loop node on a real virtual trainer and a simulated PLC: each of them away and back, by hand, interlocked, and its settings. */
import assert from 'node:assert/strict';
import { openBus } from '../../../trainer/bus';
import type { TrainerDefinition } from '../../../trainer/definition';
import { Trainer } from '../../../trainer/device';
import type { RegisterPoint } from '../../../trainer/registers';
import { serveTcp, type TcpServer, VirtualTrainer } from '../../../trainer/virtual';
import { TestPlc } from '../../support/plc';
import { type Bench, bench, type FlowNode } from './bench';
import type { Message } from './helper';

const DEFINITION = {
  name: 'room',
  features: [
    { name: 'room', unit: '°C', min: 0, max: 45 },
    { name: 'outdoor', unit: '°C', min: -30, max: 45 },
  ],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'hold', actuation: 0 },
  ],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'limit', limit: 20, side: 'below', truth: 'heat', unit: '°C' },
  training: { mode: 'manual', minSamples: 20 },
};
type Point = Partial<Record<keyof RegisterPoint | 'use', string | number>>;
const FEATURES: Point[] = [
  { name: 'room', address: 10, divisor: 10 },
  { name: 'outdoor', kind: 'input', address: 3, divisor: 10 },
];
const ACTUATION: Point = { use: 'actuation', name: 'valve', address: 100 };

describe('the loop node', () => {
  let plc: TestPlc;
  let red: Bench;

  before(async () => {
    red = await bench();
  });
  after(() => red.stop());
  beforeEach(async () => {
    plc = await TestPlc.start();
    plc.unit(1).holding.set(10, 195).set(100, 7);
    plc.unit(1).input.set(3, 65_536 - 45);
    plc.unit(1).coils.set(0, false).set(1, false);
    plc.unit(1).discrete.set(0, false);
  });
  afterEach(async () => {
    await red.unload();
    await plc.close();
  });

  const wire = (id: string, port: number): object => ({
    id,
    type: 'edge-trainer-bus',
    wire: 'tcp',
    host: '127.0.0.1',
    port: String(port),
    responseTimeout: '200',
  });
  const loop = (points: Point[], settings: object = {}): FlowNode => ({
    type: 'loop',
    device: 'device',
    interval: '0.1',
    plc: 'plc',
    plcUnit: '1',
    points: points.map((point) => ({ use: 'feature', ...point })),
    ...settings,
  });
  const load = (nodes: FlowNode[], definition: object | undefined = DEFINITION): Promise<void> =>
    red.load(definition, [wire('plc', plc.port)], nodes);
  const written = (value: number | boolean) => plc.nextWrite((write) => write.value === value);
  /** The next news of a loop with this topic and, for a state, this state. */
  const news = async (topic: string, state?: string, id = 'loop'): Promise<Record<string, unknown>> => {
    for (;;) {
      const msg: Message = await red.next(`${id}-second`);
      const payload = msg.payload as Record<string, unknown>;
      if (msg.topic === topic && (state === undefined || payload.state === state)) return payload;
    }
  };

  it('deploys, decides from registers and writes to one, without any other node', async () => {
    const write = written(100);
    await load([loop([...FEATURES, ACTUATION])]);
    assert.deepEqual(await write, { unit: 1, address: 100, value: 100 });
    plc.unit(1).holding.set(100, 0);
    await written(100);
  });

  it('tells the trainer what became of a decision, and learns a sample from it', async () => {
    await load([
      loop([...FEATURES, ACTUATION, { use: 'outcome', address: 10, divisor: 10 }], { settle: '0.1' }),
      { type: 'dataset', action: '' },
    ]);
    const verdict = await news('verdict');
    assert.deepEqual([verdict.judgement, verdict.truth, verdict.outcome], ['satisfied', 'heat', 19.5]);
    const { payload } = await red.through('dataset', { topic: 'counts' });
    assert.ok((payload as { stored: number }).stored >= 1);
  });

  it('takes features, outcomes, override and interlock by message, and gives the actuation as one', async () => {
    await load([loop([], { plc: '', interval: '60', oldAfter: '60' })]);
    const put = red.next('loop-out');
    red.node('loop').receive({ payload: { room: 19, outdoor: 3 } });
    const { payload, ticket, edgeTrainer } = await put;
    assert.deepEqual(
      [payload, typeof ticket, (edgeTrainer as { label: string }).label],
      [100, 'number', 'heat'],
    );
    const verdict = news('verdict');
    red.node('loop').receive({ topic: 'outcome', payload: 23 });
    assert.equal((await verdict).judgement, 'satisfied');
    const byHand = news('state', 'by-hand');
    red.node('loop').receive({ topic: 'override', payload: true });
    await byHand;
    red.node('loop').receive({ topic: 'override', payload: false });
    const safe = red.next('loop-out');
    red.node('loop').receive({ topic: 'interlock', payload: 1 });
    let last = await safe;
    while (last.payload !== 0) last = await red.next('loop-out');
    assert.equal((last.edgeTrainer as { failSafe: boolean }).failSafe, true);
    const caught = red.next('caught');
    red.node('loop').receive({ topic: 'interlock', payload: 'yes' });
    await caught;
  });

  it('falls back when features of messages are too old', async () => {
    await load([loop([ACTUATION], { oldAfter: '0.3' }), { type: 'deploy', source: 'device' }]);
    await red.through('deploy', {});
    const state = news('state', 'running');
    const write = written(100);
    red.node('loop').receive({ payload: [19, 3] });
    await Promise.all([state, write]);
    const [old] = await Promise.all([news('state', 'fail-safe'), written(0)]);
    assert.match(String(old.text), /loop\.status\.failSafe\.features/);
  });

  it('refuses features of a message that registers give, and goes on deciding', async () => {
    const write = written(100);
    await load([loop([...FEATURES, ACTUATION], { oldAfter: '0.2' })]);
    await write;
    for (const payload of [1_700_000_000_000, [19, 3], { room: 19 }, { tank: 3 }]) {
      const caught = red.next('caught');
      red.node('loop').receive({ payload });
      const { message } = (await caught).error as { message: string };
      assert.match(message, /loopFeatures/);
    }
    const { length } = plc.writes;
    for (let round = 0; round < 5; round++) await plc.nextWrite();
    assert.deepEqual(
      plc.writes.slice(length).map(({ value }) => value),
      [100, 100, 100, 100, 100],
    );
  });

  it('takes by name what registers do not give', async () => {
    const [room] = FEATURES as [Point];
    const write = written(100);
    await load([loop([room, ACTUATION], { oldAfter: '60' })]);
    red.node('loop').receive({ payload: { outdoor: 3 } });
    await write;
  });

  it('leaves the plant to the operator while a coil says so', async () => {
    const write = written(100);
    await load([loop([...FEATURES, ACTUATION, { use: 'override', kind: 'coil', address: 1 }])]);
    await write;
    plc.unit(1).coils.set(1, true);
    await news('state', 'by-hand');
    const { length } = plc.writes;
    plc.unit(1).coils.set(1, false);
    await written(100);
    assert.equal(plc.writes.length, length + 1);
  });

  it('puts the fail-safe value while a contact says that the plant refuses', async () => {
    const write = written(100);
    const occupied: Point = {
      use: 'interlock',
      name: 'occupied',
      kind: 'discrete',
      address: 0,
      divisor: -1,
      offset: 1,
    };
    plc.unit(1).discrete.set(0, true);
    await load([loop([...FEATURES, ACTUATION, occupied])]);
    await write;
    plc.unit(1).discrete.set(0, false);
    await written(0);
    plc.unit(1).discrete.set(0, true);
    await written(100);
  });

  it('brings the definition onto the board while the plant refuses, and before any feature has come', async () => {
    plc.unit(1).discrete.set(0, true);
    const refuses: Point = { use: 'interlock', name: 'empty', kind: 'discrete', address: 0 };
    for (const points of [[...FEATURES, ACTUATION, refuses], [ACTUATION]]) {
      await load([loop(points), { type: 'monitor', interval: '0.1', when: 'always' }]);
      for (;;) {
        const { payload } = await red.next('monitor-out');
        if ((payload as { samplesCapacity: number }).samplesCapacity > 0) break;
      }
      assert.ok(plc.writes.every(({ value }) => value === 0));
      await red.unload();
    }
  });

  it('drives a continuous valve, corrects it by what comes of it, and stands still when the plant refuses', async () => {
    const { classes: _classes, defaultClass: _default, ...rest } = DEFINITION;
    const definition = {
      ...rest,
      outputs: [{ name: 'valve', unit: '%', min: 0, max: 100, initial: 42.5, maxChange: 5 }],
      model: { type: 'dnn', layers: [{ kind: 'dense', units: 1 }] },
      feedback: { rule: 'tracking', setPoint: 21, gain: 2, unit: '°C' },
    };
    const interlock: Point = { use: 'interlock', name: 'filter', kind: 'coil', address: 1 };
    const outcome: Point = { use: 'outcome', address: 10, divisor: 10 };
    const first = written(425);
    await load(
      [
        loop([...FEATURES, { ...ACTUATION, divisor: 10 }, outcome, interlock], {
          settle: '0.1',
          failSafe: '12.5',
        }),
        { type: 'dataset', action: '' },
      ],
      definition,
    );
    await first;
    const verdict = await news('verdict');
    assert.deepEqual(
      [verdict.judgement, verdict.truth, verdict.outcome],
      ['unsatisfied', 'valve 45.5 %', 19.5],
    );
    const { payload } = await red.through('dataset', { topic: 'counts' });
    assert.ok((payload as { stored: number }).stored >= 1);
    const refused = Promise.all([news('state', 'interlocked'), written(125)]);
    plc.unit(1).coils.set(1, true);
    await refused;
    const again = written(425);
    plc.unit(1).coils.set(1, false);
    await again;
    const safe = Promise.all([news('state', 'fail-safe'), written(125)]);
    plc.unit(1).holding.set(10, 9999);
    await safe;
  });

  it('writes a coil', async () => {
    const write = written(true);
    await load([loop([...FEATURES, { use: 'actuation', name: 'heater', kind: 'coil', address: 0 }])]);
    await write;
  });

  it('says that the PLC is away, and goes on when it is back', async () => {
    const write = written(100);
    await load([loop([...FEATURES, ACTUATION])]);
    await write;
    await plc.close();
    assert.match(String((await news('state', 'fail-safe')).text), /plantUnwritten/);
    await plc.open();
    await written(100);
  });

  it('says which unit does not answer when the unit id of the PLC is wrong', async () => {
    await load([loop([...FEATURES, ACTUATION], { plcUnit: '9' })]);
    await news('state', 'fail-safe');
    assert.equal(plc.writes.length, 0);
  });

  it('puts the fail-safe value when a feature is out of range', async () => {
    const write = written(100);
    await load([loop([...FEATURES, ACTUATION])]);
    await write;
    plc.unit(1).holding.set(10, 9999);
    await Promise.all([news('state', 'fail-safe'), written(0)]);
    plc.unit(1).holding.set(10, 195);
    await written(100);
  });

  it('refuses a second loop on one device, and says which one has it', async () => {
    const write = written(100);
    await load([
      loop([...FEATURES, ACTUATION], { name: 'the first' }),
      loop([...FEATURES, ACTUATION], { id: 'second' }),
    ]);
    await write;
    const caught = red.next('caught');
    red.node('second').receive({ payload: [1, 2] });
    assert.match(String(((await caught).error as { message: string }).message), /loopStopped/);
  });

  it('leaves the device to another loop when its own settings are wrong', async () => {
    const write = written(100);
    await load([
      loop([...FEATURES, ACTUATION], { id: 'broken', interval: 'soon' }),
      loop([...FEATURES, ACTUATION]),
    ]);
    await write;
  });

  it('puts the fail-safe value when the unit id of the trainer is wrong', async () => {
    const safe = written(0);
    await red.load(
      DEFINITION,
      [wire('plc', plc.port)],
      [loop([...FEATURES, ACTUATION], { device: 'nobody' })],
      [{ id: 'nobody', type: 'edge-trainer-device', bus: 'bus', unit: '9', definition: DEFINITION }],
    );
    await safe;
    assert.ok(plc.writes.every(({ value }) => value === 0));
  });

  it('refuses an actuation that cannot be written, and times that are none', async () => {
    await load([
      loop([...FEATURES, { ...ACTUATION, kind: 'input' }]),
      loop([], { id: 'slow', device: 'device', plc: '', interval: 'soon' }),
    ]);
    for (const id of ['loop', 'slow']) {
      const caught = red.next('caught');
      red.node(id).receive({ payload: [1, 2] });
      await caught;
    }
    assert.equal(plc.writes.length, 0);
  });

  it('writes the fail-safe value when it is closed', async () => {
    const write = written(100);
    await load([loop([...FEATURES, ACTUATION], { failSafe: '5' })]);
    await write;
    const last = written(5);
    await red.unload();
    await last;
  });

  describe('with a trainer that goes away', () => {
    let trainer: VirtualTrainer;
    let server: TcpServer;

    beforeEach(async () => {
      trainer = await VirtualTrainer.start({ unit: 1 });
      server = await serveTcp(trainer, { port: 0 });
    });
    afterEach(async () => {
      await server.close();
      await trainer.close();
    });

    it('puts the fail-safe value at once, and goes on when it is back', async () => {
      const write = written(100);
      await red.load(
        DEFINITION,
        [wire('plc', plc.port), wire('far', server.port)],
        [loop([...FEATURES, ACTUATION], { device: 'distant' })],
        [{ id: 'distant', type: 'edge-trainer-device', bus: 'far', unit: '1', definition: DEFINITION }],
      );
      await write;
      const { port } = server;
      const safe = written(0);
      await server.close();
      await safe;
      server = await serveTcp(trainer, { port });
      await written(100);
    });

    it('never discards something learned: it says so and stays at the fail-safe value', async () => {
      const [room] = DEFINITION.features;
      const other = {
        ...DEFINITION,
        features: [room, { name: 'sun', min: 0, max: 1000 }],
      } as TrainerDefinition;
      const direct = async <T>(work: (client: Trainer) => Promise<T>): Promise<T> => {
        const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: server.port });
        const done = await work(new Trainer(bus, { unit: 1, definition: other }));
        await bus.close();
        return done;
      };
      await direct((client) => client.deploy(other));
      await direct((client) => client.dataset.add([15, 100], 'heat'));
      const safe = written(0);
      await red.load(
        DEFINITION,
        [wire('plc', plc.port), wire('far', server.port)],
        [loop([...FEATURES, ACTUATION], { device: 'distant' })],
        [{ id: 'distant', type: 'edge-trainer-device', bus: 'far', unit: '1', definition: DEFINITION }],
      );
      await safe;
      for (let round = 0; round < 5; round++) await plc.nextWrite();
      assert.ok(plc.writes.every(({ value }) => value === 0));
      await red.unload();
      // Somebody who runs the plant by hand is told, too.
      plc.unit(1).coils.set(1, true);
      const byHand: Point = { use: 'override', name: 'by hand', kind: 'coil', address: 1 };
      await red.load(
        DEFINITION,
        [wire('plc', plc.port), wire('far', server.port)],
        [loop([...FEATURES, ACTUATION, byHand], { device: 'distant' })],
        [{ id: 'distant', type: 'edge-trainer-device', bus: 'far', unit: '1', definition: DEFINITION }],
      );
      for (;;) if (/loop\.status\.beside/.test(String((await news('state', 'by-hand')).text))) break;
      await red.unload();
      assert.equal((await direct((client) => client.status())).samplesStored, 1);
    });
  });
});

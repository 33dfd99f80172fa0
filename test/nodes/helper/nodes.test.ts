/** Every node in node-red-node-test-helper, on a virtual trainer: what goes in, what comes out, what can be caught. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importTflite } from '../../../trainer/network';
import { pictures } from '../../support/networks';
import { tfliteFile } from '../../support/tflite';
import { ROOT } from '../real_node_red';
import { helper, type Message, next, startHelper, through, unload } from './helper';

const SETS = ['bus', 'device', 'deploy', 'infer', 'feedback', 'dataset', 'train', 'model', 'monitor'];
const load = (name: string): unknown => require(join(ROOT, 'dist', 'nodes', `${name}.js`));

const DEFINITION = {
  name: 'room',
  features: [
    { name: 'room', unit: '°C', min: 0, max: 45 },
    { name: 'outdoor', unit: '°C', min: -30, max: 45 },
  ],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'hold', actuation: 0 },
    { label: 'cool', actuation: -100 },
  ],
  defaultClass: 'hold',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 1, tooLow: 'heat', tooHigh: 'cool' },
  stitching: { capacity: 60, satisfactoryShare: 1 },
  training: { mode: 'manual', minSamples: 6 },
};
/** Rooms that are too cold, right and too warm, in engineering units. */
const TAUGHT = [15, 16, 17, 18, 19, 21.5, 21.8, 22, 22.2, 22.5, 26, 27, 28, 29, 30].map((room) => ({
  features: [room, 10],
  label: room < 21 ? 'heat' : room > 23 ? 'cool' : 'hold',
}));

const node = (type: string, settings: object = {}): object => ({
  id: type,
  type: `edge-trainer-${type}`,
  z: 'flow',
  x: 1,
  y: 1,
  device: 'device',
  wires: [[`${type}-out`], [`${type}-second`], [`${type}-third`]],
  ...settings,
});
const sink = (id: string): object => ({ id, type: 'helper', z: 'flow', x: 1, y: 1, wires: [] });

/** A flow of the given nodes on one virtual trainer that has its definition, each with a helper behind its outputs. */
function flow(...nodes: object[]): object[] {
  const outputs = nodes.flatMap((each) => {
    const { id } = each as { id: string };
    return [sink(`${id}-out`), sink(`${id}-second`), sink(`${id}-third`)];
  });
  return [
    { id: 'flow', type: 'tab', label: 'test' },
    { id: 'bus', type: 'edge-trainer-bus', wire: 'virtual', virtualUnit: '1', keep: false },
    {
      id: 'device',
      type: 'edge-trainer-device',
      name: 'room',
      bus: 'bus',
      unit: '1',
      definition: DEFINITION,
    },
    { id: 'catch', type: 'catch', z: 'flow', x: 1, y: 1, scope: null, wires: [['caught']] },
    sink('caught'),
    ...nodes,
    ...outputs,
  ];
}

describe('the interval of a monitor', () => {
  const { intervalOf } = require(join(ROOT, 'dist', 'nodes', 'monitor', 'monitor.js')) as {
    intervalOf: (value: unknown) => number | undefined;
  };
  it('is a number of seconds that a timer can wait', () => {
    assert.deepEqual([intervalOf('2.5'), intervalOf(''), intervalOf(86_400)], [2.5, 5, 86_400]);
    for (const wrong of ['soon', Number.NaN, Number.POSITIVE_INFINITY, '2600000', '0', '-1', '${WAIT}'])
      assert.equal(intervalOf(wrong), undefined, String(wrong));
  });
});

describe('nodes', () => {
  before(startHelper);
  after(() => helper.stopServer());
  afterEach(unload);

  /** Loads the flow; the definition is on the board then. */
  const ready = async (...nodes: object[]): Promise<void> => {
    await helper.load(SETS.map(load), flow(node('deploy', { source: 'device' }), ...nodes));
    await through('deploy', {});
  };
  const taught = async (...nodes: object[]): Promise<void> => {
    await ready(node('dataset', { action: '' }), node('train', { action: '' }), ...nodes);
    await through('dataset', { topic: 'add', payload: TAUGHT });
    const { payload } = await through('train', { topic: 'train' });
    assert.equal((payload as { generation: number }).generation, 1);
  };

  it('deploy: brings the definition onto the board, and sends nothing the second time', async () => {
    await helper.load(SETS.map(load), flow(node('deploy', { source: 'device' })));
    const first = await through('deploy', { kept: 'as it was' });
    assert.equal((first.payload as { changed: boolean }).changed, true);
    assert.equal(first.kept, 'as it was');
    const second = await through('deploy', {});
    assert.equal((second.payload as { changed: boolean }).changed, false);
  });

  it('deploy: messages that come before the deployment at the start wait for it', async () => {
    const first = [node('deploy', { source: 'device', onStart: true }), node('infer')];
    await helper.load(SETS.map(load), flow(...first));
    const warnings: string[] = [];
    const note = ({ message }: Error): number => warnings.push(message);
    process.on('warning', note);
    const decided: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      helper.getNode('infer-out').on('input', (msg) => {
        if (decided.push(msg.at) === 20) resolve();
      });
    });
    // At once: the virtual trainer has not even started.
    const sent = Array.from({ length: 20 }, (_, at) => at);
    for (const at of sent) helper.getNode('infer').receive({ payload: [20, 5], at });
    await Promise.race([
      all,
      next('caught').then(({ error }) => Promise.reject(new Error((error as Error).message))),
    ]);
    process.off('warning', note);
    assert.deepEqual([decided, warnings], [sent, []]);
  });

  it('deploy: a wrong definition is refused by the name of its field, and the one that runs stays', async () => {
    await helper.load(SETS.map(load), flow(node('deploy', { source: 'message' }), node('infer')));
    await through('deploy', { payload: DEFINITION });
    await assert.rejects(
      through('deploy', { payload: { ...DEFINITION, defaultClass: 'freeze' } }),
      /defaultClass/,
    );
    const { payload } = await through('infer', { payload: [20, 5] });
    assert.equal((payload as { label: string }).label, 'hold');
  });

  it('deploy: takes the weights of an imported network along, once', async () => {
    await helper.load(SETS.map(load), flow(node('deploy', { source: 'message' })));
    const { definition, weights } = importTflite(tfliteFile(pictures()));
    const deployed = async (more: object): Promise<{ weights: string; status: { generation: number } }> =>
      (await through('deploy', { payload: definition, ...more })).payload as never;
    const damaged = { ...weights, crc32: '00000000' };
    await assert.rejects(deployed({ weights: damaged }), /the weights cannot be used: the file is damaged/);
    const first = await deployed({ weights: JSON.parse(JSON.stringify(weights)) });
    assert.deepEqual([first.weights, first.status.generation], ['sent', 1]);
    const second = await deployed({ weights });
    assert.deepEqual([second.weights, second.status.generation], ['kept', 1]);
  });

  for (const [how, features] of [
    [
      'a feature for each value',
      Array.from({ length: 6 }, (_, i) => ({ name: `pixel ${i + 1}`, min: 0, max: 255 })),
    ],
    ['one feature that is an array', [{ name: 'image', count: 6, min: 0, max: 255 }]],
  ] as const)
    it(`infer and dataset: take the input of a network, ${how}, as rows, typed array or buffer, and refuse what does not fit`, async () => {
      const image = {
        name: 'image',
        features,
        classes: [{ label: 'dark' }, { label: 'bright' }],
        model: { type: 'dnn', height: 2, width: 3, layers: [{ kind: 'dense', units: 2 }] },
      };
      await helper.load(
        SETS.map(load),
        flow(node('deploy', { source: 'message' }), node('infer'), node('dataset', { action: 'add' }), {
          ...node('infer', { input: 'registers', wires: [['words-out']] }),
          id: 'words',
        }),
      );
      await through('deploy', { payload: image });
      const rows = [
        [0, 50, 100],
        [150, 200, 250],
      ];
      for (const payload of [rows, rows.flat(), Float32Array.from(rows.flat()), Buffer.from(rows.flat())])
        assert.equal(((await through('infer', { payload })).payload as { label: string }).label, 'dark');
      const decided = next('words-out');
      helper.getNode('words').receive({ payload: rows.flat() });
      assert.equal(((await decided).payload as { label: string }).label, 'dark');
      const added = await through('dataset', { payload: Buffer.from(rows.flat()), label: 'bright' });
      assert.equal((added.payload as { added: number }).added, 1);
      await assert.rejects(through('infer', { payload: Buffer.alloc(12) }), /error.inputBytes/);
      await assert.rejects(through('infer', { payload: [rows[0]] }), /error.inputShape/);
    });

  it('deploy: refuses what discards something learned, or replaces it after a backup, as set', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-deploy-'));
    helper.settings({ userDir: folder });
    const [, outdoor] = DEFINITION.features;
    const other = { ...DEFINITION, features: [{ name: 'hall', min: 0, max: 45 }, outdoor] };
    await taught(
      { ...node('deploy', { source: 'message' }), id: 'strict' },
      {
        ...node('deploy', { source: 'message', discard: 'replace', wires: [['generous-out'], []] }),
        id: 'generous',
      },
    );
    const caught = next('caught');
    helper.getNode('strict').receive({ payload: other });
    const { message } = (await caught).error as { message: string };
    assert.match(message, /discards something learned/);
    const result = next('generous-out');
    helper.getNode('generous').receive({ payload: other });
    const { change, backup } = (await result).payload as {
      change: { verdict: string; discarded: { samples: number } };
      backup: string;
    };
    assert.deepEqual([change.verdict, change.discarded.samples], ['discards', TAUGHT.length]);
    const kept = JSON.parse(readFileSync(backup, 'utf8')) as { samples: { rows: unknown[] } };
    assert.equal(kept.samples.rows.length, TAUGHT.length);
    assert.ok(backup.startsWith(folder));
    rmSync(folder, { recursive: true });
  });

  it('device: tells the form what a definition would do to the board, and changes nothing', async () => {
    await taught();
    const [room, outdoor] = DEFINITION.features;
    const ask = async (definition: object): Promise<{ verdict: string; lines: { key: string }[] }> => {
      const response = await helper.request().post('/edge-trainer/change/device').send(definition);
      return (response.body as { report: { verdict: string; lines: { key: string }[] } }).report;
    };
    assert.equal((await ask(DEFINITION)).verdict, 'same');
    const moved = await ask({ ...DEFINITION, features: [outdoor, room] });
    assert.equal(moved.verdict, 'keeps');
    assert.ok(moved.lines.some(({ key }) => key === 'change.moved'));
    assert.equal((await ask({ ...DEFINITION, features: [room] })).verdict, 'discards');
    const { payload } = await through('dataset', { topic: 'counts' });
    assert.equal((payload as { stored: number }).stored, TAUGHT.length);
  });

  it('device: writes firmware only for a board that can be flashed, through a serial bus or a drive', async () => {
    await taught();
    const ask = async (order: object): Promise<string> =>
      ((await helper.request().post('/edge-trainer/flash').send(order)).body as { message: string }).message;
    assert.match(await ask({ board: 'virtual' }), /badQuestion/);
    assert.match(await ask({ board: 'stm32f405', bus: { id: 'bus', wire: 'virtual' } }), /badQuestion/);
    assert.match(await ask({ board: 'rp2040' }), /badQuestion/);
  });

  it('infer: takes values, names and register words, and passes the rest of the message through', async () => {
    await taught(
      node('infer', { input: 'values' }),
      node('infer', {
        id: 'words',
        input: 'registers',
        signed: true,
        scaling: 'definition',
        output: 'label',
        wires: [['words-out']],
      }),
    );
    const byValue = await through('infer', { payload: [16, 5], kept: { deep: [1] } });
    const decision = byValue.payload as { label: string; actuation: number; generation: number };
    assert.deepEqual([decision.label, decision.actuation, decision.generation], ['heat', 100, 1]);
    assert.deepEqual(byValue.kept, { deep: [1] });
    assert.equal(typeof byValue.ticket, 'number');
    const byName = await through('infer', { payload: { outdoor: 12, room: 29 } });
    assert.equal((byName.payload as { label: string }).label, 'cool');
    // 29 °C and -5 °C in hundredths, as a Modbus Read node sends them.
    const byWords = await through('words', { payload: [2900, 65536 - 500] });
    assert.equal(byWords.payload, 'cool');
  });

  it('infer: asks a Flex-Write node to write the actuation', async () => {
    await taught(
      node('infer', {
        output: 'flex-write',
        writeUnit: '2',
        writeFc: '6',
        writeAddress: '40',
        writeValue: 'actuation',
      }),
    );
    const { payload } = await through('infer', { payload: [29, 10] });
    assert.deepEqual(payload, { value: 65436, fc: 6, unitid: 2, address: 40, quantity: 1 });
  });

  it('infer: refuses missing and surplus register words by name, and takes a part of a block when told to', async () => {
    const words = { input: 'registers' };
    const part = {
      id: 'part',
      offset: '1',
      more: true,
      wires: [['part-out'], ['part-second'], ['part-third']],
    };
    await ready(node('infer', words), node('infer', { ...words, ...part }));
    await assert.rejects(through('infer', { payload: [2000] }), /fewRegisters/);
    await assert.rejects(through('infer', { payload: [2000, 500, 0, 0] }), /manyRegisters/);
    const { payload } = await through('part', { payload: [9999, 2000, 500, 0] });
    assert.equal((payload as { label: string }).label, 'hold');
  });

  it('infer: refuses a wrong count, what is no number, and what is out of range, by name; then goes on', async () => {
    await ready(node('infer'));
    await assert.rejects(through('infer', { payload: [1, 2, 3] }), /2 features|features/);
    await assert.rejects(through('infer', { payload: [Number.NaN, 5] }), /room/);
    await assert.rejects(through('infer', { payload: [20, 400] }), /outdoor/);
    await assert.rejects(through('infer', { payload: { room: 20, indoor: 5 } }), /indoor|outdoor/);
    const { payload } = await through('infer', { payload: [20, 5] });
    assert.equal((payload as { label: string }).label, 'hold');
  });

  it('infer: a value that is clamped is taken, named and counted', async () => {
    const clamping = { ...DEFINITION, outOfRange: 'clamp' };
    await helper.load(
      SETS.map(load),
      flow(node('deploy', { source: 'message' }), node('infer'), node('monitor', { interval: '60' })),
    );
    await through('deploy', { payload: clamping });
    const { payload } = await through('infer', { payload: [80, 5] });
    assert.deepEqual((payload as { clamped: string[] }).clamped, ['room']);
    await through('infer', { payload: [20, -99] });
    const { edgeTrainer } = await through('monitor', {});
    assert.equal((edgeTrainer as { clampedValues: number }).clampedValues, 2);
  });

  it('feedback: judges by the rule, once, and refuses unknown classes and tickets', async () => {
    await ready(node('infer'), node('feedback', { kind: 'auto' }));
    const asked = await through('infer', { payload: [16, 5] });
    const judged = await through('feedback', { payload: { outcome: 18 }, ticket: asked.ticket, kept: 1 });
    const { judgement, truth } = judged.payload as { judgement: string; truth: string };
    assert.deepEqual([judgement, truth, judged.kept], ['unsatisfied', 'heat', 1]);
    await assert.rejects(
      through('feedback', { payload: { label: 'cool' }, ticket: asked.ticket }),
      /already judged/,
    );
    await assert.rejects(through('feedback', { payload: { label: 'freeze' } }), /freeze/);
    const stale = ((asked.ticket as number) + 30_000) % 65_536 || 1;
    await assert.rejects(through('feedback', { payload: { outcome: 21 }, ticket: stale }), /ticket/);
    const spoiled = await through('infer', { payload: [30, 5] });
    const discarded = await through('feedback', {
      payload: { discard: 'sensor-fault' },
      ticket: spoiled.ticket,
    });
    assert.equal((discarded.payload as { judgement: string }).judgement, 'discarded');
  });

  it('dataset: adds, counts, gives as CSV and clears', async () => {
    await ready(node('dataset', { action: '' }));
    await through('dataset', { topic: 'add', payload: TAUGHT });
    const counts = (await through('dataset', { topic: 'counts' })).payload as {
      stored: number;
      perClass: { label: string; count: number }[];
    };
    assert.equal(counts.stored, TAUGHT.length);
    assert.deepEqual(
      counts.perClass.map(({ count }) => count),
      [5, 5, 5],
    );
    const csv = (await through('dataset', { topic: 'csv' })).payload as string;
    assert.equal(csv.trim().split('\n').length, TAUGHT.length + 1);
    await through('dataset', { topic: 'clear' });
    assert.equal(((await through('dataset', { topic: 'counts' })).payload as { stored: number }).stored, 0);
  });

  it('dataset: a wrong sample says which one it is and how many were added before it', async () => {
    await ready(node('dataset', { action: 'add' }));
    const good = { features: [20, 5], label: 'hold' };
    await assert.rejects(
      through('dataset', { payload: [good, good, { features: [20, 400], label: 'hold' }] }),
      /sample 2, outdoor is out of range.*Samples before it that were added: 2 of 3/,
    );
  });

  it('continuous outputs: dataset takes targets, infer gives values, feedback takes what would have been right', async () => {
    await helper.load(
      SETS.map(load),
      flow(
        node('deploy', { source: 'message' }),
        node('dataset', { action: '' }),
        node('infer'),
        node('feedback'),
        {
          ...node('infer', { output: 'flex-write', writeFc: '16', writeUnit: '9', writeAddress: '40' }),
          id: 'write',
          wires: [['write-out']],
        },
      ),
    );
    const { classes: _classes, defaultClass: _default, feedback: _feedback, ...rest } = DEFINITION;
    const outputs = [
      { name: 'valve', unit: '%', min: 0, max: 100, scale: 10, initial: 20, tolerance: 5 },
      { name: 'fan', min: 0, max: 3, scale: 100 },
    ];
    const model = { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] };
    await through('deploy', { payload: { ...rest, outputs, model } });
    const added = await through('dataset', {
      topic: 'add',
      payload: [
        { features: [20, 5], targets: [30, 2] },
        { features: [21, 5], targets: { fan: 2.5, valve: 40 } },
      ],
    });
    assert.equal((added.payload as { added: number }).added, 2);
    await through('dataset', { topic: 'add', payload: [22, 5], label: [50, 1] });
    await assert.rejects(
      through('dataset', { topic: 'add', payload: [22, 5], label: 'open' }),
      /target values/,
    );
    const { payload: samples } = await through('dataset', { topic: 'samples' });
    assert.deepEqual(
      (samples as { targets: number[] }[]).map(({ targets }) => targets),
      [
        [30, 2],
        [40, 2.5],
        [50, 1],
      ],
    );
    const decision = await through('infer', { payload: [20, 5] });
    assert.deepEqual((decision.payload as { outputs: object }).outputs, { valve: 20, fan: 1.5 });
    const verdict = await through('feedback', { ticket: decision.ticket, payload: { valve: 23, fan: 1.52 } });
    assert.equal((verdict.payload as { judgement: string }).judgement, 'satisfied');
    const again = await through('infer', { payload: [20, 5] });
    const wrong = await through('feedback', { ticket: again.ticket, payload: { override: [60, 1.5] } });
    assert.equal((wrong.payload as { judgement: string }).judgement, 'unsatisfied');
    await assert.rejects(through('feedback', { ticket: again.ticket, payload: [101, 1] }), /valve/);
    const { payload: request } = await through('write', { payload: [20, 5] });
    assert.deepEqual(request, { value: [200, 150], fc: 16, unitid: 9, address: 40, quantity: 2 });
  });

  it('train: refuses too few samples; trains, evaluates, changes the mode', async () => {
    await ready(node('train', { action: '' }), node('dataset', { action: 'add' }));
    await assert.rejects(through('train', { topic: 'train' }), /few|sample/i);
    await through('dataset', { payload: TAUGHT });
    const trained = (await through('train', { topic: 'train' })).payload as { result: string };
    assert.equal(trained.result, 'promoted');
    const evaluated = (await through('train', { topic: 'evaluate' })).payload as {
      samples: number;
      accuracy: number;
    };
    assert.ok(evaluated.samples > 0 && evaluated.accuracy >= 0.5, JSON.stringify(evaluated));
    await through('train', { topic: 'mode', payload: 'frozen' });
    await assert.rejects(through('train', { topic: 'train' }), /frozen/);
  });

  it('model: backs up, restores what was backed up, and refuses what is no backup', async () => {
    await taught(node('model', { action: '' }), node('infer'));
    const backup = (await through('model', { topic: 'backup' })).payload;
    await through('train', { topic: 'reset' });
    assert.equal(
      ((await through('infer', { payload: [29, 10] })).payload as { label: string }).label,
      'hold',
    );
    await through('model', { topic: 'restore', payload: backup });
    assert.equal(
      ((await through('infer', { payload: [29, 10] })).payload as { label: string }).label,
      'cool',
    );
    await assert.rejects(through('model', { topic: 'restore', payload: { some: 'thing' } }), /backup/i);
    const compared = await through('model', { topic: 'compare', payload: JSON.stringify(backup) });
    assert.equal((compared.payload as { sameShape: boolean }).sameShape, true);
    // What somebody may have taken for a backup is not passed over in silence; what only starts the node is.
    for (const payload of [{ some: 'thing' }, [1, 2], 'a backup', Buffer.from('{'), '"text"'])
      await assert.rejects(through('model', { topic: 'compare', payload }), /notToCompare/);
    for (const payload of [Date.now(), '', true])
      await assert.rejects(
        through('model', { topic: 'compare', payload }),
        /no previous|NO_PREVIOUS|nothingToCompare/i,
      );
  });

  it('monitor: tells the status when asked and the events of the board', async () => {
    await ready(
      node('monitor', { interval: '1', when: 'change', history: true }),
      node('dataset', { action: 'add' }),
      node('train', { action: 'train' }),
    );
    const status = (await through('monitor', {})).payload as { state: string; generation: number };
    // The board may still be saving what was deployed.
    assert.ok(['ready', 'saving'].includes(status.state), status.state);
    assert.equal(status.generation, 0);
    const promoted = new Promise<Message>((resolve) => {
      helper.getNode('monitor-second').on('input', (msg) => {
        if ((msg.payload as { event: string }).event === 'promoted') resolve(msg);
      });
    });
    await through('dataset', { payload: TAUGHT });
    await through('train', {});
    assert.equal(((await promoted).payload as { generation: number }).generation, 1);
  });
});

/** A start rule that leads: its steps follow the truths, hour by hour where it is told the hour, and a class lasts past its end. */
import assert from 'node:assert/strict';
import type { Decision, TrainerDefinition } from '../../../trainer';
import { states } from '../../support/random';
import { type Board, openBoard } from './board';

const definition: TrainerDefinition = {
  name: 'room',
  features: [
    { name: 'temperature', min: 10, max: 40, scale: 10 },
    { name: 'hour', min: 0, max: 24, scale: 10 },
  ],
  classes: [{ label: 'heat' }, { label: 'hold' }, { label: 'cool' }],
  defaultClass: 'hold',
  startRule: {
    rule: 'dead-band',
    feature: 'temperature',
    setPoint: 22,
    band: 1,
    tooLow: 'heat',
    within: 'hold',
    tooHigh: 'cool',
    follow: 0.5,
    hysteresis: 1,
  },
  model: { type: 'svm-linear' },
  feedback: { rule: 'label', suspicion: 'off' },
  training: { mode: 'auto', minNewSamples: 10, minSamples: 20, accuracyThreshold: 'always' },
};
const others = (changes: object): TrainerDefinition => ({
  ...definition,
  startRule: { ...definition.startRule, ...changes } as TrainerDefinition['startRule'],
});

describe('typed client: a start rule that follows and leads', () => {
  let board: Board;
  const decide = (temperature: number, hour: number): Promise<Decision> =>
    board.trainer.infer([temperature, hour]);
  /** Mornings like it four degrees warmer than afternoons. */
  const truth = (temperature: number, hour: number): string => {
    const off = temperature - (hour < 13 ? 24 : 20);
    return off < -1 ? 'heat' : off > 1 ? 'cool' : 'hold';
  };
  async function days(count: number): Promise<void> {
    const next = states(7);
    for (let day = 0; day < count; day++) {
      for (let hour = 8; hour < 18; hour++) {
        const temperature = 17 + ((next() >> 8) % 101) / 10;
        const { ticket } = await decide(temperature, hour);
        await board.trainer.feedback(ticket, { label: truth(temperature, hour) });
        await board.trainer.model.settled();
      }
    }
  }

  beforeEach(async () => {
    board = await openBoard();
  });
  afterEach(() => board.close());

  it('serves people who take turns, alone until the others are better', async () => {
    await board.trainer.deploy(definition);
    assert.equal((await decide(21.5, 9)).by, 'start-rule', 'nothing was told yet');
    await days(40);
    const { voices } = await board.trainer.voices.read();
    const accuracy = new Map(voices.map((voice) => [voice.name, voice.accuracy ?? 0]));
    assert.ok((accuracy.get('following-rule') ?? 0) > (accuracy.get('start-rule') ?? 1) + 0.1);
    const morning = await decide(21.6, 9);
    assert.deepEqual([morning.label, morning.by], ['heat', 'following-rule']);
    const shifted = (await board.trainer.voices.read()).ruleShift;
    assert.ok(shifted > 5, `${shifted} tenths of a degree up`);
    await decide(20, 16); // leaves heat
    assert.equal((await decide(22.2, 16)).label, 'cool');
    assert.ok((await board.trainer.voices.read()).ruleShift < -5);
  });

  it('keeps what is not the default class until it is past its end, and says so', async () => {
    await board.trainer.deploy(others({ follow: 0 }));
    const said = async (temperature: number): Promise<unknown[]> => {
      const { label, by } = await decide(temperature, 12);
      return [label, by];
    };
    assert.deepEqual(await said(20.9), ['heat', 'start-rule']);
    assert.deepEqual(await said(21.9), ['heat', 'hysteresis']);
    assert.deepEqual(await said(22.1), ['hold', 'start-rule']);
    assert.deepEqual(await said(21.1), ['hold', 'start-rule'], 'the default class ends where it ends');
    assert.deepEqual(await said(23.1), ['cool', 'start-rule']);
    assert.deepEqual(await said(22.1), ['cool', 'hysteresis']);
  });

  it('begins anew when the rule is another one, and only then', async () => {
    await board.trainer.deploy(definition);
    await days(10);
    const of = async (name: string): Promise<number | undefined> =>
      (await board.trainer.voices.read()).voices.find((voice) => voice.name === name)?.truths;
    const rule = await of('following-rule');
    await board.trainer.deploy({ ...definition, name: 'renamed' });
    assert.equal(await of('following-rule'), rule);
    await board.trainer.model.reset();
    assert.equal(await of('following-rule'), rule, 'no model, no rule');
    assert.equal(await of('model'), 0, 'what a model had earned goes with it');
    await board.trainer.deploy(others({ setPoint: 21 }));
    assert.equal(await of('following-rule'), 0);
    assert.equal(await of('last-truth'), 99);
  });

  /** What is decided at some moments, and by whom: the shift of each hour is in it. */
  const decided = async (of: Board): Promise<unknown[]> => {
    const found = [];
    for (const hour of [9, 12, 15, 17])
      for (const temperature of [19.5, 20.5, 21.5, 22.5, 23.5]) {
        const { label, by } = await of.trainer.infer({ temperature, hour });
        found.push([hour, temperature, label.toLowerCase(), by]);
      }
    return found;
  };

  it('means the same when features and classes change places and names', async () => {
    await board.trainer.deploy(definition);
    await days(30);
    await decide(22, 12);
    const before = await decided(board);
    const moved = {
      ...definition,
      features: [...(definition.features ?? [])].reverse(),
      classes: [...(definition.classes ?? [])].reverse(),
    };
    await board.trainer.deploy(moved);
    await board.trainer.infer({ temperature: 22, hour: 12 });
    assert.deepEqual(await decided(board), before);
    const renamed = (moved.classes ?? []).map(({ label }) => ({ id: label, label: label.toUpperCase() }));
    await board.trainer.deploy({
      ...moved,
      classes: renamed,
      defaultClass: 'HOLD',
      startRule: { ...definition.startRule, tooLow: 'HEAT', within: 'HOLD', tooHigh: 'COOL' },
    } as TrainerDefinition);
    await board.trainer.infer({ temperature: 22, hour: 12 });
    assert.deepEqual(await decided(board), before);
  });

  it('travels in a backup, and lessons that come with it count once', async () => {
    await board.trainer.deploy(definition);
    await days(30);
    const backup = JSON.parse(JSON.stringify(await board.trainer.backup.take('running', { samples: true })));
    const voices = await board.trainer.voices.read();
    await decide(22, 12);
    const before = await decided(board);
    const other = await openBoard();
    try {
      await other.trainer.backup.restore(backup, { deploy: true });
      await other.trainer.backup.restoreSamples(backup);
      assert.deepEqual((await other.trainer.voices.read()).voices, voices.voices);
      // Tables, shift and weights, to the byte.
      assert.deepEqual((await other.trainer.backup.take()).voices, backup.voices);
      await other.trainer.infer({ temperature: 22, hour: 12 });
      assert.deepEqual(await decided(other), before);
      // Under another start rule the record would mean something else: it stays away, the model comes.
      await other.trainer.deploy(others({ setPoint: 21 }));
      const { generation } = await other.trainer.backup.restore(backup);
      assert.ok(generation > 0);
      assert.equal((await other.trainer.voices.read()).voices[1]?.truths, 0);
    } finally {
      await other.close();
    }
  });

  it('does not take a record that was tampered with', async () => {
    await board.trainer.deploy(definition);
    await days(10);
    const backup = await board.trainer.backup.take();
    const voices = await board.trainer.voices.read();
    const bytes = Buffer.from(backup.voices?.data ?? '', 'base64');
    bytes[8 + 52] = 0; // the first place of the first table: none is ever 0
    const bad = { ...backup, voices: { bytes: bytes.length, data: bytes.toString('base64') } };
    await assert.rejects(board.trainer.backup.restore(bad), { code: 'MODEL_CONTENT' });
    assert.deepEqual((await board.trainer.voices.read()).voices, voices.voices);
  });
});

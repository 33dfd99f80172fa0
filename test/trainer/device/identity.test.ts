import assert from 'node:assert/strict';
import { DefinitionMismatchError, type TrainerDefinition } from '../../../trainer';
import { type Board, openBoard } from './board';

const ROOM: TrainerDefinition = {
  name: 'room',
  features: [
    { name: 'temperature', unit: '°C', min: 0, max: 40 },
    { name: 'humidity', unit: '%', min: 0, max: 40 },
    { name: 'sun', min: 0, max: 40 },
  ],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'hold', actuation: 0 },
    { label: 'cool', actuation: -100 },
  ],
  defaultClass: 'hold',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 0.5, tooLow: 'heat', tooHigh: 'cool' },
  training: { mode: 'manual', minSamples: 3 },
};

/** What is right depends on the temperature alone; the other two are there to be mixed up with it. */
const right = (temperature: number): string =>
  temperature < 18 ? 'heat' : temperature > 26 ? 'cool' : 'hold';
const SITUATIONS = Array.from({ length: 60 }, (_, i) => ({
  temperature: (7 * i) % 41,
  humidity: (11 * i) % 41,
  sun: (17 * i) % 41,
}));

function reversed(definition: TrainerDefinition): TrainerDefinition {
  return {
    ...definition,
    features: [...(definition.features ?? [])].reverse(),
    classes: [...(definition.classes ?? [])].reverse(),
  };
}

/** Names in capitals; the identities stay. */
function renamed(definition: TrainerDefinition): TrainerDefinition {
  const { features = [], classes = [], feedback } = definition;
  return {
    ...definition,
    features: features.map((feature) => ({ ...feature, id: feature.name, name: feature.name.toUpperCase() })),
    classes: classes.map((entry) => ({ ...entry, id: entry.label, label: entry.label.toUpperCase() })),
    defaultClass: 'HOLD',
    feedback: { ...feedback, rule: 'dead-band', setPoint: 22, band: 0.5, tooLow: 'HEAT', tooHigh: 'COOL' },
  };
}

describe('typed client: what was learned belongs to identities', () => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard(ROOM);
    await board.trainer.deploy(ROOM);
    for (const situation of SITUATIONS)
      await board.trainer.dataset.add(situation, right(situation.temperature));
    await board.trainer.model.train();
  });
  afterEach(() => board.close());

  const decisions = async (name = (text: string): string => text): Promise<unknown[]> => {
    const found = [];
    for (const situation of SITUATIONS) {
      const named = Object.fromEntries(Object.entries(situation).map(([key, value]) => [name(key), value]));
      const { label, actuation, confidence, generation } = await board.trainer.infer(named);
      found.push({ label: label.toLowerCase(), actuation, confidence, generation });
    }
    return found;
  };

  it('keeps samples, model and meaning when features and classes change places', async () => {
    const before = await decisions();
    const samples = await board.trainer.dataset.read();
    const evaluation = await board.trainer.model.evaluate();
    const { changed, status } = await board.trainer.deploy(reversed(ROOM));
    assert.equal(changed, true);
    assert.equal(status.generation, 1);
    assert.equal(status.samplesStored, SITUATIONS.length);
    assert.deepEqual(await decisions(), before);
    assert.deepEqual(
      (await board.trainer.dataset.read()).map(({ label, features, age }) => ({
        label,
        age,
        features: [...features].reverse(),
      })),
      samples.map(({ label, features, age }) => ({ label, age, features })),
    );
    const again = await board.trainer.model.evaluate();
    assert.deepEqual([...again.labels].reverse(), evaluation.labels);
    assert.deepEqual([...again.recall].reverse(), evaluation.recall);
    assert.deepEqual(
      [...again.confusion].reverse().map((row) => [...row].reverse()),
      evaluation.confusion,
    );
    const { perClass } = await board.trainer.dataset.summary();
    for (const { label, count } of perClass)
      assert.equal(count, SITUATIONS.filter(({ temperature }) => right(temperature) === label).length, label);
  });

  it('gives a PLC the class code and takes the feature registers of the definition that runs', async () => {
    const hot = { temperature: 40, humidity: 10, sun: 10 };
    assert.deepEqual([(await board.trainer.infer(hot)).classIndex], [2]);
    await board.trainer.deploy(reversed(ROOM));
    const decision = await board.trainer.infer(hot);
    assert.deepEqual([decision.classIndex, decision.label, decision.actuation], [0, 'cool', -100]);
    assert.equal((await board.trainer.infer([10, 10, 40])).label, 'cool');
  });

  it('judges a decision of before the change by what it means', async () => {
    const { ticket } = await board.trainer.infer({ temperature: 22, humidity: 1, sun: 1 });
    await board.trainer.deploy(reversed(ROOM));
    assert.deepEqual(await board.trainer.feedback(ticket, { label: 'heat' }), {
      ticket,
      judgement: 'unsatisfied',
      truth: 'heat',
    });
    const samples = await board.trainer.dataset.read();
    assert.deepEqual(
      samples.filter(({ age }) => age === 1).map(({ label }) => label),
      ['heat'],
    );
  });

  it('keeps everything when features and classes are renamed, and refuses a client that has the old names', async () => {
    const before = await decisions();
    const old = board.another(ROOM);
    const { status } = await board.trainer.deploy(renamed(ROOM));
    assert.deepEqual([status.generation, status.samplesStored], [1, SITUATIONS.length]);
    assert.deepEqual(await decisions((name) => name.toUpperCase()), before);
    await assert.rejects(old.infer(SITUATIONS[0] ?? {}), DefinitionMismatchError);
  });

  it('starts anew when a feature is another one', async () => {
    const [temperature, humidity, sun] = ROOM.features ?? [];
    assert.ok(temperature && humidity && sun);
    const { status } = await board.trainer.deploy({
      ...ROOM,
      features: [temperature, humidity, { ...sun, name: 'wind' }],
    });
    assert.deepEqual([status.generation, status.samplesStored], [0, 0]);
  });

  const widened = (max: number, more: Partial<TrainerDefinition> = {}): TrainerDefinition => ({
    ...ROOM,
    features: (ROOM.features ?? []).map((feature) =>
      feature.name === 'sun' ? { ...feature, max } : feature,
    ),
    ...more,
  });

  it('converts samples and linear model when a range grows, also where the scale of the register changes with it', async () => {
    const before = (await decisions()) as { label: string; confidence: number }[];
    const samples = await board.trainer.dataset.read();
    for (const max of [41, 60]) {
      const { status } = await board.trainer.deploy(widened(max));
      assert.deepEqual([status.generation, status.samplesStored], [1, SITUATIONS.length]);
      const after = (await decisions()) as typeof before;
      assert.deepEqual(
        after.map(({ label }) => label),
        before.map(({ label }) => label),
      );
      for (const [index, decision] of after.entries())
        assert.ok(
          Math.abs(decision.confidence - (before[index]?.confidence ?? 0)) <= 0.02,
          `situation ${index}`,
        );
      const now = await board.trainer.dataset.read();
      for (const [index, sample] of now.entries())
        for (const [feature, value] of sample.features.entries()) {
          const step = feature === 2 ? max / 254 + 40 / 254 : 0;
          assert.ok(Math.abs(value - (samples[index]?.features[feature] ?? 0)) <= step + 0.02);
        }
    }
    assert.equal(board.trainer.definition?.features[2]?.scale, 100);
  });

  it('starts anew when a range gets smaller, or so much larger that its steps are too coarse', async () => {
    await board.trainer.deploy(widened(39));
    assert.equal((await board.trainer.status()).samplesStored, 0);
    await board.trainer.dataset.add({ temperature: 1, humidity: 1, sun: 1 }, 'heat');
    await board.trainer.deploy(widened(400));
    assert.equal((await board.trainer.status()).samplesStored, 0);
  });

  it('keeps the samples and trains a kernel model again when a range grows', async () => {
    const kernel: Partial<TrainerDefinition> = { model: { type: 'svm-kernel' }, training: { minSamples: 3 } };
    await board.trainer.deploy(widened(40, kernel));
    const { generation } = await board.trainer.model.settled();
    assert.ok(generation > 0);
    await board.trainer.deploy(widened(41, kernel));
    const status = await board.trainer.model.settled();
    assert.equal(status.samplesStored, SITUATIONS.length);
    assert.ok(status.generation > generation, `${status.generation} after ${generation}`);
  });

  it('keeps mode and set point that were set since, when a definition only moves its entries', async () => {
    await board.trainer.setMode('frozen');
    await board.trainer.process.setPoint(20);
    await board.trainer.deploy(reversed(ROOM));
    assert.equal((await board.trainer.status()).mode, 'frozen');
    const { ticket } = await board.trainer.infer({ temperature: 22, humidity: 1, sun: 1 });
    assert.equal((await board.trainer.feedback(ticket, { outcome: 20 })).judgement, 'satisfied');
  });

  it('keeps everything when only the policies grow, and the definition gets longer or the data set larger', async () => {
    const before = await decisions();
    const samples = await board.trainer.dataset.read();
    const longer: TrainerDefinition = {
      ...ROOM,
      classes: (ROOM.classes ?? []).map((entry) =>
        entry.label === 'heat' ? { ...entry, holdSeconds: 0 } : entry,
      ),
      startRule: {
        rule: 'dead-band',
        feature: 'temperature',
        setPoint: 22,
        band: 4,
        tooLow: 'heat',
        within: 'hold',
        tooHigh: 'cool',
      },
      stitching: { capacity: 400 },
    };
    for (const definition of [
      longer,
      { ...longer, stitching: { capacity: 90, keepOutcomes: false } },
      ROOM,
    ]) {
      const { status } = await board.trainer.deploy(definition);
      assert.deepEqual([status.generation, status.samplesStored], [1, SITUATIONS.length]);
      assert.deepEqual(await board.trainer.dataset.read(), samples);
    }
    // Another start rule begins its own table anew, so that the confidence is not what it was.
    const meaning = (found: readonly unknown[]): unknown[] =>
      found.map((decision) => ({ ...(decision as object), confidence: undefined }));
    assert.deepEqual(meaning(await decisions()), meaning(before));
  });

  it('keeps the samples when another family shall learn from them', async () => {
    const samples = await board.trainer.dataset.read();
    const { status } = await board.trainer.deploy({ ...ROOM, model: { type: 'svm-kernel' } });
    assert.deepEqual([status.generation, status.samplesStored], [0, SITUATIONS.length]);
    assert.deepEqual(await board.trainer.dataset.read(), samples);
    await board.trainer.model.train();
    assert.equal((await board.trainer.infer({ temperature: 2, humidity: 20, sun: 20 })).label, 'heat');
  });

  it('starts anew when the data set gets smaller than what is stored', async () => {
    await board.trainer.deploy({ ...ROOM, stitching: { capacity: 50 } });
    assert.equal((await board.trainer.status()).samplesStored, 0);
  });

  it('takes the model of a board whose definition lists the same in another order', async () => {
    const before = await decisions();
    const backup = await board.trainer.backup.take();
    const other = await openBoard(reversed(ROOM));
    try {
      await other.trainer.deploy(reversed(ROOM));
      await other.trainer.backup.restore(backup);
      for (const [index, situation] of SITUATIONS.entries()) {
        const { label, actuation } = await other.trainer.infer(situation);
        const { confidence: _, ...known } = before[index] as { confidence: number };
        assert.deepEqual({ label, actuation, generation: 1 }, known);
      }
    } finally {
      await other.close();
    }
  });
});

/** Every training is installed; how much its word counts is for the truths to say, and what turns bad is taken back by hand. */
import assert from 'node:assert/strict';
import { type Decision, type TrainerDefinition, TrainerError } from '../../../trainer';
import { states, uniform } from '../../support/random';
import { comfort } from '../definition/examples';
import { type Board, openBoard } from './board';

const truthOf = (temperature: number): string =>
  temperature < 20 ? 'heat' : temperature > 24 ? 'cool' : 'hold';
/** What somebody teaches who mixes the classes up. */
const mixedUp = (temperature: number): string =>
  temperature < 20 ? 'cool' : temperature > 24 ? 'heat' : 'hold';
/** Clearly of one class each, in an order that tells nothing. */
const CLEAR = [13, 15, 17, 21.5, 22, 22.5, 27, 30, 35] as const;
function temperatures(count: number, seed: number): number[] {
  const next = states(seed);
  return Array.from({ length: count }, () => CLEAR[Math.floor(next() / 1000) % CLEAR.length] as number);
}

const definition = (suspicion: 'pause' | 'off'): TrainerDefinition => ({
  ...comfort(),
  model: { type: 'svm-linear', cost: 10, warmStart: false },
  feedback: { rule: 'label', tickets: 8, suspicion },
  training: {
    mode: 'manual',
    minNewSamples: 1000,
    minSamples: 20,
    accuracyWindow: 6,
    accuracyThreshold: 0.5,
  },
});

describe('typed client: generations and whose word counts', () => {
  let board: Board;

  async function learn(truth: (temperature: number) => string): Promise<number> {
    await board.trainer.dataset.clear();
    for (const temperature of temperatures(60, 1))
      await board.trainer.dataset.add([temperature, 40, 0.7], truth(temperature));
    const { result, generation } = await board.trainer.model.train();
    assert.equal(result, 'promoted');
    return generation;
  }
  const decide = (temperature: number): Promise<Decision> => board.trainer.infer([temperature, 40, 0.7]);
  /** Share of right decisions. */
  async function live(count: number, seed: number): Promise<number> {
    let right = 0;
    for (const temperature of temperatures(count, seed)) {
      const { ticket, label } = await decide(temperature);
      if (label === truthOf(temperature)) right++;
      await board.trainer.feedback(ticket, { label: truthOf(temperature) });
    }
    return right / count;
  }

  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy(definition('off'));
  });
  afterEach(() => board.close());

  it('does not hear a model that turned bad: within a few truths the start rule decides again', async () => {
    await board.trainer.deploy({
      ...definition('off'),
      startRule: {
        rule: 'dead-band',
        feature: comfort().features?.[0]?.name ?? '',
        setPoint: 22,
        band: 2,
        tooLow: 'heat',
        within: 'hold',
        tooHigh: 'cool',
        follow: 0,
      },
    });
    await learn(truthOf);
    assert.ok((await live(20, 2)) >= 0.9);
    const bad = await learn(mixedUp);
    await live(60, 3);
    assert.ok((await live(30, 4)) >= 0.85, 'nobody believes it any more');
    assert.equal((await board.trainer.status()).generation, bad, 'and it still runs');
  });

  it('tells who decided, how often each voice was right, and the confidence that came true', async () => {
    assert.equal((await decide(15)).by, 'start-rule');
    await learn(truthOf);
    await live(60, 5);
    const decision = await decide(14);
    assert.deepEqual([decision.by, decision.label], ['model', 'heat']);
    assert.ok(decision.confidence > 0.8, `${decision.confidence}`);
    const { voices, suspicion } = await board.trainer.voices.read();
    const accuracy = new Map(voices.map((voice) => [voice.name, voice.accuracy]));
    assert.ok((accuracy.get('model') ?? 0) > 0.9 && (accuracy.get('start-rule') ?? 1) < 0.5);
    assert.equal(accuracy.get('second-model'), undefined);
    assert.equal(suspicion, 'none');
    assert.ok(
      (await board.trainer.log.read()).some(
        ({ event, text }) => event === 'voice-leads' && /the model/.test(text),
      ),
    );
  });

  it('hears two models of one generation, each as far as it is right', async () => {
    await board.trainer.deploy({
      name: 'ring',
      features: [
        { name: 'x', min: -1, max: 1 },
        { name: 'y', min: -1, max: 1 },
      ],
      classes: [{ label: 'outside' }, { label: 'inside' }],
      storage: 'int16',
      model: { type: 'svm-both', cost: 100, gamma: 2 },
      feedback: { rule: 'label', suspicion: 'off' },
      training: { mode: 'auto', minNewSamples: 10, minSamples: 20, accuracyThreshold: 'always' },
    });
    const next = uniform(1);
    const draw = (): number => 2 * next() - 1;
    let right = 0;
    for (let i = 0; i < 260; i++) {
      const at: [number, number] = [draw(), draw()];
      const truth = Math.hypot(...at) < 0.75 ? 'inside' : 'outside';
      const { ticket, label } = await board.trainer.infer(at);
      if (i >= 200 && label === truth) right++;
      await board.trainer.feedback(ticket, { label: truth });
      await board.trainer.model.settled();
    }
    const accuracy = new Map(
      (await board.trainer.voices.read()).voices.map((voice) => [voice.name, voice.accuracy ?? 0]),
    );
    assert.ok((accuracy.get('second-model') ?? 0) > (accuracy.get('model') ?? 1) + 0.15);
    assert.ok(right >= 52, `${right} of 60: no border is straight here`);
    // The whole generation travels in a backup and comes back.
    const before = await board.trainer.infer([0, 0]);
    const backup = await board.trainer.backup.take();
    await board.trainer.model.reset();
    await board.trainer.backup.restore(backup);
    assert.equal((await board.trainer.status()).generation > 0, true);
    assert.equal(before.label, 'inside');
  });

  it('makes no new generation of a training that gives the same model', async () => {
    const first = await learn(truthOf);
    const { result, generation } = await board.trainer.model.train();
    assert.deepEqual([result, generation], ['rejected', first]);
    assert.match((await board.trainer.log.read()).at(-1)?.text ?? '', /once more/);
  });

  it('goes back one generation by hand', async () => {
    const good = await learn(truthOf);
    await learn(mixedUp);
    await board.trainer.model.rollBack();
    const { generation, rolledBack } = await board.trainer.status();
    assert.deepEqual([generation, rolledBack], [good, 1]);
    await assert.rejects(
      board.trainer.model.rollBack(),
      (error) => error instanceof TrainerError && error.code === 'NO_PREVIOUS',
    );
  });

  it('learns again when half of the samples are new, however right it is; with a threshold of 0 never', async () => {
    for (const [accuracyThreshold, expected] of [
      [0.01, [20, 40, 60, 80]],
      [0, [20]],
    ] as const) {
      await board.trainer.deploy({
        ...definition('off'),
        name: `half ${accuracyThreshold}`,
        stitching: { capacity: 40 },
        training: { mode: 'auto', minNewSamples: 10, minSamples: 20, accuracyWindow: 6, accuracyThreshold },
      });
      await board.trainer.dataset.clear();
      await board.trainer.model.reset();
      const before = (await board.trainer.status()).trainings;
      const trained: number[] = [];
      for (const [i, temperature] of temperatures(80, 9).entries()) {
        const { ticket } = await decide(temperature);
        await board.trainer.feedback(ticket, { label: truthOf(temperature) });
        await board.trainer.model.settled();
        if ((await board.trainer.status()).trainings > before + trained.length) trained.push(i + 1);
      }
      // A training that the board begins after the look at its state is seen one truth later.
      const begun = trained.map((truth) => expected.find((wanted) => truth === wanted + 1) ?? truth);
      assert.deepEqual(begun, expected, `threshold ${accuracyThreshold}`);
    }
  });

  it('pauses over lessons that contradict what was right for long, until somebody vouches for them', async () => {
    await board.trainer.deploy(definition('pause'));
    await learn(truthOf);
    await live(200, 6);
    const { stitched } = await board.trainer.status();
    for (const temperature of temperatures(200, 7))
      await board.trainer.dataset.add([temperature, 40, 0.7], mixedUp(temperature));
    const paused = await board.trainer.status();
    assert.equal((await board.trainer.voices.read()).suspicion, 'contradiction');
    assert.ok(paused.stitched - stitched < 40, `${paused.stitched - stitched} lessons were believed`);
    assert.equal((await decide(14)).label, 'heat');
    assert.match((await board.trainer.log.read()).at(-1)?.text ?? '', /contradicts/);

    await board.trainer.voices.trustFeedback();
    assert.equal((await board.trainer.voices.read()).suspicion, 'none');
    for (const temperature of temperatures(40, 8))
      await board.trainer.dataset.add([temperature, 40, 0.7], mixedUp(temperature));
    assert.ok((await board.trainer.status()).stitched - paused.stitched >= 20);
  });
});

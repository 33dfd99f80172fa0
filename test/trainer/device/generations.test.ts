/** A promotion is tried out by the plant: what turns out worse than before is taken back by the board itself. */
import assert from 'node:assert/strict';
import { type Decision, TrainerError } from '../../../trainer';
import { comfort } from '../definition/examples';
import { type Board, openBoard } from './board';

const WINDOW = 6;
const truthOf = (temperature: number): string =>
  temperature < 20 ? 'heat' : temperature > 24 ? 'cool' : 'hold';
/** What somebody teaches who mixes the classes up. */
const mixedUp = (temperature: number): string =>
  temperature < 20 ? 'cool' : temperature > 24 ? 'heat' : 'hold';
const temperatures = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => 12 + ((i * 7.3) % 26));
/** Of the outer classes: there the two teachers disagree. */
const DISPUTED = [14, 30, 16, 28, 13, 33];

describe('typed client: generations on trial', () => {
  let board: Board;

  async function learn(truth: (temperature: number) => string): Promise<number> {
    await board.trainer.clearDataset();
    for (const temperature of temperatures(60))
      await board.trainer.addSample([temperature, 40, 0.7], truth(temperature));
    const { result, generation } = await board.trainer.train();
    assert.equal(result, 'promoted');
    return generation;
  }
  const decide = (temperature: number): Promise<Decision> => board.trainer.infer([temperature, 40, 0.7]);
  async function judge(count: number): Promise<void> {
    for (const temperature of DISPUTED.slice(0, count)) {
      const { ticket } = await decide(temperature);
      await board.trainer.feedback(ticket, { label: truthOf(temperature) });
    }
  }

  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy({
      ...comfort(),
      feedback: { rule: 'label', tickets: 8 },
      training: {
        mode: 'auto',
        minNewSamples: 1000,
        minSamples: 20,
        accuracyWindow: WINDOW,
        accuracyThreshold: 0.5,
        promotionMargin: 0,
        rollbackMargin: 0.2,
      },
    });
  });
  afterEach(() => board.close());

  it('takes a worse generation back after a window of its own decisions, once', async () => {
    const good = await learn(truthOf);
    await judge(WINDOW);
    const bad = await learn(mixedUp);
    assert.notEqual(bad, good);

    await judge(WINDOW - 1);
    assert.equal((await board.trainer.status()).generation, bad, 'the window is not full yet');
    await judge(1);
    const status = await board.trainer.status();
    assert.deepEqual(
      [status.generation, status.previousGeneration, status.rolledBack],
      [good, 0, 1],
      'the generation before decides again',
    );
    assert.equal((await decide(14)).label, 'heat');
    assert.deepEqual(
      (await board.trainer.readLog())
        .filter(({ event }) => event === 'auto-rolled-back')
        .map((one) => one.generation),
      [good],
    );
    await assert.rejects(
      board.trainer.rollBack(),
      (error) => error instanceof TrainerError && error.code === 'NO_PREVIOUS',
    );
  });

  it('keeps a generation that does as well as the one before', async () => {
    await learn(truthOf);
    await judge(WINDOW);
    const second = await learn(truthOf);
    await judge(WINDOW);
    const status = await board.trainer.status();
    assert.deepEqual([status.generation, status.rolledBack], [second, 0]);
  });

  it('does not blame a generation for decisions of the one before', async () => {
    await learn(truthOf);
    await judge(WINDOW);
    const late: Decision[] = [];
    for (const temperature of DISPUTED.slice(0, 4)) late.push(await decide(temperature));
    // A restored model is a new generation too, and pushes no tickets out.
    const { generation: second } = await board.trainer.restore(await board.trainer.backup());
    for (const { ticket, label } of late)
      await board.trainer.feedback(ticket, { label: label === 'heat' ? 'cool' : 'heat' });
    await judge(WINDOW - 1);
    assert.equal((await board.trainer.status()).generation, second);
    await judge(1);
    const status = await board.trainer.status();
    assert.deepEqual([status.generation, status.rolledBack], [second, 0]);
  });

  it('leaves the choice to people in manual mode', async () => {
    await learn(truthOf);
    await judge(WINDOW);
    await board.trainer.setMode('manual');
    const bad = await learn(mixedUp);
    await judge(WINDOW);
    assert.equal((await board.trainer.status()).generation, bad);
    await board.trainer.rollBack();
    assert.equal((await board.trainer.status()).rolledBack, 1);
  });
});

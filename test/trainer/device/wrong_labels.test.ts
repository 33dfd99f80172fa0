import assert from 'node:assert/strict';
import { openBus, Trainer, type TrainerDefinition } from '../../../trainer';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';
import { uniform } from '../../support/random';

const CAPACITY = 60;
const ROWS = 360;
const WRONG = 0.3;

/** Nothing is trained: half of what is decided comes true, or less. */
const definition = (accuracyThreshold: number): TrainerDefinition => ({
  name: 'wrong labels',
  features: [
    { name: 'x', min: 0, max: 100 },
    { name: 'y', min: 0, max: 100 },
  ],
  classes: [{ label: 'left' }, { label: 'right' }],
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
  stitching: { capacity: CAPACITY },
  training: { mode: 'manual', accuracyThreshold },
});

/** Share of wrong labels among the samples that are kept when three labels of ten are wrong. */
async function keptWrong(accuracyThreshold: number): Promise<number> {
  const board = new VirtualBoard({ clock: 'manual' });
  const bus = openBus({
    kind: 'virtual',
    id: `wrong labels ${accuracyThreshold}`,
    connect: async () => new BoardPipe(board),
  });
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy(definition(accuracyThreshold));
    const random = uniform(7919);
    for (let row = 0; row < ROWS; row++) {
      const point = [100 * random(), 100 * random()];
      const right = (point[0] as number) >= 50;
      const { ticket } = await trainer.infer(point);
      await trainer.feedback(ticket, { label: right === random() >= WRONG ? 'right' : 'left' });
      board.runUntilIdle();
    }
    const samples = await trainer.dataset.read();
    assert.equal(samples.length, CAPACITY);
    const wrong = samples.filter(
      ({ features, label }) => (label === 'right') !== (features[0] as number) >= 50,
    );
    return wrong.length / CAPACITY;
  } finally {
    await bus.close();
    board.close();
  }
}

describe('typed client: three labels of ten are wrong', () => {
  it('leave the data set when new samples like them say otherwise and too little comes true', async () => {
    const kept = await keptWrong(0.9);
    assert.ok(kept <= 0.15, `${kept} of the samples are wrong`);
  });

  it('stay in it when enough comes true: a contradiction is a border then', async () => {
    const kept = await keptWrong(0);
    assert.ok(kept >= 0.2, `${kept} of the samples are wrong`);
  });
});

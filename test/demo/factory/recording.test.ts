/** The replayed fan: a healthy one that goes on for hours must stay healthy, and a weight on its blades must not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { following, recordings } from '../../../demo/factory/recording';
import { openBus, Trainer, type TrainerDefinition } from '../../../trainer';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';

const FRAME = 25;
const SPEED = 60;
const SAMPLE_HZ = 50;
const DEVICE = 'demo100000001002';

function demoDefinition(): TrainerDefinition {
  const file = join(__dirname, '../../../../demo/flow.json');
  const nodes = JSON.parse(readFileSync(file, 'utf8')) as { id: string; definition: TrainerDefinition }[];
  const device = nodes.find(({ id }) => id === DEVICE);
  assert.ok(device !== undefined, `the flow of the demo has no ${DEVICE}`);
  return device.definition;
}

describe('demo: the recordings of the fan', () => {
  it('go round without a seam that the trainer of the demo hears, and it still hears a weight', async () => {
    const board = new VirtualBoard({ clock: 'manual' });
    const bus = openBus({ kind: 'virtual', id: 'demo fan', connect: async () => new BoardPipe(board) });
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await trainer.deploy(demoDefinition());
      const all = recordings(SPEED);
      const play = async (condition: number, samples: number): Promise<number> => {
        const recording = all.get(condition);
        assert.ok(recording !== undefined);
        let [at, alarms, was] = [0, 0, false];
        for (let played = 0; played < samples; played += FRAME) {
          const frame: number[][] = [];
          for (let i = 0; i < FRAME; i++) {
            frame.push((recording.samples[at] ?? []).map((mg) => mg / 1000));
            at = following(recording, at);
          }
          const { last } = await trainer.stream.send(frame);
          board.advance((1000 * FRAME) / SAMPLE_HZ);
          if (last.alarm && !was) alarms++;
          was = last.alarm;
        }
        return alarms;
      };
      assert.equal(await play(1, 30_000), 0, 'alarms of a healthy fan');
      assert.equal((await trainer.stream.result()).calibrated, true);
      assert.ok((await play(2, 500)) > 0, 'no alarm although there is a weight');
    } finally {
      await bus.close();
      board.close();
    }
  });
});

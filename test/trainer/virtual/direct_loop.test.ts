/** The short way into a virtual board that the benches of learning take: frames straight in and out, as of any master. */
import assert from 'node:assert/strict';
import { DirectLoop } from '../../../bench/direct_loop';
import { comfort } from '../definition/examples';

describe('the direct loop of the benches', () => {
  it('decides, tells what each voice proposed, and learns from labels', async () => {
    const loop = await DirectLoop.start({
      ...comfort(),
      feedback: { rule: 'label', tickets: 8 },
      training: { mode: 'auto', minNewSamples: 10, minSamples: 20, accuracyThreshold: 'always' },
    });
    try {
      for (let i = 0; i < 40; i++) {
        const temperature = 12 + ((i * 7.3) % 26);
        const { ticket } = loop.infer([temperature, 40, 0.7]);
        loop.label(ticket, temperature < 20 ? 0 : temperature > 24 ? 2 : 1);
      }
      const { classIndex } = loop.infer([14, 40, 0.7]);
      assert.ok(loop.status().number('generation') > 0);
      assert.equal(loop.proposed().length, 5);
      assert.equal(loop.proposed()[3], classIndex, 'the model speaks, and is right');
      assert.equal(loop.voices().number('suspicion'), 0);
    } finally {
      loop.close();
    }
  });
});

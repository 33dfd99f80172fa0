/** What the demo claims of its three rooms, over the four weeks that `npm run bench -- hvac-demo` simulates. */
import assert from 'node:assert/strict';
import { live } from '../../bench/hvac-demo';

describe('the rooms of the demo over four weeks', function () {
  this.timeout(120_000);

  for (const seed of [1, 2])
    it(`the trainer serves two people who take turns better than a constant and than the last vote (dice ${seed})`, async () => {
      const { learned, frozen, lastVote } = await live(seed, 28);
      const told = JSON.stringify({ learned, frozen, lastVote });
      assert.ok(learned.discomfort <= 0.5 * frozen.discomfort, told);
      assert.ok(learned.discomfort <= 0.8 * lastVote.discomfort, told);
      assert.ok(learned.energy <= 1.05 * frozen.energy, told);
      assert.ok(learned.switches <= 8, told);
    });
});

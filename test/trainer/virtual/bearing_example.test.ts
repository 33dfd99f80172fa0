/** What the examples of bearing faults say of real bearings: their definitions on the recordings in test/data. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openBus } from '../../../trainer/bus';
import type { TrainerDefinition } from '../../../trainer/definition';
import { type Decision, Trainer } from '../../../trainer/device';
import { virtualWire } from '../../../trainer/virtual';

const root = join(__dirname, '../../../..');
const EXAMPLES = ['raw vibration', 'a stream'];
/** Class of the example -> recording. */
const RECORDINGS = {
  healthy: 'normal',
  'inner race': 'inner-race-7',
  ball: 'ball-7',
  'outer race': 'outer-race-7',
};
const WINDOWS = 400;
/** Verdicts before anything is counted: three trainings. */
const TEACHING = 120;
/** A training is waited for after so many. */
const SETTLE_EVERY = 40;

function recorded(name: string): number[] {
  const file = gunzipSync(readFileSync(join(root, 'test/data/bearing-vibration', `${name}.csv.gz`)));
  const [, ...rows] = file.toString('utf8').trim().split('\n');
  return rows.map((row) => Number(row.split(',')[0]));
}

for (const example of EXAMPLES)
  describe(`the example of bearing faults from ${example} on recordings of real bearings`, () => {
    const path = join(root, `examples/infer - bearing faults from ${example}.json`);
    const flow = JSON.parse(readFileSync(path, 'utf8')) as { definition?: TrainerDefinition }[];
    const definition = flow.find((node) => node.definition !== undefined)?.definition as TrainerDefinition;
    const bus = openBus(virtualWire());
    after(() => bus.close());

    it('is right about nearly every window that it has not seen, once the trainer has trained itself', async function () {
      this.timeout(120_000);
      const trainer = new Trainer(bus, { unit: 1 });
      await trainer.deploy(definition);
      const recordings = Object.entries(RECORDINGS).map(([label, file]) => ({
        label,
        signal: recorded(file),
      }));
      const { features = [] } = definition;
      const [{ streamChannels, count } = { count: 0 }] = features as {
        streamChannels?: number;
        count?: number;
      }[];
      const length = count ?? features.length;
      const decide = async (samples: number[]): Promise<Decision> => {
        if (streamChannels === undefined) return trainer.infer(samples);
        await trainer.stream.send(samples.map((value) => [value]));
        return trainer.infer();
      };
      const right: boolean[] = [];
      for (let i = 0; i < WINDOWS; i++) {
        // Any order in which a condition does not tell the next; the windows of each recording in theirs.
        const { label, signal } = recordings[(7 * i + Math.floor(i / 5)) % 4] as (typeof recordings)[number];
        const at = Math.floor((i / WINDOWS) * (signal.length - length));
        const decision = await decide(signal.slice(at, at + length));
        right.push(decision.label === label);
        await trainer.feedback(decision.ticket, { label });
        if (i % SETTLE_EVERY === SETTLE_EVERY - 1) await trainer.model.settled();
      }
      const after = right.slice(TEACHING);
      const share = after.filter(Boolean).length / after.length;
      assert.ok(share >= 0.9, `${after.filter(Boolean).length} of ${after.length}`);
    });
  });

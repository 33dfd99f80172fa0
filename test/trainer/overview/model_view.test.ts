/** The model view asks the firmware itself, and the weights that it shows decide as the firmware does. */
import assert from 'node:assert/strict';
import { openBus } from '../../../trainer/bus';
import { type CompleteDefinition, parseDefinition } from '../../../trainer/definition';
import { Trainer } from '../../../trainer/device';
import { modelView, REGION_POINTS, regions } from '../../../trainer/overview';
import { BoardPipe, VirtualBoard } from '../../../trainer/virtual';

for (const storage of ['int8', 'int16'] as const)
  describe(`the model view, samples as ${storage}`, () => {
    it('draws the border where the samples part, and shows which way a feature pulls', async () => {
      const board = new VirtualBoard({ clock: 'manual' });
      const bus = openBus({
        kind: 'virtual',
        id: `view ${storage}`,
        connect: async () => new BoardPipe(board),
      });
      try {
        const trainer = new Trainer(bus, { unit: 1 });
        const definition: CompleteDefinition = parseDefinition({
          features: [
            { name: 'outdoor', unit: '°C', min: -20, max: 40 },
            { name: 'room', unit: '°C', min: 10, max: 30 },
          ],
          classes: [{ label: 'heat' }, { label: 'cool' }],
          model: { type: 'svm-linear' },
          storage,
          // What the view must not mistake for the model.
          startRule: {
            rule: 'dead-band',
            feature: 'room',
            setPoint: 12,
            band: 1,
            tooLow: 'heat',
            within: 'heat',
            tooHigh: 'heat',
          },
        });
        await trainer.deploy(definition);
        for (let at = 0; at < 60; at++) {
          const [outdoor, room] = [-15 + ((at * 7) % 50), 12 + ((at * 5) % 16)];
          await trainer.dataset.add([outdoor, room], room < 20 ? 'heat' : 'cool');
        }
        await trainer.model.train();
        const view = await modelView(trainer);
        assert.equal(view.samples.length, 60);
        const decided = await regions(definition, await trainer.backup.take('running'), view, 0, 1);
        assert.equal(decided.length, REGION_POINTS ** 2);
        const row = (at: number): number[] => decided.slice(at * REGION_POINTS, (at + 1) * REGION_POINTS);
        assert.deepEqual([new Set(row(0)), new Set(row(REGION_POINTS - 1))], [new Set([0]), new Set([1])]);
        const [pair] = view.weights ?? [];
        assert.ok(pair?.trained);
        // +1 K of the room speaks for "cool", and outdoors hardly matters.
        const room = (pair.for === 1 ? 1 : -1) * (pair.perUnit[1] as number);
        assert.ok(room > 0, JSON.stringify(pair));
        assert.ok(Math.abs(pair.perUnit[0] as number) < room / 5, JSON.stringify(pair));
        // From one margin to the other: the samples next to the border are 1 K apart, so about 2 in 1 K.
        assert.ok(room > 0.2 && room < 4, String(room));
      } finally {
        await bus.close();
        board.close();
      }
    });
  });

/** What the example "a room that learns" says of its room: once it has learned, decisions keep it in its band, without swinging. */
import assert from 'node:assert/strict';
import { EXAMPLE_PLANT, exampleDefinition, keptByThermostat, keptByTrainer } from '../../../bench/band/room';

const DECISIONS = 600;

describe('the room that learns', () => {
  const definition = exampleDefinition();

  it('stays in its band, by the rule of the definition and nothing else', async () => {
    const kept = await keptByTrainer(definition, EXAMPLE_PLANT, DECISIONS);
    const { inBand } = await keptByThermostat(definition, EXAMPLE_PLANT, DECISIONS);
    assert.ok(kept.inBand >= 0.95, `${kept.inBand} of the steps, a thermostat ${inBand}`);
    assert.ok(kept.reversals <= 0.05, `${kept.reversals} of the steps reverse the one before`);
  });

  it('would swing if too cold after cooling meant heat', async () => {
    const kept = await keptByTrainer(definition, EXAMPLE_PLANT, DECISIONS, (decided, outcome) =>
      outcome < 21 ? 0 : outcome > 23 ? 2 : decided,
    );
    assert.ok(kept.inBand < 0.8 && kept.reversals > 0.2, JSON.stringify(kept));
  });
});

import assert from 'node:assert/strict';
import { defaultOutcomeScale, defaultScale, documentOf, parseDefinition } from '../../../trainer';
import { comfort, kernel, motor, plant, reconstructed, smallest, vibration } from './examples';

describe('definition defaults', () => {
  it('fills in everything that is left out', () => {
    const complete = parseDefinition(smallest());
    assert.equal(complete.storage, 'int8');
    assert.deepEqual(complete.features, [{ name: 'x', id: 'x', unit: '', min: -1, max: 1, scale: 1000 }]);
    assert.deepEqual(complete.classes, [
      { label: 'no', id: 'no', actuation: 0, weight: 1, holdSeconds: 0, opposed: [] },
      { label: 'yes', id: 'yes', actuation: 1, weight: 1, holdSeconds: 0, opposed: [] },
    ]);
    assert.equal(complete.defaultClass, 'no');
    assert.deepEqual(complete.feedback, {
      rule: 'label',
      settleSeconds: 0,
      expireSeconds: 0,
      tickets: 8,
      suspicion: 'pause',
    });
    assert.equal(complete.stitching.capacity, 180);
    assert.equal(complete.training.accuracyThreshold, 0.9);
    assert.equal(complete.save.intervalSeconds, 600);
  });

  it('keeps what is given', () => {
    const complete = parseDefinition(comfort());
    assert.equal(complete.features[0]?.scale, 100);
    assert.equal(complete.seed, 7);
    assert.equal(complete.classes[2]?.actuation, -100);
  });

  it('takes the largest power of ten that keeps the range within a register', () => {
    assert.equal(defaultScale(-1, 1), 1000);
    assert.equal(defaultScale(10, 32.7), 1000);
    assert.equal(defaultScale(10, 40), 100);
    assert.equal(defaultScale(0, 2000), 10);
    assert.equal(defaultScale(0, 100_000), 0.1);
    assert.equal(defaultScale(-32_768, 32_767), 1);
  });

  it('scales a narrow range finer, so that it is more than a few steps', () => {
    assert.equal(defaultScale(0, 0.006), 1_000_000);
    assert.equal(defaultScale(0.9, 1), 10_000);
  });

  it('leaves an outcome room beyond its set point', () => {
    assert.equal(defaultOutcomeScale(22, 0.5), 100);
    assert.equal(defaultOutcomeScale(0, 0.5), 1000);
    assert.equal(defaultOutcomeScale(0, 0), 1000);
    assert.equal(defaultOutcomeScale(1013, 5), 1);
  });

  it('gives a document that reads back the same', () => {
    for (const make of [comfort, smallest, kernel, vibration, motor, plant, reconstructed]) {
      const complete = parseDefinition(make());
      assert.deepEqual(parseDefinition(JSON.parse(JSON.stringify(documentOf(complete)))), complete);
    }
  });
});

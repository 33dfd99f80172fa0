/** What a display is told of a trainer: changes that are small, and what the board waits for. */
import assert from 'node:assert/strict';
import { parseDefinition } from '../../../trainer/definition';
import type { TrainerStatus } from '../../../trainer/device';
import { History, mergePatch } from '../../../trainer/overview';
import { waitsFor } from '../../../trainer/overview/card';

const DEFINITION = parseDefinition({
  features: [{ name: 'room', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'cool' }],
  model: { type: 'svm-linear' },
  training: { minSamples: 20, minNewSamples: 5, accuracyThreshold: 0.9 },
});

const status = (given: Partial<TrainerStatus>): TrainerStatus =>
  ({
    mode: 'auto',
    samplesStored: 40,
    samplesNew: 10,
    samplesCapacity: 180,
    generation: 2,
    windowAccuracy: 0.5,
    judged: 1,
    ...given,
  }) as TrainerStatus;

describe('the overview of a trainer', () => {
  it('tells a change as what is new and what is gone, and nothing when nothing has changed', () => {
    const before = { a: { x: 1, y: [1, 2] }, log: { 1: 'old', 2: 'new' }, gone: 1 };
    const after = { a: { x: 1, y: [1, 3] }, log: { 2: 'new', 3: 'newest' } };
    assert.deepEqual(mergePatch(before, after), {
      a: { y: [1, 3] },
      log: { 1: null, 3: 'newest' },
      gone: null,
    });
    assert.equal(mergePatch(after, structuredClone(after)), undefined);
  });

  it('says what has to happen before the board trains, in the order in which the board looks', () => {
    const cases: [Partial<TrainerStatus>, string | undefined, string | undefined][] = [
      [{ mode: 'frozen', samplesStored: 0 }, undefined, 'frozen'],
      [{ mode: 'manual' }, undefined, 'command'],
      [{ samplesStored: 19 }, undefined, 'samples'],
      [{}, 'heat', 'otherClass'],
      [{ samplesNew: 4 }, undefined, 'newSamples'],
      [{ windowAccuracy: 0.95 }, undefined, 'worse'],
      [{ windowAccuracy: 0.95, samplesNew: 20 }, undefined, undefined],
      [{ windowAccuracy: 0.95, samplesStored: 180, samplesNew: 89 }, undefined, 'worse'],
      [{ windowAccuracy: 0.95, samplesStored: 180, samplesNew: 90 }, undefined, undefined],
      [{ generation: 0, windowAccuracy: 0.95 }, undefined, undefined],
      [{}, undefined, undefined],
    ];
    for (const [given, only, key] of cases)
      assert.equal(waitsFor(status(given), DEFINITION, only)?.key, key, JSON.stringify(given));
  });

  it('keeps a bounded history: the past is thinned out, decisions are the last ones', () => {
    const history = new History();
    for (let judged = 1; judged <= 2000; judged++) history.look(status({ judged }));
    const points = Object.keys(history.points.object()).map(Number);
    assert.ok(points.length <= 240, String(points.length));
    assert.ok(Math.min(...points) <= 2 && Math.max(...points) === 2000);
    for (let ticket = 1; ticket <= 30; ticket++)
      history.decided({ ticket, label: 'heat', by: 'model', confidence: 1 } as never);
    history.judge({ ticket: 30, judgement: 'unsatisfied', truth: 'cool' });
    assert.equal(history.decisions.size, 12);
    assert.equal(history.decisions.get(30)?.truth, 'cool');
  });
});

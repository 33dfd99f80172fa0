/** Definitions whose numbers come from environment variables. */
import assert from 'node:assert/strict';
import { withNumbers, withVariables } from '../../nodes/device/environment';
import { memoryReport } from '../../nodes/device/routes';
import { worded } from '../../trainer/text';

const definition = {
  name: '12',
  features: [{ name: 'room', min: '0', max: '${MOST}' }],
  classes: [{ label: '1' }, { label: '2' }],
  model: { type: 'svm-linear', cost: '2.5' },
  feedback: { rule: 'dead-band', setPoint: '${SET_POINT}', band: 1, tooLow: '1', tooHigh: '2' },
  training: { accuracyThreshold: 'always', minSamples: 'many' },
};

describe('environment variables in a definition', () => {
  it('become numbers where the definition wants numbers, and stay texts elsewhere', () => {
    const replaced = withNumbers({
      ...definition,
      features: [{ name: 'room', min: '0', max: '45' }],
    }) as typeof definition;
    assert.deepEqual(replaced.features, [{ name: 'room', min: 0, max: 45 }]);
    assert.equal(replaced.name, '12');
    assert.deepEqual(replaced.classes, definition.classes);
    assert.equal(replaced.model.cost, 2.5);
    assert.equal(replaced.feedback.tooLow, '1');
    // What is no number stays, and the validator names it.
    assert.deepEqual(replaced.training, definition.training);
  });

  it('are looked up for the form; the fields of those that are not known are told', () => {
    const { document, unknown } = withVariables(definition, (name) => (name === 'MOST' ? '45' : undefined));
    assert.equal((document as typeof definition).features[0]?.max, 45);
    assert.deepEqual(unknown, ['feedback.setPoint']);
  });

  it('that are not known leave the definition unchecked instead of wrong', async () => {
    const report = await memoryReport(definition);
    assert.deepEqual([report.issues, report.unknown], [[], ['features[0].max', 'feedback.setPoint']]);
  });

  it('do not make the work for a huge document larger', async () => {
    const report = await memoryReport({ features: Array.from({ length: 100_000 }, () => ({ min: '${A}' })) });
    assert.match(worded(report.issues[0]?.problem ?? ''), /more than 4000 values/);
  });
});

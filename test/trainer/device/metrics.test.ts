import assert from 'node:assert/strict';
import { ConfusionCounter, metricsOf } from '../../../trainer';

const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) < 1e-9, `${found} is not ${expected}`);

describe('metrics', () => {
  it('gives the figures of scikit-learn for three classes', () => {
    // y_true = [0]*5 + [1]*5 + [2]*5, decisions row by row; accuracy_score, balanced_accuracy_score, f1_score(average="macro"),
    // matthews_corrcoef of scikit-learn 1.2
    const metrics = metricsOf([
      [4, 1, 0],
      [1, 3, 1],
      [0, 2, 3],
    ]);
    assert.equal(metrics.samples, 15);
    near(metrics.accuracy, 10 / 15);
    near(metrics.balancedAccuracy, 10 / 15);
    near(metrics.macroF1, (0.8 + 6 / 11 + 2 / 3) / 3);
    near(metrics.matthews, 75 / Math.sqrt(150 * 148));
  });

  it('gives the Matthews coefficient of the two-class formula', () => {
    const [tp, fn, fp, tn] = [90, 10, 5, 895];
    near(
      metricsOf([
        [tp, fn],
        [fp, tn],
      ]).matthews,
      (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
    );
  });

  it('leaves classes out that do not occur, and is defined for nothing at all', () => {
    const metrics = metricsOf([
      [3, 1],
      [0, 0],
    ]);
    near(metrics.balancedAccuracy, 0.75);
    near(metrics.macroF1, 6 / 7);
    assert.equal(metrics.matthews, 0);
    assert.ok(Number.isNaN(metrics.recall[1]));
    assert.equal(metricsOf([]).accuracy, 0);
  });

  it('counts, and refuses classes that do not exist', () => {
    const counter = new ConfusionCounter(2);
    counter.add(0, 0);
    counter.add(1, 0);
    assert.deepEqual(counter.metrics().confusion, [
      [1, 0],
      [1, 0],
    ]);
    assert.throws(() => counter.add(0, 2), RangeError);
    assert.throws(() => counter.add(2, 0), RangeError);
  });
});

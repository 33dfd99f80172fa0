import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dynamicClothing,
  predictedMeanVote,
  predictedPercentageDissatisfied,
  relativeAirSpeed,
} from '../../../demo/plant/pmv';

/** ISO 7730:2005, examples of annex D: air, radiant, air speed, humidity, met, clo -> PMV, PPD. */
const EXAMPLES = [
  [22, 22, 0.1, 60, 1.2, 0.5, -0.75, 17],
  [27, 27, 0.1, 60, 1.2, 0.5, 0.77, 17],
  [27, 27, 0.3, 60, 1.2, 0.5, 0.44, 9],
  [23.5, 25.5, 0.1, 60, 1.2, 0.5, -0.01, 5],
  [23.5, 25.5, 0.3, 60, 1.2, 0.5, -0.55, 11],
  [19, 19, 0.1, 40, 1.2, 1, -0.6, 13],
] as const;

describe('plant: predicted mean vote', () => {
  for (const [air, radiant, airSpeed, humidity, metabolicRate, clothing, pmv, ppd] of EXAMPLES) {
    it(`agrees with the standard at ${air}/${radiant} °C, ${airSpeed} m/s, ${clothing} clo`, () => {
      const vote = predictedMeanVote({ air, radiant, airSpeed, humidity, metabolicRate, clothing });
      assert.ok(Math.abs(vote - pmv) <= 0.015, `${vote} instead of ${pmv}`);
      assert.ok(Math.abs(predictedPercentageDissatisfied(vote) - ppd) <= 0.7);
    });
  }

  for (const building of [604, 605, 735]) {
    it(`agrees with the PMV that the comfort database gives for the desks of building ${building}`, () => {
      const file = join(__dirname, `../../../../test/data/thermal-comfort/building-${building}.csv`);
      const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
      const names = header.split(',');
      const differences = lines.map((line) => {
        const cells = line.split(',');
        const value = (name: string): number => Number(cells[names.indexOf(name)]);
        const metabolicRate = value('met');
        const vote = predictedMeanVote({
          air: value('ta'),
          radiant: value('tr'),
          airSpeed: relativeAirSpeed(value('vel'), metabolicRate),
          humidity: value('rh'),
          metabolicRate,
          clothing: dynamicClothing(value('clo'), metabolicRate),
        });
        return Math.abs(vote - value('pmv'));
      });
      differences.sort((a, b) => a - b);
      const worstOfMost = differences[Math.floor(0.95 * differences.length)] as number;
      assert.ok(differences.length > 500 && worstOfMost < 0.01, `off by ${worstOfMost}`);
    });
  }

  it('dissatisfies one in twenty at best, and refuses what is not a number', () => {
    assert.equal(predictedPercentageDissatisfied(0), 5);
    const bad = {
      air: Number.NaN,
      radiant: 22,
      airSpeed: 0.1,
      humidity: 50,
      metabolicRate: 1.2,
      clothing: 1,
    };
    assert.throws(() => predictedMeanVote(bad), /air is not a number/);
  });
});

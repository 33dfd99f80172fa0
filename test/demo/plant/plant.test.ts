import assert from 'node:assert/strict';
import { Occupant } from '../../../demo/plant/occupant';
import { Plant } from '../../../demo/plant/plant';
import { SeededRandom } from '../../../demo/plant/random';
import { windowIrradiance } from '../../../demo/plant/sun';
import { WeatherYear } from '../../../demo/plant/weather';

const DAY = 86400;
const weather = WeatherYear.read();

const on = (day: number) => ({ day, hour: 12, outdoorMean: 10 });

describe('plant: weather and sun', () => {
  it('interpolates the temperature between the hours and goes round at the end of the year', () => {
    assert.ok(Math.abs(weather.at(1).temperature - -12.2) < 1e-9);
    assert.ok(Math.abs(weather.at(1.5).temperature - -11.95) < 1e-9);
    assert.deepEqual(weather.at(8760 + 30.25), weather.at(30.25));
  });

  it('shines into a south window at noon, not at night, and straighter in winter', () => {
    const clear = {
      temperature: 0,
      humidity: 50,
      globalHorizontal: 0,
      directNormal: 800,
      diffuseHorizontal: 0,
    };
    const at = (day: number, hour: number): number => windowIrradiance(clear, (day - 1) * 24 + hour);
    assert.equal(at(172, 0), 0);
    assert.ok(at(355, 12) > 650 && at(355, 12) < 800);
    assert.ok(at(172, 12) > 150 && at(172, 12) < 0.5 * at(355, 12));
  });
});

describe('plant: occupant', () => {
  const occupant = (voteNoise: number, seed = 1): Occupant =>
    new Occupant(
      {
        preferences: [
          { fromDay: 14, neutral: 0.8 },
          { fromDay: 0, neutral: -0.4 },
        ],
        voteNoise,
      },
      new SeededRandom(seed),
    );

  it('changes what it likes on the given day', () => {
    const person = occupant(0);
    assert.equal(person.neutral(on(13)), -0.4);
    assert.equal(person.neutral(on(14)), 0.8);
    assert.equal(person.vote(0.2, on(13)).wants, 'cooler');
    assert.equal(person.vote(0.2, on(14)).wants, 'warmer');
    assert.equal(person.vote(0.8, on(14)).wants, 'no change');
    assert.ok(person.isUncomfortable(0, on(20)) && !person.isUncomfortable(0, on(3)));
  });

  it('votes around what it feels, the same for the same seed', () => {
    const votes = (seed: number): number[] => {
      const person = occupant(0.2, seed);
      return Array.from({ length: 2000 }, () => person.vote(0, on(0)).sensation);
    };
    const first = votes(1);
    assert.deepEqual(first, votes(1));
    assert.notDeepEqual(first, votes(2));
    const mean = first.reduce((sum, vote) => sum + vote, 0) / first.length;
    const deviation = Math.sqrt(first.reduce((sum, vote) => sum + (vote - mean) ** 2, 0) / first.length);
    assert.ok(Math.abs(mean - 0.4) < 0.02 && Math.abs(deviation - 0.2) < 0.015);
  });

  it('must like something from the first day on', () => {
    const late = { preferences: [{ fromDay: 3, neutral: 0 }] };
    assert.throws(() => new Occupant(late, new SeededRandom(1)), /day 0/);
  });
});

describe('plant: zone, schedule and occupant together', () => {
  const run = (seed: number, command: number, days: number): Plant => {
    const plant = new Plant({ weather, startDay: 30, seed });
    plant.command = command;
    plant.advance(days * DAY);
    return plant;
  };

  it('is the same run for the same seed', () => {
    const [a, b] = [run(7, 40, 3), run(7, 40, 3)];
    assert.deepEqual(
      [a.zone.air, a.energy, a.vote, a.discomfortSeconds],
      [b.zone.air, b.energy, b.vote, b.discomfortSeconds],
    );
    assert.notDeepEqual(run(8, 40, 3).vote, a.vote);
  });

  it('keeps office hours: ten hours of people on five days, votes and air conditioning only then', () => {
    const plant = run(1, 100, 7);
    assert.equal(plant.occupiedSeconds, 5 * 10 * 3600);
    assert.ok(plant.votes >= 5 * 19 && plant.votes <= 5 * 20);
    assert.equal(plant.day, 7);
    const weekend = new Plant({ weather, startDay: 30 });
    weekend.advance(5 * DAY);
    weekend.command = 100;
    const before = weekend.energy;
    weekend.advance(2 * DAY);
    assert.equal(weekend.energy, before);
  });

  it('warms up when heated and cools when cooled', () => {
    const idle = new Plant({ weather, startDay: 30 });
    const heated = new Plant({ weather, startDay: 30 });
    heated.command = 100;
    const cooled = new Plant({ weather, startDay: 30 });
    cooled.command = -100;
    for (const plant of [idle, heated, cooled]) plant.advance(9 * 3600);
    assert.ok(heated.zone.air > idle.zone.air + 2 && cooled.zone.air < idle.zone.air - 2);
    assert.ok(heated.pmv > idle.pmv && idle.pmv > cooled.pmv);
  });

  it('obeys the operator before the controller', () => {
    const plant = new Plant({ weather });
    plant.command = 100;
    plant.override = -30;
    assert.equal(plant.actuation, -30);
    plant.override = undefined;
    plant.advance(7 * 3600);
    assert.equal(plant.actuation, 100);
  });

  it('refuses a start, a step or a vote interval that makes no sense', () => {
    assert.throws(() => new Plant({ weather, startDay: 366 }), /1\.\.365/);
    assert.throws(() => new Plant({ weather, stepSeconds: 0 }), /step/);
    assert.throws(() => new Plant({ weather, voteMinutes: 0 }), /votes/);
  });
});

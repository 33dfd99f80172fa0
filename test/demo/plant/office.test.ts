/** The office of the demo: what its thermostats never do, who is in its rooms, and what moves a set point. */
import assert from 'node:assert/strict';
import { NEUTRAL, Office, TURN } from '../../../demo/plant/office';
import { DESIGN_SET_POINT } from '../../../demo/plant/room';
import { THERMOSTAT, Thermostat } from '../../../demo/plant/thermostat';
import { WeatherYear } from '../../../demo/plant/weather';

const weather = WeatherYear.read();
const MINUTE = 60;
/** A month of each season, whose days ask for heat, for cold, and for both. */
const STARTS = [1, 110, 200, 280];

describe('the office of the demo', () => {
  for (const startDay of STARTS)
    it(`from day ${startDay}: never heats and cools within half an hour, never runs in an empty room, keeps least times`, () => {
      const office = new Office({ weather, startDay });
      const seen = office.rooms.map(() => ({ mode: 0, since: -1e9, ran: 0, ranAt: -1e9 }));
      let [heated, cooled] = [0, 0];
      while (office.day < 28) {
        // A request that changes its mind all the time is the worst that a trainer can do.
        office.learned.request = Math.floor(office.time / 3000) % 3 === 0 ? -1 : 1;
        const { occupied } = office;
        office.advance(MINUTE);
        office.rooms.forEach(({ thermostat: { mode } }, i) => {
          const room = seen[i] as (typeof seen)[number];
          if (!occupied) assert.equal(mode, 0);
          if (mode !== 0) {
            if (room.ran === -mode) assert.ok(office.time - room.ranAt >= THERMOSTAT.changeover);
            room.ran = mode;
            room.ranAt = office.time;
            if (mode > 0) heated++;
            else cooled++;
          }
          if (mode === room.mode) return;
          if (mode !== 0) assert.ok(office.time - room.since >= THERMOSTAT.leastOff);
          else if (occupied) assert.ok(office.time - room.since >= THERMOSTAT.leastOn);
          room.mode = mode;
          room.since = office.time;
        });
      }
      assert.ok(heated > 0 && cooled > 0, 'both were asked for');
    });

  it('has two people who take turns at noon, so that no constant set point is right', () => {
    const office = new Office({ weather });
    office.advance(9 * 3600);
    const { frozen } = office;
    const felt = new Set<string>();
    while (office.day < 5) {
      const before = frozen.votes;
      office.advance(1800);
      if (frozen.votes === before) continue;
      felt.add(`${office.hour <= TURN ? 'morning' : 'afternoon'} ${frozen.vote?.wants}`);
    }
    assert.ok(felt.has('morning cooler') && felt.has('afternoon warmer'), [...felt].join());
    assert.ok(NEUTRAL.afternoon - NEUTRAL.morning > 1, 'what is right for one is beyond +-0.5 for the other');
  });

  it('keeps the design set point in one room, and moves another one by half a kelvin with each vote', () => {
    const office = new Office({ weather });
    let setPoint = DESIGN_SET_POINT;
    while (office.day < 3) {
      const before = office.lastVote.votes;
      office.advance(MINUTE);
      const { vote, votes, thermostat } = office.lastVote;
      if (votes !== before)
        setPoint += { warmer: 0.5, 'no change': 0, cooler: -0.5 }[vote?.wants ?? 'no change'];
      setPoint = Math.max(THERMOSTAT.least, Math.min(THERMOSTAT.most, setPoint));
      assert.equal(thermostat.setPoint, setPoint);
    }
    assert.equal(office.frozen.thermostat.setPoint, DESIGN_SET_POINT);
  });

  it('moves a set point by half a kelvin every ten minutes while a request stands, within its bounds', () => {
    const office = new Office({ weather });
    office.learned.request = 1;
    office.advance(MINUTE);
    assert.equal(office.learned.thermostat.setPoint, DESIGN_SET_POINT + 0.5);
    office.advance(9 * MINUTE);
    assert.equal(office.learned.thermostat.setPoint, DESIGN_SET_POINT + 0.5);
    office.advance(MINUTE);
    assert.equal(office.learned.thermostat.setPoint, DESIGN_SET_POINT + 1);
    office.advance(6 * 3600);
    assert.equal(office.learned.thermostat.setPoint, THERMOSTAT.most);
  });

  it('a run ends when the set point moves past the air, and the other way begins half an hour later', () => {
    const thermostat = new Thermostat(22);
    assert.ok(thermostat.step(20, true, MINUTE) > 0);
    thermostat.move(-3);
    const powers = Array.from({ length: 50 }, () => Math.sign(thermostat.step(24, true, MINUTE)));
    assert.equal(
      powers.lastIndexOf(1),
      THERMOSTAT.leastOn / MINUTE - 2,
      'the least time, and no minute longer',
    );
    assert.equal(powers.indexOf(-1), powers.lastIndexOf(1) + THERMOSTAT.changeover / MINUTE);
  });

  it('an empty room ends a run at once', () => {
    const thermostat = new Thermostat(22);
    assert.ok(thermostat.step(25, true, MINUTE) < 0);
    assert.equal(thermostat.step(25, false, MINUTE), 0);
  });

  it('refuses a day that is none', () => {
    assert.throws(() => new Office({ weather, startDay: 366 }), RangeError);
  });
});

import assert from 'node:assert/strict';
import { humidityRatio, relativeHumidity, ZONE, Zone, type ZoneInputs } from '../../../demo/plant/zone';

const QUIET: ZoneInputs = {
  outdoor: 0,
  outdoorHumidityRatio: humidityRatio(0, 70),
  windowIrradiance: 0,
  people: 0,
  ventilated: false,
  command: 0,
};

describe('plant: thermal zone', () => {
  it('closes its energy balance in every step, whatever happens', () => {
    const zone = new Zone();
    let largest = 0;
    let moved = 0;
    for (let step = 0; step < 2000; step++) {
      const flows = zone.step(
        {
          outdoor: 15 * Math.sin(step / 200),
          outdoorHumidityRatio: 0.004,
          windowIrradiance: Math.max(0, 600 * Math.sin(step / 230)),
          people: step % 700 < 300 ? 4 : 0,
          ventilated: step % 700 < 350,
          command: [100, 0, -100][step % 3] as number,
        },
        60,
      );
      const brought = flows.envelope + flows.airExchange + flows.internal + flows.sun + flows.actuator;
      largest = Math.max(largest, Math.abs(brought - flows.stored));
      moved = Math.max(moved, Math.abs(flows.stored));
    }
    assert.ok(moved > 1000, 'the zone stored something');
    assert.ok(largest < 1e-6 * moved, `${largest} J of ${moved} J went missing`);
  });

  it('settles where the network of resistances says', () => {
    const zone = new Zone();
    for (let step = 0; step < 5000; step++) zone.step({ ...QUIET, outdoor: -5 }, 3600);
    /* Half of the standby gain to each node; wall in series with the surfaces, beside window and leaks. */
    const leak = ((ZONE.volume * ZONE.leakage) / 3600) * 1.2 * 1006;
    const direct = ZONE.windowConductance + leak;
    const gain = ZONE.standby / 2;
    const { surfaceConductance: s, wallConductance: w } = ZONE;
    const mass = (gain + (s * gain) / (direct + s)) / (w + s - (s * s) / (direct + s));
    const air = (gain + s * mass) / (direct + s);
    assert.ok(Math.abs(zone.air - (air - 5)) < 1e-6, `${zone.air} instead of ${air - 5}`);
    assert.ok(Math.abs(zone.mass - (mass - 5)) < 1e-6);
  });

  it('goes to the same temperature in small steps and in large ones', () => {
    const run = (seconds: number): number => {
      const zone = new Zone();
      for (let time = 0; time < 86400; time += seconds) zone.step({ ...QUIET, command: 30 }, seconds);
      return zone.air;
    };
    assert.ok(Math.abs(run(30) - run(300)) < 0.05);
  });

  it('counts heat, cold and the electricity for them apart', () => {
    const zone = new Zone();
    let heat = 0;
    let cold = 0;
    for (let step = 0; step < 120; step++) {
      const { actuator } = zone.step({ ...QUIET, command: step < 60 ? 50 : -80 }, 60);
      if (actuator > 0) heat += actuator;
      else cold -= actuator;
    }
    assert.ok(Math.abs(zone.heat - heat) < 1e-6 * heat && Math.abs(zone.cold - cold) < 1e-6 * cold);
    const electricity = heat / ZONE.heatingPerformance + cold / ZONE.coolingPerformance;
    assert.ok(heat > 0 && cold > 0 && Math.abs(zone.electricity - electricity) < 1e-6 * electricity);
  });

  it('is dried by its cooling coil, and never holds more vapour than air can', () => {
    const damp = {
      ...QUIET,
      outdoor: 30,
      outdoorHumidityRatio: humidityRatio(30, 80),
      people: 4,
      ventilated: true,
    };
    const idle = new Zone(26, 60);
    const cooled = new Zone(26, 60);
    for (let step = 0; step < 300; step++) {
      idle.step(damp, 60);
      cooled.step({ ...damp, command: -60 }, 60);
      assert.ok(cooled.relativeHumidity <= 100 && idle.relativeHumidity <= 100);
    }
    assert.ok(cooled.humidity < idle.humidity);
    assert.ok(Math.abs(relativeHumidity(22, humidityRatio(22, 47)) - 47) < 1e-9);
  });

  it('refuses a command outside -100..100 %', () => {
    const zone = new Zone();
    assert.throws(() => zone.step({ ...QUIET, command: 101 }, 60), /101 is outside/);
    assert.throws(() => zone.step({ ...QUIET, command: Number.NaN }, 60), /outside/);
    assert.equal(zone.air, 21);
  });
});

/**
 * Predicted mean vote and predicted percentage dissatisfied, ISO 7730:2005 "Ergonomics of the thermal environment",
 * equations (1) to (5); coefficients and the way the clothing temperature is iterated as its annex D prescribes.
 */

export interface ThermalConditions {
  /** Air temperature, °C; the standard covers 10..30. */
  readonly air: number;
  /** Mean radiant temperature, °C; 10..40. */
  readonly radiant: number;
  /** Relative air speed, m/s; 0..1. */
  readonly airSpeed: number;
  /** Relative humidity, %; 0..100. */
  readonly humidity: number;
  /** Metabolic rate, met (1 met = 58.15 W/m²); 0.8..4. */
  readonly metabolicRate: number;
  /** Clothing insulation, clo (1 clo = 0.155 m²K/W); 0..2. */
  readonly clothing: number;
}

const WATT_PER_MET = 58.15;
const INSULATION_PER_CLO = 0.155;
/** The standard adds 273, not 273.15; with the latter the published table is missed in the second decimal. */
const KELVIN = 273;

/** Partial water vapour pressure in Pa at `temperature` °C (Antoine, as in annex D). */
function vapourPressure(temperature: number, humidity: number): number {
  return humidity * 10 * Math.exp(16.6536 - 4030.183 / (temperature + 235));
}

/**
 * Surface temperature of the clothing, °C, and convective coefficient, W/(m²K): equations (2) and (3), solved by halving
 * the step as annex D does. Throws RangeError when there is no solution, which only happens far outside the ranges.
 */
function clothingSurface(c: ThermalConditions, metabolism: number, insulation: number, areaFactor: number) {
  const forced = 12.1 * Math.sqrt(c.airSpeed);
  const air = c.air + KELVIN;
  const p1 = insulation * areaFactor;
  const p2 = p1 * 3.96;
  const p5 = 308.7 - 0.028 * metabolism + p2 * ((c.radiant + KELVIN) / 100) ** 4;
  let next = (air + (35.5 - c.air) / (3.5 * (6.45 * insulation + 0.1))) / 100;
  let current = next / 2;
  let convection = forced;
  for (let round = 0; Math.abs(next - current) > 0.00015; round++) {
    if (round === 150) throw new RangeError('PMV: no clothing temperature for these conditions');
    current = (current + next) / 2;
    convection = Math.max(forced, 2.38 * Math.abs(100 * current - air) ** 0.25);
    next = (p5 + p1 * air * convection - p2 * current ** 4) / (100 + p1 * 100 * convection);
  }
  return { temperature: 100 * next - KELVIN, convection };
}

/** Predicted mean vote, -3 (cold) .. 3 (hot) and beyond. No external work. Throws RangeError on what is not a number. */
export function predictedMeanVote(c: ThermalConditions): number {
  for (const [name, value] of Object.entries(c)) {
    if (!Number.isFinite(value)) throw new RangeError(`PMV: ${name} is not a number`);
  }
  const metabolism = c.metabolicRate * WATT_PER_MET;
  const insulation = c.clothing * INSULATION_PER_CLO;
  const areaFactor = insulation <= 0.078 ? 1 + 1.29 * insulation : 1.05 + 0.645 * insulation;
  const pressure = vapourPressure(c.air, c.humidity);
  const surface = clothingSurface(c, metabolism, insulation, areaFactor);
  const skinDiffusion = 3.05e-3 * (5733 - 6.99 * metabolism - pressure);
  const sweating = metabolism > WATT_PER_MET ? 0.42 * (metabolism - WATT_PER_MET) : 0;
  const latentBreath = 1.7e-5 * metabolism * (5867 - pressure);
  const dryBreath = 0.0014 * metabolism * (34 - c.air);
  const radiation =
    3.96 * areaFactor * (((surface.temperature + KELVIN) / 100) ** 4 - ((c.radiant + KELVIN) / 100) ** 4);
  const convection = areaFactor * surface.convection * (surface.temperature - c.air);
  const load = metabolism - skinDiffusion - sweating - latentBreath - dryBreath - radiation - convection;
  return (0.303 * Math.exp(-0.036 * metabolism) + 0.028) * load;
}

/** Predicted percentage dissatisfied, 5..100 %: equation (5). */
export function predictedPercentageDissatisfied(pmv: number): number {
  return 100 - 95 * Math.exp(-0.03353 * pmv ** 4 - 0.2179 * pmv ** 2);
}

/**
 * Air speed relative to a body that moves, m/s, from the speed measured in the room: 0.3 m/s for each met above 1. The PMV of the
 * ASHRAE Global Thermal Comfort Database II was computed with it and with dynamicClothing (test/demo/plant/pmv.test.ts).
 */
export function relativeAirSpeed(airSpeed: number, metabolicRate: number): number {
  return metabolicRate > 1 ? airSpeed + 0.3 * (metabolicRate - 1) : airSpeed;
}

/** Insulation of clothes that a body at work pumps air through, clo. */
export function dynamicClothing(clothing: number, metabolicRate: number): number {
  return metabolicRate > 1.2 ? clothing * (0.6 + 0.4 / metabolicRate) : clothing;
}

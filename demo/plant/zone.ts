/**
 * One office zone as a thermal network of two capacities: the air with the furniture, and the mass of walls and floors.
 *
 *   outside --- window, leakage, ventilation --- air --- surface --- mass --- wall --- outside
 *
 * Heat into the air: half of the internal gains, a tenth of the sun, the actuator; the rest goes to the mass. After the simple hourly
 * method of ISO 13790:2008, with two nodes instead of three. The step is backward Euler: stable for any step, exact in the steady state, and its
 * flows close the energy balance to rounding.
 */

export interface ZoneInputs {
  /** Outdoor air, °C, and its humidity ratio, kg/kg. */
  readonly outdoor: number;
  readonly outdoorHumidityRatio: number;
  /** Radiation on the window, W/m². */
  readonly windowIrradiance: number;
  readonly people: number;
  /** Whether the ventilation runs. */
  readonly ventilated: boolean;
  /** What the actuator is told: -100 (full cooling) .. 100 (full heating) %. */
  readonly command: number;
}

/** W and K of the 40 m², 120 m³ zone: an inner floor, so that only one outer wall and its window face outside. */
export const ZONE = {
  floorArea: 40,
  volume: 120,
  /** 8 m² of double glazing, U = 1.6 W/(m²K); solar transmittance 0.6 behind a blind of 0.6. */
  windowConductance: 12.8,
  windowArea: 8,
  windowTransmittance: 0.36,
  /** 22 m² of insulated wall, U = 0.3 W/(m²K). */
  wallConductance: 6.6,
  /** Air exchange through leaks, per hour. */
  leakage: 0.3,
  /** Fresh air, m³/s: 10 l/s for each of four people, seven tenths of its heat recovered. */
  ventilation: 0.04,
  heatRecovery: 0.7,
  /** ISO 13790: surfaces 4.5 x floor at 3.45 W/(m²K), in series with mass 2.5 x floor at 9.1 W/(m²K). */
  surfaceConductance: 1 / (1 / (3.45 * 180) + 1 / (9.1 * 100)),
  /** J/K: the air five times, for furniture; mass of a medium building, 165 kJ/(m²K) (ISO 13790, table 12). */
  airCapacity: 5 * 120 * 1.2 * 1006,
  massCapacity: 165e3 * 40,
  /** Sensible heat and vapour of a person at a desk, W and kg/s: usual design values. */
  heatPerPerson: 75,
  vapourPerPerson: 50e-3 / 3600,
  /** Lights and computers, W: while people are there, and always. */
  equipment: 400,
  standby: 40,
  /** Thermal power of the reversible heat pump, W, and its seasonal coefficients of performance. */
  heatingPower: 2200,
  coolingPower: 2400,
  heatingPerformance: 3,
  coolingPerformance: 3,
  /** Time constant of the actuator, s. */
  actuatorSeconds: 180,
  /** The coil's surface when it cools, °C: what condenses there leaves the air. */
  coil: 12,
} as const;

const AIR_DENSITY = 1.2; /* kg/m³ */
const AIR_HEAT = 1006; /* J/(kg K) */
const PRESSURE = 101325; /* Pa */

/** Saturation vapour pressure over water, Pa (Magnus; WMO No. 8). */
function saturation(temperature: number): number {
  return 611.2 * Math.exp((17.62 * temperature) / (243.12 + temperature));
}

/** kg of water per kg of dry air at `temperature` °C and `humidity` %. */
export function humidityRatio(temperature: number, humidity: number): number {
  const pressure = (saturation(temperature) * humidity) / 100;
  return (0.622 * pressure) / (PRESSURE - pressure);
}

/** Relative humidity, 0..100 %. */
export function relativeHumidity(temperature: number, ratio: number): number {
  const pressure = (PRESSURE * ratio) / (0.622 + ratio);
  return Math.min(100, (100 * pressure) / saturation(temperature));
}

/** What crossed the zone's boundary in the last step, J; positive warms. `stored` is their sum. */
export interface ZoneFlows {
  readonly envelope: number;
  readonly airExchange: number;
  readonly internal: number;
  readonly sun: number;
  readonly actuator: number;
  readonly stored: number;
}

export class Zone {
  /** °C. */
  air: number;
  mass: number;
  /** kg/kg. */
  humidity: number;
  /** Actuator position, -100..100 %. */
  actuation = 0;
  /** Thermal energy delivered and electricity taken by the actuator since the start, J. */
  heat = 0;
  cold = 0;
  electricity = 0;
  private outdoor: number;

  /** Starts in balance with itself at `temperature` °C and `humidity` %. */
  constructor(temperature = 21, humidity = 45) {
    this.air = temperature;
    this.mass = temperature;
    this.outdoor = temperature;
    this.humidity = humidityRatio(temperature, humidity);
  }

  get relativeHumidity(): number {
    return relativeHumidity(this.air, this.humidity);
  }

  /** Mean radiant temperature, °C: a desk sees nine parts of walls and one of the window's inner pane. */
  get radiant(): number {
    /* Inner film 8 of a total U of 1.6 W/(m²K): the pane is one fifth of the way to the outside. */
    const pane = this.air - (ZONE.windowConductance / ZONE.windowArea / 8) * (this.air - this.outdoor);
    return 0.9 * this.mass + 0.1 * pane;
  }

  /** m/s at the desk: still air, and the fan of the actuator. */
  get airSpeed(): number {
    return 0.08 + 0.07 * Math.abs(this.actuation / 100);
  }

  /** One step of `seconds` > 0. Throws RangeError on a command outside -100..100. */
  step(inputs: ZoneInputs, seconds: number): ZoneFlows {
    if (!(inputs.command >= -100 && inputs.command <= 100)) {
      throw new RangeError(`actuation ${inputs.command} is outside -100..100 %`);
    }
    this.outdoor = inputs.outdoor;
    this.actuation += (inputs.command - this.actuation) * (1 - Math.exp(-seconds / ZONE.actuatorSeconds));
    const power = (this.actuation / 100) * (this.actuation > 0 ? ZONE.heatingPower : ZONE.coolingPower);
    const internal =
      inputs.people * ZONE.heatPerPerson + ZONE.standby + (inputs.people > 0 ? ZONE.equipment : 0);
    const sun = inputs.windowIrradiance * ZONE.windowArea * ZONE.windowTransmittance;
    const leak = (ZONE.volume * ZONE.leakage) / 3600;
    const fresh = inputs.ventilated ? ZONE.ventilation : 0;
    const exchange = (leak + fresh * (1 - ZONE.heatRecovery)) * AIR_DENSITY * AIR_HEAT;

    const airBefore = this.air;
    const massBefore = this.mass;
    /* Backward Euler of C dT/dt = G (T_out - T) + S (T_other - T) + Q: a 2x2 system, solved by Cramer's rule. */
    const direct = exchange + ZONE.windowConductance;
    const surface = ZONE.surfaceConductance;
    const a11 = ZONE.airCapacity / seconds + direct + surface;
    const a22 = ZONE.massCapacity / seconds + ZONE.wallConductance + surface;
    const b1 =
      (ZONE.airCapacity / seconds) * airBefore + direct * inputs.outdoor + 0.5 * internal + 0.1 * sun + power;
    const b2 =
      (ZONE.massCapacity / seconds) * massBefore +
      ZONE.wallConductance * inputs.outdoor +
      0.5 * internal +
      0.9 * sun;
    const determinant = a11 * a22 - surface * surface;
    this.air = (b1 * a22 + surface * b2) / determinant;
    this.mass = (a11 * b2 + surface * b1) / determinant;

    this.moisture(inputs, leak + fresh, power, seconds);
    if (power > 0) {
      this.heat += power * seconds;
      this.electricity += (power * seconds) / ZONE.heatingPerformance;
    } else {
      this.cold -= power * seconds;
      this.electricity -= (power * seconds) / ZONE.coolingPerformance;
    }
    return {
      envelope:
        (ZONE.windowConductance * (inputs.outdoor - this.air) +
          ZONE.wallConductance * (inputs.outdoor - this.mass)) *
        seconds,
      airExchange: exchange * (inputs.outdoor - this.air) * seconds,
      internal: internal * seconds,
      sun: sun * seconds,
      actuator: power * seconds,
      stored: ZONE.airCapacity * (this.air - airBefore) + ZONE.massCapacity * (this.mass - massBefore),
    };
  }

  /** Vapour: people give it, the exchanged air brings or takes it, a coil colder than the dew point removes it. */
  private moisture(inputs: ZoneInputs, exchange: number, power: number, seconds: number): void {
    const coilRatio = humidityRatio(ZONE.coil, 100);
    const overCoil = power < 0 && this.air > ZONE.coil + 1 ? -power / (AIR_HEAT * (this.air - ZONE.coil)) : 0;
    const dries = this.humidity > coilRatio ? overCoil : 0;
    const masses = exchange * AIR_DENSITY;
    const air = ZONE.volume * AIR_DENSITY;
    this.humidity =
      ((air / seconds) * this.humidity +
        masses * inputs.outdoorHumidityRatio +
        dries * coilRatio +
        inputs.people * ZONE.vapourPerPerson) /
      (air / seconds + masses + dries);
    this.humidity = Math.min(this.humidity, humidityRatio(this.air, 100));
  }
}

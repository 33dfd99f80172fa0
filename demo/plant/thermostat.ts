/** The thermostat of a room, as a PLC has it: keeps a set point, and spares its heat pump. Times in seconds, temperatures in °C. */

export type Mode = -1 | 0 | 1;

export const THERMOSTAT = {
  /** A set point that no request and no vote leaves. */
  least: 19,
  most: 28,
  /** Deviation that starts a run, and the one on the other side that ends it; between them the power follows the deviation. */
  startsAt: 0.5,
  endsAt: 0.3,
  /** Deviation for full power, and the least power of a run, %. */
  fullAt: 1.5,
  leastPower: 20,
  leastOn: 600,
  leastOff: 600,
  /** From the end of heating to cooling, and the other way round. */
  changeover: 1800,
} as const;

export class Thermostat {
  setPoint: number;
  /** 1 heats, -1 cools, 0 is off. */
  mode: Mode = 0;
  /** Changes of the mode. */
  switches = 0;
  private sinceSwitch: number = THERMOSTAT.changeover;
  private lastRun: Mode = 0;
  private sinceRun: number = THERMOSTAT.changeover;

  constructor(setPoint: number) {
    this.setPoint = setPoint;
  }

  move(kelvin: number): void {
    this.setPoint = Math.max(THERMOSTAT.least, Math.min(THERMOSTAT.most, this.setPoint + kelvin));
  }

  /**
   * One step of `seconds`.
   * @param occupied an empty room is neither heated nor cooled, whatever the least times are
   * @returns power of the heat pump, -100 (cool) .. 100 (heat) %
   */
  step(air: number, occupied: boolean, seconds: number): number {
    this.sinceSwitch += seconds;
    this.sinceRun += seconds;
    const deviation = air - this.setPoint;
    const wanted = occupied ? this.wanted(deviation) : 0;
    if (wanted !== this.mode && this.may(wanted, occupied)) {
      this.mode = wanted;
      this.switches++;
      this.sinceSwitch = 0;
    }
    if (this.mode === 0) return 0;
    this.lastRun = this.mode;
    this.sinceRun = 0;
    const power = (100 * (this.mode > 0 ? -deviation : deviation)) / THERMOSTAT.fullAt;
    return this.mode * Math.max(THERMOSTAT.leastPower, Math.min(100, power));
  }

  private wanted(deviation: number): Mode {
    const { startsAt, endsAt } = THERMOSTAT;
    // A run ends before the other way begins, however far the set point has moved.
    if (this.mode < 0) return deviation > -endsAt ? -1 : 0;
    if (this.mode > 0) return deviation < endsAt ? 1 : 0;
    return deviation > startsAt ? -1 : deviation < -startsAt ? 1 : 0;
  }

  private may(mode: Mode, occupied: boolean): boolean {
    const { leastOn, leastOff, changeover } = THERMOSTAT;
    if (this.mode !== 0) return mode === 0 && (!occupied || this.sinceSwitch >= leastOn);
    if (this.sinceSwitch < leastOff) return false;
    return mode === this.lastRun || this.lastRun === 0 || this.sinceRun >= changeover;
  }
}

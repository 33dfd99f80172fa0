/** A typical year by the hour, read from the CSV in test/data/weather. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WeatherSample {
  /** Outdoor air, °C. */
  readonly temperature: number;
  /** Outdoor relative humidity, %. */
  readonly humidity: number;
  /** Global horizontal, direct normal and diffuse horizontal radiation, W/m². */
  readonly globalHorizontal: number;
  readonly directNormal: number;
  readonly diffuseHorizontal: number;
}

const COLUMNS = [
  'dry_bulb_c',
  'relative_humidity_percent',
  'global_horizontal_wh_m2',
  'direct_normal_wh_m2',
  'diffuse_horizontal_wh_m2',
] as const;
export const HOURS_PER_YEAR = 8760;

/** Where the project keeps the year, seen from the compiled file. */
export const CHICAGO_YEAR = join(
  __dirname,
  '..',
  '..',
  '..',
  'test',
  'data',
  'weather',
  'chicago-ohare-tmy3.csv',
);

export class WeatherYear {
  private constructor(private readonly rows: readonly WeatherSample[]) {}

  /** Throws Error when the file is missing, a column is, or there are not 8760 complete hours. */
  static read(file: string = CHICAGO_YEAR): WeatherYear {
    const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
    const names = header.split(',');
    const at = COLUMNS.map((name) => {
      const index = names.indexOf(name);
      if (index < 0) throw new Error(`${file}: no column ${name}`);
      return index;
    });
    if (lines.length !== HOURS_PER_YEAR) {
      throw new Error(`${file}: ${lines.length} hours instead of ${HOURS_PER_YEAR}`);
    }
    const rows = lines.map((line, number) => {
      const cells = line.split(',');
      const values = at.map((index) => {
        const cell = cells[index]?.trim();
        return cell ? Number(cell) : Number.NaN;
      });
      const [temperature, humidity, globalHorizontal, directNormal, diffuseHorizontal] = values as [
        number,
        number,
        number,
        number,
        number,
      ];
      if (!values.every(Number.isFinite)) throw new Error(`${file}: line ${number + 2} is not all numbers`);
      return { temperature, humidity, globalHorizontal, directNormal, diffuseHorizontal };
    });
    return new WeatherYear(rows);
  }

  /**
   * Weather at `hours` since 1 January 0:00 standard time; goes round after a year. A TMY3 row tells the hour that ends at
   * its time stamp: temperature and humidity are the value at the stamp and are interpolated, radiation is the sum over the
   * hour and is held.
   */
  at(hours: number): WeatherSample {
    const hour = Math.floor(hours);
    const share = hours - hour;
    const before = this.row(hour - 1);
    const now = this.row(hour);
    return {
      ...now,
      temperature: before.temperature + share * (now.temperature - before.temperature),
      humidity: before.humidity + share * (now.humidity - before.humidity),
    };
  }

  private row(hour: number): WeatherSample {
    const index = ((hour % HOURS_PER_YEAR) + HOURS_PER_YEAR) % HOURS_PER_YEAR;
    return this.rows[index] as WeatherSample;
  }
}

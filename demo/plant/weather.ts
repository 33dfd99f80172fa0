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

/** Columns of a year's file, and what each can hold; a mark for a missing value (999, -99) lies outside. */
export const WEATHER_COLUMNS = [
  { name: 'dry_bulb_c', least: -70, most: 60 },
  { name: 'relative_humidity_percent', least: 0, most: 110 },
  { name: 'global_horizontal_wh_m2', least: 0, most: 2000 },
  { name: 'direct_normal_wh_m2', least: 0, most: 2000 },
  { name: 'diffuse_horizontal_wh_m2', least: 0, most: 2000 },
] as const;
export const HOURS_PER_YEAR = 8760;

/** Where the project keeps the year, seen from the compiled file. */
const CHICAGO_YEAR = join(__dirname, '..', '..', '..', 'test', 'data', 'weather', 'chicago-ohare-tmy3.csv');

export class WeatherYear {
  private constructor(private readonly rows: readonly WeatherSample[]) {}

  /** Values of WEATHER_COLUMNS for each hour. Throws Error when there are not 8760. */
  static of(hours: readonly (readonly number[])[]): WeatherYear {
    if (hours.length !== HOURS_PER_YEAR)
      throw new Error(`${hours.length} hours instead of ${HOURS_PER_YEAR}`);
    return new WeatherYear(
      hours.map((values) => {
        const [temperature, humidity, globalHorizontal, directNormal, diffuseHorizontal] = values as [
          number,
          number,
          number,
          number,
          number,
        ];
        return { temperature, humidity, globalHorizontal, directNormal, diffuseHorizontal };
      }),
    );
  }

  /** The project's own year. */
  static read(): WeatherYear {
    const [header = '', ...lines] = readFileSync(CHICAGO_YEAR, 'utf8').trim().split(/\r?\n/);
    const names = header.split(',');
    const columns = WEATHER_COLUMNS.map(({ name }) => names.indexOf(name));
    return WeatherYear.of(
      lines.map((line) => {
        const cells = line.split(',');
        return columns.map((at) => Number(cells[at]));
      }),
    );
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

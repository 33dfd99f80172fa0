/** A year of weather from a file of anybody. */
import { HOURS_PER_YEAR, WEATHER_COLUMNS, WeatherYear } from '../../demo/plant/weather';
import { columnOf, InputError, numbersOf, readTable, type Table } from '../data';

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const HOURS_PER_DAY = 24;

/** Month, day and hour of each hour of a year without a leap day; a day's hours are 0 to 23, or 1 to 24 as in a typical year. */
function calendar(firstHour: number): number[][] {
  return DAYS.flatMap((days, month) =>
    Array.from({ length: days * HOURS_PER_DAY }, (_, hour) => [
      month + 1,
      Math.floor(hour / HOURS_PER_DAY) + 1,
      (hour % HOURS_PER_DAY) + firstHour,
    ]),
  );
}

/** Throws InputError at the first row that is not the hour after the one before. */
function checkHours(table: Table): void {
  const { file, names, rows } = table;
  const columns = ['month', 'day', 'hour'].map((name) =>
    names.findIndex((candidate) => candidate.toLowerCase() === name),
  );
  if (!columns.includes(-1)) {
    const told = numbersOf(table, columns);
    const wanted = calendar(told[0]?.[2] === 0 ? 0 : 1);
    const at = wanted.findIndex((hour, row) => hour.some((value, i) => value !== told[row]?.[i]));
    const [month, day, hour] = wanted[at] ?? [];
    if (at >= 0)
      throw new InputError(
        `${file}: ${at < rows.length ? `line ${rows[at]?.number} is not` : 'it ends before'} month ${month}, day ${day}, hour ${hour}; give each hour of a year, in order`,
      );
  }
  if (rows.length !== HOURS_PER_YEAR)
    throw new InputError(
      `${file}: ${rows.length} hours instead of ${HOURS_PER_YEAR}; give each hour of a year without a leap day, in order`,
    );
}

/** Throws InputError that names file, line and column when something is missing, or cannot be weather. */
export function weatherOf(file: string): WeatherYear {
  const table = readTable(file);
  const columns = WEATHER_COLUMNS.map(({ name }) => columnOf(table, name));
  checkHours(table);
  const hours = numbersOf(table, columns);
  for (const [row, values] of hours.entries()) {
    const at = WEATHER_COLUMNS.findIndex(
      ({ least, most }, i) => (values[i] as number) < least || (values[i] as number) > most,
    );
    const column = WEATHER_COLUMNS[at];
    if (column === undefined) continue;
    throw new InputError(
      `${file}: line ${table.rows[row]?.number} has ${values[at]} in column "${column.name}", beyond ${column.least} to ${column.most}`,
    );
  }
  return WeatherYear.of(hours);
}

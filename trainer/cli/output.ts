/** Output of the command line: one line for an error, a table for figures. */
import type { Metrics } from '../device';

export const percent = (share: number | undefined): string =>
  share === undefined || Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`;

/** 23148 -> "23 148" */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');

/** "1 row", "23 148 rows" */
export const counted = (count: number, what: string): string =>
  `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;

export const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

/** 3725 -> "1 h 2 min" */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** Two columns: name, value. Entries without a value are left out. */
export function facts(
  entries: readonly (readonly [name: string, value: string | number | undefined])[],
): string {
  const known = entries.filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] as number;
          return typeof rows[0]?.[column] === 'number' ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Rows are the truth, columns the decision. */
export function confusionTable(metrics: Metrics, labels: readonly string[]): string {
  return table(
    ['truth \\ decided', ...labels, 'recall'],
    metrics.confusion.map((row, index) => [
      labels[index] ?? String(index),
      ...row,
      percent(metrics.recall[index]),
    ]),
  );
}

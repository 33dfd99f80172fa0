/** Cells of the CSV files that this package writes, for spreadsheets and for its own reader. */

const FORMULA = /^[=+\-@\t\r]/;
const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** A field, quoted where it must be. A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"). */
export function csvCell(value: string | number): string {
  const text = String(value);
  const safe = FORMULA.test(text) && !isNumber(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** The text that `csvCell` was given. */
export function csvText(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** What the bench has found: a table for people, one object for machines. */

export class Report {
  readonly results: Record<string, number> = {};

  /** @throws Error when `value` is none: what was not measured is not printed. */
  note(key: string, value: number, digits: number, text: string): void {
    if (!Number.isFinite(value)) throw new Error(`${key} was not measured`);
    this.results[key] = Number(value.toFixed(digits));
    console.log(`${key.padEnd(48)} ${value.toFixed(digits).padStart(12)}  ${text}`);
  }

  heading(text: string): void {
    console.log(`\n${text}`);
  }
}

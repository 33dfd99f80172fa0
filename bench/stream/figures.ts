/** Figures and lines of a bench, and the statistics they are made of. */

export class Report {
  readonly figures: Record<string, number> = {};

  constructor(private readonly print: (line: string) => void = console.log) {}

  note(key: string, value: number, digits: number, text = ''): void {
    /* What this run does not give has no figure: a delay where no alarm was raised. */
    if (Number.isFinite(value)) this.figures[key] = Number(value.toPrecision(12));
    const shown = Number.isFinite(value) ? value.toFixed(digits) : '-';
    this.print(`${key.padEnd(52)} ${shown.padStart(10)}  ${text}`);
  }

  /** What a part says about alarms of the default families; told once, at the end. */
  readonly alarms = { events: 0, seconds: 0, faults: [] as Alarmed[] };

  countAlarms(events: number, seconds: number, faults: readonly Alarmed[]): void {
    this.alarms.events += events;
    this.alarms.seconds += seconds;
    this.alarms.faults.push(...faults);
  }

  noteAlarms(): void {
    const { events, seconds, faults } = this.alarms;
    if (faults.length === 0) return;
    this.line();
    this.line('Alarms of the default families over all that was run');
    const time =
      seconds > 0 ? `in ${seconds.toFixed(0)} s of healthy signal whose rate is known, and the others` : '';
    this.note('alarm_events_healthy', events, 0, time);
    this.noteFaults('alarm', faults);
  }

  /** What the alarm made of faults: those that it missed, how soon it came, how often it came and went while the fault stayed. */
  noteFaults(key: string, faults: readonly Alarmed[]): void {
    const found = faults.filter(({ delay }) => delay !== undefined);
    const delays = found.map(({ delay }) => delay ?? Number.NaN);
    const times = found.map(({ alarms }) => alarms);
    this.note(`${key}_missed`, faults.length - found.length, 0, `of ${faults.length} faults`);
    this.note(`${key}_delay_windows`, mean(delays), 2, longest(delays));
    this.note(
      `${key}_events_a_fault`,
      mean(times),
      2,
      `the most ${Math.max(0, ...times)}; 1 = the alarm stayed`,
    );
    if (times.length > 0) this.note(`${key}_events_a_fault_worst`, Math.max(...times), 0);
  }

  line(text = ''): void {
    this.print(text);
  }
}

/** A fault as the alarm saw it: windows until it was raised, if it was, and how often. */
export interface Alarmed {
  readonly delay: number | undefined;
  readonly alarms: number;
}

/** Of the delays of alarms; there may be none. */
const longest = (delays: readonly number[]): string =>
  delays.length === 0 ? 'no alarm' : `the longest ${Math.max(...delays)}`;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Area under the ROC curve: how often a faulty window scores above a healthy one; ties count half. */
export function auc(healthy: readonly number[], faulty: readonly number[]): number {
  const all = [
    ...healthy.map((score) => ({ score, fault: 0 })),
    ...faulty.map((score) => ({ score, fault: 1 })),
  ];
  all.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let first = 0; first < all.length; ) {
    let next = first;
    while (next < all.length && all[next]?.score === all[first]?.score) next++;
    const rank = (first + next + 1) / 2;
    for (let i = first; i < next; i++) rankSum += (all[i]?.fault ?? 0) * rank;
    first = next;
  }
  const [n, m] = [healthy.length, faulty.length];
  return (rankSum - (m * (m + 1)) / 2) / (n * m);
}

/** Linear between order statistics. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low);
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

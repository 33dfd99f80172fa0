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
  readonly alarms = { events: 0, seconds: 0, faults: 0, delays: [] as number[] };

  countAlarms(events: number, seconds: number, delays: readonly (number | undefined)[]): void {
    this.alarms.events += events;
    this.alarms.seconds += seconds;
    this.alarms.faults += delays.length;
    this.alarms.delays.push(...delays.filter((delay): delay is number => delay !== undefined));
  }

  noteAlarms(): void {
    const { events, seconds, faults, delays } = this.alarms;
    if (faults === 0) return;
    this.line();
    this.line('Alarms of the default families over all that was run');
    const time =
      seconds > 0 ? `in ${seconds.toFixed(0)} s of healthy signal whose rate is known, and the others` : '';
    this.note('alarm_events_healthy', events, 0, time);
    this.note('alarm_missed', faults - delays.length, 0, `of ${faults} faults`);
    this.note('alarm_delay_windows', mean(delays), 2, longest(delays));
  }

  line(text = ''): void {
    this.print(text);
  }
}

/** Of the delays of alarms; there may be none. */
export const longest = (delays: readonly number[]): string =>
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

/** How far a long command has come, on standard error when that is a terminal. */
import { duration, grouped } from './output';

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
/** Before this nothing can be said of the speed. */
const SPEED_AFTER_MS = 1000;

/** "1 250 a second, 12 s left" */
export function pace(done: number, total: number, elapsedMs: number): string {
  if (elapsedMs < SPEED_AFTER_MS || done === 0) return '';
  const rate = (1000 * done) / elapsedMs;
  const shown = rate >= 10 ? grouped(Math.round(rate)) : rate.toFixed(1);
  return `, ${shown} a second, ${duration(Math.ceil((total - done) / rate))} left`;
}

/** One line that is drawn again and again. What else is to be said goes through `say`, above it. */
export class ProgressBar {
  private readonly shown = process.stderr.isTTY === true;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private begunAt = 0;
  private what = '';
  private line = '';

  update(done: number, total: number, what: string): void {
    const now = performance.now();
    if (what !== this.what) [this.what, this.begunAt] = [what, now];
    if (!this.shown || total === 0 || (done < total && now - this.drawnAt < REDRAW_MS)) return;
    this.drawnAt = now;
    const filled = Math.round((BAR_WIDTH * Math.min(done, total)) / total);
    const bar = '#'.repeat(filled).padEnd(BAR_WIDTH, '.');
    this.draw(
      `${what.padEnd(10)} [${bar}] ${grouped(done)} of ${grouped(total)}${pace(done, total, now - this.begunAt)}`,
    );
  }

  /** A line for people beside the bar. */
  say(text: string): void {
    const { line } = this;
    this.draw('');
    process.stderr.write(`edge-trainer: ${text}\n`);
    this.draw(line);
  }

  /** Removes the bar. */
  end(): void {
    this.draw('');
  }

  private draw(line: string): void {
    if (this.line !== '') process.stderr.write('\r\x1b[K');
    if (line !== '') process.stderr.write(line);
    this.line = line;
  }
}

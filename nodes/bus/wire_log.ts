/**
 * What a bus node says about its wire in the log: each cause of a loss at most once a minute, with a count of what was left out, so that
 * a wire that comes and goes does not fill the log. No Node-RED in here.
 */

/** One cause is said again after this time, in milliseconds. */
const INTERVAL_MS = 60_000;

export interface WireLogTexts {
  /** `more`: losses for the same cause since it was last said. */
  lost(reason: string, more: number): void;
  back(): void;
}

export class WireLog {
  private readonly say: WireLogTexts;
  private readonly causes = new Map<string, { saidAt: number; more: number }>();
  private lostWasSaid = false;

  constructor(say: WireLogTexts) {
    this.say = say;
  }

  /** @param cause what makes two losses the same */
  lost(cause: string, reason: string, nowMs: number): void {
    const seen = this.causes.get(cause);
    if (seen !== undefined && nowMs - seen.saidAt < INTERVAL_MS) {
      seen.more++;
      return;
    }
    this.causes.set(cause, { saidAt: nowMs, more: 0 });
    this.lostWasSaid = true;
    this.say.lost(reason, seen?.more ?? 0);
  }

  open(): void {
    if (this.lostWasSaid) this.say.back();
    this.lostWasSaid = false;
  }
}

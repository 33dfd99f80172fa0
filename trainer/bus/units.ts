/** The units of one wire: which of them live, when each may be asked, and what is counted for each. */
import { PROBE_SHARE, UnitHealth, type UnitStatus } from './unit_health';

type HealthRules = ConstructorParameters<typeof UnitHealth>[1];

export class Units {
  private readonly units = new Map<number, UnitHealth>();
  private readonly rules: HealthRules;
  private readonly changed: (status: UnitStatus) => void;
  private probesBlockedUntil = 0;

  /** @param changed a unit was taken for dead or came back */
  constructor(rules: HealthRules, changed: (status: UnitStatus) => void) {
    this.rules = rules;
    this.changed = changed;
  }

  of(unit: number): UnitHealth {
    let health = this.units.get(unit);
    if (health === undefined) {
      health = new UnitHealth(unit, this.rules);
      this.units.set(unit, health);
    }
    return health;
  }

  /** Undefined for a unit that was never asked anything. */
  statusOf(unit: number): UnitStatus | undefined {
    return this.units.get(unit)?.status();
  }

  statuses(): UnitStatus[] {
    return [...this.units.values()].map((unit) => unit.status());
  }

  /**
   * Earliest time at which a request to this unit may be sent: 0 for one that is alive.
   * @param livingWaits whether a request to a living unit waits
   */
  probeAt(unit: UnitHealth, now: number, livingWaits: () => boolean): number {
    if (unit.alive) return 0;
    if (unit.nextProbeAt > now) return unit.nextProbeAt;
    // Probes may not eat up the wire while living units wait; with nobody waiting there is nothing to protect.
    const { probesBlockedUntil } = this;
    return probesBlockedUntil > now && livingWaits() ? probesBlockedUntil : 0;
  }

  /** The unit answered after `replyMs`, undefined when the answer came too late to be timed. */
  answered(unit: UnitHealth, replyMs?: number): void {
    if (unit.answered(replyMs)) this.changed(unit.status());
  }

  /** A request was left unanswered for `tookMs`. True: the unit is now taken for dead and was not before. */
  silent(unit: UnitHealth, now: number, tookMs: number): boolean {
    const died = unit.silent(now);
    if (!unit.alive) this.probesBlockedUntil = now + tookMs * (1 / PROBE_SHARE - 1);
    if (died) this.changed(unit.status());
    return died;
  }

  /** The units may be back, too. */
  wireReopened(): void {
    this.probesBlockedUntil = 0;
    for (const unit of this.units.values()) unit.wireReopened();
  }
}

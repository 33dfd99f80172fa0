/**
 * Whether all samples of a trainer are of one class. A loop in which one class is always right cannot learn when another one would be,
 * and that is worth saying. The counts are read only while this may have changed.
 */
import type { Trainer, TrainerStatus } from '../device';

export class OnlyClass {
  private looked:
    | { readonly stored: number; readonly stitched: number; readonly fingerprint: number }
    | undefined;
  private found: string | undefined;

  /** Label of the only class, or undefined. */
  get label(): string | undefined {
    return this.found;
  }

  /** Takes a status; reads the counts when there are more samples of what was one class, or fewer than there were. */
  async look(
    trainer: Trainer,
    { samplesStored: stored, stitched, definitionFingerprint }: TrainerStatus,
  ): Promise<void> {
    const before = this.looked;
    if (stored === 0 || definitionFingerprint === 0) {
      this.found = undefined;
      this.looked = undefined;
      return;
    }
    const same = before?.fingerprint === definitionFingerprint;
    const settled = same && this.found === undefined && stored >= before.stored;
    if (settled || (same && stitched === before.stitched)) return;
    const { perClass } = await trainer.dataset.summary();
    const seen = perClass.filter(({ count }) => count > 0);
    // Continuous outputs have one class that stands for all values.
    this.found = perClass.length > 1 && seen.length === 1 ? seen[0]?.label : undefined;
    this.looked = { stored, stitched, fingerprint: definitionFingerprint };
  }
}

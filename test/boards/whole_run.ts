/** The whole description on one board, and the fingerprints that every board has to agree on. */
import type { Trainer } from '../../trainer';
import { type IrisResult, irisRun, type KernelResult, kernelRun, networkRun } from './iris_run';
import { streamRun } from './stream_run';
import { windowRun } from './window_run';

/** Fingerprints of each family, by the board's name. */
export class Fingerprints {
  private readonly known = new Map<string, Map<string, number>>();

  note(family: string, board: string, fingerprint: number): void {
    const boards = this.known.get(family) ?? new Map<string, number>();
    this.known.set(family, boards.set(board, fingerprint));
  }

  get families(): string[] {
    return [...this.known.keys()];
  }

  /** Undefined: at least two boards have this family, and their models are the same to the bit. Else what is wrong. */
  fault(family: string): string | undefined {
    const boards = [...(this.known.get(family) ?? [])];
    if (boards.length < 2) return `fewer than two boards with ${family} came through`;
    if (new Set(boards.map(([, fingerprint]) => fingerprint)).size === 1) return undefined;
    return `${family} differs: ${boards.join('; ')}`;
  }
}

export interface WholeResult {
  readonly iris: IrisResult;
  /** Undefined: not in this board's build. */
  readonly kernel: KernelResult | undefined;
}

/** Learns with every family of the board's build; what a board does not do throws. */
export async function wholeRun(
  trainer: Trainer,
  board: string,
  fingerprints: Fingerprints,
): Promise<WholeResult> {
  const iris = await irisRun(trainer);
  fingerprints.note('svm-linear', board, iris.modelFingerprint);
  const kernel = await kernelRun(trainer);
  if (kernel !== undefined) fingerprints.note('svm-kernel', board, kernel.modelFingerprint);
  for (const [format, fingerprint] of (await networkRun(trainer)) ?? [])
    fingerprints.note(`dnn ${format}`, board, fingerprint);
  const window = await windowRun(trainer);
  if (window !== undefined) fingerprints.note('dnn window', board, window);
  for (const [family, fingerprint] of await streamRun(trainer)) fingerprints.note(family, board, fingerprint);
  return { iris, kernel };
}

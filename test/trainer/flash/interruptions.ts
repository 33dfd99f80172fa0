/** Flashing that loses its power: the same trial for every boot loader. */
import assert from 'node:assert/strict';
import { FlashError } from '../../../trainer/flash';

/** One board whose power goes once, while it is flashed. */
export interface Trial {
  flash(): Promise<unknown>;
  /** Power is back. */
  restore?(): void;
  /** The new firmware is there, and nothing learned is lost. */
  isWhole(): boolean;
  /** What the flashing may fail with; default FLASH_INTERRUPTED. */
  readonly codes?: readonly string[];
}

/** Of `cuts` places, spread evenly over `first` to `last`, those after which the board was flashed anew. */
export async function countRecovered(
  cuts: number,
  { first, last }: { readonly first: number; readonly last: number },
  begin: (place: number) => Trial,
): Promise<number> {
  let recovered = 0;
  for (let cut = 0; cut < cuts; cut++) {
    const trial = begin(first + Math.floor((cut * (last - first)) / (cuts - 1)));
    const { codes = ['FLASH_INTERRUPTED'] } = trial;
    await assert.rejects(trial.flash(), (error: unknown) => {
      assert.ok(error instanceof FlashError);
      assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
      return true;
    });
    trial.restore?.();
    await trial.flash();
    if (trial.isWhole()) recovered++;
  }
  return recovered;
}

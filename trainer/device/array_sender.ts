/** Sends the array that a decision is about, page by page, unless it lies on the board already. */

import { BulkObject, TrainerErrors } from '../contract/contract.generated';
import type { AccessOptions, UnitAccess } from './access';
import { upload } from './bulk';
import { TrainerError } from './errors';
import type { InputWords } from './features';
import type { Lock } from './lock';
import { task } from './task';

export class ArraySender {
  /** Check sum of the array that was sent last; undefined: none, or another one may lie there. */
  private sent: number | undefined;
  /** Decisions about arrays go one at a time: the end of the one before. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly access: UnitAccess,
    private readonly lock: Lock,
  ) {}

  /** Does the work of one decision; a decision about an array waits for the one before it. */
  inTurn<T>({ bytes }: InputWords, work: () => Promise<T>): Promise<T> {
    if (bytes === undefined) return work();
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /**
   * Asks when the array lies on the board. What another master has put in its place, or a restart has cleared, is sent again.
   * @throws TrainerError BUSY while another array is on its way or has come in between: a moment later it works
   */
  async withArray<T>(input: InputWords, how: AccessOptions, ask: () => Promise<T>): Promise<T> {
    try {
      await this.send(input, how);
      return await ask();
    } catch (error) {
      if (!(error instanceof TrainerError) || !this.lost(error, input)) throw error;
      throw new TrainerError(this.access.unit, task('inference'), TrainerErrors.BUSY.code, 0);
    }
  }

  private async send({ words: [high = 0, low = 0], bytes }: InputWords, how: AccessOptions): Promise<void> {
    const sum = high * 0x10000 + low;
    if (bytes === undefined || this.sent === sum) return;
    this.sent = undefined;
    await upload(this.access, this.lock, BulkObject.INPUT, bytes, { priority: 'control', ...how });
    this.sent = sum;
  }

  private lost({ number }: TrainerError, { bytes }: InputWords): boolean {
    if (bytes === undefined) return false;
    if (number !== TrainerErrors.INPUT_OTHER.code && number !== TrainerErrors.PAGE.code) return false;
    this.sent = undefined;
    return true;
  }
}

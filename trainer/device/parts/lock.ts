/** The commissioning lock of a trainer. */

import { Command } from '../../contract/contract.generated';
import { text } from '../../text';
import type { TrainerConnection } from '../connection';
import { InputError } from '../errors';
import { parseKey } from '../lock';
import { task } from '../task';

export class LockPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /**
   * Shows the board that the key is known, and uses it from now on: each command carries a proof, a response opens each upload. The
   * key itself never travels.
   * @param key 16 bytes, or 32 hexadecimal digits
   * @throws TrainerError KEY_WRONG, KEY_WAIT (the detail holds the seconds to wait)
   */
  async open(key: string | Uint8Array): Promise<void> {
    this.to.lock.use(key);
    await this.to.lock.open({ doing: task('unlock') });
  }

  /** Closes an open upload, and forgets the key: the board refuses management until `open`. */
  async close(): Promise<void> {
    this.to.lock.use(undefined);
    await this.to.commands.run(Command.LOCK, 0, { doing: task('lock') });
  }

  /**
   * Sets the key; changes it when the old one is known (`key` of the options, or `open`), sealed with the old one; undefined removes it.
   * Whoever reads the wire while the first key is set learns it: commission on a wire you trust.
   * @throws TrainerError KEY_RESPONSE when the board has a key and this client does not know it
   */
  async setKey(key: string | Uint8Array | undefined): Promise<void> {
    const bytes = key === undefined ? undefined : parseKey(key);
    if (bytes?.every((byte) => byte === 0) === true) throw new InputError('key', text('input.keyZero'));
    await this.to.lock.change(bytes, { doing: task('key') });
  }
}

/** Two masters that send to one board at the same time: who comes later waits until the other one is done. */

import { setTimeout as wait } from 'node:timers/promises';
import { Blocks, type BulkObject, Limits } from '../contract/contract.generated';
import { type Text, text } from '../text';
import type { AccessOptions, UnitAccess } from './access';
import { AbortedError } from './errors';

const LOOK_MS = 100;
/** An upload that stands still for so long was given up by whoever sent it. */
const STILL_MS = 1500;
/** The same for one that is complete: the command that installs it follows at once. */
const COMPLETE_MS = 300;

interface Staged {
  readonly total: number;
  readonly page: number;
}

/** How far somebody's upload of the object is; undefined = there is none. */
async function staged(
  access: UnitAccess,
  object: BulkObject,
  how: AccessOptions & { readonly doing: Text },
): Promise<Staged | undefined> {
  const window = await access.writeRead(
    {
      writeAddress: Blocks.bulk.address,
      values: [object, 0],
      readAddress: Blocks.bulk.address,
      quantity: Blocks.bulk.words,
      belongs: (reply) => reply.number('bulkObject') === object,
    },
    how,
  );
  if (window === undefined) return undefined;
  const total = window.number('bulkTotal');
  return total === 0 ? undefined : { total, page: window.number('bulkPage') };
}

/** Waits while another master sends the same object. @throws AbortedError, TrainerError, bus errors */
export async function awaitTurn(
  access: UnitAccess,
  object: BulkObject,
  doing: Text,
  options: AccessOptions,
): Promise<void> {
  let seen: Staged | undefined;
  let since = performance.now();
  for (;;) {
    if (options.signal?.aborted === true)
      throw new AbortedError(doing, text('client.kept.running'), options.signal.reason);
    const now = await staged(access, object, { doing, priority: 'bulk', ...options });
    if (now === undefined) return;
    if (now.total !== seen?.total || now.page !== seen.page) since = performance.now();
    const patience = now.page * Limits.PAGE_BYTES >= now.total ? COMPLETE_MS : STILL_MS;
    if (performance.now() - since >= patience) return;
    seen = now;
    await wait(LOOK_MS);
  }
}

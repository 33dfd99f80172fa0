import assert from 'node:assert/strict';
import { FlashError } from '../../../trainer/flash';

/** For assert.rejects: a refusal of this code, in words that say so. */
export const refused = (code: string, says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof FlashError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  return true;
};

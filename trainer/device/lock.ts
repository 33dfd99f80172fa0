/**
 * Commissioning lock, host side. While a key is set, each command carries a proof, an upload is opened by a response, and the key changes
 * only together with a response to the old one: all are keyed hashes over the board's challenge and what is proved (docs/protocol.md). The
 * key itself travels once, when it is set first.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { Registers } from '../contract/contract.generated';
import { text } from '../text';
import type { Doing, UnitAccess } from './access';
import { InputError, TrainerError } from './errors';
import { KEY_BYTES, sipHash24 } from './siphash';

/** A key as given by people: 32 hexadecimal digits, spaces and colons ignored, or the 16 bytes. */
export function parseKey(key: string | Uint8Array): Uint8Array {
  if (typeof key !== 'string') {
    if (key.length !== KEY_BYTES)
      throw new InputError('key', text('input.keyBytes', { count: KEY_BYTES, got: key.length }));
    return key;
  }
  const digits = key.replace(/[\s:-]/g, '');
  if (!/^[0-9a-fA-F]{32}$/.test(digits)) throw new InputError('key', text('input.keyDigits'));
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

const challenged = (key: Uint8Array, challenge: Uint8Array, what: ArrayLike<number>): Uint8Array =>
  sipHash24(key, Uint8Array.from([...challenge, ...Array.from(what)]), 16);

/** Response to a challenge that opens an upload. */
export function responseTo(challenge: Uint8Array, key: Uint8Array): Uint8Array {
  return sipHash24(key, challenge, 16);
}

/** Proof of a command: two register words. */
function proofOf(
  challenge: Uint8Array,
  key: Uint8Array,
  argument: number,
  code: number,
  ticket: number,
): number[] {
  const what = new DataView(new ArrayBuffer(8));
  what.setUint32(0, argument);
  what.setUint16(4, code);
  what.setUint16(6, ticket);
  return wordsOf(challenged(key, challenge, new Uint8Array(what.buffer)).subarray(0, 4));
}

/** Response and sealed new key (all zero = none), as the board takes them in one request. */
function keyChange(challenge: Uint8Array, key: Uint8Array, next: Uint8Array): number[] {
  const seal = challenged(key, challenge, [1]);
  const sealed = next.map((byte, i) => byte ^ (seal[i] as number));
  return [...wordsOf(challenged(key, challenge, sealed)), ...wordsOf(sealed)];
}

/** Bytes <-> register words, first byte in the high half. */
export function wordsOf(bytes: Uint8Array): number[] {
  return Array.from(
    { length: Math.ceil(bytes.length / 2) },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );
}

export function bytesOf(words: readonly number[], length: number = 2 * words.length): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const word = words[i >> 1] ?? 0;
    bytes[i] = (i & 1) === 0 ? word >> 8 : word & 0xff;
  }
  return bytes;
}

/** Somebody else with the key may come between challenge and response. */
const STALE_ATTEMPTS = 20;
/** A board that has had wrong responses looks at one every few seconds: patience for several of them. */
const WAIT_MOST_MS = 30_000;
const WAIT_STEP_MS = 200;

const isRefusal = (error: unknown, code: string): error is TrainerError =>
  error instanceof TrainerError && error.code === code;

/** What this client knows of a board's key. */
export class Lock {
  private readonly access: UnitAccess;
  private secret: Uint8Array | undefined;
  /** Whether the board was seen to ask for a key: then it is not asked without one first. */
  private needed = false;

  constructor(access: UnitAccess, key?: string | Uint8Array) {
    this.access = access;
    if (key !== undefined) this.use(key);
  }

  /** Uses this key from now on. @throws InputError */
  use(key: string | Uint8Array | undefined): void {
    this.secret = key === undefined ? undefined : parseKey(key);
    if (key === undefined) this.needed = false;
  }

  get known(): boolean {
    return this.secret !== undefined;
  }

  /** Another board may answer now. */
  forget(): void {
    this.needed = false;
  }

  private async challenge(how: Doing): Promise<Uint8Array> {
    const { address, words } = Registers.challenge;
    return bytesOf((await this.access.read(address, words, how)).numbers('challenge'));
  }

  /**
   * Runs what needs the key: `attempt` gets a fresh challenge and the key.
   * @throws TrainerError LOCKED (no key is known), KEY_WRONG, KEY_WAIT
   */
  private async answer<T>(
    how: Doing,
    attempt: (challenge: Uint8Array, key: Uint8Array) => Promise<T>,
  ): Promise<T> {
    const { secret } = this;
    if (secret === undefined) throw new RangeError('no key is known');
    const until = performance.now() + WAIT_MOST_MS;
    for (let stale = 1; ; ) {
      const challenge = await this.challenge(how);
      try {
        return await attempt(challenge, secret);
      } catch (error) {
        if (isRefusal(error, 'KEY_WAIT')) {
          const left = (await this.access.read(Registers.waitLeft.address, 1, how)).number('waitLeft');
          if (performance.now() + 1000 * left > until)
            throw new TrainerError(this.access.unit, how.doing, error.number, left, {
              what: text('client.waitKey', { seconds: left }),
            });
          await wait(Math.max(WAIT_STEP_MS, 1000 * left));
          continue;
        }
        // A wrong response leaves the challenge as it is; another one means that somebody else has used it up.
        const taken =
          isRefusal(error, 'KEY_WRONG') && Buffer.compare(await this.challenge(how), challenge) !== 0;
        if (!taken || ++stale > STALE_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Runs a command with the words of its proof where the board asks for one.
   * @throws TrainerError LOCKED, KEY_WRONG, KEY_WAIT
   */
  async prove<T>(
    how: Doing,
    command: { readonly argument: number; readonly code: number; readonly ticket: number },
    run: (proof: readonly number[]) => Promise<T>,
  ): Promise<T> {
    if (!this.needed) {
      try {
        return await run([]);
      } catch (error) {
        if (!isRefusal(error, 'LOCKED') || !this.known) throw error;
        this.needed = true;
      }
    }
    const { argument, code, ticket } = command;
    return this.answer(how, (challenge, key) => run(proofOf(challenge, key, argument, code, ticket)));
  }

  /**
   * Writes of an upload, or lessons: opens it with a response when the board asks for one.
   * @throws TrainerError LOCKED, PROCESS_CLOSED, KEY_WRONG, KEY_WAIT
   */
  async upload<T>(how: Doing, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      const closed = isRefusal(error, 'LOCKED') || isRefusal(error, 'PROCESS_CLOSED');
      if (!closed || !this.known) throw error;
      await this.open(how);
      return write();
    }
  }

  /** Opens an upload, which shows that the key is the right one. @throws TrainerError KEY_WRONG, KEY_WAIT */
  async open(how: Doing): Promise<void> {
    const { address } = Registers.response;
    await this.answer(how, (challenge, key) =>
      // Not repeated blindly: when the answer is lost, the response may have been used up.
      this.sent(how, () =>
        this.access.write(address, wordsOf(responseTo(challenge, key)), { ...how, retries: 0 }),
      ),
    );
  }

  /** Sets the key, changes it (the old one must be known), or removes it. @throws TrainerError */
  async change(next: Uint8Array | undefined, how: Doing): Promise<void> {
    const bytes = next ?? new Uint8Array(KEY_BYTES);
    const { lockState } = Registers;
    const isSet = (await this.access.read(lockState.address, 1, how)).number('lockState') !== 0;
    if (!isSet) {
      if (next !== undefined) await this.access.write(Registers.key.address, wordsOf(bytes), how);
    } else if (this.known) {
      await this.answer(how, (challenge, key) =>
        this.access.write(Registers.response.address, keyChange(challenge, key, bytes), {
          ...how,
          retries: 0,
        }),
      );
    } else {
      // The board says that it wants a response to the key it has.
      await this.access.write(Registers.key.address, wordsOf(bytes), how);
    }
    this.use(next);
  }

  /** After a lost answer: whether the upload is open shows in the lock's state. */
  private async sent(how: Doing, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (error instanceof TrainerError) throw error;
      const { lockState } = Registers;
      if ((await this.access.read(lockState.address, 1, how)).number('lockState') !== 2) throw error;
    }
  }
}

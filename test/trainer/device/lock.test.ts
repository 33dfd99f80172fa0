import assert from 'node:assert/strict';
import { InputError, parseKey, responseTo, sipHash24 } from '../../../trainer';
import { bytesOf, wordsOf } from '../../../trainer/device/lock';

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const KEY = counting(16);

describe('commissioning lock: SipHash', () => {
  it('gives the test vector of the paper (appendix A)', () => {
    // a129ca6149be45e5, little-endian
    assert.equal(hex(sipHash24(KEY, counting(15), 8)), 'e545be4961ca29a1');
  });

  it('gives the 128-bit values of an independent implementation', () => {
    // openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:16 -in FILE SIPHASH
    assert.equal(hex(sipHash24(KEY, counting(0), 16)), 'a3817f04ba25a8e66df67214c7550293');
    assert.equal(hex(sipHash24(KEY, counting(16), 16)), '6ee2a4ca67b054bbfd3315bf85230577');
  });

  it('answers a challenge with 16 bytes that depend on every bit of key and challenge', () => {
    const challenge = counting(16);
    const seen = new Set([hex(responseTo(challenge, KEY))]);
    for (let bit = 0; bit < 128; bit++) {
      for (const which of ['key', 'challenge']) {
        const [key, changed] = [KEY.slice(), challenge.slice()];
        const bytes = which === 'key' ? key : changed;
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        const response = responseTo(changed, key);
        assert.equal(response.length, 16);
        seen.add(hex(response));
      }
    }
    assert.equal(seen.size, 257);
  });

  it('takes a key as hexadecimal digits, and refuses any other', () => {
    assert.deepEqual(parseKey('00 01 02 03 04 05 06 07 08:09:0a:0b:0c:0d:0e:0F'), KEY);
    for (const wrong of ['', '00', `${'00'.repeat(16)}0`, 'zz'.repeat(16)])
      assert.throws(() => parseKey(wrong), InputError);
    assert.throws(() => parseKey(counting(15)), InputError);
  });

  it('packs bytes into registers, first byte in the high half', () => {
    assert.deepEqual(wordsOf(Uint8Array.of(1, 2, 3)), [0x0102, 0x0300]);
    assert.deepEqual(bytesOf([0x0102, 0x0300], 3), Uint8Array.of(1, 2, 3));
  });
});

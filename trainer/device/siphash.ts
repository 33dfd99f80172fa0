/** SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, section 2; 128-bit output as in the authors' reference). */

export const KEY_BYTES = 16;
const MASK = (1n << 64n) - 1n;

const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (64n - bits))) & MASK;

/** v0..v3, changed in place. */
type State = [bigint, bigint, bigint, bigint];

function sipRound(v: State): void {
  v[0] = (v[0] + v[1]) & MASK;
  v[1] = rotate(v[1], 13n) ^ v[0];
  v[0] = rotate(v[0], 32n);
  v[2] = (v[2] + v[3]) & MASK;
  v[3] = rotate(v[3], 16n) ^ v[2];
  v[0] = (v[0] + v[3]) & MASK;
  v[3] = rotate(v[3], 21n) ^ v[0];
  v[2] = (v[2] + v[1]) & MASK;
  v[1] = rotate(v[1], 17n) ^ v[2];
  v[2] = rotate(v[2], 32n);
}

function rounds(v: State, count: number): void {
  for (let i = 0; i < count; i++) sipRound(v);
}

/**
 * SipHash-2-4.
 * @param key 16 bytes
 * @param outputBytes 8 (the paper's) or 16
 */
export function sipHash24(key: Uint8Array, message: Uint8Array, outputBytes: 8 | 16): Uint8Array {
  if (key.length !== KEY_BYTES) throw new RangeError(`key must have ${KEY_BYTES} bytes, got ${key.length}`);
  const wide = outputBytes === 16;
  const keyView = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const [k0, k1] = [keyView.getBigUint64(0, true), keyView.getBigUint64(8, true)];
  const v: State = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn ^ (wide ? 0xeen : 0n),
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  // Whole words, then the rest with the length in the highest byte.
  const padded = new Uint8Array(8 * (Math.floor(message.length / 8) + 1));
  padded.set(message);
  padded[padded.length - 1] = message.length & 0xff;
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8) {
    const word = words.getBigUint64(at, true);
    v[3] ^= word;
    rounds(v, 2);
    v[0] ^= word;
  }
  const output = new DataView(new ArrayBuffer(outputBytes));
  v[2] ^= wide ? 0xeen : 0xffn;
  rounds(v, 4);
  output.setBigUint64(0, v[0] ^ v[1] ^ v[2] ^ v[3], true);
  if (wide) {
    v[1] ^= 0xddn;
    rounds(v, 4);
    output.setBigUint64(8, v[0] ^ v[1] ^ v[2] ^ v[3], true);
  }
  return new Uint8Array(output.buffer);
}

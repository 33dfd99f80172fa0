/** RTU frames by hand, for tests that talk to a virtual board without the client. */
import assert from 'node:assert/strict';
import { hasValidCrc, sealFrame } from '../../../trainer';

const high = (word: number): number => (word >> 8) & 0xff;

export function frame(...bytes: number[]): Uint8Array {
  return sealFrame(Uint8Array.of(...bytes, 0, 0));
}

export function readRequest(unit: number, address: number, quantity: number): Uint8Array {
  return frame(unit, 3, high(address), address & 0xff, high(quantity), quantity & 0xff);
}

export function writeRequest(unit: number, address: number, ...words: number[]): Uint8Array {
  const data = words.flatMap((word) => [high(word), word & 0xff]);
  return frame(unit, 16, high(address), address & 0xff, 0, words.length, data.length, ...data);
}

/** Registers of an answer to function 3; fails on anything else. */
export function registersOf(answer: Uint8Array | undefined): number[] {
  assert.ok(answer !== undefined, 'no answer came');
  assert.ok(hasValidCrc(answer, 0, answer.length), `bad CRC in ${Buffer.from(answer).toString('hex')}`);
  assert.equal(answer[1], 3, `exception ${answer[2]}`);
  const words: number[] = [];
  for (let at = 3; at < answer.length - 2; at += 2)
    words.push(((answer[at] as number) << 8) | (answer[at + 1] as number));
  return words;
}

/** Function and exception code of an answer; code 0 = no exception. */
export function exceptionOf(answer: Uint8Array | undefined): number {
  assert.ok(answer !== undefined && hasValidCrc(answer, 0, answer.length));
  return (answer[1] as number) > 127 ? (answer[2] as number) : 0;
}

/** Random but well-formed requests all over the register map: every one is answered, and the board goes on. */
import assert from 'node:assert/strict';
import { encodeDefinition, parseDefinition, sealFrame } from '../../../trainer';
import { Blocks, MAP_VERSION, Registers } from '../../../trainer/contract/contract.generated';
import { VirtualBoard } from '../../../trainer/virtual';
import { randomBelow } from '../../support/random';
import { comfort } from '../definition/examples';
import { readRequest, registersOf } from './frames';
import { deployTo } from './raw_deploy';

const REQUESTS = 30_000;
/** Rounds that a save before a restart takes at most. */
const SAVE_ROUNDS = 10_000;
const blocks = Object.values(Blocks);
const blob = encodeDefinition(parseDefinition(comfort()));

function randomRequest(random: (below: number) => number, unit: number): Uint8Array {
  const block = blocks[random(blocks.length)] as { address: number; words: number };
  // Mostly inside a block, at times across its end or nowhere.
  const address = random(20) === 0 ? random(65_536) : block.address + random(block.words + 2);
  const most = random(4) === 0 ? 121 : 9;
  const quantity = random(30) === 0 ? random(300) : 1 + random(most);
  const word = (): number => (random(3) === 0 ? random(65_536) : random(20));
  const head = [address >> 8, address & 0xff];
  const count = [quantity >> 8, quantity & 0xff];
  const words = Array.from({ length: Math.min(quantity, 121) }, word).flatMap((value) => [
    value >> 8,
    value & 0xff,
  ]);
  switch (random(8)) {
    case 0:
      return frameOf(unit, 1 + random(2), 0, random(40), ...count);
    case 1:
      return frameOf(unit, 5, 0, random(8), random(2) * 255, 0);
    case 2:
      return frameOf(unit, 6, ...head, ...[word()].flatMap((value) => [value >> 8, value & 0xff]));
    case 3:
      return frameOf(unit, 23, 2, random(200), 0, 1 + random(120), ...head, ...count, words.length, ...words);
    case 4:
      return frameOf(unit, 43, 14, random(6), random(9));
    case 5:
      return frameOf(unit, 3 + random(2), ...head, ...count);
    default:
      return frameOf(unit, 16, ...head, ...count, words.length, ...words);
  }
}

function frameOf(...bytes: number[]): Uint8Array {
  return sealFrame(Uint8Array.of(...bytes, 0, 0));
}

/** A board that is about to restart saves first, and is silent meanwhile: its next start takes the request. */
function askedAfterStart(board: VirtualBoard, request: Uint8Array): Uint8Array | undefined {
  const { starts } = board;
  for (let round = 0; board.starts === starts && round < SAVE_ROUNDS; round++) {
    board.advance(1);
    board.poll(1);
  }
  assert.equal(board.starts, starts + 1, 'silent without a restart');
  return board.exchange(request);
}

describe('Virtual board under random requests', () => {
  for (const seed of [1, 2, 3]) {
    it(`answers every one of ${REQUESTS} (seed ${seed})`, () => {
      const random = randomBelow(seed);
      const board = new VirtualBoard({ clock: 'manual', arenaBytes: 16_384 });
      let [exceptions, deployed] = [0, 0];
      for (let i = 0; i < REQUESTS; i++) {
        if (i % 1000 === 0 && deployTo(board, blob, 60_000 + i / 1000)) deployed++;
        const { unit } = board;
        const request = randomRequest(random, unit);
        const answer = board.exchange(request) ?? askedAfterStart(board, request);
        assert.ok(answer !== undefined, `no answer to ${Buffer.from(request).toString('hex')}`);
        if ((answer[1] as number) > 127) exceptions++;
        assert.equal((answer[1] as number) & 0x7f, request[1]);
        board.advance(random(50));
        board.poll(random(4));
      }
      const version = board.exchange(readRequest(board.unit, Registers.mapVersion.address, 1));
      assert.deepEqual(registersOf(version), [MAP_VERSION]);
      assert.ok(exceptions > REQUESTS / 20 && exceptions < REQUESTS, `${exceptions} exceptions`);
      assert.ok(deployed > 0);
      board.close();
    });
  }
});

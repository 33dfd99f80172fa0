import assert from 'node:assert/strict';
import { TrainerErrors } from '../../../trainer/contract/contract.generated';
import { encodeDefinition, type MemoryPlanner, parseDefinition } from '../../../trainer/definition';
import { crc32 } from '../../../trainer/definition/crc32';
import { firmwarePlanner } from '../../../trainer/virtual';
import { randomBelow } from '../../support/random';
import { comfort } from '../definition/examples';

const { OK, DEFINITION_MEMORY, DEFINITION_LENGTH, DEFINITION_CRC } = TrainerErrors;
const ROOMY = 1 << 24;

/** Puts right every checksum, of the sections as far as their lengths add up, and of the whole. */
function reseal(blob: Uint8Array): void {
  const view = new DataView(blob.buffer, blob.byteOffset);
  for (let at = 8; at + 12 <= blob.length - 4; ) {
    const [from, length] = [at + 12, view.getUint32(at + 4, true)];
    if (length > blob.length - 4 - from) break;
    view.setUint32(at + 8, crc32(blob.subarray(from, from + length)), true);
    at = from + length;
  }
  new DataView(blob.buffer, blob.byteOffset).setUint32(blob.length - 4, crc32(blob.subarray(0, -4)), true);
}

describe("Definition check and memory plan by the firmware's own code", () => {
  let planner: MemoryPlanner;
  const blobOf = (capacity: number): Uint8Array =>
    Uint8Array.from(
      encodeDefinition(parseDefinition({ ...comfort(), stitching: { ...comfort().stitching, capacity } })),
    );

  before(async () => {
    planner = await firmwarePlanner();
  });

  it('accepts what fits to the byte, and says how much is needed when it does not', () => {
    const blob = blobOf(100);
    const { error, need } = planner.plan(blob, ROOMY);
    assert.equal(error, OK.code);
    assert.ok(need !== undefined && need.total > need.dataset + 3 * need.model);
    assert.equal(planner.plan(blob, need.total).error, OK.code);
    const tight = planner.plan(blob, need.total - 1);
    assert.equal(tight.error, DEFINITION_MEMORY.code);
    assert.deepEqual(tight.need, need);
  });

  it('plans more for more samples', () => {
    const total = (capacity: number): number =>
      planner.plan(blobOf(capacity), ROOMY).need?.total ?? Number.NaN;
    assert.ok(total(100) < total(200) && total(200) < total(400));
  });

  it('refuses blobs that are cut, grown or damaged', () => {
    const blob = blobOf(100);
    for (let length = 0; length < blob.length; length++)
      assert.notEqual(planner.plan(blob.subarray(0, length), ROOMY).error, OK.code, `cut to ${length}`);
    for (let at = 0; at < blob.length; at++) {
      const damaged = Uint8Array.from(blob);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      assert.notEqual(planner.plan(damaged, ROOMY).error, OK.code, `byte ${at}`);
    }
    const damaged = Uint8Array.from(blob);
    damaged[blob.length - 6] = (damaged[blob.length - 6] as number) ^ 1;
    assert.equal(planner.plan(damaged, ROOMY).error, DEFINITION_CRC.code);
    assert.equal(planner.plan(new Uint8Array(5000), ROOMY).error, DEFINITION_LENGTH.code);
  });

  it('survives any content under a right checksum', () => {
    const random = randomBelow(2026);
    const outcomes = new Map<number, number>();
    for (let round = 0; round < 20_000; round++) {
      const blob = blobs[round % blobs.length]?.slice() as Uint8Array;
      for (let n = 1 + random(3); n > 0; n--) blob[random(blob.length - 4)] = random(256);
      reseal(blob);
      const { error, need } = planner.plan(blob, ROOMY);
      outcomes.set(error, (outcomes.get(error) ?? 0) + 1);
      if (error === OK.code) assert.ok(need !== undefined && need.total <= ROOMY);
    }
    // Neither everything nor nothing may pass, or this looked at nothing.
    const accepted = outcomes.get(OK.code) ?? 0;
    assert.ok(accepted > 1000 && accepted < 19_000, JSON.stringify([...outcomes]));
    assert.ok(outcomes.size >= 4, JSON.stringify([...outcomes]));
  });

  const blobs = [20, 100, 1000].map(blobOf);
});

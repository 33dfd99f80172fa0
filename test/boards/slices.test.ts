/** The bound of a slice, on a real instruction set: no job keeps the wire waiting for longer. */
import assert from 'node:assert/strict';
import { SCENARIOS } from '../../bench/loop/scenarios';
import { measureSlices } from '../../bench/loop/slices';
import { needs } from '../support/needs';

const LONGEST_SLICE = 50_000;
/** A page of the bulk window, a definition installed, a decision of the largest kernel model here. */
const LONGEST_REQUEST = 300_000;

describe('slices on a Cortex-M3', function () {
  this.timeout(300_000);

  it(`take at most ${LONGEST_SLICE} instructions, whatever the job`, async function () {
    if (!['arm-none-eabi-gcc', 'qemu-system-arm'].every(needs)) this.skip();
    const results = await measureSlices(SCENARIOS);
    const seen = new Set<string>();
    for (const { scenario, longest } of results) {
      for (const [kind, instructions] of longest) {
        seen.add(kind);
        const most = kind === 'request' ? LONGEST_REQUEST : LONGEST_SLICE;
        assert.ok(instructions <= most, `${scenario}, ${kind}: ${instructions} instructions`);
      }
    }
    for (const kind of [
      'stitching',
      'training',
      'evaluation',
      'saving',
      'stream_learning',
      'stream_solving',
      'stream_calibrating',
      'stream_scoring',
    ])
      assert.ok(seen.has(kind), `${kind} was not met`);
  });
});

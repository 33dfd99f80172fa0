/** The bound of a slice, on a real instruction set: no job keeps the wire waiting for longer. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTraining } from '../../bench/dnn/boards';
import { writeSamples } from '../../bench/dnn/data';
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

/** What a definition can make longest, in the words of bench/dnn/architecture.c; each trains what lies in front of it, too. */
const LONG = [
  { what: 'a row of weights', input: '1x1x32000', layers: 'dense:2:relu dense:3' },
  { what: 'a row that passes errors', input: '40x40x1', layers: 'conv:1x1x4:relu dense:3' },
  {
    what: 'the row of a filter',
    input: '12x12x1',
    layers: 'conv:3x3x8:same:relu conv:12x12x2:same:relu max:2x2 dense:3',
  },
  {
    what: 'a kernel of many rows',
    input: '120x2x1',
    layers: 'conv:3x3x2:same:relu conv:255x1x2:same:relu global dense:3',
  },
  {
    what: 'a kernel of one channel',
    input: '48x48x1',
    layers: 'conv:1x1x2:relu depthwise:45x45x1:relu dense:3',
  },
  { what: 'a mean', input: '120x120x1', layers: 'conv:1x1x2:relu global dense:3' },
  { what: 'a maximum', input: '45x45x1', layers: 'conv:1x1x2:relu max:15x15:same dense:3' },
  { what: 'a layer of many units', input: '1x1x4', layers: 'dense:2000:relu dense:3' },
  {
    what: 'a plan of many layers',
    input: '6x6x1',
    layers: `${'conv:3x3x3:same:relu '.repeat(31)}dense:3`,
  },
] as const;

describe('slices of a network on a Cortex-M3', function () {
  this.timeout(300_000);
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-rows-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { what, input, layers } of LONG)
    for (const format of ['q8', 'f32'] as const)
      it(`end within ${what}, ${format}, and change no byte`, function () {
        if (!['arm-none-eabi-gcc', 'qemu-system-arm'].every(needs)) this.skip();
        const values = input.split('x').reduce((product, side) => product * Number(side), 1);
        const labels = [0, 1, 2];
        const inputs = labels.map((label) =>
          Int8Array.from({ length: values }, (_, i) => ((37 * i + 50 * label) % 200) - 100),
        );
        const data = join(folder, `${input}.samples`);
        writeSamples(data, { inputs, labels, train: 3 });
        // Slices of the trainer; where floating point is software, a thirteenth of them.
        const budgets = format === 'q8' ? { slice: 1280, inferSlice: 2048 } : { slice: 98, inferSlice: 157 };
        const slices = { probes: 1, samples: 1, ...budgets };
        const counted = countTraining(
          ...(['m3', folder, layers.replace(/\W+/g, '_').slice(0, 60), data] as const),
          ...([{ format, input, layers }, { epochs: 2, rate: 0.002, gate: 0 }, slices] as const),
        );
        // The host, which has floating point, ends its stretches elsewhere.
        assert.equal(counted.different, 0);
        const longest = Math.max(counted.longestSlice, counted.longestInferSlice);
        assert.ok(longest <= LONGEST_SLICE, `${longest} instructions`);
      });
});

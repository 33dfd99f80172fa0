import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { studyProgram } from '../../../bench/dnn/ablation';
import { countTraining } from '../../../bench/dnn/boards';
import { writeSamples } from '../../../bench/dnn/data';
import { argumentsOf, hostProgram, type Network, type Settings, train } from '../../../bench/dnn/host';
import { missing, PROMISED } from '../../../bench/dnn/promised';
import { Report } from '../../../bench/dnn/report';
import { needs } from '../../support/needs';

const LAYERS = 'conv:3x3x4:same:relu max:2x2 dense:3';
const SETTINGS: Settings = { epochs: 6, rate: 0.05, gate: 0, in_order: 1 };

/** 90 images of 6 x 6: a bar in the upper third, the middle or the lower third, with noise. */
function bars(): { readonly inputs: Int8Array[]; readonly labels: number[] } {
  let state = 1;
  const noise = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % 120;
  };
  const labels = Array.from({ length: 90 }, (_, i) => i % 3);
  return {
    labels,
    inputs: labels.map((label) =>
      Int8Array.from({ length: 36 }, (_, at) => noise() - 128 + (Math.floor(at / 12) === label ? 80 : 0)),
    ),
  };
}

describe('the study of networks', function () {
  this.timeout(240_000);
  let folder = '';
  let data = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-study-'));
    data = join(folder, 'bars.samples');
    writeSamples(data, { ...bars(), train: 60 });
  });
  after(() => rmSync(folder, { recursive: true }));

  const outcome = (program: string, format: Network['format'], settings: Settings): Record<string, number> =>
    JSON.parse(
      execFileSync(program, argumentsOf(data, { format, input: '6x6x1', layers: LAYERS }, settings), {
        encoding: 'utf8',
      }),
    ) as Record<string, number>;

  it('trains as the family does when nothing is changed, also with gradients of its own', () => {
    const program = studyProgram(folder);
    for (const format of ['f32', 'q8'] as const) {
      const { accuracy } = train(folder, data, { format, input: '6x6x1', layers: LAYERS }, SETTINGS);
      assert.ok(accuracy > 60, `${format}: ${accuracy} %`);
      assert.equal(outcome(program, format, SETTINGS).accuracy, accuracy, format);
      const own = outcome(program, format, { ...SETTINGS, own: 1 }).accuracy ?? 0;
      assert.ok(Math.abs(own - accuracy) <= 4, `${format}: ${own} % with its own gradients, ${accuracy} %`);
    }
  });

  it('changes what it is asked to change', () => {
    const program = studyProgram(folder);
    const { accuracy } = outcome(program, 'q8', SETTINGS);
    const stuck = outcome(program, 'q8', { ...SETTINGS, residual: 0, rate: 0.0001 });
    assert.notEqual(stuck.accuracy, accuracy, 'bytes without a residual do not move by small steps');
  });

  it('has a plain float training that learns alike and takes what its buffers take', () => {
    const network: Network = { format: 'f32', input: '6x6x1', layers: LAYERS };
    const { accuracy } = train(folder, data, network, { ...SETTINGS, plain: 1 });
    const plain = outcome(hostProgram('plain', folder), 'f32', SETTINGS);
    assert.ok(Math.abs((plain.accuracy ?? 0) - accuracy) <= 4, `${plain.accuracy} % plain, ${accuracy} %`);
    const weights = 4 * 9 + 4 + 3 * 36 + 3;
    const tensors = 6 * 6 * 4 + 3 * 3 * 4 + 3;
    assert.equal(plain.ram_bytes, 4 * (36 + 2 * weights + 2 * tensors));
    assert.equal(plain.momentum_bytes, 4 * weights);
  });

  it('counts the steps of a training on an emulated core, which gives the bytes of this machine', function () {
    if (!needs('arm-none-eabi-gcc') || !needs('qemu-system-arm')) this.skip();
    const network: Network = { format: 'q8', input: '6x6x1', layers: LAYERS };
    const few = { probes: 2, samples: 2 };
    const settings: Settings = { ...SETTINGS, in_order: 0 };
    const counted = countTraining('m4f', folder, 'bars', data, network, settings, few);
    assert.equal(counted.different, 0);
    assert.ok(counted.infer > 1000 && counted.step > counted.infer, JSON.stringify(counted));
    const warm = countTraining('m4f', folder, 'bars_warm', data, network, { ...settings, warm_up: 50 }, few);
    assert.equal(warm.different, 0);
  });

  it('loads a long input in slices that stay in their bound on a core without floating point', function () {
    if (!needs('arm-none-eabi-gcc') || !needs('qemu-system-arm')) this.skip();
    const long = join(folder, 'long.samples');
    const labels = Array.from({ length: 6 }, (_, i) => i % 3);
    const inputs = labels.map((label) => new Int8Array(32 * 32 * 32).fill(40 * label - 40));
    writeSamples(long, { inputs, labels, train: 6 });
    for (const format of ['q8', 'f32'] as const) {
      const network: Network = { format, input: '32x32x32', layers: 'average:16x16 dense:3' };
      const settings: Settings = { ...SETTINGS, in_order: 0 };
      // A slice of the trainer; where floating point is software, a thirteenth of it.
      const budget = format === 'q8' ? 2048 : 158;
      const slices = { probes: 1, samples: 1, slice: budget, inferSlice: budget };
      const { different, longestSlice, longestInferSlice } = countTraining(
        'm3',
        folder,
        'long',
        long,
        network,
        settings,
        slices,
      );
      assert.equal(different, 0);
      assert.ok(
        Math.max(longestSlice, longestInferSlice) < 50_000,
        `${format}: ${longestSlice}, ${longestInferSlice} instructions`,
      );
    }
  });

  it('prints no figure that was not measured, and names those that are owed', () => {
    const report = new Report();
    assert.throws(() => report.note('vww_sparse_ram_bytes', Number.NaN, 0, ''), /vww_sparse_ram_bytes/);
    assert.deepEqual(report.results, {});
    const [first = '', ...rest] = PROMISED.checks ?? [];
    assert.deepEqual(missing('checks', { [first]: 0 }), rest);
    assert.equal(rest.length, 1);
  });
});

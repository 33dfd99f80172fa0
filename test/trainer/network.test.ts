import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { crcsOf, differing, MODELS, PUBLISHED, published } from '../../bench/dnn/published';
import { encodeNetwork, importTflite, NetworkImportError, withInputUpToOne } from '../../trainer/network';
import { runCTest } from '../support/c';
import { type Field, type Fields, flatbuffer } from '../support/flatbuffer';

/** CRC-32 of every layer's output for each input; the first of a line is the input's. */
async function layerCrcs(bytes: Uint8Array, inputs: Uint8Array): Promise<number[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-dnn-'));
  try {
    writeFileSync(join(folder, 'network'), bytes);
    writeFileSync(join(folder, 'inputs'), inputs);
    const output = await runCTest(
      'dnn-imported',
      ['bench/dnn/exact.c', 'bench/dnn/imported.c'],
      ['-Ibench/dnn'],
      {
        firmware: ['models/dnn', 'models/kernels', 'support'],
        args: [join(folder, 'network'), join(folder, 'inputs')],
        timeoutMs: 300_000,
      },
    );
    return crcsOf(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Scale, zero point. */
function quantized(scales: readonly number[], zero: number): Field {
  return {
    kind: 'table',
    fields: {
      2: { kind: 'float32s', values: scales },
      3: { kind: 'int64s', values: scales.map(() => zero) },
    },
  };
}

interface Step {
  readonly code: number;
  readonly activation?: number;
  /** Weights, one row an output, and biases of a dense layer. */
  readonly rows?: readonly (readonly number[])[];
  readonly biases?: readonly number[];
}

/** A network of 4 inputs: dense layers and whatever else is asked for, one behind the other. */
function tflite(steps: readonly Step[]): Uint8Array {
  const tensors: Fields[] = [];
  const buffers: Fields[] = [{}];
  const operators: Fields[] = [];
  const tensor = (
    shape: readonly number[],
    type: number,
    data: Uint8Array | undefined,
    range: Field,
  ): number => {
    if (data !== undefined) buffers.push({ 0: { kind: 'bytes', bytes: data } });
    tensors.push({
      0: { kind: 'int32s', values: shape },
      1: { kind: 'int8', value: type },
      2: { kind: 'int32', value: data === undefined ? 0 : buffers.length - 1 },
      4: range,
    });
    return tensors.length - 1;
  };
  let width = 4;
  let from = tensor([1, width], 9, undefined, quantized([0.5], 3));
  steps.forEach((step, at) => {
    const inputs = [from];
    if (step.rows !== undefined) {
      const weights = Int8Array.from(step.rows.flat());
      inputs.push(tensor([step.rows.length, width], 9, new Uint8Array(weights.buffer), quantized([0.01], 0)));
      const biases = Int32Array.from(step.biases ?? []);
      inputs.push(tensor([biases.length], 2, new Uint8Array(biases.buffer), quantized([0.005], 0)));
      width = step.rows.length;
    }
    from = tensor([1, width], 9, undefined, quantized([0.25], -4));
    operators.push({
      0: { kind: 'int32', value: at },
      1: { kind: 'int32s', values: inputs },
      2: { kind: 'int32s', values: [from] },
      4: { kind: 'table', fields: { 0: { kind: 'int8', value: step.activation ?? 0 } } },
    });
  });
  const graph: Fields = {
    0: { kind: 'tables', all: tensors },
    1: { kind: 'int32s', values: [0] },
    2: { kind: 'int32s', values: [from] },
    3: { kind: 'tables', all: operators },
  };
  const codes = steps.map(
    ({ code }): Fields => ({ 0: { kind: 'int8', value: code }, 3: { kind: 'int32', value: code } }),
  );
  return flatbuffer('TFL3', {
    0: { kind: 'int32', value: 3 },
    1: { kind: 'tables', all: codes },
    2: { kind: 'tables', all: [graph] },
    4: { kind: 'tables', all: buffers },
  });
}

const DENSE = 9;
const small: readonly Step[] = [
  {
    code: DENSE,
    activation: 1,
    rows: [
      [100, -50, 20, 7],
      [-128, 127, 3, 0],
      [1, 2, 3, 4],
    ],
    biases: [10, -300, 4000],
  },
  {
    code: DENSE,
    rows: [
      [5, 6, 7],
      [-100, 90, 80],
    ],
    biases: [0, 77],
  },
];

describe('importing a .tflite file', function () {
  this.timeout(600_000);

  it('gives the bytes that the dense arithmetic gives on paper', async () => {
    const network = importTflite(tflite(small));
    const input = Int8Array.from([-128, 0, 3, 127]);
    const layer = (x: readonly number[], step: Step, scale: number, zero: number): number[] =>
      (step.rows ?? []).map((row, c) => {
        const sum = row.reduce((acc, w, i) => acc + w * ((x[i] ?? 0) - zero), step.biases?.[c] ?? 0);
        // No value of this network lies at a tie, where rounding twice would show.
        const value = Math.round((sum * scale * 0.01) / 0.25) - 4;
        return Math.max(step.activation === 1 ? -4 : -128, Math.min(127, value));
      });
    const hidden = layer([...input], small[0] as Step, 0.5, 3);
    const output = layer(hidden, small[1] as Step, 0.25, -4);
    const [crcs] = await layerCrcs(encodeNetwork(network), new Uint8Array(input.buffer));
    assert.deepEqual(
      crcs?.slice(1),
      [hidden, output].map((bytes) => crc32(Buffer.from(Int8Array.from(bytes)))),
    );
  });

  it('gives the same bytes when its input is scaled to a range of 1 for training', async () => {
    const network = importTflite(tflite(small));
    const scaled = withInputUpToOne(network);
    assert.equal(scaled.inputRange.scale, 1 / 255);
    assert.equal(scaled.inputRange.zero, network.inputRange.zero);
    const inputs = Uint8Array.from({ length: 400 }, (_, i) => (i * 37) & 255);
    assert.deepEqual(
      await layerCrcs(encodeNetwork(scaled), inputs),
      await layerCrcs(encodeNetwork(network), inputs),
    );
    assert.equal(withInputUpToOne(scaled), scaled, 'a range of 1 is left alone');
  });

  it('names every operator that is not supported at once', () => {
    const file = tflite([...small, { code: 34 }, { code: 14 }, { code: 120 }]);
    assert.throws(
      () => importTflite(file),
      (error: unknown) => {
        assert.ok(error instanceof NetworkImportError);
        assert.equal(error.reasons.length, 3);
        assert.match(error.message, /operator 2, PAD, .*operator 3, LOGISTIC, .*operator 4, BUILTIN_120, /);
        assert.match(error.message, /Nothing was sent to a board/);
        return true;
      },
    );
  });

  it('refuses truncated and damaged files with a reason, whatever was damaged', () => {
    const whole = tflite(small);
    const attempt = (bytes: Uint8Array): void => {
      try {
        const { layers } = importTflite(bytes);
        assert.ok(layers.length > 0);
      } catch (error) {
        assert.ok(error instanceof NetworkImportError, String(error));
      }
    };
    for (let length = 0; length < whole.length; length += 3) attempt(whole.slice(0, length));
    assert.throws(() => importTflite(whole.slice(0, 100)), NetworkImportError);
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % below;
    };
    for (let round = 0; round < 20_000; round++) {
      const bytes = whole.slice();
      for (let i = random(4); i >= 0; i--) bytes[random(bytes.length)] = random(256);
      attempt(bytes);
    }
  });

  for (const name of MODELS)
    it(`infers ${name} as published, to the bit in every operator`, async function () {
      if (!existsSync(PUBLISHED)) this.skip();
      const model = published(name);
      const crcs = await layerCrcs(model.bytes, Buffer.concat(model.inputs));
      assert.deepEqual(differing(model, crcs), []);
    });
});

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { crcsOf, differing, MODELS, PUBLISHED, published } from '../../bench/dnn/published';
import { encodeNetwork, NetworkImportError, readNetwork, withInputUpToOne } from '../../trainer/network';
import { runCTest } from '../support/c';
import { flatbuffer } from '../support/flatbuffer';
import { reference } from '../support/int8_reference';
import { type Net, Operator, type Step, tfliteFile } from '../support/tflite';

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

const ROWS = [
  [100, -50, 20, 7],
  [-128, 127, 3, 0],
  [1, 2, 3, 4],
];
const LAST = [
  [5, 6, 7],
  [-100, 90, 80],
];
const GIVEN = { scale: 0.25, zero: -4 };

function dense(rows: readonly number[][], biases: readonly number[], activation: number): Step {
  return {
    code: Operator.DENSE,
    shape: [1, rows.length],
    range: GIVEN,
    options: { 0: { kind: 'int8', value: activation } },
    weights: {
      shape: [rows.length, rows[0]?.length ?? 0],
      values: Int8Array.from(rows.flat()),
      scales: [0.01],
      biases: Int32Array.from(biases),
    },
  };
}

/** Four inputs, three units, two outputs, and whatever else is asked for. */
function small(...more: readonly number[]): Net {
  const rest = more.map((code): Step => ({ code, shape: [1, 2], range: GIVEN }));
  return {
    shape: [1, 4],
    range: { scale: 0.5, zero: 3 },
    steps: [dense(ROWS, [10, -300, 4000], 1), dense(LAST, [0, 77], 0), ...rest],
  };
}

describe('importing a .tflite file', function () {
  this.timeout(600_000);

  it('gives the bytes that the dense arithmetic gives on paper', async () => {
    const network = readNetwork(tfliteFile(small()));
    const input = Int8Array.from([-128, 0, 3, 127]);
    const layer = (
      x: readonly number[],
      rows: readonly number[][],
      biases: readonly number[],
      scale: number,
      zero: number,
      least: number,
    ): number[] =>
      rows.map((row, c) => {
        const sum = row.reduce((acc, w, i) => acc + w * ((x[i] ?? 0) - zero), biases[c] ?? 0);
        // No value of this network lies at a tie, where rounding twice would show.
        const value = Math.round((sum * scale * 0.01) / GIVEN.scale) + GIVEN.zero;
        return Math.max(least, Math.min(127, value));
      });
    const hidden = layer([...input], ROWS, [10, -300, 4000], 0.5, 3, GIVEN.zero);
    const output = layer(hidden, LAST, [0, 77], GIVEN.scale, GIVEN.zero, -128);
    const [crcs] = await layerCrcs(encodeNetwork(network), new Uint8Array(input.buffer));
    assert.deepEqual(
      crcs?.slice(1),
      [hidden, output].map((bytes) => crc32(Buffer.from(Int8Array.from(bytes)))),
    );
    assert.deepEqual(
      reference(small(), input),
      output,
      'the second implementation of the tests says the same',
    );
  });

  it('gives the same bytes when its input is scaled to a range of 1 for training', async () => {
    const network = readNetwork(tfliteFile(small()));
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
    const file = tfliteFile(small(Operator.PAD, Operator.LOGISTIC, 120));
    assert.throws(
      () => readNetwork(file),
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
    const whole = tfliteFile(small());
    const attempt = (bytes: Uint8Array): void => {
      try {
        const { layers } = readNetwork(bytes);
        assert.ok(layers.length > 0);
      } catch (error) {
        assert.ok(error instanceof NetworkImportError, String(error));
      }
    };
    for (let length = 0; length < whole.length; length++) attempt(whole.slice(0, length));
    assert.throws(() => readNetwork(whole.slice(0, 100)), NetworkImportError);
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

  it('reads a file in time and memory that its length bounds, however often it refers to its own parts', () => {
    const long = { kind: 'int32s', values: Array.from({ length: 10_000 }, () => 1) } as const;
    const file = flatbuffer('TFL3', {
      2: { kind: 'tables', all: [{ 0: { kind: 'repeated', fields: { 0: long }, times: 3000 } }] },
      4: { kind: 'tables', all: [{}] },
    });
    assert.ok(file.length < 100_000, 'the file itself is short');
    assert.throws(() => readNetwork(file), /refers to its own parts too often/);
    assert.throws(() => readNetwork(new Uint8Array(33 * 1024 * 1024)), /a network for a board at most/);
  });

  for (const name of MODELS)
    it(`infers ${name} as published, to the bit in every operator`, async function () {
      if (!existsSync(PUBLISHED)) this.skip();
      const model = published(name);
      const crcs = await layerCrcs(model.bytes, Buffer.concat(model.inputs));
      assert.deepEqual(differing(model, crcs), []);
    });
});

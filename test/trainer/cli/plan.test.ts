import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comfort } from '../definition/examples';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

const layers = [
  { kind: 'conv', filters: 8, kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' },
  { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 },
  { kind: 'dense', units: 2 },
];

function network(filters: number): unknown {
  return {
    name: 'picture & frame',
    board: 'stm32f405',
    features: Array.from({ length: 64 }, (_, i) => ({ name: `pixel ${i}`, min: 0, max: 16 })),
    classes: [{ label: 'even' }, { label: 'odd' }],
    feedback: { rule: 'label' },
    model: {
      type: 'dnn',
      height: 8,
      width: 8,
      layers: layers.map((layer) => ('filters' in layer ? { ...layer, filters } : layer)),
    },
  };
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('edge-trainer plan', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-plan-'));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function plan(definition: unknown, ...more: string[]): Promise<Ended> {
    const file = join(folder, 'definition.json');
    writeFileSync(file, JSON.stringify(definition));
    return new Promise((resolve) => {
      execFile(process.execPath, [MAIN, 'plan', file, ...more], { timeout: 60_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  it('lists the layers of a network with parameters and multiply-accumulates', async () => {
    const { code, out, err } = await plan(network(8));
    assert.equal(code, 0, err);
    // 3 x 3 weights and a bias for each of 8 filters, over 64 pixels; 4 x 4 x 8 weights and a bias for each of 2 units
    assert.match(out, /1 +conv +8 x 8 x 8 +80 +80 +4 608 +4 608 /);
    assert.match(out, /3 +dense +1 x 1 x 2 +258 +258 +256 +512 /);
  });

  it('draws only what fits into the bytes of a training step', async () => {
    const { out } = await plan(network(8), '--json');
    const planned = JSON.parse(out) as {
      fits: boolean;
      network: {
        stepBytes: number;
        buffers: { offset: number; bytes: number; first: number; last: number }[];
      };
    };
    assert.equal(planned.fits, true);
    const { buffers, stepBytes } = planned.network;
    assert.ok(buffers.length > 4);
    for (const a of buffers)
      for (const b of buffers) {
        assert.ok(a.offset + a.bytes <= stepBytes);
        const together = a !== b && a.first <= b.last && b.first <= a.last;
        const overlap = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
        assert.ok(!(together && overlap), JSON.stringify([a, b]));
      }
  });

  it('writes the picture as SVG and keeps names from being read as markup', async () => {
    const file = join(folder, 'memory.svg');
    assert.equal((await plan(network(8), '--svg', file)).code, 0);
    const svg = readFileSync(file, 'utf8');
    assert.match(svg, /^<svg /);
    assert.match(svg, /picture &#38; frame/);
    assert.match(svg, /<title>layer 1, activation: 128 bytes, /);
  });

  it('ends with 1 where it does not fit, and says by how much and what would', async () => {
    const { code, out, err } = await plan(network(600));
    assert.equal(code, 1);
    assert.match(out, /needed +[\d ]+ bytes, [\d ]+ too many/);
    const most = Number(/give layer 1 \(conv 3 x 3\) fewer filters, at most (\d+)/.exec(err)?.[1]);
    assert.match(err, / or use a board with more memory: riscv32;/);
    assert.equal((await plan(network(most))).code, 0, `${most} filters fit`);
    assert.equal((await plan(network(most + 1))).code, 1, 'one more does not');
  });

  it('plans every other definition too, for another board than its own', async () => {
    const { code, out } = await plan(comfort(), '--board', 'nrf51');
    assert.equal(code, 0);
    assert.match(out, /board +.*nRF51/);
    assert.match(out, /for each of three generations/);
    const lacking = await plan(network(8), '--board', 'nrf51');
    assert.equal(lacking.code, 1);
    assert.match(lacking.err, /the firmware of nrf51 leaves out models of type dnn; boards that have them: /);
    const wrong = await plan(comfort(), '--board', 'toaster');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /"toaster" is not a known board; use one of /);
    const without = await plan(comfort(), '--svg', join(folder, 'none.svg'));
    assert.equal(without.code, 2);
    assert.match(without.err, /--svg draws the memory of a network; this definition has none/);
  });
});

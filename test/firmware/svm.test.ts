import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { BOARD, compileFor, cores, runOn } from '../../bench/cores/cores';
import { digits10, iris, type Problem, uciBreastCancer } from '../../bench/svm/problems';
import { runCTest, runProgram } from '../support/c';
import { needs } from '../support/needs';

const root = resolve(__dirname, '../../..');
const FOLDER = 'test/firmware/svm';
const FLAGS = [`-I${FOLDER}`];
const MODELS = { firmware: ['models', 'support'] };

/** Percent of the test rows that a trained model of ours gets right. */
async function accuracy(problem: Problem, family: 'linear' | 'rbf', train: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-svm-'));
  try {
    const features = problem.rows[0]?.length ?? 0;
    const head = [
      `${family === 'linear' ? 1 : 2} 1 0 ${features} ${problem.classes} ${train} ${problem.rows.length - train}`,
      `1 ${family === 'linear' ? 0.01 : 0.001} 1000 0 ${family === 'linear' ? 0 : 1} 0 0 3 0`,
    ];
    const body = problem.rows.map((row, i) => `${row.join(' ')} ${problem.labels[i]}`);
    const file = join(folder, 'problem.txt');
    writeFileSync(file, [...head, ...body, ''].join('\n'));
    const output = await runCTest('svm-fit', [`${FOLDER}/fit.c`, `${FOLDER}/problem.c`], FLAGS, {
      ...MODELS,
      args: [file],
      timeoutMs: 120_000,
    });
    const [, ...decisions] = output.trim().split('\n');
    assert.equal(decisions.length, problem.rows.length - train);
    const right = decisions.filter(
      (line, i) => Number(line.split(' ')[0]) === problem.labels[train + i],
    ).length;
    return (100 * right) / decisions.length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What LIBSVM reaches on the same stored rows (q / 127), recorded with
 *   svm-train -s 0 -t 0 -c 1 (linear), svm-train -s 0 -t 2 -c 1 -g 1/features (RBF), then svm-predict
 * of Debian's libsvm-tools 3.24, on the files that bench/svm/references.ts writes.
 */
const LIBSVM: readonly {
  name: string;
  problem: () => Problem;
  train: number;
  linear: number;
  rbf: number;
}[] = [
  { name: 'iris, three species', problem: iris, train: 105, linear: 100, rbf: 97.78 },
  { name: 'breast cancer', problem: uciBreastCancer, train: 398, linear: 98.25, rbf: 98.25 },
  {
    name: 'digits, ten classes, 300 to train',
    problem: () => digits10(300),
    train: 300,
    linear: 88.31,
    rbf: 82.97,
  },
];

describe('Support vector machines (C)', function () {
  this.timeout(240_000);

  it('find the optimum of the dual that a solver in double finds, with its optimality conditions, warm or cold', async () => {
    assert.match(await runProgram('svm-solution'), /all checks passed/);
  });

  it('neither overflow nor hang at the ends of every range, and refuse or survive every bad input', async () => {
    assert.match(await runProgram('svm-limits'), /all checks passed/);
  });

  for (const { name, problem, train, linear, rbf } of LIBSVM) {
    it(`are within a point of LIBSVM on ${name}`, async () => {
      const ours = await accuracy(problem(), 'linear', train);
      assert.ok(ours >= linear - 1, `linear: ${ours.toFixed(2)} %, LIBSVM ${linear} %`);
      const oursRbf = await accuracy(problem(), 'rbf', train);
      assert.ok(oursRbf >= rbf - 1, `RBF: ${oursRbf.toFixed(2)} %, LIBSVM ${rbf} %`);
    });
  }

  it('decide with the DSP instructions of a Cortex-M4 as the plain code does', function () {
    const tools = [needs('arm-none-eabi-gcc'), needs('qemu-system-arm')];
    if (tools.includes(false)) this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-dot-'));
    try {
      const sources = [join(FOLDER, 'dot_test.c'), 'firmware/src/models/kernels/dot.c'];
      const objects = [BOARD, ...sources.map((source) => join(root, source))].map((source) => {
        const object = join(folder, `${basename(source, '.c')}.o`);
        compileFor(cores.m4f, source, object, [`-I${root}`]);
        return object;
      });
      const { figures, said } = runOn(cores.m4f, objects, join(folder, 'dot.elf'), 60_000);
      const of = (name: string): number | undefined => figures.get(name)?.[0];
      assert.deepEqual([of('dsp'), of('compared'), of('wrong')], [1, 9680, 0], said);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

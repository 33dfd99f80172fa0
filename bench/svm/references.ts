/** LIBSVM and LIBLINEAR (Debian's svm-train, liblinear-train) on the very rows a trainer stores, divided by 127. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Problem, ROW_ONE } from './problems';

/** Sparse text format of both; labels from 1, because 0 would be a valid but unusual one. */
function lines(problem: Problem, from: number, to: number): string {
  return problem.rows
    .slice(from, to)
    .map((row, i) => {
      const values = row.map((q, j) => `${j + 1}:${(q / ROW_ONE).toPrecision(9)}`);
      return `${(problem.labels[from + i] ?? 0) + 1} ${values.join(' ')}`;
    })
    .join('\n')
    .concat('\n');
}

/** Percent of the test rows that the reference gets right. */
function accuracy(
  problem: Problem,
  folder: string,
  tool: 'svm' | 'liblinear',
  options: readonly string[],
): number {
  const place = join(folder, `${problem.name}-${tool}`);
  writeFileSync(`${place}.train`, lines(problem, 0, problem.train));
  writeFileSync(`${place}.test`, lines(problem, problem.train, problem.rows.length));
  execFileSync(`${tool}-train`, ['-q', ...options, `${place}.train`, `${place}.model`], { stdio: 'ignore' });
  const text = execFileSync(`${tool}-predict`, [`${place}.test`, `${place}.model`, `${place}.out`], {
    encoding: 'utf8',
  });
  const found = /\((\d+)\/(\d+)\)/.exec(text);
  if (found === null) throw new Error(`${tool}-predict on ${problem.name} said: ${text}`);
  return (100 * Number(found[1])) / Number(found[2]);
}

export function libsvm(problem: Problem, folder: string, kernel: 'linear' | 'rbf'): number {
  const features = problem.rows[0]?.length ?? 1;
  const options = kernel === 'linear' ? ['-t', '0'] : ['-t', '2', '-g', String(1 / features)];
  return accuracy(problem, folder, 'svm', ['-s', '0', '-c', '1', ...options]);
}

/** The same loss and C; bias as a regularised feature of value 1. */
export function liblinear(problem: Problem, folder: string): number {
  return accuracy(problem, folder, 'liblinear', ['-s', '3', '-c', '1', '-B', '1']);
}

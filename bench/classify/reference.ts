/** LIBSVM's linear SVM (C = 1, classes balanced) on all training rows, scaled to -1..1 by the ranges of the definition. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from './problems';

/** Accuracy on the test rows; undefined without svm-train. */
export function libsvmLinear({ definition, classes, train, test }: Problem): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'classify-'));
  const file = (name: string): string => join(folder, name);
  const ranges = definition.features ?? [];
  const lines = (rows: Problem['train']): string =>
    rows
      .map(({ features, truth }) => {
        const cells = features.map((value, j) => {
          const { min, max } = ranges[j] as { min: number; max: number };
          const cut = Math.max(min, Math.min(max, value));
          return `${j + 1}:${((2 * (cut - min)) / (max - min) - 1).toPrecision(7)}`;
        });
        return `${truth + 1} ${cells.join(' ')}\n`;
      })
      .join('');
  const weights = Array.from({ length: classes }, (_, c) => {
    const own = train.filter(({ truth }) => truth === c).length;
    return [`-w${c + 1}`, String(train.length / (classes * Math.max(own, 1)))];
  }).flat();
  try {
    writeFileSync(file('train'), lines(train));
    writeFileSync(file('test'), lines(test));
    execFileSync('svm-train', ['-q', '-t', '0', '-c', '1', ...weights, file('train'), file('model')], {
      stdio: 'ignore',
    });
    const text = execFileSync('svm-predict', [file('test'), file('model'), file('out')], {
      encoding: 'utf8',
    });
    const found = /\((\d+)\/(\d+)\)/.exec(text);
    return found === null ? undefined : Number(found[1]) / Number(found[2]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

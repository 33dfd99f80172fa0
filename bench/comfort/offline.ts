/** Offline reference: LIBSVM's linear SVM on the last votes, standardised in the window, classes balanced. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { balanced, type Row, VOTES } from './votes';

const WINDOW = 180;
const EVERY = 10;

function isThere(): boolean {
  try {
    execFileSync('which', ['svm-train'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
let there: boolean | undefined;

const line = (features: readonly number[], vote: number): string =>
  `${vote + 1} ${features.map((value, i) => `${i + 1}:${value.toPrecision(7)}`).join(' ')}`;

/** Balanced accuracy when it is retrained at vote `start` and every tenth after it; undefined without svm-train. */
export function offlineSvm(rows: readonly Row[], start: number): number | undefined {
  there ??= isThere();
  if (!there) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'comfort-'));
  const file = (name: string): string => join(folder, name);
  const decided = rows.map(() => VOTES.indexOf('no change'));
  try {
    for (let at = start; at < rows.length; at += EVERY) {
      const window = rows.slice(Math.max(0, at - WINDOW), at);
      const next = rows.slice(at, at + EVERY);
      const columns = (rows[0] as Row).features.map((_, j) => {
        const values = window.map((row) => row.features[j] as number);
        const average = values.reduce((sum, value) => sum + value, 0) / values.length;
        const spread = Math.sqrt(
          values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length,
        );
        return { average, spread: spread > 0 ? spread : 1 };
      });
      const scaled = (row: Row): number[] =>
        row.features.map((value, j) => {
          const { average, spread } = columns[j] as { average: number; spread: number };
          return (value - average) / spread;
        });
      const counts = VOTES.map((_, vote) => window.filter((row) => row.vote === vote).length);
      const present = counts.filter((count) => count > 0).length;
      if (present < 2) {
        decided.fill(
          counts.findIndex((count) => count > 0),
          at,
          at + EVERY,
        );
        continue;
      }
      writeFileSync(file('train'), `${window.map((row) => line(scaled(row), row.vote)).join('\n')}\n`);
      writeFileSync(file('test'), `${next.map((row) => line(scaled(row), row.vote)).join('\n')}\n`);
      const weights = counts.flatMap((count, vote) =>
        count === 0 ? [] : [`-w${vote + 1}`, String(window.length / (present * count))],
      );
      const options = ['-q', '-t', '0', '-c', '1', ...weights, file('train'), file('model')];
      execFileSync('svm-train', options, { stdio: 'ignore' });
      execFileSync('svm-predict', [file('test'), file('model'), file('out')], { stdio: 'ignore' });
      readFileSync(file('out'), 'utf8')
        .trim()
        .split('\n')
        .forEach((word, i) => {
          decided[at + i] = Number(word) - 1;
        });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return balanced(rows, decided);
}

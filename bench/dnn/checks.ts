/** Gradients against finite differences, planned memory against touched: what the C tests of the family find. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hostProgram, root } from './host';
import type { Report } from './report';

const TESTS = join(root, 'test/firmware/dnn');

/** The figure that a test program prints under `key`. */
function printed(folder: string, test: string, key: string): number {
  const sources = [test, 'built'].map((name) => join(TESTS, `${name}.c`));
  const program = hostProgram(test, folder, { sources, flags: ['-I', TESTS] });
  const output = execFileSync(program, { encoding: 'utf8' });
  const [, value] = new RegExp(`^${key} (\\S+)$`, 'm').exec(output) ?? [];
  if (value === undefined) throw new Error(`${test} prints no ${key}: ${output}`);
  return Number(value);
}

export function checks(folder: string, report: Report): void {
  report.heading('What the tests check');
  const error = printed(folder, 'gradient_test', 'gradient_check_max_relative_error');
  report.note(
    'gradient_check_max_relative_error',
    error,
    7,
    'of float layers against finite differences; at most 0.001',
  );
  report.note(
    'planner_ram_error_bytes',
    printed(folder, 'plan_test', 'planner_ram_error_bytes'),
    0,
    'planned less touched, the largest of 200 random networks; 0',
  );
}

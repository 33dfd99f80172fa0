/** What the families take of a board: memory, and instructions on emulated cores. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { encodeDefinition, parseDefinition } from '../../trainer';
import { firmwarePlanner } from '../../trainer/virtual';
import type { Report } from './figures';
import { definitionOf, KINDS } from './machines';
import type { Family } from './run';

const LEARNED = 1800;
/** Running, candidate, previous. */
const GENERATIONS = 3;

async function memory(report: Report, family: Family, key: string, text: string): Promise<void> {
  const planner = await firmwarePlanner();
  const definition = parseDefinition(definitionOf(family, KINDS.fan, 3, LEARNED));
  const { need } = planner.plan(encodeDefinition(definition), 1 << 20);
  if (need === undefined) throw new Error('the planner refused the fan');
  report.note(`ram_bytes_${key}`, GENERATIONS * need.model + need.shared + need.work, 0, text);
  report.note(
    `arena_bytes_${key}`,
    need.total,
    0,
    'everything a definition takes: with its own bytes and the queue of a frame',
  );
}

export async function boards(report: Report): Promise<void> {
  report.line();
  report.line('Memory, three channels: three generations, stream, learning');
  await memory(report, 'correlation', 'correlation_3axis', 'windows of 64, 12 lags, full covariance');
  await memory(report, 'esn', 'n64_3axis', 'at most 16 384');
  const { readoutError } = await import('./readout');
  report.note(
    'readout_relative_error_vs_float64',
    await readoutError(),
    7,
    'at most 1e-3; largest over five speeds',
  );
  report.line();
  report.line(
    'Instructions on emulated cores (QEMU -icount), -O2, 3 channels; rates are estimates at 1.5 cycles an instruction',
  );
  const script = resolve(__dirname, '../../../bench/stream/cycles.mjs');
  const counted = JSON.parse(
    execFileSync(process.execPath, [script, '--json'], { encoding: 'utf8' }),
  ) as Record<string, number>;
  const of = (key: string): number => {
    const value = counted[key];
    if (value === undefined) throw new Error(`the emulated cores told no ${key}`);
    return value;
  };
  const note = (key: string, name: string, text: string): void => report.note(key, of(name), 0, text);
  note(
    'instructions_per_sample_score_m4f',
    'score_mean_m4f',
    `at most 5 000; the longest ${of('score_most_m4f')}`,
  );
  note(
    'instructions_per_sample_learn_m4f',
    'learn_mean_m4f',
    `at most 16 000; the longest ${of('learn_most_m4f')}`,
  );
  note(
    'instructions_per_sample_score_m3',
    'score_mean_m3',
    `no FPU, fixed point; the longest ${of('score_most_m3')}`,
  );
  note('instructions_per_sample_learn_m3', 'learn_mean_m3', `the longest ${of('learn_most_m3')}`);
  note('solve_instructions_m4f', 'solve_total_m4f', 'Cholesky, in slices');
  note('solve_instructions_m3', 'solve_total_m3', '');
  note('rate_hz_m4f_168mhz', 'rate_score_hz_m4f', `scoring, estimate; learning ${of('rate_learn_hz_m4f')}`);
  note('rate_hz_m3_72mhz', 'rate_score_hz_m3', 'scoring, estimate; at least 1 000');
  note('rate_learn_hz_m3_72mhz', 'rate_learn_hz_m3', 'estimate; at least 500');
}

/** What the families take of a board: memory, and instructions on emulated cores. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { encodeDefinition, parseDefinition } from '../../trainer';
import { firmwarePlanner } from '../../trainer/virtual';
import type { Report } from './figures';
import { definitionOf, KINDS, LAGS } from './machines';
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

/** Of the correlation family, as its code does them: products a sample, then the window's features, factor and squares. */
function multiplications(report: Report): void {
  const [channels, { window }] = [3, KINDS.fan.lengths];
  const features = channels * (LAGS + 1) + (channels * (channels - 1)) / 2;
  const perWindow = (features * (features + 1)) / 2 + 3 * features;
  report.note(
    'multiplications_per_sample_3axis',
    features + perWindow / window,
    1,
    `at most 60: ${features} products a sample, ${perWindow} a window of ${window}`,
  );
}

export async function boards(report: Report): Promise<void> {
  report.line();
  multiplications(report);
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
  // The network's keys are as old as the bench.
  const before = {
    esn: '',
    correlation: 'correlation_',
    diagonal: 'diagonal_',
    process: 'process_',
  } as const;
  for (const [family, key] of Object.entries(before)) {
    const bar = family === 'esn' ? 'at most 5 000; ' : '';
    for (const core of ['m4f', 'm3'] as const) {
      note(
        `${key}instructions_per_sample_score_${core}`,
        `${family}_score_mean_${core}`,
        `${core === 'm4f' ? bar : 'no FPU; '}the longest sample ${of(`${family}_score_most_${core}`)}, the longest slice ${of(`${family}_longest_slice_score_${core}`)}`,
      );
      note(
        `${key}instructions_per_sample_learn_${core}`,
        `${family}_learn_mean_${core}`,
        `the longest slice of learning ${of(`${family}_longest_slice_learn_${core}`)}`,
      );
    }
    note(`${key}rate_hz_m4f_168mhz`, `${family}_rate_score_hz_m4f`, 'scoring, estimate');
    note(`${key}rate_hz_m3_72mhz`, `${family}_rate_score_hz_m3`, 'scoring, estimate');
  }
  note('solve_instructions_m4f', 'esn_solve_total_m4f', 'Cholesky of the readout, in slices');
  note('solve_instructions_m3', 'esn_solve_total_m3', '');
}

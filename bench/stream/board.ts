/** What the families take of a board: memory, and instructions on emulated cores. */
import { encodeDefinition, parseDefinition } from '../../trainer';
import { firmwarePlanner } from '../../trainer/virtual';
import { CORES, cyclesOf, type FAMILIES } from './cycles';
import type { Report } from './figures';
import { definitionOf, KINDS, LAGS } from './machines';
import type { Family } from './run';

const LEARNED = 1800;
/** Running, candidate, previous. */
const GENERATIONS = 3;
/** Average cycles of an instruction, assumed for the estimates: a load or store takes two. */
const CYCLES_PER_INSTRUCTION = 1.5;
/** Of an STM32F405 and an STM32F103. */
const CLOCKS = { m4f: 168e6, m3: 72e6 } as const;

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
  // The network's keys are as old as the bench.
  const before = {
    esn: '',
    correlation: 'correlation_',
    diagonal: 'diagonal_',
    process: 'process_',
  } as const;
  const solved: Record<string, number> = {};
  for (const [family, key] of Object.entries(before) as [keyof typeof FAMILIES, string][]) {
    const bar = family === 'esn' ? 'at most 5 000; ' : '';
    for (const [core, clockHertz] of Object.entries(CLOCKS) as [keyof typeof CLOCKS, number][]) {
      const of = cyclesOf(family, CORES[core]);
      const score = of('score_mean');
      report.note(
        `${key}instructions_per_sample_score_${core}`,
        score,
        0,
        `${core === 'm4f' ? bar : 'no FPU; '}the longest sample ${of('score_most')}, the longest slice ${of('longest_slice_score')}`,
      );
      report.note(
        `${key}instructions_per_sample_learn_${core}`,
        of('learn_mean'),
        0,
        `the longest slice of learning ${of('longest_slice_learn')}`,
      );
      report.note(
        `${key}rate_hz_${core}_${clockHertz / 1e6}mhz`,
        clockHertz / (score * CYCLES_PER_INSTRUCTION),
        0,
        'scoring, estimate',
      );
      if (family === 'esn') solved[core] = of('solve_total');
    }
  }
  report.note('solve_instructions_m4f', solved.m4f ?? Number.NaN, 0, 'Cholesky of the readout, in slices');
  report.note('solve_instructions_m3', solved.m3 ?? Number.NaN, 0, '');
}

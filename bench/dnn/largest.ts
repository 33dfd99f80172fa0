/** The largest network of a family that trains in 256 kB: all layers, and with a sparse scheme on frozen weights in flash. */
import { execFileSync } from 'node:child_process';
import { hostProgram } from './host';
import type { Report } from './report';

const BUDGET = 256 * 1024;
const INPUT = '32x32x3';
const WIDEST = 512;

interface Planned {
  readonly status: number;
  readonly parameters: number;
  readonly model_bytes: number;
  readonly frozen_bytes: number;
  readonly work_bytes: number;
  readonly plan_bytes: number;
  readonly forward_macs: number;
}

/** Three convolutions, each twice as wide as the one before, and a classifier. */
function family(width: number, update: string): string {
  return [
    `conv:3x3x${width}:same:relu${update} max:2x2`,
    `conv:3x3x${2 * width}:same:relu${update} max:2x2`,
    `conv:3x3x${4 * width}:same:relu${update} max:2x2`,
    'flatten dense:10',
  ].join(' ');
}

/** RAM of a training and of the generation that answers meanwhile. */
function ramBytes(planned: Planned): number {
  return 2 * planned.model_bytes + planned.work_bytes + planned.plan_bytes;
}

function largest(
  program: string,
  update: string,
  fixed: readonly string[],
): { readonly width: number; readonly planned: Planned } {
  let best: { readonly width: number; readonly planned: Planned } | undefined;
  for (let width = 1; width <= WIDEST; width++) {
    const output = execFileSync(program, ['q8', INPUT, family(width, update), ...fixed], {
      encoding: 'utf8',
    });
    const planned = JSON.parse(output) as Planned;
    if (planned.status !== 0 || ramBytes(planned) > BUDGET) break;
    best = { width, planned };
  }
  if (best === undefined) throw new Error('not even the narrowest fits');
  return best;
}

export function largestUnder256(folder: string, report: Report): void {
  const program = hostProgram('plan', folder);
  report.heading(
    `Largest of the family ${family(1, '').replaceAll(/x3x(\d)/g, 'x3x($1 w)')} on ${INPUT}, two generations in RAM, 256 kB`,
  );
  for (const [key, update, fixed, what] of [
    ['largest_under_256kb', '', [], 'all layers trained'],
    [
      'largest_under_256kb_sparse',
      ':bias',
      ['fixed'],
      'biases of the convolutions and the classifier; frozen weights in flash',
    ],
  ] as const) {
    const { width, planned } = largest(program, update, fixed);
    report.note(
      key,
      planned.parameters,
      0,
      `parameters, w = ${width}, ${planned.forward_macs} multiply-accumulates forward, ${ramBytes(planned)} bytes of RAM, ${planned.frozen_bytes} of flash: ${what}`,
    );
  }
}

/** The board's ridge solution against float64, by the C program that the tests run too. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCTest } from '../../test/support/c';

const ROOT = resolve(__dirname, '../../..');
const TESTS = 'test/firmware/esn';
const HARNESS = 'test/firmware/stream';
const FAMILIES = ['esn', 'correlation', 'process', 'stream'].map((name) => `firmware/src/models/${name}`);

/** Largest relative error of the weights over five speeds of the fan, float build. */
export async function readoutError(): Promise<number> {
  const sources = [
    ...FAMILIES.flatMap((models) =>
      readdirSync(join(ROOT, models))
        .filter((name) => name.endsWith('.c'))
        .map((name) => `${models}/${name}`),
    ),
    ...['main', 'test_parts', 'test_readout', 'test_stream'].map((name) => `${TESTS}/${name}.c`),
    'firmware/src/support/section.c',
    'firmware/src/support/blocks.c',
    `${HARNESS}/replay_file.c`,
  ];
  const output = await runCTest('esn-float', sources, [`-I${HARNESS}`, `-I${TESTS}`], {
    firmware: [],
    args: [join(ROOT, 'test/data')],
    timeoutMs: 240_000,
  });
  const found = /readout, relative error against float64: (\S+) at most/.exec(output)?.[1];
  if (found === undefined) throw new Error(`the readout test told no error: ${output}`);
  return Number(found);
}

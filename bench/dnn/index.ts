/**
 * Networks that train on the board, measured with the firmware's own C code: compiled for this machine where a training is long, on
 * emulated cores where instructions are counted. A short run on a core shows that its bytes are this machine's.
 *
 *   npm run bench -- dnn [PART...] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ablation } from './ablation';
import { bearing } from './bearing';
import { checks } from './checks';
import { imports } from './imports';
import { largestUnder256 } from './largest';
import { memory } from './memory';
import { missing } from './promised';
import { protocol } from './protocol';
import { regression } from './regression';
import { Report } from './report';
import { scratch } from './scratch';
import { transfer } from './transfer';
import { work } from './work';

type Part = (folder: string, report: Report) => void | Promise<void>;

const parts: Readonly<Record<string, Part>> = {
  digits: (folder, report) => {
    scratch('digits', folder, report);
    scratch('digits_shuffled', folder, report);
  },
  mnist: (folder, report) => scratch('mnist', folder, report),
  fmnist: (folder, report) => scratch('fmnist', folder, report),
  memory,
  checks,
  work,
  imports,
  transfer,
  bearing,
  regression,
  largest: largestUnder256,
  protocol,
  ablation,
};

/** Runs a part; what fails or is missing is named and fails the bench, the other parts still run. */
async function measured(name: string, run: Part, folder: string, report: Report): Promise<void> {
  try {
    await run(folder, report);
  } catch (error) {
    console.error(`dnn ${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
  const owed = missing(name, report.results);
  if (owed.length === 0) return;
  console.error(`dnn ${name}: not measured: ${owed.join(', ')}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
    process.exit(2);
  }
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-dnn-'));
  const report = new Report();
  try {
    for (const [name, run] of Object.entries(parts))
      if (wanted.length === 0 || wanted.includes(name)) await measured(name, run, folder, report);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(report.results));
}

void main();

// Instructions per sample of the stream families on emulated cores: node bench/stream/cycles.mjs [--json]
// Needs arm-none-eabi-gcc and qemu-system-arm. Counts are exact and repeatable; rates at a clock are estimates, with the
// stated cycles per instruction.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const firmware = join(here, '..', '..', 'firmware');
const models = ['esn', 'correlation', 'process', 'stream'].flatMap((family) =>
  readdirSync(join(firmware, 'src/models', family))
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(firmware, 'src/models', family, name)),
);

/** Average cycles per executed instruction assumed for the estimates (single-cycle loads do not exist: 2 per load or store). */
const CYCLES_PER_INSTRUCTION = 1.5;

const cores = {
  m4f: {
    board: 'mps2-an386',
    flags: ['-mcpu=cortex-m4', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'],
    clockHz: 168e6,
  },
  m3: { board: 'mps2-an385', flags: ['-mcpu=cortex-m3', '-DET_ESN_FIXED'], clockHz: 72e6 },
};

/**
 * @param {keyof typeof cores} core
 * @param {string[]} defines
 * @returns {Record<string, number>}
 */
function measure(core, defines) {
  const folder = mkdtempSync(join(tmpdir(), 'esn-cycles-'));
  try {
    const elf = join(folder, 'cycles.elf');
    execFileSync(
      'arm-none-eabi-gcc',
      [
        '-std=c11',
        '-O2',
        '-ffp-contract=off',
        '-mthumb',
        '-Wall',
        '-Wextra',
        '-ffunction-sections',
        '-fdata-sections',
        ...cores[core].flags,
        ...defines,
        `-I${join(firmware, 'include')}`,
        `-I${join(firmware, 'src')}`,
        `-I${join(here, '../../test/firmware/stream')}`,
        join(here, 'cycles.c'),
        join(here, 'startup.c'),
        ...models,
        join(firmware, 'src/support/section.c'),
        join(firmware, 'src/support/blocks.c'),
        '-nostartfiles',
        '--specs=nano.specs',
        '--specs=nosys.specs',
        '-Wl,--gc-sections',
        `-T${join(here, 'mps2.ld')}`,
        '-lm',
        '-o',
        elf,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    // Semihosting writes to the console of the emulator, that is to standard error.
    const output = execFileSync(
      'sh',
      [
        '-c',
        `exec qemu-system-arm -M ${cores[core].board} -nographic -monitor none -serial none -icount shift=0 ` +
          `-semihosting-config enable=on,target=native -kernel "$0" 2>&1`,
        elf,
      ],
      { encoding: 'utf8', timeout: 300000 },
    );
    const result = {};
    for (const line of output.split('\n')) {
      const match = /^(\w+) (\d+)$/.exec(line.trim());
      if (match) result[match[1]] = Number(match[2]);
    }
    if (!('score_mean' in result)) throw new Error(`no figures from ${core}: ${output}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const FAMILIES = {
  esn: ['-DUNITS=64'],
  correlation: ['-DCORRELATION'],
  diagonal: ['-DCORRELATION', '-DDIAGONAL'],
  process: ['-DPROCESS'],
};
const figures = {};
for (const [family, defines] of Object.entries(FAMILIES)) {
  for (const core of Object.keys(cores)) {
    const counted = measure(core, defines);
    for (const [name, value] of Object.entries(counted)) figures[`${family}_${name}_${core}`] = value;
    const rate = (instructions) => Math.round(cores[core].clockHz / (instructions * CYCLES_PER_INSTRUCTION));
    figures[`${family}_rate_score_hz_${core}`] = rate(counted.score_mean);
    figures[`${family}_rate_learn_hz_${core}`] = rate(counted.learn_mean);
  }
}
if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
else {
  console.log(
    `Stream families, 3 channels (process: 8); instructions executed, rates at ${CYCLES_PER_INSTRUCTION} cycles each`,
  );
  const names = [...new Set(Object.keys(figures).map((name) => name.replace(/_(m4f|m3)$/, '')))];
  for (const name of names)
    console.log(
      name.padEnd(30),
      ...Object.keys(cores).map((core) => String(figures[`${name}_${core}`]).padStart(10)),
    );
}

/** Flash of builds for a Cortex-M0 that have the linear SVM only: the solver as a library, and the whole trainer around it. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FIRMWARE = resolve(__dirname, '../../../firmware');
const HERE = resolve(__dirname, '../../../bench/svm');
const CORES = resolve(__dirname, '../../../bench/cores');
const FLAGS = [
  ...[
    '-mcpu=cortex-m0',
    '-mthumb',
    '-std=c99',
    '-Os',
    '-ffunction-sections',
    '-fdata-sections',
    '-fno-math-errno',
    '-ffp-contract=off',
  ],
  ...['-nostartfiles', '--specs=nano.specs', '-Wl,--gc-sections', '-Wl,--no-warn-rwx-segments'],
];

/** A trainer that has the linear SVM only; the library leaves out by itself what nobody names. */
const LINEAR_ONLY = ['SVM_KERNEL', 'ESN', 'CORRELATION', 'PROCESS', 'DNN'].map(
  (family) => `-DET_WITH_${family}=0`,
);

function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(FIRMWARE, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(FIRMWARE, folder, name)),
  );
}

/** Bytes of code and constants, initial values of variables included. */
function flashOf(image: string): number {
  const [, line = ''] = execFileSync('arm-none-eabi-size', [image], { encoding: 'utf8' }).trim().split('\n');
  const [text, data] = line.trim().split(/\s+/).map(Number);
  if (!(text !== undefined && text > 0) || data === undefined)
    throw new Error(`no size of ${image}: ${line}`);
  return text + data;
}

function link(image: string, files: readonly string[], options: readonly string[]): number {
  const includes = ['include', 'src', 'ports'].flatMap((folder) => ['-I', join(FIRMWARE, folder)]);
  execFileSync('arm-none-eabi-gcc', [...FLAGS, ...includes, ...files, ...options, '-lm', '-o', image], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return flashOf(image);
}

/** Setup, train, infer and eval of the linear SVM, with scaling, warm start and one-vs-one; no Modbus, no store. */
export function libraryFlash(folder: string): number {
  return link(
    join(folder, 'library.elf'),
    [join(HERE, 'library.c'), ...sources('src')],
    ['-L', CORES, '-T', 'microbit.ld'],
  );
}

/** The whole trainer of an nRF51: Modbus, the four blocks, store, lock, log. */
export function firmwareFlash(folder: string): number {
  const common = [
    'common/line',
    'common/main',
    'common/memory',
    'common/serial_queue',
    'cortexm-common/startup',
  ].map((name) => join(FIRMWARE, `ports/${name}.c`));
  return link(
    join(folder, 'trainer.elf'),
    [...sources('src', 'ports/nrf51'), ...common],
    [...LINEAR_ONLY, '-L', join(FIRMWARE, 'ports/common'), '-T', join(FIRMWARE, 'ports/nrf51/nrf51822.ld')],
  );
}

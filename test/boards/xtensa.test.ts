/**
 * What learns, on an Xtensa core in QEMU: the lx106 of an ESP8266, on the machine sim. The arithmetic that lies in that chip's ROM is in
 * xtensa/rom.c and xtensa/rom_double.c.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { definitionHeader, parseDefinition, type TrainerDefinition } from '../../trainer';
import { needs } from '../support/needs';
import { irisRows } from './iris_run';

const ROOT = resolve(__dirname, '../../..');
const HERE = join(ROOT, 'test/boards/xtensa');
const SRC = join(ROOT, 'firmware/src');
const here = (...names: string[]): string[] => names.map((name) => join(HERE, name));
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(SRC, folder, name));
const SVM = ['models/svm', 'models/kernels', 'support'].flatMap(sourcesOf);
const TRAINER = sourcesOf('.');
const CORE = [
  '-isystem',
  '/usr/lib/xtensa-lx106-elf/include',
  '-mlongcalls',
  '-mtext-section-literals',
  '-nostdlib',
  `-T${join(HERE, 'sim.ld')}`,
];
const LIBRARIES = ['-L/usr/lib/xtensa-lx106-elf/lib', '-lm', '-lc', '-lgcc'];
const SIM = ['-M', 'sim', '-cpu', 'lx106', '-semihosting', '-display', 'none', '-monitor', 'none'];

const channels = ['x', 'y'].map((name) => ({ name, min: -2, max: 2, scale: 1000 }));
const DEFINITIONS: readonly TrainerDefinition[] = [
  {
    name: 'esn',
    channels,
    model: { type: 'esn', units: 16, learningSamples: 600, window: 50, calibration: 100, patterns: 4 },
  },
  { name: 'correlation', channels, model: { type: 'correlation' } },
  { name: 'process', channels, model: { type: 'process' } },
  {
    name: 'network',
    features: ['sepal length', 'sepal width', 'petal length', 'petal width'].map((name) => ({
      name,
      min: 0,
      max: 8,
      scale: 10,
    })),
    classes: ['setosa', 'versicolor', 'virginica'].map((label) => ({ label })),
    feedback: { rule: 'label' },
    training: { mode: 'manual' },
    model: {
      type: 'dnn',
      layers: [
        { kind: 'dense', units: 8, activation: 'relu' },
        { kind: 'dense', units: 3 },
      ],
    },
  },
];

describe('The arithmetic on an Xtensa core, in QEMU', function () {
  this.timeout(400_000);
  let scratch = '';
  before(function () {
    if (!needs('xtensa-lx106-elf-gcc') || !needs('qemu-system-xtensa') || !needs('gcc')) this.skip();
    scratch = mkdtempSync(join(tmpdir(), 'edge-trainer-xtensa-'));
    const rows = irisRows();
    const flowers = rows.map(
      ({ features }) => `{${features.map((value) => Math.round(10 * value)).join(', ')}}`,
    );
    writeFileSync(
      join(scratch, 'rows.h'),
      `#include <stdint.h>
#define ROWS ${rows.length}u
#define FEATURES 4u
static const int8_t rows[ROWS][FEATURES] = {${flowers.join(', ')}};
static const uint8_t labels[ROWS] = {${rows.map(({ classIndex }) => classIndex).join(', ')}};
`,
    );
    const headers = DEFINITIONS.map((definition) => definitionHeader(parseDefinition(definition)));
    writeFileSync(join(scratch, 'definitions.h'), headers.join('\n'));
  });
  after(() => {
    if (scratch !== '') rmSync(scratch, { recursive: true });
  });

  function compiled(compiler: string, ...args: string[]): string {
    const program = join(scratch, compiler);
    const includes = [scratch, HERE, join(ROOT, 'firmware/include'), SRC].map((folder) => `-I${folder}`);
    const flags = [
      '-std=gnu11',
      '-Os',
      '-ffp-contract=off',
      '-fno-math-errno',
      '-Wall',
      '-Wextra',
      '-Werror',
    ];
    const sections = ['-ffunction-sections', '-fdata-sections', '-Wl,--gc-sections'];
    execFileSync(compiler, [...flags, ...sections, ...includes, ...args, '-o', program], { stdio: 'pipe' });
    return program;
  }

  /** What the program says here, and on an lx106. */
  function said(program: string, sources: readonly string[]): { here: string; there: string } {
    const own = compiled('gcc', ...here(program, 'host.c'), ...sources, '-lm');
    const rom = here('rom.c', 'rom_double.c', 'sim.c');
    const xtensa = compiled(
      'xtensa-lx106-elf-gcc',
      ...CORE,
      ...here(program),
      ...rom,
      ...sources,
      ...LIBRARIES,
    );
    return {
      here: execFileSync(own, { encoding: 'utf8' }),
      there: execFileSync('qemu-system-xtensa', [...SIM, '-serial', 'none', '-kernel', xtensa], {
        encoding: 'utf8',
      }),
    };
  }

  it('has a stand-in of the ROM that adds, multiplies and divides doubles as this computer does', () => {
    const test = compiled('gcc', ...here('rom_test.c'), '-lm');
    assert.equal(execFileSync(test, { encoding: 'utf8' }), 'as on this computer\n');
  });

  it('gives the same SVMs as on the computer that runs this, to the bit', () => {
    const svm = said('main.c', SVM);
    assert.match(svm.here, /^lin [0-9a-f]{8} 1[34]\d\nrbf [0-9a-f]{8} 1[34]\d\n$/);
    assert.equal(svm.there, svm.here);
  });

  it('gives the same echo state network, correlation, slow process and network in bytes, in the whole trainer', () => {
    const trainer = said('trainer.c', TRAINER);
    assert.match(trainer.here, /^(?:(?:esn|cor|pro|dnn) (?!0{8})[0-9a-f]{8}\n){4}$/);
    assert.equal(trainer.there, trainer.here);
  });
});

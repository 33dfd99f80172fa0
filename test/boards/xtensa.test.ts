/** Both SVMs trained on an Xtensa core in QEMU: the lx106 of an ESP8266, on the machine sim. What lies in that chip's ROM is in xtensa/rom.c. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { needs } from '../support/needs';
import { irisRows } from './iris_run';

const ROOT = resolve(__dirname, '../../..');
const HERE = join(ROOT, 'test/boards/xtensa');
const SRC = join(ROOT, 'firmware/src');
const here = (...names: string[]): string[] => names.map((name) => join(HERE, name));
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(SRC, folder))
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(SRC, folder, name));
const SOURCES = [...sourcesOf('models/svm'), ...sourcesOf('models/kernels'), ...sourcesOf('support')];
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

describe('The arithmetic on an Xtensa core, in QEMU', function () {
  this.timeout(120_000);
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

  it('gives the same models as on the computer that runs this, to the bit', () => {
    const own = compiled('gcc', ...here('main.c', 'host.c'), ...SOURCES, '-lm');
    const xtensa = compiled(
      'xtensa-lx106-elf-gcc',
      ...CORE,
      ...here('main.c', 'rom.c', 'sim.c'),
      ...SOURCES,
      ...LIBRARIES,
    );
    const expected = execFileSync(own, { encoding: 'utf8' });
    assert.match(expected, /^lin [0-9a-f]{8} 1[34]\d\nrbf [0-9a-f]{8} 1[34]\d\n$/);
    const args = [...SIM, '-serial', 'none', '-kernel', xtensa];
    assert.equal(execFileSync('qemu-system-xtensa', args, { encoding: 'utf8' }), expected);
  });
});

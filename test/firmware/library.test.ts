/** The firmware as a library of an embedded developer's own project: with add_subdirectory, installed, and with a port of their own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { programs } from '../support/c';
import { needs } from '../support/needs';

const root = resolve(__dirname, '../../..');
const firmware = join(root, 'firmware');

/** The files of docs/c-library.md, as they stand there. */
const guide = new Map(
  [...readFileSync(join(root, 'docs/c-library.md'), 'utf8').matchAll(/^```\w+ (\S+)\n(.*?)^```/gms)].map(
    ([, name, text]) => [name as string, text as string],
  ),
);
const program = guide.get('main.c') as string;
const project = guide.get('CMakeLists.txt') as string;

describe('Firmware as a CMake library', function () {
  this.timeout(600_000);
  let scratch = '';
  before(function () {
    if (!needs('cmake') || !needs('ninja')) this.skip();
    scratch = mkdtempSync(join(tmpdir(), 'edge-trainer-library-'));
  });
  after(() => {
    if (scratch !== '') rmSync(scratch, { recursive: true });
  });
  const cmake = (...args: string[]): string =>
    execFileSync('cmake', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  function built(source: string, ...args: string[]): string {
    const build = `${source}-build`;
    cmake('-G', 'Ninja', '-S', source, '-B', build, ...args);
    cmake('--build', build);
    return build;
  }

  it('is found installed, beside the program of the guide, and links the one family that it names', () => {
    const library = join(scratch, 'library');
    cmake(
      '-G',
      'Ninja',
      '-S',
      firmware,
      '-B',
      library,
      `-DCMAKE_INSTALL_PREFIX=${join(scratch, 'installed')}`,
    );
    cmake('--build', library);
    cmake('--install', library);
    const source = join(scratch, 'mine');
    mkdirSync(source);
    writeFileSync(join(source, 'main.c'), program);
    // The guide's own way, which would build all of the library once more, is configured.
    symlinkSync(firmware, join(source, 'firmware'));
    writeFileSync(join(source, 'CMakeLists.txt'), project);
    cmake('-G', 'Ninja', '-S', source, '-B', `${source}-beside`);
    const installed = project.replace('add_subdirectory(firmware)', 'find_package(EdgeTrainer REQUIRED)');
    writeFileSync(join(source, 'CMakeLists.txt'), installed);
    const build = built(
      source,
      `-DCMAKE_PREFIX_PATH=${join(scratch, 'installed')}`,
      '-DCMAKE_C_FLAGS=-Wall -Wextra -Werror',
    );
    assert.equal(execFileSync(join(build, 'mine'), { encoding: 'utf8' }), 'class 1\n');
    const symbols = execFileSync('nm', [join(build, 'mine')], { encoding: 'utf8' });
    assert.match(symbols, / et_svm_linear\b/);
    assert.doesNotMatch(symbols, /\bet_(svm_kernel_ops|esn|correlation|process|families|trainer_begin)\b/);
  });

  it('has its tests in CTest too: all of the list, and one that is built and passes', () => {
    const build = join(scratch, 'tests');
    cmake('-G', 'Ninja', '-S', firmware, '-B', build, '-DET_TESTS=ON');
    const ctest = (...args: string[]): string =>
      execFileSync('ctest', ['--test-dir', build, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    const listed = [...ctest('-N').matchAll(/Test +#\d+: (\S+)/g)].map(([, name]) => name);
    assert.deepEqual(
      programs.map(({ name }) => name).filter((name) => !listed.includes(name)),
      [],
    );
    cmake('--build', build, '--target', 'test_modbus');
    assert.match(ctest('-R', '^modbus$'), /100% tests passed, 0 tests failed out of 1/);
  });

  it('takes a board of one’s own from ET_PORT_DIR, and names the boards it knows', () => {
    const ports = join(scratch, 'ports', 'mine');
    mkdirSync(ports, { recursive: true });
    // As the ports here: what they share, and a header of its own.
    writeFileSync(join(ports, 'mine.h'), '#include "common/serial_queue.h"\n');
    writeFileSync(join(ports, 'main.c'), `#include "mine/mine.h"\n${program}`);
    writeFileSync(
      join(ports, 'board.cmake'),
      `include(\${ET_PORTS}/common/common.cmake)
set(ET_PORT_SOURCES \${ET_COMMON}/serial_queue.c \${CMAKE_CURRENT_LIST_DIR}/main.c)
`,
    );
    const build = join(scratch, 'board');
    const args = ['-G', 'Ninja', '-S', firmware, '-B', build, `-DET_PORT_DIR=${join(scratch, 'ports')}`];
    cmake(...args, '-DET_BOARD=mine');
    cmake('--build', build);
    assert.equal(execFileSync(join(build, 'edge-trainer.elf'), { encoding: 'utf8' }), 'class 1\n');
    assert.throws(
      () => cmake('-G', 'Ninja', '-S', firmware, '-B', `${build}-2`, '-DET_BOARD=nowhere'),
      /no folder of that name[\s\S]*nrf51/,
    );
  });
});

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

/** Trains four rows and prints the class of a fifth: the SVM alone, with memory of its own. */
const PROGRAM = `#include <stdio.h>
#include "edge_trainer/svm.h"
int main(void) {
  static const int8_t rows[] = { -100, -90, -80, -110, 90, 100, 110, 80 };
  static const uint8_t labels[] = { 0, 0, 1, 1 };
  static const int8_t fresh[] = { 70, 95 };
  static const et_svm_options options = { .model = &et_svm_linear, .features = 2, .classes = 2, .storage = ET_STORAGE_INT8, .samples = 4,
                                          .seed = 1, .parameters = { .cost = 1.0f, .tolerance = 0.01f, .max_epochs = 100 } };
  static et_svm svm;
  static uint32_t memory[256];
  et_train_report report;
  if (et_svm_setup(&svm, &options, memory, sizeof memory) != ET_OK) return 1;
  if (et_svm_train(&svm, rows, labels, 4, &report) != ET_OK) return 2;
  printf("class %d\\n", et_svm_infer(&svm, fresh).output_class);
  return 0;
}
`;

function project(folder: string, find: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.c'), PROGRAM);
  writeFileSync(
    join(folder, 'CMakeLists.txt'),
    `cmake_minimum_required(VERSION 3.22)
project(own C)
${find}
add_executable(own main.c)
target_link_libraries(own EdgeTrainer::edge_trainer)
`,
  );
}

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

  it('is found installed, and links one family into a program that names one', () => {
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
    const source = join(scratch, 'installed-user');
    project(source, 'find_package(EdgeTrainer REQUIRED)');
    const build = built(source, `-DCMAKE_PREFIX_PATH=${join(scratch, 'installed')}`);
    assert.equal(execFileSync(join(build, 'own'), { encoding: 'utf8' }), 'class 1\n');
    const symbols = execFileSync('nm', [join(build, 'own')], { encoding: 'utf8' });
    assert.match(symbols, / et_svm_linear\b/);
    assert.doesNotMatch(symbols, /\bet_(svm_kernel_ops|esn|correlation|process|families|trainer_begin)\b/);
  });

  it('is what docs/c-library.md says: its program beside its CMake file, and the program is C++ too', () => {
    const guide = readFileSync(join(root, 'docs/c-library.md'), 'utf8');
    const source = join(scratch, 'guide');
    mkdirSync(source);
    symlinkSync(firmware, join(source, 'firmware'));
    for (const [, name, text] of guide.matchAll(/^```\w+ (\S+)\n(.*?)^```/gms))
      writeFileSync(join(source, name as string), text as string);
    const build = built(source, '-DCMAKE_C_FLAGS=-Wall -Wextra -Werror');
    assert.equal(execFileSync(join(build, 'mine'), { encoding: 'utf8' }), 'class 1\n');
    if (!needs('g++')) return;
    const args = ['-x', 'c++', '-std=c++11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only'];
    execFileSync('g++', [...args, `-I${firmware}/include`, join(source, 'main.c')], { stdio: 'pipe' });
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
    writeFileSync(join(ports, 'main.c'), PROGRAM);
    writeFileSync(join(ports, 'board.cmake'), 'set(ET_PORT_SOURCES ${CMAKE_CURRENT_LIST_DIR}/main.c)\n');
    const build = join(scratch, 'mine');
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

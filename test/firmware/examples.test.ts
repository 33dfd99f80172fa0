/** The headers and examples of the C library, as an embedded developer's compilers see them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { definitionHeader, parseDefinition } from '../../trainer';
import { needs } from '../support/needs';

const firmware = resolve(__dirname, '../../../firmware');
const INCLUDES = [`-I${join(firmware, 'include')}`, `-I${join(firmware, 'src')}`];
const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wconversion', '-Wshadow'];
const COMPILERS: readonly { tool: string; language: string; standards: readonly string[] }[] = [
  { tool: 'gcc', language: 'c', standards: ['c99', 'c11', 'c2x'] },
  { tool: 'clang', language: 'c', standards: ['c99', 'c11', 'c2x'] },
  { tool: 'g++', language: 'c++', standards: ['c++11', 'c++17'] },
  { tool: 'clang++', language: 'c++', standards: ['c++11', 'c++17'] },
];

function run(tool: string, args: readonly string[]): string {
  try {
    return execFileSync(tool, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(`${tool} ${args.join(' ')}: ${(error as { stderr?: string }).stderr}`);
  }
}

describe('C library', function () {
  this.timeout(300_000);
  let scratch = '';
  before(function () {
    if (!['cmake', 'ninja', ...COMPILERS.map(({ tool }) => tool)].every(needs)) this.skip();
    scratch = mkdtempSync(join(tmpdir(), 'edge-trainer-examples-'));
  });
  after(() => {
    if (scratch !== '') rmSync(scratch, { recursive: true });
  });

  const headers = readdirSync(join(firmware, 'include/edge_trainer'));
  for (const { tool, language, standards } of COMPILERS) {
    it(`has headers that ${tool} takes one by one, from ${standards[0]} on`, () => {
      for (const header of headers) {
        const source = join(scratch, 'header.c');
        // A header for the preprocessor alone leaves a translation unit empty, which is no C.
        writeFileSync(source, `#include "edge_trainer/${header}"\ntypedef int et_not_empty;\n`);
        for (const standard of standards)
          run(tool, ['-x', language, `-std=${standard}`, ...WARNINGS, ...INCLUDES, '-fsyntax-only', source]);
      }
    });
  }

  for (const { tool, standards } of COMPILERS.filter(({ language }) => language === 'c'))
    it(`has sources that ${tool} takes without a warning, ${standards.join(', ')}`, () => {
      const sources = readdirSync(join(firmware, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.c'))
        .map((name) => join(firmware, 'src', name));
      assert.ok(sources.length > 0);
      for (const standard of standards)
        run(tool, [`-std=${standard}`, ...WARNINGS, ...INCLUDES, '-fsyntax-only', ...sources]);
    });

  it('declares with C linkage in C++', () => {
    for (const header of headers) {
      const text = readFileSync(join(firmware, 'include/edge_trainer', header), 'utf8');
      if (!/^\w/m.test(text)) continue; // the preprocessor alone reads it
      assert.match(text, /extern "C" \{/, header);
    }
  });

  it('builds its examples and runs them with CMake and CTest alone', () => {
    const build = join(scratch, 'build');
    run('cmake', ['-G', 'Ninja', '-S', firmware, '-B', build]);
    run('cmake', ['--build', build]);
    const report = run('ctest', ['--test-dir', build, '--output-on-failure', '--no-tests=error']);
    assert.match(report, /100% tests passed/);
    assert.match(run(join(build, 'example_svm'), []), /^class 1, 8 of 8 right, \d+ bytes saved\n$/);
    // Map version 2, firmware 0.1: the first words of the identity, with a checksum.
    assert.match(run(join(build, 'example_trainer'), []), /^01 03 08 00 02 00 01 /);

    // Within half a degree of the set point nearly always once it has learned, and the store gives back what was learned.
    const loop = join(build, 'example_closed_loop');
    const [, first, last] =
      /^as wanted: (\d+) % of the first day, (\d+) % of the last; generation [1-9]/.exec(
        run(loop, []),
      ) as RegExpExecArray;
    assert.ok(Number(first) < 95 && Number(last) > 97, `${first} %, then ${last} %`);
    assert.doesNotMatch(
      run('nm', [loop]),
      /et_(?:registers_space|register_read|write_registers|command_run)\b/,
    );

    // The examples are C++ too, and link against the C library.
    const library = join(build, 'libedge_trainer.a');
    // The headers under src/ are C's own: a flexible array at the end of a struct is no ISO C++.
    const includes = [`-I${join(firmware, 'include')}`, '-isystem', join(firmware, 'src')];
    for (const [name, says] of [
      ['svm', /^class 1, 8 of 8 right/],
      ['trainer', /^01 03 08 00 02 00 01 /],
      ['closed_loop', /^as wanted: /],
    ] as const) {
      const program = join(scratch, name);
      const source = ['-x', 'c++', join(firmware, `examples/${name}.c`), '-x', 'none'];
      run('g++', ['-std=c++11', ...WARNINGS, ...includes, ...source, library, '-lm', '-o', program]);
      assert.match(run(program, []), says);
    }
  });

  it('deploys the header that its definition gives', () => {
    const file = (name: string): string => readFileSync(join(firmware, 'examples', name), 'utf8');
    const header = definitionHeader(parseDefinition(JSON.parse(file('thermostat.json'))));
    assert.equal(file('thermostat.h'), header, 'edge-trainer plan thermostat.json --c thermostat.h');
  });
});

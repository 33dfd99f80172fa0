// Lines of firmware and trainer that run in the tests: `npm run coverage` is npm test with them counted. Prints the shares and the lines of
// the core that nothing runs. Needs gcc and gcov.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './zig.mjs';

const require = createRequire(import.meta.url);
const AIM_PERCENT = 90;
const folder = join(root, 'build/coverage');
const raw = join(folder, 'v8');
const objects = join(folder, 'c');
/** Boards' ports and emulators run outside of this process, and what is generated is not written by hand. */
const NOT_COUNTED = /\.generated\.|^trainer\/(emulator|cli\/main)|definition_sections\.c$/;
/** What everything stands on: its uncovered lines are printed. */
const CORE =
  /^(firmware\/src\/(loop\/core|loop\/decide|modbus|store|decision)\/|trainer\/(bus|device|definition|session)\/)/;
const OBJECTS_AT_A_TIME = 200;

/** @typedef {Map<string, Map<number, number>>} Lines file -> line -> times */

/** @param {Lines} all @param {string} file @param {number} line @param {number} times */
function count(all, file, line, times) {
  const lines = all.get(file) ?? new Map();
  all.set(file, lines);
  lines.set(line, (lines.get(line) ?? 0) + times);
}

/** Lines of firmware/src, over all test programs. @returns {Lines} */
function firmwareLines() {
  const all = new Map();
  const notes = existsSync(objects) ? readdirSync(objects).filter((name) => name.endsWith('.gcno')) : [];
  for (let at = 0; at < notes.length; at += OBJECTS_AT_A_TIME) {
    const some = notes.slice(at, at + OBJECTS_AT_A_TIME);
    const gcov = spawnSync('gcov', ['--json-format', '--stdout', ...some], {
      cwd: objects,
      encoding: 'utf8',
      maxBuffer: 1024 ** 3,
    });
    if (gcov.error !== undefined) throw gcov.error;
    // What it could not read counts as not run: named, so that nobody looks for the reason in the tests.
    if (gcov.status !== 0) console.error(gcov.stderr.replace(/^.*cannot open data file.*\n/gm, ''));
    const out = gcov.stdout;
    for (const document of out.split('\n').filter((line) => line.startsWith('{')))
      for (const { file, lines } of JSON.parse(document).files) {
        if (!file.startsWith('firmware/src/') || NOT_COUNTED.test(file)) continue;
        for (const line of lines) count(all, file, line.line_number, line.count);
      }
  }
  return all;
}

/** Leaves of what the processes wrote only the scripts that are counted: a tenth, and c8 reads all of it at once. */
function dropOthers() {
  for (const name of existsSync(raw) ? readdirSync(raw) : []) {
    const written = JSON.parse(readFileSync(join(raw, name), 'utf8'));
    const result = written.result.filter((/** @type {{ url: string }} */ { url }) =>
      url.startsWith(`${pathToFileURL(join(root, 'dist/trainer')).href}/`),
    );
    const maps = written['source-map-cache'] ?? {};
    const kept = result.map((/** @type {{ url: string }} */ { url }) => [url, maps[url]]);
    if (result.length === 0) rmSync(join(raw, name));
    else
      writeFileSync(
        join(raw, name),
        JSON.stringify({ ...written, result, 'source-map-cache': Object.fromEntries(kept) }),
      );
  }
}

/** Lines of trainer/, by c8 from what the processes wrote. @returns {Lines} */
function trainerLines() {
  const all = new Map();
  dropOthers();
  // Only tests of the firmware ran: c8 ends with its help when there is nothing to read.
  if (!existsSync(raw) || readdirSync(raw).length === 0) return all;
  const c8 = require.resolve('c8/bin/c8.js');
  const reports = join(folder, 'trainer');
  const { status } = spawnSync(
    process.execPath,
    [
      c8,
      'report',
      '--temp-directory',
      raw,
      '--reports-dir',
      reports,
      '--reporter',
      'lcovonly',
      '--all',
      '--src',
      'dist/trainer',
      '--include',
      'dist/trainer/**/*.js',
      '--include',
      'trainer/**/*.ts',
      '--exclude-after-remap',
      '--exclude',
      '',
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('c8 made no report');
  let file = '';
  for (const line of readFileSync(join(reports, 'lcov.info'), 'utf8').split('\n')) {
    const [key, value = ''] = line.split(/:(.*)/s);
    if (key === 'SF')
      file = relative(root, join(root, value))
        .replaceAll('\\', '/')
        .replace(/^dist\//, '');
    if (key !== 'DA' || !file.startsWith('trainer/') || NOT_COUNTED.test(file)) continue;
    const [number = 0, times = 0] = value.split(',').map(Number);
    count(all, file, number, times);
  }
  return all;
}

/** @param {Lines} all */
function share(all) {
  const times = [...all.values()].flatMap((lines) => [...lines.values()]);
  return times.length === 0 ? 0 : (100 * times.filter((time) => time > 0).length) / times.length;
}

/** 3, 4, 5, 9 -> "3-5, 9" @param {readonly number[]} numbers */
function ranges(numbers) {
  const found = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ');
}

/** @param {Lines} all */
function printUncovered(all) {
  for (const [file, lines] of [...all].sort(([a], [b]) => a.localeCompare(b))) {
    const missing = [...lines].filter(([, times]) => times === 0).map(([line]) => line);
    if (CORE.test(file) && missing.length > 0) console.log(`  ${file}: ${ranges(missing)}`);
  }
}

/** Before the build: the objects of the C tests and the scripts that are built from here on can be counted. */
export function prepareCounting() {
  process.env.EDGE_TRAINER_COVERAGE = 'lines';
  mkdirSync(objects, { recursive: true });
  for (const name of readdirSync(objects)) if (name.endsWith('.gcda')) rmSync(join(objects, name));
}

/** Before the tests: every process that is started from here on writes what ran in it. */
export function beginCounting() {
  rmSync(raw, { recursive: true, force: true });
  process.env.NODE_V8_COVERAGE = raw;
}

/** What is started from here on is not counted. */
export function endCounting() {
  delete process.env.NODE_V8_COVERAGE;
}

/**
 * Prints the shares and what is missing.
 * @param {{ whole: boolean }} options whether every test ran: then the shares are kept for `npm run bench -- house`
 */
export function reportCoverage({ whole }) {
  /** @type {Record<string, number>} */
  const figures = {};
  for (const [name, lines] of Object.entries({ firmware: firmwareLines(), trainer: trainerLines() })) {
    const percent = share(lines);
    if (lines.size === 0) continue;
    figures[`coverage_${name}_percent`] = Math.round(10 * percent) / 10;
    const aim = percent < AIM_PERCENT ? ` (the aim is ${AIM_PERCENT})` : '';
    console.log(`\n${name}: ${percent.toFixed(1)} % of the lines run in a test${aim}. Not run, of the core:`);
    printUncovered(lines);
  }
  if (whole) writeFileSync(join(folder, 'coverage.json'), JSON.stringify(figures));
}

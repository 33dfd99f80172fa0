// npm test [-- PART...]: generated files, build, linter, the boards' images where a test looks at them, then every test (or those with PART
// in their path), one file on each processor at a time and one more of those that mostly wait. A file with a failure runs once more at
// the end, alone, because emulators and browsers share the processors in real time; the report lists what passed only then. Ends with the slowest files, each failure with its whole error, and the
// line "N passed, N failed". Fails on a failure and, in CI, on anything that was skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import Mocha from 'mocha';
import { build } from './build.mjs';
import { beginCounting, endCounting, prepareCounting, reportCoverage } from './coverage.mjs';
import { generate } from './generate.mjs';
import { filesUnder } from './incremental.mjs';
import { lint } from './lint.mjs';
import { root } from './zig.mjs';

/** What a test may take on a loaded machine; one that hangs ends then. */
const TEST_LIMIT_MS = 60_000;
/** What a test may take on average where a file does not say more. */
const SECONDS_A_TEST = 10;
const SLOWEST_SHOWN = 15;
/** The lines of trainer/ are counted in its own tests: what emulates a processor is five times slower with them, what starts Node-RED adds none. */
const COUNTED = /^test\/trainer\/(?!flash\/avr)/;
/** They run Node-RED or the demo at its own pace and mostly wait: one of them at a time, beside as many others as there are processors. */
const WAITING = /^test\/(nodes|demo|dashboard)/;
const LINE = '='.repeat(78);

const coverage = process.argv.includes('--coverage');
const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const files = longestFirst(
  filesUnder('test', '.test.ts').filter(
    (file) => parts.length === 0 || parts.some((part) => file.includes(part)),
  ),
);
/** @type {{ name: string, text: string }[]} */
const faults = [];
let checks = 0;

/** A file may take what its tests do, and the largest number of milliseconds that it names; what begins last must not be what takes longest. */
function longestFirst(/** @type {string[]} */ names) {
  const longest = (/** @type {string} */ text) =>
    Math.max(
      SECONDS_A_TEST * [...text.matchAll(/\bit\(/g)].length,
      ...[...text.matchAll(/\b(\d+)_000\b/g)].map(([, thousands]) => Number(thousands)),
    );
  return names
    .map((name) => ({ name, longest: longest(source(name)) }))
    .sort((a, b) => b.longest - a.longest)
    .map(({ name }) => name);
}

function source(/** @type {string} */ name) {
  return readFileSync(join(root, name), 'utf8');
}

/** Runs a check that is not a mocha test; what it throws counts as a failure. @param {string} name @param {() => void | Promise<void>} run */
async function check(name, run) {
  checks++;
  const began = performance.now();
  try {
    await run();
    console.log(`${name}: good, ${((performance.now() - began) / 1000).toFixed(1)} s`);
  } catch (error) {
    faults.push({ name, text: error instanceof Error ? error.message : String(error) });
    console.error(`${name}: ${faults.at(-1)?.text}`);
  }
}

/** Once, before several tests ask for them at the same time. Without the compilers the tests themselves say what is missing. */
function boardImages() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/boards.mjs')], {
    encoding: 'utf8',
  });
  if (status === 0) {
    process.env.EDGE_TRAINER_IMAGES_BUILT = 'yes';
    console.log(stdout);
  } else if (!/is not installed/.test(stderr)) throw new Error(`npm run boards failed:\n${stdout}${stderr}`);
}

/** Shows tests as they end and leaves the failures to the end. */
class Report extends Mocha.reporters.Spec {
  epilogue() {}
}

/** @param {Map<string, number>} times @param {number} tookMs */
function printSlowest(times, tookMs) {
  const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, SLOWEST_SHOWN);
  console.log(`\nThe tests took ${(tookMs / 1000).toFixed(0)} s. Slowest files, in seconds:`);
  for (const [file, ms] of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(8)}  ${file}`);
}

/** Every failure with its whole error, then all their names. @param {Mocha.Test[]} failed */
function printFailures(failed) {
  if (failed.length + faults.length === 0) return;
  console.log(`\n${LINE}\nFAILURES`);
  for (const { name, text } of faults) console.log(`\n${name}: ${text}`);
  Mocha.reporters.Base.list(failed);
  const names = [
    ...faults.map(({ name }) => name),
    ...failed.map((test) => `${fileOf(test)}: ${test.fullTitle()}`),
  ];
  console.log(`\nFAILED:\n  ${names.join('\n  ')}`);
}

/** The source of a test, of a hook, or of what could not even be loaded. */
function fileOf(/** @type {{ file?: string }} */ test) {
  return (test.file ?? '').replace(join(root, 'dist/'), '').replace(/\.js$/, '.ts');
}

// What programs say is compared with English texts.
for (const name of ['LC_ALL', 'LC_MESSAGES', 'LANGUAGE']) delete process.env[name];
process.env.LANG = 'en_US.UTF-8';
if (coverage) prepareCounting();
/** The package as it is now, for each Node-RED that a test starts (test/nodes/real_node_red.ts): the first makes it. */
const packed = mkdtempSync(join(tmpdir(), 'edge-trainer-packed-'));
process.env.EDGE_TRAINER_TARBALL = join(packed, 'package.tgz');
// Before the build, which would put it right.
await check('generated files', () => {
  const stale = generate({ check: true });
  if (stale.length) throw new Error(`stale: ${stale.join(', ')}; run npm run generate and commit the result`);
});
await check('build', build);
await check('linter', lint);
if (files.some((file) => /imagesBuilt\(/.test(source(file))))
  await check('firmware of the boards', boardImages);

/** What each file has shown so far. @type {Map<string, { passed: number, failed: Mocha.Test[] }>} */
const results = new Map();
/** @type {string[]} */
const skipped = [];
/** @type {string[]} */
const again = [];
/** @type {Map<string, number>} */
const times = new Map();
const began = performance.now();
const count = (/** @type {Mocha.Runnable} */ what) =>
  times.set(fileOf(what), (times.get(fileOf(what)) ?? 0) + (what.duration ?? 0));

function resultOf(/** @type {string} */ file) {
  const result = results.get(file) ?? { passed: 0, failed: [] };
  results.set(file, result);
  return result;
}

async function finish() {
  rmSync(packed, { recursive: true });
  printSlowest(times, performance.now() - began);
  if (coverage) await check('coverage', () => reportCoverage({ whole: parts.length === 0 }));
  if (again.length) console.warn(`\nPASSED AT THE SECOND ATTEMPT ${again.length}:\n  ${again.join('\n  ')}`);
  if (skipped.length)
    console.warn(`\n${LINE}\nSKIPPED ${skipped.length}:\n  ${skipped.join('\n  ')}\n${LINE}`);
  const all = [...results.values()];
  const failed = all.flatMap((result) => result.failed);
  const passed = all.reduce((sum, result) => sum + result.passed, 0);
  printFailures(failed);
  const unwanted = skipped.length > 0 && process.env.CI;
  if (unwanted) console.error('in CI nothing may be skipped');
  const bad = failed.length + faults.length;
  // The checks before the tests count as tests.
  console.log(`\n${passed + checks - faults.length} passed, ${bad} failed`);
  process.exit(bad > 0 || unwanted ? 1 : 0);
}

/** Runs test files in processes of their own, as many at a time as there are processors. @param {string[]} names */
function run(names) {
  if (names.length === 0) return Promise.resolve();
  const mocha = new Mocha({
    timeout: TEST_LIMIT_MS,
    reporter: Report,
    parallel: true,
    // With one alone mocha would load the files into this process, and a file that is loaded already would run none of its tests.
    jobs: Math.max(2, availableParallelism()),
  });
  for (const name of names) mocha.addFile(join(root, 'dist', name.replace(/\.ts$/, '.js')));
  return new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => resultOf(fileOf(test)).passed++);
    runner.on('fail', (test, error) => {
      // The errors of a worker come beside its tests.
      test.err ??= error;
      resultOf(fileOf(test)).failed.push(test);
    });
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('test end', count);
    runner.on('hook end', count);
  });
}

/** One file after the other. @param {string[]} names */
async function runInTurn(names) {
  for (const name of names) await run([name]);
}

/** What failed among others has a second attempt alone; what it shows then counts. @param {string[]} names */
async function runAgain(names) {
  for (const name of names) {
    const { failed } = resultOf(name);
    if (failed.length === 0) continue;
    console.warn(`\n${LINE}\nSECOND ATTEMPT of ${name}, because of:`);
    Mocha.reporters.Base.list(failed);
    results.delete(name);
    await run([name]);
    const second = resultOf(name);
    // A file that shows nothing the second time has not passed.
    if (second.passed + second.failed.length === 0) second.failed = failed;
    const still = new Set(second.failed.map((test) => test.fullTitle()));
    for (const title of failed.map((test) => test.fullTitle()))
      if (!still.has(title)) again.push(`${name}: ${title}`);
  }
}

const isCounted = (/** @type {string} */ file) => coverage && COUNTED.test(file);
const waiting = files.filter((file) => WAITING.test(file));
const apart = files.filter((file) => !WAITING.test(file) && !isCounted(file));
const counted = files.filter(isCounted);
const waited = runInTurn(waiting);
await run(apart);
// What begins after the counting does would be counted, too.
await waited;
if (coverage) beginCounting();
await run(counted);
await runAgain(counted);
if (coverage) endCounting();
await runAgain([...waiting, ...apart]);
await finish();

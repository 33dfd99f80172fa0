// npm test [-- PART...]: build, linter, generated files, then every test (or those with PART in their path). Ends with the line
// "N passed, N failed". Fails on a failure and, in CI, on anything that was skipped.
import { join } from 'node:path';
import Mocha from 'mocha';
import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { filesUnder } from './incremental.mjs';
import { lint } from './lint.mjs';
import { root } from './zig.mjs';

const parts = process.argv.slice(2);
const faults = [];

/** Runs a check that is not a mocha test; what it throws counts as a failure. */
function check(name, run) {
  try {
    run();
    console.log(`${name}: good`);
  } catch (error) {
    faults.push(`${name}: ${error instanceof Error ? error.message : error}`);
    console.error(faults.at(-1));
  }
}

// Before the build, which would put it right.
check('generated files', () => {
  const stale = generate({ check: true });
  if (stale.length) throw new Error(`stale: ${stale.join(', ')}; run npm run generate and commit the result`);
});
check('build', build);
check('linter', lint);

const files = filesUnder('test', '.test.ts').filter(
  (file) => parts.length === 0 || parts.some((part) => file.includes(part)),
);
const mocha = new Mocha({ timeout: 10_000, reporter: 'spec' });
for (const file of files) mocha.addFile(join(root, 'dist', file.replace(/\.ts$/, '.js')));

let passed = 0;
const failed = [];
const skipped = [];
const title = (test) => test.fullTitle();

function finish(problem) {
  if (problem) faults.push(`tests could not run: ${problem instanceof Error ? problem.stack : problem}`);
  const line = '='.repeat(78);
  if (skipped.length)
    console.warn(`\n${line}\nSKIPPED ${skipped.length}:\n  ${skipped.join('\n  ')}\n${line}`);
  const bad = [...faults, ...failed];
  if (bad.length) console.error(`\nFAILED:\n  ${bad.join('\n  ')}`);
  if (skipped.length && process.env.CI) console.error('in CI nothing may be skipped');
  // The checks before the tests count as tests.
  console.log(
    `\n${passed + 3 - faults.filter((fault) => !fault.startsWith('tests')).length} passed, ${bad.length} failed`,
  );
  process.exit(bad.length || (skipped.length && process.env.CI) ? 1 : 0);
}

try {
  const runner = mocha.run(() => finish());
  runner.on('pass', () => passed++);
  runner.on('fail', (test) => failed.push(title(test)));
  runner.on('pending', (test) => skipped.push(title(test)));
} catch (error) {
  finish(error);
}

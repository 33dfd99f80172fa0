/** What static checkers say of the C sources: nothing. What they take for a fault is written so that they see that it is none. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf } from '../support/c';
import { needs } from '../support/needs';

const ROOT = resolve(__dirname, '../../..');
const FIRMWARE = join(ROOT, 'firmware');
/** One empty file for each source that the analyzer was content with, named by what it read. */
const CONTENT = join(ROOT, 'build/analyzed');
const FILE_LIMIT_MS = 60_000;

async function check(...sources: string[]): Promise<string> {
  const rules = ['--quiet', '--std=c99', '--enable=warning,performance', '--suppress=missingIncludeSystem'];
  const template = '--template={file}:{line}: {id}: {message}';
  const args = [...rules, template, '-Iinclude', '-Isrc', ...sources];
  const { stderr } = await promisify(execFile)('cppcheck', args, { cwd: FIRMWARE });
  return stderr;
}

const ANALYZER = ['-std=c99', '-O1', '-fanalyzer', '-Werror', '-Iinclude', '-Isrc', '-c', '-o', '/dev/null'];

/** What gcc's analyzer finds in one file: it follows every path through it. */
async function analyze(file: string): Promise<string> {
  try {
    await promisify(execFile)('gcc', [...ANALYZER, file], { cwd: FIRMWARE, timeout: FILE_LIMIT_MS });
    return '';
  } catch (error) {
    return (error as { stderr?: string }).stderr || String(error);
  }
}

/** The same for every source of the firmware, as many at a time as there are processors; what has not changed is not read again. */
async function analyzeAll(): Promise<string> {
  const under = (folder: string, ending: string): string[] =>
    readdirSync(join(FIRMWARE, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name))
      .sort();
  const text = (file: string): string => readFileSync(join(FIRMWARE, file), 'utf8');
  const headers = [...under('include', '.h'), ...under('src', '.h')].map(text);
  const { stdout: version } = await promisify(execFile)('gcc', ['--version']);
  const around = fingerprintOf(version, ...ANALYZER, ...headers);
  mkdirSync(CONTENT, { recursive: true });
  const waiting = under('src', '.c');
  const found: string[] = [];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const stamp = join(CONTENT, fingerprintOf(around, file, text(file)));
      if (existsSync(stamp)) continue;
      const said = await analyze(file);
      if (said === '') writeFileSync(stamp, '');
      else found.push(said);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return found.join('');
}

/** What clang-tidy finds; the sources go to two processes. */
async function tidy(sources: readonly string[]): Promise<string> {
  const halves = [0, 1]
    .map((half) => sources.filter((_, index) => index % 2 === half))
    .filter((part) => part.length > 0);
  const found = halves.map(async (part) => {
    const style = `--config-file=${join(ROOT, '.clang-tidy')}`;
    const args = ['--quiet', style, ...part, '--', '-std=c99', '-Iinclude', '-Isrc'];
    try {
      return (await promisify(execFile)('clang-tidy-14', args, { cwd: FIRMWARE })).stdout;
    } catch (error) {
      return (error as { stdout: string }).stdout || String(error);
    }
  });
  return (await Promise.all(found)).join('');
}

function faulty(text: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-static-'));
  const file = join(folder, 'fault.c');
  writeFileSync(file, text);
  return { folder, file };
}

describe('static checks of the firmware', function () {
  this.timeout(300_000);

  it('clang-format would change no C source that somebody writes', async function () {
    if (!needs('clang-format-14')) this.skip();
    await promisify(execFile)(process.execPath, ['tools/format.mjs', '--check'], { cwd: ROOT });
  });

  it('clang-format names the file that it would change, and the command that does', async function () {
    if (!needs('clang-format-14')) this.skip();
    const { folder, file } = faulty('int  two(void) { return 2; }\n');
    try {
      await assert.rejects(
        promisify(execFile)(process.execPath, ['tools/format.mjs', '--check', file], { cwd: ROOT }),
        /fault\.c is not in the style of \.clang-format: npm run format/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('clang-tidy finds nothing in its source', async function () {
    if (!needs('clang-tidy-14')) this.skip();
    const names = readdirSync(join(FIRMWARE, 'src'), { recursive: true, encoding: 'utf8' });
    const sources = names.filter((name) => name.endsWith('.c')).map((name) => join('src', name));
    assert.ok(sources.length > 100, `${sources.length} sources found`);
    assert.equal(await tidy(sources), '');
  });

  it('clang-tidy does find a fault', async function () {
    if (!needs('clang-tidy-14')) this.skip();
    const { folder, file } = faulty('int same(int a) {\n  return a == a;\n}\n');
    try {
      assert.match(await tidy([file]), /fault\.c:2:\d+: error: .*misc-redundant-expression/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('cppcheck finds nothing in its source', async function () {
    if (!needs('cppcheck')) this.skip();
    assert.equal(await check('src'), '');
  });

  it("gcc's analyzer finds nothing in its source", async function () {
    if (!needs('gcc')) this.skip();
    assert.equal(await analyzeAll(), '');
  });

  it("gcc's analyzer does find a fault", async function () {
    if (!needs('gcc')) this.skip();
    const { folder, file } =
      faulty(`static const int *at(const int *a, unsigned i) { return i == 7u ? (void *)0 : a + i; }
int first(const int *a, unsigned i) { return *at(a, i); }
`);
    try {
      assert.match(await analyze(file), /fault\.c:2:\d+: error: dereference of NULL/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('cppcheck does find a fault', async function () {
    if (!needs('cppcheck')) this.skip();
    const { folder, file } = faulty('int quotient(void) {\n  int zero = 0;\n  return 1 / zero;\n}\n');
    try {
      assert.match(await check(file), /fault\.c:3: zerodiv/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

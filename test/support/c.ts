/** C tests on the host: the firmware's own sources and a test's main(), with sanitizers, run from mocha. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '../../..');
/** `npm run coverage` counts the lines that run; its objects are others. */
const counted = process.env.EDGE_TRAINER_COVERAGE !== undefined;
const cache = join(root, counted ? 'build/coverage/c' : 'build/c');

/** As every build: no fused multiply-add, so that results are those of a board. */
const WARNINGS = [
  '-ffp-contract=off',
  '-Wall',
  '-Wextra',
  '-Wpedantic',
  '-Werror',
  '-Wconversion',
  '-Wshadow',
];
const COMPILE_LIMIT_MS = 120_000;
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

export interface CTestOptions {
  /** Folders and files of firmware/src to build; default: all of them. */
  readonly firmware?: readonly string[];
  /** Arguments of the test program. */
  readonly args?: readonly string[];
  /** Default 60 000. */
  readonly timeoutMs?: number;
}

interface Compiler {
  readonly command: string;
  readonly first: readonly string[];
  readonly sanitizers: readonly string[];
}

let found: Promise<Compiler> | undefined;

/** The system's C compiler, else zig's, which npm brings (it has no address sanitizer). */
function compiler(): Promise<Compiler> {
  found ??= (async () => {
    for (const command of ['gcc', 'cc', 'clang']) {
      try {
        await run(command, ['--version']);
        return {
          command,
          first: [],
          sanitizers: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
        };
      } catch {
        // not here
      }
    }
    const zig = join(root, 'node_modules/.bin/zig');
    return { command: zig, first: ['cc'], sanitizers: ['-fsanitize=undefined', '-fno-sanitize-recover=all'] };
  })();
  return found;
}

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}

/** Short hash of texts: the name under which a compiled object is kept. */
export function fingerprintOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 24);
}

/** Output of the compiler or test, as the message of the failure. */
async function runOrExplain(
  what: string,
  command: string,
  args: readonly string[],
  timeout: number,
): Promise<string> {
  try {
    const { stdout } = await run(command, [...args], {
      cwd: root,
      timeout,
      maxBuffer: OUTPUT_LIMIT_BYTES,
      env: { ...process.env, ZIG_GLOBAL_CACHE_DIR: join(root, 'build/zig'), ASAN_OPTIONS: 'detect_leaks=0' },
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${what} failed: ${stdout}${stderr}`.trimEnd() || message);
  }
}

/** What changes the firmware's own sources; folders of a test's headers and warnings that a test does without do not. */
const FIRMWARE_FLAG = /^-(D|iquote)/;

/** The same sources from another one on: tests that are built at the same time do not all compile the same one. */
function startingFor(name: string, sources: readonly string[]): string[] {
  const at = Number.parseInt(fingerprintOf(name).slice(0, 8), 16) % sources.length;
  return [...sources.slice(at), ...sources.slice(0, at)];
}

/** One object per source and flags, kept by content: a later test with the same flags finds it. */
async function objectOf(
  source: string,
  headers: string,
  flags: readonly string[],
  cc: Compiler,
): Promise<string> {
  const key = fingerprintOf(cc.command, ...flags, source, readFileSync(join(root, source), 'utf8'), headers);
  const object = join(cache, `${key}.o`);
  if (!existsSync(object)) {
    const part = `${object}.${process.pid}`;
    await runOrExplain(
      `compiling ${source}`,
      cc.command,
      [...cc.first, ...flags, ...(counted ? [`-frandom-seed=${key}`] : []), '-c', source, '-o', part],
      COMPILE_LIMIT_MS,
    );
    renameSync(part, object);
  }
  return object;
}

/**
 * Builds firmware/src with a test's own sources and runs the result.
 * @param name of the test program
 * @param sources C files of the test, relative to the repository; one has main(), which returns 0 when all is well
 * @param flags more compiler flags, for example -D…
 * @returns what the program printed
 * @throws Error with the output of the compiler or the program when either fails
 */
export async function runCTest(
  name: string,
  sources: readonly string[],
  flags: readonly string[] = [],
  options: CTestOptions = {},
): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const cc = await compiler();
  const folders = options.firmware?.map((folder) => join('firmware/src', folder)) ?? ['firmware/src'];
  const all = [
    ...folders.flatMap((folder) => (folder.endsWith('.c') ? [folder] : filesUnder(folder, '.c'))),
    ...sources,
  ];
  const headerFiles = [...filesUnder('firmware', '.h'), ...filesUnder('test', '.h')];
  const headers = fingerprintOf(
    ...headerFiles.map((file) => `${file}\n${readFileSync(join(root, file), 'utf8')}`),
  );
  const compile = [
    '-std=c99',
    '-O1',
    '-g',
    ...WARNINGS,
    ...cc.sanitizers,
    ...(counted ? ['--coverage'] : []),
    '-Ifirmware/include',
    '-Ifirmware/src',
  ];
  const own = flags.filter((flag) => FIRMWARE_FLAG.test(flag));
  const objects: string[] = [];
  for (const source of startingFor(name, all)) {
    const more = source.startsWith('firmware/src/') ? own : flags;
    objects.push(await objectOf(source, headers, [...compile, ...more], cc));
  }
  const program = join(cache, `${name}-${fingerprintOf(...objects)}`);
  if (!existsSync(program)) {
    const part = `${program}.${process.pid}`;
    const coverage = counted ? ['--coverage'] : [];
    const link = [...cc.first, ...cc.sanitizers, ...coverage, ...objects, '-lm', '-o', part];
    await runOrExplain(`linking ${name}`, cc.command, link, COMPILE_LIMIT_MS);
    renameSync(part, program);
  }
  return runOrExplain(name, program, options.args ?? [], options.timeoutMs ?? 60_000);
}

/** A program of test/firmware/programs.json, the list that CTest has too. */
interface Program {
  readonly name: string;
  /** Folders and files of firmware/src that it is built with; default: all. */
  readonly firmware?: readonly string[];
  readonly defines?: readonly string[];
  /** Folders of headers, and of headers in quotes that go before those beside the including file's. */
  readonly include?: readonly string[];
  readonly quote?: readonly string[];
  readonly flags?: readonly string[];
  readonly sources: readonly string[];
  /** Files, or all files of a folder ("corpus/*"). */
  readonly args?: readonly string[];
}

export const programs = JSON.parse(
  readFileSync(join(root, 'test/firmware/programs.json'), 'utf8'),
) as readonly Program[];

/**
 * Builds and runs a program of the list.
 * @param args instead of those of the list
 * @returns what it printed
 */
export function runProgram(name: string, args?: readonly string[]): Promise<string> {
  const program = programs.find((candidate) => candidate.name === name);
  if (program === undefined) throw new RangeError(`programs.json lists no ${name}`);
  const { firmware, defines = [], include = [], quote = [], flags = [], sources } = program;
  const given = (program.args ?? []).flatMap((arg) =>
    arg.endsWith('/*')
      ? readdirSync(join(root, arg.slice(0, -2))).map((file) => arg.replace('*', file))
      : arg,
  );
  return runCTest(
    name,
    sources,
    [
      ...quote.map((folder) => `-iquote${folder}`),
      ...include.map((folder) => `-I${folder}`),
      ...defines.map((define) => `-D${define}`),
      ...flags,
    ],
    { ...(firmware === undefined ? {} : { firmware }), args: args ?? given, timeoutMs: 300_000 },
  );
}

// npm run format: biome brings TypeScript and JSON into their style, clang-format 14 the C sources (.clang-format). `--check
// [FILE...]` looks at the C sources alone, all or those given: it changes nothing, names those that are not in their style, and fails. Another
// version of clang-format has another taste.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesUnder } from './incremental.mjs';
import { root } from './zig.mjs';

const CLANG_FORMAT = 'clang-format-14';
/** In the first line of what no one writes by hand: the contract's files, and the references of the tests. */
const GENERATED = /^\/\* (Generated from|Made by)/;

function sources() {
  return ['firmware', 'test', 'bench', 'tools']
    .flatMap((folder) => filesUnder(folder, '.c', '.h'))
    .filter((file) => !GENERATED.test(readFileSync(join(root, file), 'utf8')));
}

/** @returns {string} what clang-format says of the files */
function clangFormat(option, files) {
  const style = `--style=file:${join(root, '.clang-format')}`;
  const { error, status, stderr } = spawnSync(CLANG_FORMAT, [option, style, ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error)
    throw new Error(`${CLANG_FORMAT} does not run (${error.message}); the C sources are as they were`);
  if (status !== 0) throw new Error(stderr);
  return stderr;
}

function check(files) {
  const wrong = new Set(
    Array.from(clangFormat('--dry-run', files).matchAll(/^(\S+?):\d+:\d+: warning/gm), ([, file]) => file),
  );
  for (const file of wrong) console.error(`${file} is not in the style of .clang-format: npm run format`);
  return wrong.size === 0;
}

function format() {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const { status } = spawnSync(process.execPath, [biome, 'check', '--write', '.'], {
    cwd: root,
    stdio: 'inherit',
  });
  clangFormat('-i', sources());
  return status === 0;
}

try {
  const [option, ...files] = process.argv.slice(2);
  const well = option === '--check' ? check(files.length > 0 ? files : sources()) : format();
  if (!well) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

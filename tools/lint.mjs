// npm run lint: the linter, which knows types; the scripts checked like TypeScript; and trainer/ compiled without the types of Node-RED and
// of the tests, so that it needs neither.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './zig.mjs';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');

const CHECKS = {
  'biome check': [require.resolve('@biomejs/biome/bin/biome'), 'check', '.'],
  'types of tools/': [tsc, '-p', 'tools'],
  'types of trainer/ alone': [tsc, '-p', 'trainer'],
};

/** @throws Error that names what found something; the findings are printed */
export function lint() {
  const failed = Object.entries(CHECKS)
    .filter(([, args]) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0)
    .map(([name]) => name);
  if (failed.length > 0)
    throw new Error(`${failed.join(', ')}: see above; npm run format mends most of what biome finds`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    lint();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

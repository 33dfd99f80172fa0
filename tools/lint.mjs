// npm run lint: the linter, which knows types; the scripts checked like TypeScript; trainer/ compiled without the types of Node-RED and of the
// tests, nodes and benches without those of the tests: nothing that is shipped needs what only a test has.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './zig.mjs';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');

const CHECKS = {
  'biome check': [require.resolve('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  'types of tools/': [tsc, '-p', 'tools'],
  'types of trainer/ alone': [tsc, '-p', 'trainer'],
  'types of nodes and demo, without the tests': [tsc, '-p', 'nodes'],
  'types of the benches, without mocha': [tsc, '-p', 'bench'],
};

/** @throws Error with what was found */
export function lint() {
  const findings = Object.entries(CHECKS).flatMap(([name, args]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    return status === 0 ? [] : [`${name}:\n${stdout}${stderr}`];
  });
  if (findings.length > 0)
    throw new Error(`${findings.join('\n')}\nnpm run format mends most of what biome finds`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    lint();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

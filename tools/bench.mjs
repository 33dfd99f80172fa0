// npm run bench -- NAME [options]: builds what has changed, then runs bench/NAME.ts or bench/NAME/index.ts.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './zig.mjs';

/** Bench name -> compiled script. */
function benches() {
  const found = new Map();
  for (const entry of readdirSync(join(root, 'bench'), { withFileTypes: true })) {
    if (entry.isFile() && /^[a-z0-9-]+\.ts$/.test(entry.name))
      found.set(entry.name.slice(0, -3), `dist/bench/${entry.name.slice(0, -3)}.js`);
    else if (entry.isDirectory() && existsSync(join(root, 'bench', entry.name, 'index.ts')))
      found.set(entry.name, `dist/bench/${entry.name}/index.js`);
  }
  return found;
}

const [name, ...options] = process.argv.slice(2);
const script = benches().get(name ?? '');
if (script === undefined) {
  console.error(
    `${name ? `there is no bench "${name}"` : 'which bench?'}: npm run bench -- NAME [--json], NAME one of: ${[...benches().keys()].sort().join(', ')}`,
  );
  process.exit(2);
}
// What the build says goes to stderr: with --json the last line of stdout is for machines.
const log = console.log;
console.log = console.error;
try {
  await build();
} catch (error) {
  console.error(`build failed: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
console.log = log;
const { status } = spawnSync(process.execPath, [join(root, script), ...options], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);

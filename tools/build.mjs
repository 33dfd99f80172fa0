// npm run build: generate -> firmware as WebAssembly -> pseudo-terminal bridge -> TypeScript -> node packaging. Each step only
// does what has changed. `--all` also builds what other platforms than this one need: for packing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildDashboard } from './dashboard.mjs';
import { generate } from './generate.mjs';
import { buildPty } from './pty.mjs';
import { buildWasm } from './wasm.mjs';
import { root } from './zig.mjs';

function node(script, ...args) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${script} failed`);
}

/** Brings dist/ up to date; throws when a step fails. */
export function build({ all = false } = {}) {
  const step = (name, run) => {
    const began = performance.now();
    run();
    console.log(`${name.padEnd(24)} ${((performance.now() - began) / 1000).toFixed(1)} s`);
  };
  step('generate', () => generate());
  step('firmware (WebAssembly)', () => buildWasm());
  step('pseudo-terminal bridge', () => buildPty({ all }));
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  // Coverage is counted in lines of TypeScript.
  const maps = process.env.EDGE_TRAINER_COVERAGE === undefined ? [] : ['--sourceMap'];
  step('TypeScript', () => node(join(dirname(typescript), 'bin/tsc'), '-p', '.', ...maps));
  if (existsSync(join(root, 'tools/nodes.mjs'))) step('nodes', () => node('tools/nodes.mjs'));
  step('Dashboard widgets', () => buildDashboard());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    build({ all: process.argv.includes('--all') });
  } catch (error) {
    console.error(`build failed: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

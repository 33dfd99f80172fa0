// npm run build: generate -> firmware as WebAssembly -> pseudo-terminal bridge -> TypeScript -> node packaging. Each step only
// does what has changed: what runs from dist/ is left alone. `--all` also builds what other platforms than this one need: for packing;
// `--without-pty` leaves out the pseudo-terminal bridge, whose C library takes longer than everything else together.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildDashboard } from './dashboard.mjs';
import { generate } from './generate.mjs';
import { filesUnder, incremental } from './incremental.mjs';
import { buildNodes } from './nodes.mjs';
import { buildPty } from './pty.mjs';
import { buildWasm } from './wasm.mjs';
import { root } from './zig.mjs';

/** What `tsc` compiles: see tsconfig.json. */
const COMPILED = ['trainer', 'nodes', 'dashboard/nodes', 'demo', 'bench', 'test'];

function buildTypeScript() {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  // Coverage is counted in lines of TypeScript.
  const maps = process.env.EDGE_TRAINER_COVERAGE === undefined ? [] : ['--sourceMap'];
  const sources = COMPILED.flatMap((folder) => filesUnder(folder, '.ts'));
  const scripts = sources.filter((file) => !/(^nodes\/[^/]+\/editor|\.d)\.ts$/.test(file));
  const outputs = scripts.map((file) => join('dist', file.replace(/\.ts$/, '.js')));
  const inputs = [...sources, 'locales/en-US/errors.json', 'package-lock.json', 'tsconfig.json'];
  incremental('typescript', inputs, outputs, maps.join(' '), () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(typescript, 'bin/tsc'), '-p', '.', ...maps],
      { cwd: root, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`TypeScript:\n${stdout}${stderr}`);
  });
}

/** Brings dist/ up to date; throws when a step fails. */
export function build({ all = false, pty = true } = {}) {
  const step = (name, run) => {
    const began = performance.now();
    run();
    console.log(`${name.padEnd(24)} ${((performance.now() - began) / 1000).toFixed(1)} s`);
  };
  step('generate', () => generate());
  step('firmware (WebAssembly)', () => buildWasm());
  if (pty) step('pseudo-terminal bridge', () => buildPty({ all }));
  step('TypeScript', buildTypeScript);
  step('nodes', buildNodes);
  step('Dashboard widgets', buildDashboard);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    build({ all: process.argv.includes('--all'), pty: !process.argv.includes('--without-pty') });
  } catch (error) {
    console.error(`build failed: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

// npm run build: generate -> TypeScript -> node packaging, and at the same time the firmware as WebAssembly and the pseudo-terminal
// bridge, in processes of their own. Each step only does what has changed: what runs from dist/ is left alone. `--all` also builds what
// other platforms than this one need: for packing;
// `--without-pty` leaves out the pseudo-terminal bridge, whose C library takes longer than everything else together.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildDashboard } from './dashboard.mjs';
import { generate } from './generate.mjs';
import { filesUnder, incremental } from './incremental.mjs';
import { buildNodes } from './nodes.mjs';
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

/**
 * Begins a build beside what follows.
 * @param {string} name what is built
 * @param {string} script of tools/
 * @param {string[]} args of the script
 * @returns {() => Promise<void>} waits for it, throws when it failed
 */
function begin(name, script, ...args) {
  const compiler = spawn(process.execPath, [join(root, 'tools', script), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(compiler, 'close');
  let words = '';
  compiler.stderr.setEncoding('utf8').on('data', (chunk) => {
    words += chunk;
  });
  return async () => {
    const [status] = await ended;
    if (status !== 0) throw new Error(`${name}:\n${words}`);
  };
}

/** Brings dist/ up to date; throws when a step fails. */
export async function build({ all = false, pty = true } = {}) {
  const step = async (name, run) => {
    const began = performance.now();
    await run();
    console.log(`${name.padEnd(24)} ${((performance.now() - began) / 1000).toFixed(1)} s`);
  };
  await step('generate', () => generate());
  const firmware = begin('firmware (WebAssembly)', 'wasm.mjs');
  const bridge = pty ? begin('pseudo-terminal bridge', 'pty.mjs', ...(all ? ['--all'] : [])) : undefined;
  try {
    await step('TypeScript', buildTypeScript);
    await step('nodes', buildNodes);
    await step('Dashboard widgets', buildDashboard);
  } finally {
    await step('firmware (WebAssembly)', firmware);
    if (bridge !== undefined) await step('pseudo-terminal bridge', bridge);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await build({ all: process.argv.includes('--all'), pty: !process.argv.includes('--without-pty') });
  } catch (error) {
    console.error(`build failed: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

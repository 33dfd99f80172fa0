/**
 * The package of the Dashboard 2 widgets, complete in dist/dashboard/package: the nodes that `tsc` compiled, their dialogs,
 * catalogues and icons, and the components for the pages, which Vite makes one script of.
 *
 * Usage: node tools/dashboard.mjs
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, incremental } from './incremental.mjs';
import { filled } from './nodes.mjs';
import { root } from './zig.mjs';

const at = (...parts) => join(root, ...parts);
const TARGET = 'dist/dashboard/package';
/** Global under which the Dashboard finds the components of each widget: the name of the widget. */
const LIBRARY = 'EdgeTrainerWidgets';
const SCRIPT = join(TARGET, 'resources', 'widgets.umd.js');

/** The Dashboard looks for a library by the name of each widget. */
async function buildComponents() {
  const { build } = await import('vite');
  const { default: vue } = await import('@vitejs/plugin-vue');
  const manifest = JSON.parse(readFileSync(at('dashboard/package.json'), 'utf8'));
  const widgets = Object.keys(manifest['node-red-dashboard-2'].widgets);
  await build({
    configFile: false,
    logLevel: 'warn',
    root: at('dashboard'),
    plugins: [vue()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: at(TARGET, 'resources'),
      emptyOutDir: true,
      lib: {
        entry: at('dashboard/ui/index.ts'),
        name: LIBRARY,
        formats: ['umd'],
        fileName: () => 'widgets.umd.js',
      },
      rollupOptions: {
        external: ['vue'],
        output: {
          globals: { vue: 'Vue' },
          footer: widgets
            .map((name) => `Object.assign(window['${name}'] ??= {}, window.${LIBRARY});`)
            .join('\n'),
        },
      },
    },
  });
}

export function buildDashboard() {
  const sources = [...filesUnder('dashboard', '.ts', '.vue', '.css', '.json'), 'tools/dashboard.mjs'];
  incremental('dashboard', sources, [SCRIPT], '', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [at('tools/dashboard.mjs'), '--components'],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the components of the Dashboard widgets:\n${stdout}${stderr}`);
  });
  const files = [...filesUnder('dashboard', ''), 'LICENSE', 'tools/dashboard.mjs'];
  incremental('dashboard-package', files, [join(TARGET, 'package.json')], '', packageDashboard);
}

/** The page of a widget, with what all widgets share filled in. */
function page(file) {
  const widget = file.replace('.html', '');
  return filled(readFileSync(at('dashboard/nodes', file), 'utf8'), (name) =>
    name === 'widget' ? widget : readFileSync(at('dashboard/parts', `${name}.html`), 'utf8'),
  );
}

/** Everything of the package beside its components. */
function packageDashboard() {
  rmSync(at(TARGET, 'nodes'), { recursive: true, force: true });
  mkdirSync(at(TARGET, 'nodes'), { recursive: true });
  for (const file of readdirSync(at('dist/dashboard/nodes')))
    if (file.endsWith('.js')) cpSync(at('dist/dashboard/nodes', file), at(TARGET, 'nodes', file));
  for (const file of readdirSync(at('dashboard/nodes')))
    if (file.endsWith('.html')) writeFileSync(at(TARGET, 'nodes', file), page(file));
  cpSync(at('dashboard/locales'), at(TARGET, 'nodes/locales'), { recursive: true });
  for (const language of readdirSync(at('dashboard/locales')))
    rmSync(at(TARGET, 'nodes/locales', language, 'widgets.json'));
  cpSync(at('dashboard/icons'), at(TARGET, 'nodes/icons'), { recursive: true });
  for (const part of ['package.json', 'README.md', 'examples'])
    cpSync(at('dashboard', part), at(TARGET, part), { recursive: true });
  cpSync(at('LICENSE'), at(TARGET, 'LICENSE'));
}

if (process.argv.includes('--components')) await buildComponents();

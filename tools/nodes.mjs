/**
 * Puts the nodes where Node-RED looks for them: beside dist/nodes/<node>.js its dialog (<node>.html), its catalogues and help
 * texts (locales/<language>/<node>.json and .html) and the icons. Runs after `tsc` has compiled the runtime parts.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder, incremental } from './incremental.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Catalogue of the words that several dialogs share; dialogs name it {{shared}}. */
const SHARED_SET = 'device';
const SHARED = `@edge-trainer/node-red-trainer/${SHARED_SET}:`;
/** The node whose page brings the code that the other dialogs need; Node-RED loads it first. */
const CARRIER = 'bus';
/** The charts, where Node-RED serves files of the package. */
const CHARTS = 'resources/uplot.js';

const at = (...parts) => join(ROOT, ...parts);
const read = (...parts) => readFileSync(at(...parts), 'utf8');

/** Names of the nodes: folders that have a dialog. */
export function nodeNames() {
  return readdirSync(at('nodes'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(at('nodes', entry.name, 'template.html')))
    .map(({ name }) => name)
    .sort();
}

/** Languages that have a folder. */
export function languages() {
  return readdirSync(at('locales')).sort();
}

function compileEditor() {
  rmSync(at('build/editor'), { recursive: true, force: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', at('editor/tsconfig.json')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`TypeScript of the editor:\n${stdout}${stderr}`);
}

/**
 * A page with its parts filled in, which may have parts themselves: {{name}} is what `part` gives for the name, indented as it is.
 * @param {string} text @param {(name: string) => string} part @returns {string}
 */
export function filled(text, part) {
  return text.replace(/( *)\{\{(\w+)\}\}/g, (_, indent, name) =>
    filled(part(name), part)
      .trimEnd()
      .replace(/^(?=.)/gm, indent),
  );
}

/** A dialog with its parts filled in. */
function template(node) {
  const dialog = filled(read('nodes', node, 'template.html'), (name) =>
    name === 'shared' ? SHARED : read('editor/parts', `${name}.html`),
  );
  return `<div class="edge-trainer-dialog">\n${dialog.trim()}\n</div>`;
}

/** Scripts that every dialog may use, in the order in which they need each other. */
function sharedScripts() {
  const [first, ...others] = [
    'versions',
    'point_paste',
    'points',
    'dialog',
    'definition_types',
    'tabs',
    'places',
    'json_page',
    'definition_check',
    'field',
    'identity',
    'table',
    'memory_bar',
    'connect',
    'flash',
    'templates',
    'outputs_page',
    'from_message',
    'inputs_page',
    'io_page',
    'classes_page',
    'marks',
    'start_page',
    'presets',
    'layers',
    'import_network',
    'choices',
    'change_list',
    'definition_form',
    'sidebar/words',
    'sidebar/plot',
    'sidebar/facts',
    'sidebar/learning',
    'sidebar/stream',
    'sidebar/network',
    'sidebar/model_view',
    'sidebar/actions',
    'sidebar/card',
    'sidebar/sidebar',
  ].map((name) => read('build/editor/editor', `${name}.js`));
  return [small([first, ...runtimeScripts(), ...others].join('\n'))];
}

/** The same script in fewer bytes. What node pages hold themselves stays readable: the flow library reads it. */
function small(script) {
  // Loaded here, not above: who asks for the languages alone needs no bundler.
  const { transformSync } = createRequire(import.meta.url)('esbuild');
  return transformSync(script, { minify: true, target: 'es2022', legalComments: 'none' }).code;
}

/** The charts, from the npm package, with its licence at the head; the sidebar loads them when it draws the first one. */
function uPlot() {
  const folder = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
  const licence = readFileSync(join(folder, 'LICENSE'), 'utf8').trim();
  return `/* uPlot\n${licence}\n*/\n${readFileSync(join(folder, 'dist/uPlot.iife.min.js'), 'utf8')}`;
}

/** A compiled module of the runtime that needs no other, as an expression. */
const asExpression = (file) =>
  `(() => { const exports = {};\n${read('dist/nodes', file)}\nreturn exports; })()`;

/** What the editor has from the runtime itself: its migrations, and what a bus may be given. */
function runtimeScripts() {
  const withMigrations = nodeNames().filter((node) => existsSync(at('nodes', node, 'migrations.ts')));
  return [
    `EdgeTrainer.busRules = ${asExpression('bus/rules.js')};`,
    `Object.assign(EdgeTrainer.migration, ${asExpression('shared/migration.js')});`,
    ...withMigrations.map(
      (node) => `EdgeTrainer.migrations['${node}'] = ${asExpression(`${node}/migrations.js`)}.migrations;`,
    ),
  ];
}

function page(node, packageName) {
  const scripts = [
    ...(node === CARRIER ? sharedScripts() : []),
    read('build/editor/nodes', node, 'editor.js'),
  ];
  const style =
    node === CARRIER
      ? ['edge-trainer', 'sidebar']
          .map((sheet) => `<link rel="stylesheet" href="resources/${packageName}/${sheet}.css">\n`)
          .join('')
      : '';
  return [
    style,
    ...scripts.map((script) => `<script type="text/javascript">\n${script.trim()}\n</script>\n`),
    `<script type="text/html" data-template-name="edge-trainer-${node}">\n${template(node)}\n</script>\n`,
  ].join('');
}

/** Two catalogues in one; a key that both have is an error. */
export function merged(one, other, path = '') {
  const all = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const both = typeof value === 'object' && typeof one[key] === 'object';
    if (key in one && !both) throw new Error(`two catalogues have the key ${path}${key}`);
    all[key] = both ? merged(one[key], value, `${path}${key}.`) : value;
  }
  return all;
}

/** Writes everything below dist/nodes and dist/locales that `tsc` does not, when something of it has changed. */
export function buildNodes() {
  const sources = [
    ...['editor', 'nodes'].flatMap((folder) => filesUnder(folder, '.ts', '.html', '.json')),
    ...['locales', 'icons'].flatMap((folder) => filesUnder(folder, '.json', '.html', '.svg')),
    ...['package.json', 'package-lock.json', 'tools/nodes.mjs'],
  ];
  const outputs = [
    ...nodeNames().flatMap((node) => [`dist/nodes/${node}.js`, `dist/nodes/${node}.html`]),
    CHARTS,
    ...languages().map((language) => `dist/nodes/locales/${language}/${SHARED_SET}.json`),
    ...languages().map((language) => `dist/locales/${language}/errors.json`),
  ];
  incremental('nodes', sources, outputs, '', packageNodes);
}

function packageNodes() {
  const { name } = JSON.parse(read('package.json'));
  compileEditor();
  writeFileSync(at(CHARTS), uPlot());
  for (const node of nodeNames()) {
    // Node-RED wants a function, and the file beside its page.
    writeFileSync(
      at('dist/nodes', `${node}.js`),
      `module.exports = require('./${node}/${node}.js').default;\n`,
    );
    writeFileSync(at('dist/nodes', `${node}.html`), page(node, name));
  }
  rmSync(at('dist/nodes/locales'), { recursive: true, force: true });
  for (const language of languages()) {
    const folder = at('dist/nodes/locales', language);
    mkdirSync(folder, { recursive: true });
    cpSync(at('locales', language), folder, { recursive: true });
    // Node-RED loads a catalogue for each node set; errors and the words of definition and sidebar go along with the shared ones.
    const shared = join(folder, `${SHARED_SET}.json`);
    const definition = join(folder, 'definition.json');
    const catalogue = merged(
      JSON.parse(readFileSync(shared, 'utf8')),
      JSON.parse(readFileSync(definition, 'utf8')),
    );
    rmSync(definition);
    // The command line words its errors itself.
    mkdirSync(at('dist/locales', language), { recursive: true });
    cpSync(at('locales', language, 'errors.json'), at('dist/locales', language, 'errors.json'));
    for (const part of ['errors', 'sidebar']) {
      catalogue[part] = JSON.parse(readFileSync(join(folder, `${part}.json`), 'utf8'));
      rmSync(join(folder, `${part}.json`));
    }
    writeFileSync(shared, JSON.stringify(catalogue));
  }
  rmSync(at('dist/nodes/icons'), { recursive: true, force: true });
  cpSync(at('icons'), at('dist/nodes/icons'), { recursive: true });
}

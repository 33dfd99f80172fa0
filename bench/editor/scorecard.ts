/**
 * What the flow library's scorecard asks of a package, asked without a network. Numbers and rules are those of the documentation of
 * `node-red-dev validate`. Two need the library itself or the registry: P08 (a similar name elsewhere) and D03 (dependencies out of
 * date); here P08 compares the packages of this repository, and D03 asks that each range takes what the lock file has.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../test/nodes/real_node_red';

/** The newest Node-RED that the tests run on, and the oldest Node.js that it takes. */
const NEWEST = { nodeRed: '5.0.0', node: '22.9.0' };
const DEPENDENCIES_MOST = 6;
/** Packages known to break Node-RED, and the first major version that does not. */
const BREAKS: Readonly<Record<string, number>> = { 'agent-base': 6 };
const SCOPED = /^@[a-z\d][\w.-]*\/[a-z\d][\w.-]*$/;
/** Types of this project begin so: nobody else's do. */
const OWN_TYPE = /^(ui-)?edge-trainer-[a-z-]+$/;

interface Manifest {
  readonly name?: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly bugs?: unknown;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly 'node-red'?: { readonly version?: string; readonly nodes?: Readonly<Record<string, string>> };
}
interface Locked {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Packages as they are published. */
export const PUBLISHED: readonly string[] = [ROOT, join(ROOT, 'dist', 'dashboard', 'package')];

const read = <T>(...path: readonly string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

/** Whether `range` takes `version`. Ranges of these packages are floors (>=) and carets; another kind takes nothing. */
function takes(range: string | undefined, version: string): boolean {
  const [, kind, floor = ''] = /^(>=|\^)(\d+(?:\.\d+){0,2})$/.exec(range ?? '') ?? [];
  const [wanted, got] = [floor, version].map((text) => text.split('.').map(Number)) as [number[], number[]];
  if (kind === undefined || (kind === '^' && wanted[0] !== got[0])) return false;
  const apart = [0, 1, 2].map((at) => (got[at] ?? 0) - (wanted[at] ?? 0)).find((by) => by !== 0);
  return (apart ?? 0) >= 0;
}

/** Types that a page registers, with their category. */
export function typesOf(page: string): { readonly type: string; readonly category: string | undefined }[] {
  return page
    .split(/\bregisterType\(/)
    .slice(1)
    .flatMap((text) => {
      const type = /^\s*['"]([^'"]+)['"]\s*,\s*\{/.exec(text)?.[1];
      return type === undefined ? [] : [{ type, category: /\bcategory:\s*['"]([^'"]+)/.exec(text)?.[1] }];
    });
}

function pagesOf(folder: string, manifest: Manifest): string[] {
  return Object.values(manifest['node-red']?.nodes ?? {})
    .map((file) => join(folder, file.replace(/\.js$/, '.html')))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}

/** Types of Node-RED itself and of the palettes that this project is tested with. */
function foreignTypes(): Set<string> {
  const modules = join(ROOT, 'node_modules');
  const folders = ['@node-red/nodes/core', 'node-red-contrib-influxdb', 'node-red-contrib-modbus'];
  const pages = folders.flatMap((folder) =>
    readdirSync(join(modules, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.html') && !name.includes('node_modules'))
      .map((name) => join(modules, folder, name))
      .filter((file) => statSync(file).isFile()),
  );
  return new Set(pages.flatMap((file) => typesOf(readFileSync(file, 'utf8')).map(({ type }) => type)));
}

/** Types of nodes that no example of the package shows; those of configurations are left out when `alsoConfig` is false. */
export function withoutExample(folder: string, alsoConfig: boolean): string[] {
  const examples = existsSync(join(folder, 'examples'))
    ? readdirSync(join(folder, 'examples')).filter((name) => name.endsWith('.json'))
    : [];
  const shown = new Set(
    examples.flatMap((name) => read<{ type: string }[]>(folder, 'examples', name).map(({ type }) => type)),
  );
  return pagesOf(folder, read<Manifest>(folder, 'package.json'))
    .flatMap(typesOf)
    .filter(({ type, category }) => !shown.has(type) && (alsoConfig || category !== 'config'))
    .map(({ type }) => type);
}

/** Everything that an installation brings, as the lock file has it: path of the package and its version. */
function installed(folder: string, manifest: Manifest): (readonly [string, string])[] {
  const place = existsSync(join(folder, 'package-lock.json')) ? folder : ROOT;
  const { packages } = read<{ packages: Record<string, Locked> }>(place, 'package-lock.json');
  const found = new Map<string, string>();
  const walk = (name: string, from: string): void => {
    const own = `${from}/node_modules/${name}`;
    const path = packages[own] === undefined ? `node_modules/${name}` : own;
    const locked = packages[path];
    if (locked?.version === undefined || found.has(path)) return;
    found.set(path, locked.version);
    for (const dependency of Object.keys(locked.dependencies ?? {})) walk(dependency, path);
  };
  for (const name of Object.keys(manifest.dependencies ?? {})) walk(name, '');
  return [...found];
}

/** Of package.json. */
function manifestFaults(folder: string, manifest: Manifest): (string | false)[] {
  const { name = '', repository, engines } = manifest;
  const here = join(ROOT, repository?.directory ?? '.', 'package.json');
  const nodeRed = manifest['node-red'];
  const { version } = read<{ version: string }>(ROOT, 'node_modules', 'node-red', 'package.json');
  const others = PUBLISHED.filter((published) => published !== folder).map((published) =>
    read<Manifest>(published, 'package.json'),
  );
  return [
    (manifest.license ?? '') === '' && 'P01 it has no licence',
    !existsSync(join(folder, 'LICENSE')) && 'P01 the text of the licence is missing',
    (!existsSync(here) || read<Manifest>(here).name !== name) &&
      'P02 the repository has another package where it should be',
    !/^git\+https:\/\/[^ ]+\.git$/.test(repository?.url ?? '') &&
      manifest.bugs === undefined &&
      'P03 it says neither where its source is nor where to report a fault',
    !SCOPED.test(name) && 'P04 its name has no scope',
    manifest.keywords?.includes('node-red') !== true && 'P05 "node-red" is not among its keywords',
    !takes(nodeRed?.version, version) && `P06 it does not take Node-RED ${version}`,
    !takes(nodeRed?.version, NEWEST.nodeRed) && `P06 it does not take Node-RED ${NEWEST.nodeRed}`,
    !takes(engines?.node, NEWEST.node) && `P07 it does not take Node.js ${NEWEST.node}`,
    others.some((manifest) => manifest.name?.split('/').at(-1) === name.split('/').at(-1)) &&
      'P08 another package is called the same',
    !existsSync(join(folder, 'README.md')) && 'README.md is missing',
  ];
}

function nodeFaults(folder: string, manifest: Manifest): (string | false)[] {
  const sets = Object.keys(manifest['node-red']?.nodes ?? {});
  const types = pagesOf(folder, manifest).flatMap(typesOf);
  const foreign = foreignTypes();
  return [
    (sets.length === 0 || types.length !== sets.length) &&
      `N01 ${sets.length} nodes are declared, ${types.length} can be read in their pages`,
    ...types.map(({ type }, at) => {
      const taken = foreign.has(type) || types.findIndex((candidate) => candidate.type === type) !== at;
      return taken ? `N01 ${type} is taken` : !OWN_TYPE.test(type) && `N01 ${type} could be anybody's`;
    }),
    ...withoutExample(folder, false).map((type) => `N02 no example shows ${type}`),
  ];
}

function dependencyFaults(folder: string, manifest: Manifest): (string | false)[] {
  const dependencies = Object.entries(manifest.dependencies ?? {});
  const all = installed(folder, manifest);
  const versionOf = new Map(all);
  return [
    dependencies.length > DEPENDENCIES_MOST &&
      `D01 ${dependencies.length} dependencies, more than ${DEPENDENCIES_MOST}`,
    ...all.map(([path, version]) => {
      const name = path.split('node_modules/').at(-1) ?? '';
      return Number(version.split('.')[0]) < (BREAKS[name] ?? 0) && `D02 ${name} ${version} breaks Node-RED`;
    }),
    ...dependencies.map(([name, range]) => {
      const version = versionOf.get(`node_modules/${name}`);
      return (
        (version === undefined || !takes(range, version)) &&
        `D03 ${name} ${range} is not what the lock file has`
      );
    }),
  ];
}

/** What the library would hold against the package in this folder, one sentence each. */
export function scorecardFailures(folder: string): string[] {
  const manifest = read<Manifest>(folder, 'package.json');
  return [
    ...manifestFaults(folder, manifest),
    ...nodeFaults(folder, manifest),
    ...dependencyFaults(folder, manifest),
  ].filter((fault): fault is string => fault !== false);
}

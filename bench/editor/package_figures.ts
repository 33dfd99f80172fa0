/** Figures of the package itself: what the editor loads, what is downloaded, whether every language and every node is complete. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { nodeSets, pack, ROOT } from '../../test/nodes/real_node_red';

const LOCALES = join(ROOT, 'locales');
const REFERENCE = 'en-US';

const gzipped = (files: readonly string[]): number =>
  gzipSync(Buffer.concat(files.map((file) => readFileSync(file))), { level: 9 }).length;

/** Pages of the nodes and style sheets, as one gzip stream: what every start of the editor loads. */
export function bundleBytes(): number {
  const files = [
    ...nodeSets().map((name) => join(ROOT, 'dist', 'nodes', `${name}.html`)),
    ...readdirSync(join(ROOT, 'resources'))
      .filter((name) => name.endsWith('.css'))
      .map((name) => join(ROOT, 'resources', name)),
  ];
  return gzipped(files);
}

/** What the sidebar loads besides when it draws its first chart. */
export function chartsBytes(): number {
  return gzipped([join(ROOT, 'resources', 'uplot.js')]);
}

export async function tarballBytes(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-bench-'));
  try {
    return statSync(await pack(folder)).size;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function keys(value: unknown, path = ''): string[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, child]) => keys(child, `${path}.${name}`))
    : [path];
}

/** Texts of the reference language that another language lacks. */
export function missingKeys(): number {
  let missing = 0;
  for (const language of readdirSync(LOCALES).filter((locale) => locale !== REFERENCE))
    for (const file of readdirSync(join(LOCALES, REFERENCE)).filter((name) => name.endsWith('.json'))) {
      const read = (of: string): string[] => {
        try {
          return keys(JSON.parse(readFileSync(join(LOCALES, of, file), 'utf8')));
        } catch {
          return [];
        }
      };
      const there = new Set(read(language));
      missing += read(REFERENCE).filter((key) => !there.has(key)).length;
    }
  return missing;
}

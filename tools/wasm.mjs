// Builds the firmware as WebAssembly: dist/firmware/edge-trainer.wasm, the board of every virtual trainer.
import { pathToFileURL } from 'node:url';
import { filesUnder, incremental } from './incremental.mjs';
import { zigCc } from './zig.mjs';

const OUTPUT = 'dist/firmware/edge-trainer.wasm';
const PORT = 'firmware/ports/wasm';
// A reactor has no main(): the host calls the exports. Freestanding, so that no library is compiled before the firmware is.
const FLAGS = [
  ...['--target=wasm32-freestanding', '-mbulk-memory', '-nostdlib', `-isystem${PORT}/libc`],
  ...['-std=c99', '-O2', '-fno-sanitize=all', '-fno-math-errno', '-ffp-contract=off'],
  ...['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wconversion', '-Wshadow'],
  ...['-Ifirmware/include', '-Ifirmware/src', '-Wl,--no-entry', '-Wl,--strip-all'],
];

/** Builds the module when a source of it has changed; returns whether it did. */
export function buildWasm() {
  const sources = [...filesUnder(PORT, '.c'), ...filesUnder('firmware/src', '.c')];
  const headers = [PORT, 'firmware/src', 'firmware/include'].flatMap((folder) => filesUnder(folder, '.h'));
  return incremental('wasm', [...sources, ...headers], [OUTPUT], FLAGS.join(' '), () =>
    zigCc([...FLAGS, ...sources, '-o', OUTPUT]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(buildWasm() ? `built ${OUTPUT}` : `${OUTPUT} is up to date`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

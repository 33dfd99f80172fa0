// Builds the firmware as WebAssembly: dist/firmware/edge-trainer.wasm, the board of every virtual trainer.
import { pathToFileURL } from 'node:url';
import { filesUnder, incremental } from './incremental.mjs';
import { zigCc } from './zig.mjs';

const OUTPUT = 'dist/firmware/edge-trainer.wasm';
const PORT = 'firmware/ports/wasm/port_wasm.c';
// A reactor has no main(): the host calls the exports. The libc only lends memcpy and mathematics; nothing of WASI is imported.
const FLAGS = [
  ...[
    '--target=wasm32-wasi',
    '-mexec-model=reactor',
    '-std=c99',
    '-O2',
    '-fno-sanitize=all',
    '-ffp-contract=off',
  ],
  ...['-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wconversion', '-Wshadow'],
  ...['-Ifirmware/include', '-Ifirmware/src', '-Wl,--strip-all'],
];

/** Builds the module when a source of it has changed; returns whether it did. */
export function buildWasm() {
  const sources = [PORT, ...filesUnder('firmware/src', '.c')];
  const headers = [...filesUnder('firmware/src', '.h'), ...filesUnder('firmware/include', '.h')];
  return incremental('wasm', [...sources, ...headers], [OUTPUT], FLAGS.join(' '), () => {
    zigCc([...FLAGS, ...sources, '-o', OUTPUT]);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(buildWasm() ? `built ${OUTPUT}` : `${OUTPUT} is up to date`);
}

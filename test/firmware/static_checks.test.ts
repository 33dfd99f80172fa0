/** What a static checker says of the firmware's source: nothing. What it takes for a fault is written so that it sees that it is none. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { needs } from '../support/needs';

const FIRMWARE = resolve(__dirname, '../../../firmware');

async function check(...sources: string[]): Promise<string> {
  const rules = ['--quiet', '--std=c99', '--enable=warning,performance', '--suppress=missingIncludeSystem'];
  const template = '--template={file}:{line}: {id}: {message}';
  const args = [...rules, template, '-Iinclude', '-Isrc', ...sources];
  const { stderr } = await promisify(execFile)('cppcheck', args, { cwd: FIRMWARE });
  return stderr;
}

describe('static checks of the firmware', function () {
  this.timeout(300_000);

  it('cppcheck finds nothing in its source', async function () {
    if (!needs('cppcheck')) this.skip();
    assert.equal(await check('src'), '');
  });

  it('cppcheck does find a fault', async function () {
    if (!needs('cppcheck')) this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-static-'));
    try {
      const file = join(folder, 'fault.c');
      writeFileSync(file, 'int quotient(void) {\n  int zero = 0;\n  return 1 / zero;\n}\n');
      assert.match(await check(file), /fault\.c:3: zerodiv/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

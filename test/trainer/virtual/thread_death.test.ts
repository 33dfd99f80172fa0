import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

describe('A virtual trainer whose thread dies', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-death-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [how, statement, said] of [
    [
      'of an error',
      "throw new Error('out of paper')",
      /the virtual trainer ended: out of paper\. What it had saved/,
    ],
    ['without a word', 'process.exit(7)', /the virtual trainer ended: its thread ended with exit code 7/],
  ] as const)
    it(`${how}: its server says why and ends with an error`, async () => {
      // Loaded into every thread of the process; the trainer's own thread dies when it is told to.
      const name = how.replaceAll(' ', '_');
      const [script, order] = [join(folder, `${name}.js`), join(folder, name)];
      writeFileSync(
        script,
        `const { isMainThread } = require('node:worker_threads');
         const { existsSync } = require('node:fs');
         if (!isMainThread) setInterval(() => { if (existsSync(${JSON.stringify(order)})) { ${statement}; } }, 20);`,
      );
      const child = spawn(process.execPath, [MAIN, 'virtual', '--tcp', '127.0.0.1:0'], {
        env: { ...process.env, NODE_OPTIONS: `--require ${script}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (text) => {
        out += String(text);
        // It says its address when the trainer answers there.
        if (out.includes('127.0.0.1:')) writeFileSync(order, '');
      });
      child.stderr.on('data', (text) => {
        err += String(text);
      });
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, 1, out + err);
      assert.match(err, said);
    });
});

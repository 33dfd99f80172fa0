/** Ports for tests: two processes never get the same one. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { freePort, isFree } from './ports';

const run = promisify(execFile);
const PROCESSES = 6;
const PORTS = 80;

describe('a free port', () => {
  it('is given once, whoever asks: all processes ask at the same time, each for more than a block has', async () => {
    const ask = `
      const { freePort } = require(${JSON.stringify(require.resolve('./ports'))});
      // All begin at the same block.
      Math.random = () => 0;
      Promise.all(Array.from({ length: ${PORTS} }, freePort)).then((ports) => {
        process.stdout.write(ports.join() + '\\n');
        // The ports are a process's own while it runs.
        process.stdin.on('end', () => process.exit()).resume();
      });`;
    const children = Array.from({ length: PROCESSES }, () => run(process.execPath, ['-e', ask]));
    const lines = await Promise.all(
      children.map(
        ({ child }) =>
          new Promise<string>((resolve, reject) => {
            child.stdout?.once('data', (said) => resolve(String(said)));
            child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
          }),
      ),
    );
    for (const { child } of children) child.stdin?.end();
    await Promise.all(children);
    const ports = lines.flatMap((line) => line.trim().split(','));
    assert.equal(ports.length, PROCESSES * PORTS);
    assert.equal(new Set(ports).size, ports.length);
  });

  it('is none that somebody listens on', async () => {
    const port = await freePort();
    assert.equal(await isFree(port), true);
    const server = createServer().listen(port, '127.0.0.1');
    assert.equal(await isFree(port), false);
    server.close();
  });
});

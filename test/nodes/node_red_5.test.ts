/**
 * Tests of the nodes, of a person's first loop and of the sidebar once more, on the next Node-RED. It needs a newer Node.js than this
 * project does, so both come from the registry, by name, into a folder of their own that later runs find again.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './real_node_red';

const run = promisify(execFile);
const FOLDER = join(ROOT, 'build', 'node-red-5');
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const WANTED: Readonly<Record<string, string>> = { [NODE_PACKAGE]: '24', 'node-red': '5' };
const NODE = join(
  FOLDER,
  'node_modules',
  NODE_PACKAGE,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
const NODE_RED = join(FOLDER, 'node_modules', 'node-red');
const INSTALL_MS = 240_000;
/** Of one process; the one that drives a browser takes longest. */
const RUN_MS = 480_000;
/** One process each; those that drive a browser share one, and with it Node-RED and the browser. */
const TESTS = [
  ['nodes/tarball'],
  ['nodes/contrib_modbus'],
  ['nodes/helper/nodes'],
  ['nodes/helper/plc'],
  ['nodes/helper/loop'],
  ['nodes/loop_survival'],
  ['browser/first_loop', 'browser/sidebar', 'browser/sidebar_buttons'],
];

function majorOf(name: string): string | undefined {
  const file = join(FOLDER, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version.split('.')[0];
}

/** @throws when the registry cannot be reached, or has none for this platform */
async function install(): Promise<void> {
  if (Object.entries(WANTED).every(([name, major]) => majorOf(name) === major)) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ name: 'node-red-5', private: true }));
  const packages = Object.entries(WANTED).map(([name, major]) => `${name}@${major}`);
  await run(
    'npm',
    ['install', '--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', '--no-progress', ...packages],
    {
      cwd: FOLDER,
      timeout: INSTALL_MS,
      maxBuffer: 16 * 1024 * 1024,
    },
  );
}

describe('Node-RED 5', function () {
  this.timeout(RUN_MS + 10_000);

  before(async function () {
    try {
      await install();
    } catch (error) {
      if (process.env.CI) throw error;
      console.warn(`SKIPPED: ${NODE_PACKAGE}@24 and node-red@5 cannot be had from the registry`);
      this.skip();
    }
    const { stdout } = await run(NODE, ['--version']);
    assert.match(stdout, /^v24\./);
    assert.equal(majorOf('node-red'), '5');
  });

  for (const names of TESTS) {
    it(`passes ${names.map((name) => `test/${name}.test.ts`).join(', ')}`, async () => {
      const mocha = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
      const files = names.map((name) => join(ROOT, 'dist', 'test', `${name}.test.js`));
      try {
        const { stdout } = await run(
          NODE,
          [mocha, '--no-config', '--timeout', '60000', '--reporter', 'spec', ...files],
          {
            cwd: ROOT,
            timeout: RUN_MS,
            maxBuffer: 16 * 1024 * 1024,
            env: {
              ...process.env,
              EDGE_TRAINER_TEST_NODE: NODE,
              EDGE_TRAINER_TEST_NODE_RED: join(NODE_RED, 'red.js'),
              EDGE_TRAINER_TEST_NODE_RED_RUNTIME: join(NODE_RED, 'lib', 'red.js'),
            },
          },
        );
        assert.match(stdout, /^ {2}[1-9]\d* passing/m, 'some test ran');
        assert.doesNotMatch(stdout, /^ {2}\d+ pending/m, 'nothing may be skipped');
      } catch (error) {
        const {
          stdout = '',
          stderr = '',
          message,
        } = error as { stdout?: string; stderr?: string; message: string };
        throw new Error(`on Node-RED 5: ${message}\n${stdout}\n${stderr}`);
      }
    });
  }
});

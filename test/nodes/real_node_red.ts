/**
 * A real Node-RED with this package installed from its tarball: the file that users get, in a user directory of its own. Works
 * without a network: what the package depends on is linked from this project's node_modules.
 *
 * EDGE_TRAINER_TEST_NODE and EDGE_TRAINER_TEST_NODE_RED choose another Node.js and another Node-RED (node_red_5.test.ts).
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../support/ports';

const run = promisify(execFile);

/** Root of the project: this file runs from dist/test/nodes. */
export const ROOT = join(__dirname, '..', '..', '..');
export const PACKAGE = '@edge-trainer/node-red-trainer';
const START_TIMEOUT_MS = 90_000;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
}

export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}

/** Names of the node sets. */
export function nodeSets(): string[] {
  return Object.keys(manifest()['node-red'].nodes);
}

/** Makes the tarball of this package in a folder; returns its path. */
export async function pack(folder: string): Promise<string> {
  const { stdout } = await run(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
    { cwd: ROOT },
  );
  return join(folder, stdout.trim());
}

/** The tarball; under `npm test`, which names a place for it, the one that the first test to need it has made. */
async function tarball(folder: string): Promise<string> {
  const shared = process.env.EDGE_TRAINER_TARBALL;
  if (shared === undefined) return pack(folder);
  // Several may be the first: each makes its own, and one replaces the other.
  if (!existsSync(shared)) renameSync(await pack(mkdtempSync(`${shared}-`)), shared);
  return shared;
}

/** A user directory with the packed package in it. */
export async function makeUserDir(
  extra: readonly string[] = [],
): Promise<{ folder: string; files: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-node-red-'));
  const file = await tarball(folder);
  const target = join(folder, 'node_modules', PACKAGE);
  mkdirSync(target, { recursive: true });
  const { stdout } = await run('tar', ['-xvzf', file, '-C', target, '--strip-components=1']);
  if (dirname(file) === folder) rmSync(file);
  const files = stdout
    .trim()
    .split('\n')
    .map((name) => name.replace('package/', ''));
  for (const name of [...Object.keys(manifest().dependencies), ...extra]) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link, 'dir');
  }
  const dependencies = Object.fromEntries([PACKAGE, ...extra].map((name) => [name, '*']));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'test', version: '0.0.1', private: true, dependencies }),
  );
  return { folder, files };
}

export class RealNodeRed {
  readonly url: string;
  readonly output: string[] = [];
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private readonly waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
    this.exited = once(child, 'exit');
    this.listen();
  }

  static async start(
    userDir: string,
    flows: readonly object[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<RealNodeRed> {
    const port = await freePort();
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows));
    writeFileSync(
      join(userDir, 'settings.js'),
      `module.exports = ${JSON.stringify({
        uiHost: '127.0.0.1',
        uiPort: port,
        flowFile: 'flows.json',
        credentialSecret: false,
        telemetry: { enabled: false, updateNotification: false },
        tours: false,
        editorTheme: { tours: false, projects: { enabled: false }, palette: { editable: false } },
        logging: { console: { level: 'info', metrics: false, audit: false } },
      })};\n`,
    );
    const node = process.env.EDGE_TRAINER_TEST_NODE ?? process.execPath;
    const red = process.env.EDGE_TRAINER_TEST_NODE_RED ?? join(ROOT, 'node_modules', 'node-red', 'red.js');
    const child = spawn(node, [red, '--userDir', userDir, '--settings', join(userDir, 'settings.js')], {
      cwd: userDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_RED_HOME: undefined, LANG: 'en_US.UTF-8', ...environment },
    });
    const instance = new RealNodeRed(child, `http://127.0.0.1:${port}`);
    await instance.untilLine(/Started flows|No flows found|Waiting for missing/i);
    return instance;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves with the first line of output, past or to come, that matches. */
  untilLine(pattern: RegExp, timeoutMs = START_TIMEOUT_MS): Promise<string> {
    const seen = this.output.find((line) => pattern.test(line));
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.child.off('exit', ended);
      };
      const fail = (why: string): void => {
        settle();
        reject(new Error(`${why} before ${String(pattern)}; output:\n${this.output.join('\n')}`));
      };
      const ended = (code: unknown): void => fail(`Node-RED ended with ${String(code)}`);
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      this.child.once('exit', ended);
      this.waiting.push({
        pattern,
        resolve: (line) => {
          settle();
          resolve(line);
        },
      });
    });
  }

  /** Asks the admin API. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, { headers });
  }

  async json<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
    const response = await this.get(path, { accept: 'application/json', ...headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Deploys flows; `kind` as the editor's menu has it. */
  async deploy(flows: readonly object[], kind: 'full' | 'flows' | 'nodes' = 'full'): Promise<void> {
    const response = await fetch(`${this.url}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': kind },
      body: JSON.stringify(flows),
    });
    if (!response.ok) throw new Error(`deploy: ${response.status} ${await response.text()}`);
  }

  /** Presses the button of an inject node. */
  async inject(id: string): Promise<void> {
    const response = await fetch(`${this.url}/inject/${id}`, { method: 'POST' });
    if (!response.ok) throw new Error(`inject: ${response.status} ${await response.text()}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.exited;
    clearTimeout(late);
  }

  private listen(): void {
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.output.push(line);
        for (const waiter of this.waiting.filter(({ pattern }) => pattern.test(line))) {
          this.waiting.splice(this.waiting.indexOf(waiter), 1);
          waiter.resolve(line);
        }
      });
    }
  }
}

/** The flows of every example, by file name. */
export function exampleFlows(names: readonly string[]): { name: string; flow: Record<string, unknown>[] }[] {
  return names.map((name) => ({
    name,
    flow: JSON.parse(readFileSync(join(ROOT, 'examples', name), 'utf8')) as Record<string, unknown>[],
  }));
}

export function removeUserDir(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A copy, for tests that change what is in it. */
export function copyUserDir(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'edge-trainer-node-red-'));
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

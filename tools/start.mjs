// npm start: installs and builds what is missing, then starts the demo: three rooms behind a Modbus PLC, a motor behind a Modbus drive, and
// Node-RED with a flow for each: in one a virtual trainer learns to move a room's set point from the votes of its people, in the other one
// to know the motor's sound. PORT, PLC_PORT and DRIVE_PORT choose the ports, EDGE_TRAINER_DEMO the folder that Node-RED keeps its things in. Ctrl-C ends
// everything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endGroup, startGroup } from './group.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The packages that this repository makes, and where the build has them. */
const PACKAGES = {
  '@edge-trainer/node-red-trainer': root,
  '@edge-trainer/node-red-dashboard-2-edge-trainer': join(root, 'dist/dashboard/package'),
};
const STARTUP_MS = 60_000;

function fail(message) {
  console.error(`npm start: ${message}`);
  process.exit(1);
}

function portOf(name, fallback) {
  const text = process.env[name] ?? String(fallback);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    fail(`${name}=${text} is no port; use a whole number from 1 to 65535`);
  return port;
}

/** Ends with an error that says what to do when somebody else has the port. */
async function needFree(name, port) {
  await new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => fail(`port ${port} is taken; choose another: ${name}=${port + 1} npm start`))
      .listen(port, '127.0.0.1', () => probe.close(resolve));
  });
}

/** A user directory of the demo's own; a flow that was edited there stays. */
function userDirectory() {
  const folder = process.env.EDGE_TRAINER_DEMO ?? join(root, '.demo');
  for (const [name, place] of Object.entries(PACKAGES)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true, recursive: true });
    symlinkSync(place, link, 'junction');
  }
  if (!existsSync(join(folder, 'flows.json')))
    copyFileSync(join(root, 'demo/flow.json'), join(folder, 'flows.json'));
  const manifest = {
    name: 'edge-trainer-demo',
    version: '0.0.1',
    private: true,
    dependencies: Object.fromEntries(Object.keys(PACKAGES).map((name) => [name, '*'])),
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

const children = [];
/** Children that start processes of their own. */
const groups = new Set();
let ending = false;

function end(code) {
  if (ending) return;
  ending = true;
  for (const child of children) child.kill('SIGTERM');
  for (const child of groups) endGroup(child);
  process.exitCode = code;
}

/** Starts something that ends with the demo, together with all that it starts itself. */
function startTool(command, args, output) {
  const child = startGroup(command, args, {
    cwd: root,
    stdio: ['ignore', output, 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  groups.add(child);
  return child.once('exit', () => groups.delete(child));
}

async function run(command, args, why) {
  const [status] = await once(startTool(command, args, 'inherit'), 'exit');
  if (ending) process.exit();
  if (status !== 0) fail(`${why}, see above`);
}

async function prepare() {
  if (!existsSync(join(root, 'node_modules', 'node-red'))) {
    console.log('installing what is missing ...');
    await run('npm', ['install', '--no-save', '--no-progress'], 'npm install failed');
  }
  await run(process.execPath, [join(root, 'tools/build.mjs'), '--without-pty'], 'the build failed');
}

/** Starts a process and resolves when a line of its output matches; when it ends by itself, everything ends. */
function start(name, script, args, env, pattern) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    const late = setTimeout(() => {
      console.error(`npm start: ${name} did not come up within ${STARTUP_MS / 1000} s`);
      end(1);
    }, STARTUP_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(`[${name}] ${line}`);
      if (!pattern.test(line)) return;
      clearTimeout(late);
      resolve();
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      if (!ending) console.error(`npm start: ${name} ended with ${code ?? signal}; see above`);
      end(code ?? 1);
    });
  });
}

const port = portOf('PORT', 1880);
const plcPort = portOf('PLC_PORT', 1502);
const drivePort = portOf('DRIVE_PORT', 1503);
await needFree('PORT', port);
await needFree('PLC_PORT', plcPort);
await needFree('DRIVE_PORT', drivePort);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(0));
await prepare();
const userDir = userDirectory();

await Promise.all([
  /* 600 simulated seconds a second: a decision is ten minutes of the office's; a day passes in 144 s. */
  start(
    'plant',
    join(root, 'dist/demo/plant/main.js'),
    ['--port', String(plcPort), '--speed', '600'],
    {},
    /Modbus TCP on/,
  ),
  /* Four times as fast as it was recorded: it has learned the motor after ten seconds. */
  start(
    'drive',
    join(root, 'dist/demo/factory/main.js'),
    ['--port', String(drivePort), '--rate', '4'],
    {},
    /Modbus TCP on/,
  ),
]);
await start(
  'node-red',
  join(root, 'node_modules/node-red/red.js'),
  ['--userDir', userDir, '--settings', join(root, 'demo/settings.js'), '--port', String(port)],
  { PLC_PORT: String(plcPort), DRIVE_PORT: String(drivePort) },
  /Started flows/,
);
/* What is said here, test/demo/start.test.ts looks at, word by word. */
console.log(`
editor     http://127.0.0.1:${port}/
dashboard  http://127.0.0.1:${port}/dashboard/zone    three rooms: in one the trainer moves the set point, learns from votes, and trains itself
           http://127.0.0.1:${port}/dashboard/motor   put a weight on the blades: the trainer stops the motor
Ctrl-C ends the demo.`);
/* The demo needs no pseudo-terminal; who adds a virtual trainer that has one finds it built. */
startTool(process.execPath, [join(root, 'tools/pty.mjs')], 'ignore');

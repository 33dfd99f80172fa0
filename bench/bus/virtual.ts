/** Many virtual trainers in one real Node-RED, each on a bus of its own with a definition: memory, idle time, and time until all are ready. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { makeUserDir, RealNodeRed, removeUserDir } from '../../test/nodes/real_node_red';
import { DEFINITION, UNIT } from './server';

const SOME = 50;
const MANY = 200;
const SETTLE_MS = 10_000;
const IDLE_MS = 20_000;
const READY_WAIT_MS = 180_000;

/** A tab with `count` virtual trainers; GET /ready tells how many have their definition. */
function flow(count: number): object[] {
  const step = (id: string, type: string, wires: string[][], settings: object): object => ({
    id,
    type,
    z: 'flow',
    x: 100,
    y: 100,
    wires,
    ...settings,
  });
  const trainers = Array.from({ length: count }, (_, i) => [
    { id: `bus${i}`, type: 'edge-trainer-bus', version: 2, wire: 'virtual', virtualUnit: '1', keep: false },
    {
      id: `device${i}`,
      type: 'edge-trainer-device',
      bus: `bus${i}`,
      unit: String(UNIT),
      definition: DEFINITION,
    },
    step(`deploy${i}`, 'edge-trainer-deploy', [['count'], []], { device: `device${i}`, onStart: true }),
  ]);
  return [
    { id: 'flow', type: 'tab', label: 'bench' },
    ...trainers.flat(),
    step('count', 'function', [], { func: `flow.set('ready', (flow.get('ready') || 0) + 1);`, outputs: 0 }),
    step('ask', 'http in', [['tell']], { url: '/ready', method: 'get' }),
    step('tell', 'function', [['told']], {
      func: `msg.payload = { ready: flow.get('ready') || 0 }; return msg;`,
      outputs: 1,
    }),
    step('told', 'http response', [], {}),
  ];
}

/** Processor time that a process has used, in seconds (proc(5), fields 14 and 15 of stat). */
function processorSeconds(pid: number): number {
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return 1024 * Number(line?.[1]);
}

/** Deploys the flow; seconds until every trainer has its definition. */
async function ready(nodeRed: RealNodeRed, count: number): Promise<number> {
  const began = performance.now();
  await nodeRed.deploy(flow(count));
  for (const until = began + READY_WAIT_MS; performance.now() < until; await pause(100)) {
    const answer = await nodeRed.json<{ ready: number }>('/ready').catch(() => ({ ready: 0 }));
    if (answer.ready >= count) return (performance.now() - began) / 1000;
  }
  throw new Error(`not all ready; Node-RED said:\n${nodeRed.output.slice(-20).join('\n')}`);
}

export async function benchVirtual(): Promise<object> {
  const { folder } = await makeUserDir();
  let nodeRed: RealNodeRed | undefined;
  try {
    nodeRed = await RealNodeRed.start(folder);
    const without = residentBytes(nodeRed.pid);
    const someReady = await ready(nodeRed, SOME);
    await pause(SETTLE_MS);
    const before = processorSeconds(nodeRed.pid);
    await pause(IDLE_MS);
    const idle = (100 * 1000 * (processorSeconds(nodeRed.pid) - before)) / IDLE_MS;
    const resident = residentBytes(nodeRed.pid);
    await nodeRed.stop();
    nodeRed = await RealNodeRed.start(folder);
    const manyReady = await ready(nodeRed, MANY);
    console.log(
      [
        `${SOME} virtual trainers in one Node-RED, ready after ${someReady.toFixed(1)} s`,
        `resident memory          ${(resident / 1e6).toFixed(0)} MB, ${(without / 1e6).toFixed(0)} MB before`,
        `processor time when idle ${idle.toFixed(1)} % of one core`,
        `${MANY} of them ready after ${manyReady.toFixed(1)} s`,
        '',
      ].join('\n'),
    );
    return {
      virtual_trainers_50_rss_bytes: resident,
      idle_cpu_percent_50: Number(idle.toFixed(1)),
      virtual_trainers_200_ready_s: Number(manyReady.toFixed(1)),
    };
  } finally {
    await nodeRed?.stop();
    removeUserDir(folder);
  }
}

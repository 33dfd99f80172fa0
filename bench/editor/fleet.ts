/** Many virtual trainers in one Node-RED: memory, time until all are ready, and what they cost while nothing happens. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFINITION } from '../../test/browser/sidebar_flow';
import { RealNodeRed } from '../../test/nodes/real_node_red';

const PATIENCE_MS = 180_000;
const IDLE_MS = 20_000;
/** Of /proc: ticks of the clock in a second. */
const TICKS = 100;

type Json = Record<string, unknown>;

const id = (kind: string, n: number): string => `${kind}${String(n).padStart(14, '0')}`;

export function fleetFlow(count: number): Json[] {
  const tab = id('ff', 0);
  return [
    { id: tab, type: 'tab', label: 'fleet' },
    ...Array.from({ length: count }, (_, n) => [
      {
        id: id('ba', n),
        type: 'edge-trainer-bus',
        version: 2,
        name: `bus ${n}`,
        wire: 'virtual',
        virtualUnit: '1',
        keep: false,
        memory: '',
      },
      {
        id: id('de', n),
        type: 'edge-trainer-device',
        version: 1,
        name: `trainer ${n}`,
        bus: id('ba', n),
        unit: '1',
        definition: DEFINITION,
      },
      {
        id: id('d0', n),
        type: 'edge-trainer-deploy',
        version: 1,
        z: tab,
        x: 200,
        y: 40 * n,
        device: id('de', n),
        source: 'device',
        onStart: true,
        wires: [[], []],
      },
    ]).flat(),
  ];
}

export function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return 1024 * Number(kilobytes);
}

/** Seconds of processor time since the process began. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function ready(url: string, count: number): Promise<boolean> {
  const response = await fetch(`${url}/edge-trainer/cards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ editor: 'bench', open: [] }),
  });
  const { cards } = (await response.json()) as { cards: Record<string, { link: { kind: string } }> };
  const kinds = Object.values(cards).map(({ link }) => link.kind);
  return kinds.length === count && kinds.every((kind) => kind === 'ready');
}

export interface FleetFigures {
  readonly readySeconds: number;
  readonly residentBytes: number;
  readonly idlePercent: number;
}

/** @param userDir with the package in it */
export async function fleet(userDir: string, count: number, idle: boolean): Promise<FleetFigures> {
  const began = performance.now();
  const nodeRed = await RealNodeRed.start(userDir, fleetFlow(count));
  try {
    while (!(await ready(nodeRed.url, count))) {
      if (performance.now() - began > PATIENCE_MS) throw new Error(`${count} trainers are not ready`);
      await wait(250);
    }
    const readySeconds = (performance.now() - began) / 1000;
    await fetch(`${nodeRed.url}/edge-trainer/cards/leave`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ editor: 'bench' }),
    });
    const before = processorSeconds(nodeRed.pid);
    if (idle) await wait(IDLE_MS);
    const spent = processorSeconds(nodeRed.pid) - before;
    return {
      readySeconds,
      residentBytes: residentBytes(nodeRed.pid),
      idlePercent: idle ? (100 * spent) / (IDLE_MS / 1000) : Number.NaN,
    };
  } finally {
    await nodeRed.stop();
  }
}

/** Milliseconds from the start of Node-RED until its flows run. */
export async function startMs(userDir: string): Promise<number> {
  const began = performance.now();
  const nodeRed = await RealNodeRed.start(userDir);
  const took = performance.now() - began;
  await nodeRed.stop();
  return took;
}

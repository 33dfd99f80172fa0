/** Says at once that a serial port cannot be had, where a bus would go on trying; for whoever waits for the answer. */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Text, text, type Word } from '../text';
import { PortError } from './errors';
import type { BusHandle } from './registry';
import { serialPorts } from './serial_ports';
import { reasonOf } from './transports/transport';

/** The ports that there are, in a sentence. */
async function others(): Promise<Text> {
  const ports = await serialPorts();
  return ports.length === 0
    ? text('bus.port.none')
    : text('bus.port.there', { ports: ports.map(({ path }) => path) });
}

async function holds(pid: string, device: string): Promise<boolean> {
  const folder = join('/proc', pid, 'fd');
  for (const descriptor of await readdir(folder).catch(() => [] as string[]))
    if ((await readlink(join(folder, descriptor)).catch(() => '')) === device) return true;
  return false;
}

/** Who has the port open; Linux tells it of the processes of the same user. */
async function holder(path: string): Promise<Text> {
  const device = await realpath(path).catch(() => path);
  for (const pid of await readdir('/proc').catch(() => [] as string[])) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid || !(await holds(pid, device))) continue;
    const name = await readFile(join('/proc', pid, 'comm'), 'utf8').catch(() => '');
    return text('bus.port.process', { pid, name: name.trim() });
  }
  return text('bus.port.program');
}

async function errorFor(path: string, reason: Word): Promise<PortError | undefined> {
  if (typeof reason !== 'object') return undefined;
  const { problem = '' } = reason.values;
  switch (reason.key) {
    case 'bus.reason.portMissing':
      return new PortError(text('bus.port.missing', { path, problem, others: await others() }));
    case 'bus.reason.portBusy':
      return new PortError(text('bus.port.busy', { path, problem, who: await holder(path) }));
    case 'bus.reason.noPermission':
      return new PortError(text('bus.port.denied', { path, problem }));
    default:
      return undefined;
  }
}

/** The error of the system in words, when it is about the port; undefined = it is about something else. */
export function portError(path: string, error: unknown): Promise<PortError | undefined> {
  return errorFor(path, reasonOf(error));
}

/**
 * Waits for the first attempt to open a serial wire.
 * @throws PortError when the system does not let this program have the port
 */
export async function untilPortOpens(handle: BusHandle, path: string): Promise<void> {
  const { state } = handle.status();
  if (state !== 'open' && state !== 'lost')
    await new Promise<void>((resolve) => {
      handle.on('state', (now) => {
        if (now.state === 'open' || now.state === 'lost') resolve();
      });
    });
  const { state: now, why } = handle.status();
  const error = now === 'lost' && why !== undefined ? await errorFor(path, why) : undefined;
  if (error !== undefined) throw error;
}

/** Ports for tests, which run several files at a time. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Under the ports that the system gives to whoever asks for any. */
const PORTS = { from: 19_968, to: 32_000 };
/** As many test files run at a time as there are processors; each process has ports of its own. */
const PROCESSES = 64;
const ownPort = Number(process.env.MOCHA_WORKER_ID ?? PROCESSES - 1) % PROCESSES;
let nextPort =
  PORTS.from + PROCESSES * Math.floor((Math.random() * (PORTS.to - PORTS.from)) / PROCESSES) + ownPort;

/** Whether nobody listens there. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

/** A port that nobody listens on, and that no other test gets before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort;
    nextPort = port + PROCESSES < PORTS.to ? port + PROCESSES : PORTS.from + ownPort;
    if (await isFree(port)) return port;
  }
}

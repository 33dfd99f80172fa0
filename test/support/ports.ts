/**
 * Ports for tests, of which several run at a time, in several processes. Each process owns blocks of ports: it listens on the first port
 * of a block for as long as it runs, and the system lets no second process do that.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Under the ports that the system gives to whoever asks for any. */
const FIRST = 19_968;
const BLOCK = 32;
const BLOCKS = 376;

/** Listens there; undefined when somebody does already. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

/** Whether nobody listens there. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listening(port);
  server?.close();
  if (server !== undefined) await once(server, 'close');
  return server !== undefined;
}

/** Ports of own blocks that nobody was given yet. */
let own: number[] = [];
/** One block at a time. */
let owning: Promise<void> = Promise.resolve();

async function ownBlock(): Promise<void> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; own.length === 0 && i < BLOCKS; i++) {
    const first = FIRST + BLOCK * ((start + i) % BLOCKS);
    const guard = await listening(first);
    // The process ends without waiting for it.
    guard?.unref();
    if (guard !== undefined) own = Array.from({ length: BLOCK - 1 }, (_, at) => first + 1 + at);
  }
  if (own.length === 0) throw new Error(`all blocks of ports from ${FIRST} on are taken`);
}

/** A port that nobody listens on, and that no other test gets. */
export async function freePort(): Promise<number> {
  for (;;) {
    if (own.length === 0) {
      owning = owning.then(() => (own.length === 0 ? ownBlock() : undefined));
      await owning;
    }
    const port = own.shift();
    // Somebody else than a test may listen there.
    if (port !== undefined && (await isFree(port))) return port;
  }
}

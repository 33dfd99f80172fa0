/** A session on a server that closes the connection after every answer: an idle wire stays idle. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { openBus } from '../../../trainer/bus';
import { Session } from '../../../trainer/session';
import { serveTcp, type TcpServer, VirtualTrainer } from '../../../trainer/virtual';

/** Passes one request and its answer on, then ends the connection. */
function oneAnswerEach(port: number): Server {
  return createServer((socket) => {
    const behind = connect(port, '127.0.0.1');
    socket.on('error', () => behind.destroy());
    behind.on('error', () => socket.destroy());
    socket.on('close', () => behind.destroy());
    socket.on('data', (bytes) => behind.write(bytes));
    behind.once('data', (bytes) => socket.end(bytes));
  });
}

describe('a session on a server that closes after every answer', () => {
  let board: VirtualTrainer;
  let server: TcpServer;
  let proxy: Server;

  before(async () => {
    board = await VirtualTrainer.start({ unit: 1 });
    server = await serveTcp(board, { port: 0 });
    proxy = oneAnswerEach(server.port);
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  after(async () => {
    proxy.close();
    await server.close();
    await board.close();
  });

  it('reads the status at its own pace, is never lost once it knows the server, and fills no log', async () => {
    const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: (proxy.address() as AddressInfo).port });
    const session = new Session(bus, { unit: 1 });
    try {
      let [polls, frames, lost] = [0, 0, 0];
      bus.on('state', ({ state }) => {
        if (state === 'lost') lost++;
      });
      bus.on('traffic', ({ direction }) => {
        if (direction === 'sent') frames++;
      });
      const watch = session.trainer.watch({ intervalMs: 500 });
      await new Promise<void>((resolve) => {
        watch.on('status', () => {
          if (++polls === 8) resolve();
        });
      });
      await watch.close();
      // Eight polls of this watch and three of the session's own, a few frames each; in an endless loop it was hundreds.
      assert.ok(frames <= 60, `${frames} frames`);
      assert.ok(lost <= 3, `lost ${lost} times`);
      assert.equal(bus.bus.state, 'open');
    } finally {
      await session.close();
      await bus.close();
    }
  });
});

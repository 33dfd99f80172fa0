import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { MAP_VERSION, Registers } from '../../../trainer/contract/contract.generated';
import { serveTcp, type TcpServer, VirtualTrainer } from '../../../trainer/virtual';

const { address } = Registers.mapVersion;

/** Read of the map version as Modbus TCP. */
function readVersion(transaction: number, unit: number): Buffer {
  return Buffer.from([0, transaction, 0, 0, 0, 6, unit, 3, address >> 8, address & 0xff, 0, 1]);
}

function versionAnswer(transaction: number, unit: number): string {
  return Buffer.from([0, transaction, 0, 0, 0, 5, unit, 3, 2, 0, MAP_VERSION]).toString('hex');
}

/** Next `length` bytes from the socket, as hex; fails when it closes before. */
async function receive(socket: Socket, length: number): Promise<string> {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes !== null) return bytes.toString('hex');
    assert.ok(!socket.readableEnded, 'the server closed the connection');
    const settled = new AbortController();
    const { signal } = settled;
    await Promise.race([once(socket, 'readable', { signal }), once(socket, 'end', { signal })]);
    settled.abort();
  }
}

describe('Virtual trainer as a Modbus TCP server', () => {
  let trainer: VirtualTrainer;
  let server: TcpServer;
  const sockets: Socket[] = [];

  async function client(): Promise<Socket> {
    const socket = connect(server.port, server.host);
    socket.on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  beforeEach(async () => {
    trainer = await VirtualTrainer.start({ unit: 4 });
    server = await serveTcp(trainer, { port: 0, clientLimit: 3 });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
    await trainer.close();
  });

  it('listens on the loopback only, unless told otherwise', () => {
    assert.equal(server.host, '127.0.0.1');
  });

  it('answers requests in pieces and several at once, each under its own transaction id', async () => {
    const socket = await client();
    const request = readVersion(7, 4);
    for (const byte of request) socket.write(Buffer.of(byte));
    assert.equal(await receive(socket, 11), versionAnswer(7, 4));
    socket.write(Buffer.concat([readVersion(1, 4), readVersion(2, 4), readVersion(3, 4)]));
    for (const transaction of [1, 2, 3])
      assert.equal(await receive(socket, 11), versionAnswer(transaction, 4));
  });

  it('serves several clients side by side; one more has no place while all are in use', async () => {
    const three = [await client(), await client(), await client()];
    three.forEach((socket, i) => {
      socket.write(readVersion(i, 4));
    });
    for (const [i, socket] of three.entries()) assert.equal(await receive(socket, 11), versionAnswer(i, 4));
    const fourth = await client();
    fourth.resume();
    await once(fourth, 'close');
    three[0]?.destroy();
    while (server.clients > 2) await new Promise(setImmediate);
    const next = await client();
    next.write(readVersion(9, 4));
    assert.equal(await receive(next, 11), versionAnswer(9, 4));
  });

  it('gives the place of the connection unused for longest to a new client', async () => {
    await server.close();
    server = await serveTcp(trainer, { port: 0, clientLimit: 3, restMs: 1 });
    const [first, second, third] = [await client(), await client(), await client()];
    for (const [i, socket] of [second, first].entries()) {
      socket.write(readVersion(i, 4));
      assert.equal(await receive(socket, 11), versionAnswer(i, 4));
    }
    await wait(5);
    const gone = once(third, 'close');
    third.resume();
    const fourth = await client();
    await gone;
    for (const [i, socket] of [first, second, fourth].entries()) {
      socket.write(readVersion(i, 4));
      assert.equal(await receive(socket, 11), versionAnswer(i, 4));
    }
  });

  it('closes a connection that nobody uses', async () => {
    await server.close();
    server = await serveTcp(trainer, { port: 0, idleTimeoutMs: 20 });
    const idle = await client();
    idle.resume();
    await once(idle, 'close');
    while (server.clients > 0) await new Promise(setImmediate);
  });

  it('is not held up by a client that sends frames nobody knows', async () => {
    const hostile = await client();
    const good = await client();
    const answers: string[] = [];
    for (let i = 0; i < 200; i++) {
      // Unit, an unknown function, and bytes that begin like a long request.
      hostile.write(Buffer.from([1, i, 0, 0, 0, 2, 4, 99, 1, i, 0, 0, 0, 4, 4, 16, 0, 0]));
      good.write(readVersion(i, 4));
      answers.push(await receive(good, 11));
    }
    assert.deepEqual(
      answers,
      Array.from({ length: 200 }, (_, i) => versionAnswer(i, 4)),
    );
    assert.equal(await receive(hostile, 9), '010000000003' + '04' + 'e301');
  });

  it('gives each client its turn, however many requests one of them has sent', async () => {
    const greedy = await client();
    const good = await client();
    greedy.write(Buffer.concat(Array.from({ length: 400 }, (_, i) => readVersion(i & 255, 4))));
    good.write(readVersion(1, 4));
    assert.equal(await receive(good, 11), versionAnswer(1, 4));
    assert.ok(greedy.readableLength < 11 * 40, `${greedy.readableLength / 11} answers went before`);
    for (let i = 0; i < 400; i++) assert.equal(await receive(greedy, 11), versionAnswer(i & 255, 4));
  });

  it('reads no further requests of a client that does not read its answers', async () => {
    const mute = await client();
    mute.pause();
    const request = readVersion(1, 4);
    const many = Buffer.concat(Array.from({ length: 2000 }, () => request));
    // Until both directions are full and stay so.
    let sent = 0;
    while (sent < 200 && mute.write(many)) sent++;
    const good = await client();
    for (let i = 0; i < 20; i++) {
      good.write(readVersion(i, 4));
      assert.equal(await receive(good, 11), versionAnswer(i, 4));
    }
    mute.destroy();
  });

  it('ends when the trainer ends', async () => {
    const socket = await client();
    socket.resume();
    const gone = once(socket, 'close');
    await trainer.close();
    await Promise.all([gone, server.ended]);
  });

  it('takes unit ids 0 and 255 for its only board, and says that others are not there', async () => {
    const socket = await client();
    for (const unit of [0, 255]) {
      socket.write(readVersion(1, unit));
      assert.equal(await receive(socket, 11), versionAnswer(1, unit));
    }
    socket.write(readVersion(2, 5));
    assert.equal(await receive(socket, 9), '000200000003' + '05' + '830b');
  });

  it('answers a request whose length contradicts its function with exception 3, and goes on', async () => {
    const socket = await client();
    socket.write(Buffer.from([0, 1, 0, 0, 0, 4, 4, 3, 2, 0]));
    assert.equal(await receive(socket, 9), '000100000003' + '04' + '8303');
    socket.write(Buffer.from([0, 2, 0, 0, 0, 9, 4, 16, 0, 1, 0, 1, 4, 0, 0]));
    assert.equal(await receive(socket, 9), '000200000003' + '04' + '9003');
    socket.write(readVersion(3, 4));
    assert.equal(await receive(socket, 11), versionAnswer(3, 4));
  });

  it('cuts off what is not Modbus TCP, and only that', async () => {
    const good = await client();
    for (const nonsense of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0\x01\0\0\0\x01\x04',
      '\0\x01\0\0\x01\0\x04\x03',
      '\0\x01\0\x01\0\x06\x04\x03',
    ]) {
      const bad = await client();
      bad.resume();
      bad.write(Buffer.from(nonsense, 'latin1'));
      await once(bad, 'close');
    }
    good.write(readVersion(1, 4));
    assert.equal(await receive(good, 11), versionAnswer(1, 4));
  });

  it('says that a board without power does not answer', async () => {
    const socket = await client();
    await trainer.powerCut();
    socket.write(readVersion(1, 4));
    assert.equal(await receive(socket, 9), '000100000003' + '04' + '830b');
    await trainer.restart();
    socket.write(readVersion(2, 4));
    assert.equal(await receive(socket, 11), versionAnswer(2, 4));
  });
});

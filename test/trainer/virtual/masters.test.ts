/** Masters that others wrote, against a virtual trainer on a pseudo-terminal (RTU) and a TCP port. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { MAP_VERSION } from '../../../trainer/contract/contract.generated';
import { type PtyServer, servePty, serveTcp, type TcpServer, VirtualTrainer } from '../../../trainer/virtual';
import { needs } from '../../support/needs';

const run = promisify(execFile);
const UNIT = 17;
const PYMODBUS = resolve(__dirname, '../../../../test/trainer/virtual/masters.py');
/** Debian's, to which its python3-pymodbus belongs. */
const PYTHON = '/usr/bin/python3';

/** Whether pymodbus can be used; it wants three Debian packages. Says so, or fails in CI, when not. */
async function hasPymodbus(): Promise<boolean> {
  try {
    await run(PYTHON, ['-c', 'import pymodbus.client']);
    return true;
  } catch {
    return needs('python3-pymodbus with python3-serial and python3-serial-asyncio');
  }
}

describe('Independent Modbus masters', () => {
  let trainer: VirtualTrainer;
  let tcp: TcpServer;
  let pty: PtyServer;

  before(async () => {
    trainer = await VirtualTrainer.start({ unit: UNIT });
    tcp = await serveTcp(trainer, { port: 0 });
    pty = await servePty(trainer);
  });

  after(async () => {
    await pty?.close();
    await tcp?.close();
    await trainer?.close();
  });

  it('the pseudo-terminal is there while it is served', async () => {
    const other = await servePty(trainer);
    assert.ok(existsSync(other.path), other.path);
    await other.close();
    assert.equal(existsSync(other.path), false);
  });

  for (const kind of ['rtu', 'tcp'] as const) {
    const wire = (): string[] =>
      kind === 'rtu'
        ? ['-m', 'rtu', '-b', '115200', '-P', 'none', pty.path]
        : ['-m', 'tcp', '-p', String(tcp.port), tcp.host];
    const mbpoll = async (...args: string[]): Promise<string> => {
      const [target, ...values] = wire().reverse();
      const { stdout } = await run('mbpoll', [
        ...values.reverse(),
        '-0',
        '-1',
        '-a',
        String(UNIT),
        ...args.slice(0, 4),
        String(target),
        ...args.slice(4),
      ]);
      return stdout;
    };

    it(`mbpoll, ${kind}: reads and writes registers and coils`, async function () {
      if (!needs('mbpoll')) this.skip();
      assert.match(await mbpoll('-r', '512', '-t', '4'), new RegExp(`\\[512\\]:\\s+${MAP_VERSION}\\n`));
      assert.match(await mbpoll('-r', '512', '-t', '3'), new RegExp(`\\[512\\]:\\s+${MAP_VERSION}\\n`));
      assert.match(await mbpoll('-r', '3', '-t', '0', '1'), /Written 1 references/);
      assert.match(await mbpoll('-r', '3', '-t', '0'), /\[3\]:\s+1\n/);
      assert.match(await mbpoll('-r', '3', '-t', '0', '0'), /Written 1 references/);
      assert.match(await mbpoll('-r', '642', '-t', '4', '18', '41'), /Written 2 references/);
      assert.match(await mbpoll('-r', '646', '-t', '4'), /\[646\]:\s+41\n/);
    });

    it(`mbpoll, ${kind}: is told what it may not do`, async function () {
      if (!needs('mbpoll')) this.skip();
      await assert.rejects(mbpoll('-r', '60000', '-t', '4'), /Illegal data address/);
      await assert.rejects(mbpoll('-r', '145', '-t', '4', '99'), /Illegal data value/);
      await assert.rejects(mbpoll('-r', '512', '-t', '4', '1'), /Illegal data address/); // read-only
    });

    it(`pymodbus, ${kind}: all functions it shares with the trainer`, async function () {
      if (!(await hasPymodbus())) this.skip();
      await trainer.restart(); // coils as at start
      const where = kind === 'rtu' ? pty.path : String(tcp.port);
      const { stdout } = await run(PYTHON, [PYMODBUS, kind, where, String(UNIT)]);
      assert.deepEqual(JSON.parse(stdout), {
        version: [MAP_VERSION],
        input: [MAP_VERSION],
        coils: [false, false, false, false, false, false],
        inputs: [false, false, false, false, false, false, false, false],
        'fault coil': true,
        'written coils': [true, false],
        claim: [77],
        command: [0, 9, 18, 5],
        both: [6, 0],
        address: 2,
        value: 3,
        vendor: 'Edge Trainer',
      });
    });
  }
});

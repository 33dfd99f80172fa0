import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type LineSettings, lineText } from '../../../trainer';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardOnTerminal } from '../../support/board_on_terminal';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'line', ...args], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}
const line = (...args: string[]): ReturnType<typeof run> => run(...args, '--virtual');

describe('edge-trainer line', function () {
  this.timeout(120_000);

  it('shows the line, and says when a board has none to set', async () => {
    const { code, out } = await line();
    assert.equal(code, 0);
    assert.match(out, /no settings: USB, an emulator or a virtual trainer/);
    assert.deepEqual(JSON.parse((await line('--json')).out), { trialLeftSeconds: 0 });
  });

  it('hands on that the board cannot', async () => {
    const { code, err } = await line('modbus');
    assert.equal(code, 1);
    assert.match(err, /setting the line: this board cannot do that; it goes on as it was/);
  });

  it('refuses what is no line, before it opens one', async () => {
    for (const [words, code, says] of [
      [['19200'], 2, /write line settings as RATE FORMAT.*got 19200/],
      [['19200', '7E1'], 2, /8 data bits/],
      [['4800', '8N1'], 1, /line must run at 9600 to 1000000 baud.*got 4800/],
      [['--find'], 2, /--find needs --port/],
    ] as const) {
      const result = await line(...words);
      assert.equal(result.code, code, result.err);
      assert.match(result.err, says);
    }
  });
});

describe('edge-trainer line on a serial port', function () {
  this.timeout(120_000);
  const BUILT: LineSettings = { baudRate: 115_200, parity: 'none', stopBits: 1 };
  let board: VirtualBoard;
  let far: BoardOnTerminal;
  let port: string[];

  beforeEach(async () => {
    board = new VirtualBoard({ arenaBytes: 4096, line: BUILT });
    far = await BoardOnTerminal.open(board, { settings: true });
    // The board beside other work.
    port = ['--port', far.terminal.path, '--timeout', '3000'];
  });
  afterEach(async () => {
    await far.close();
    board.close();
  });

  it('sets rate and stop bits, proves them there, and finds the board again when nobody knows them any more', async () => {
    const slower = await run('38400 8N2', ...port);
    assert.equal(slower.code, 0, slower.err);
    assert.match(slower.out, /the line runs at 38400 8N2\n$/, 'no trial is left');
    assert.equal(lineText(board.line as LineSettings), '38400 8N2');

    const next = await run('19200 8N1', ...port, '--baud', '38400', '--stop-bits', '2', '--json');
    assert.equal(next.code, 0, next.err);
    const settings = { baudRate: 19_200, parity: 'none', stopBits: 1 };
    assert.deepEqual(JSON.parse(next.out), { settings, trialLeftSeconds: 0 });

    const found = await run('--find', '--port', far.terminal.path, '--timeout', '1000');
    assert.equal(found.code, 0, found.err);
    assert.match(found.out, /the line runs at 19200 8N1\n$/);
  });
});

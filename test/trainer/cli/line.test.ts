import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

function line(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'line', ...args, '--virtual'], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

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

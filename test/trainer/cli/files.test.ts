/** What the command line says about a file begins with the file's name, whatever is wrong in it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../trainer/cli/main';
import { comfort } from '../definition/examples';

/** Runs in this process. */
async function said(...args: string[]): Promise<{ readonly code: number; readonly err: string }> {
  let err = '';
  const { write } = process.stderr;
  const { log } = console;
  console.log = () => undefined;
  process.stderr.write = ((text: string) => {
    err += text;
    return true;
  }) as typeof write;
  try {
    return { code: await run(args), err };
  } finally {
    process.stderr.write = write;
    console.log = log;
  }
}

describe('edge-trainer names the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-files-'));
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  after(() => rmSync(folder, { recursive: true }));

  it('that is no backup, no definition, no weights, no network or no key', async () => {
    const definition = file('room.json', { ...comfort(), feedback: { rule: 'label' } });
    const rows = file('few.csv', 'air temperature,humidity,clothing,vote\n21,40,1,heat\n');
    const other = file('other.json', { format: 'something else' });
    const wrong = file('wrong.json', { ...comfort(), seed: 'x' });
    const key = file('key.txt', 'abc');
    const cases: readonly (readonly [string[], string, RegExp])[] = [
      [['compare', other, definition], other, /backup refused: format must be/],
      [['compare', definition, '--virtual'], definition, /backup refused/],
      [['restore', other, '--virtual'], other, /backup refused: format/],
      [['restore', join(folder, 'none.json'), '--virtual'], join(folder, 'none.json'), /no such file/],
      [['deploy', wrong, '--virtual'], wrong, /definition refused: seed must be/],
      [['plan', wrong], wrong, /definition refused/],
      [['regimes', wrong], wrong, /definition refused/],
      [['status', '--virtual', '--definition', wrong], wrong, /definition refused/],
      [['deploy', definition, '--weights', other, '--virtual'], other, /weights cannot be used: the format/],
      [['evaluate', definition, rows, '--weights', other, '--virtual'], other, /weights cannot be used/],
      [['import', other, '-o', join(folder, 'out.json')], other, /network cannot be imported/],
      [['deploy', definition, '--virtual', '--key-file', key], key, /key must be 32 hexadecimal digits/],
      [['flash', '--board', 'stm32f103', '--port', '/none', '--image', other], other, /no Intel hex record/],
      [
        ['teach', join(folder, 'none.csv'), '--definition', definition, '--virtual'],
        'none.csv',
        /no such file/,
      ],
    ];
    for (const [args, name, says] of cases) {
      const { code, err } = await said(...args);
      assert.equal(code, 1, `${args[0]}: ${err}`);
      assert.ok(err.includes(name), `${args[0]}: ${err}`);
      assert.match(err, says);
      assert.ok(!err.includes('abc'), 'a key is never shown');
    }
  });

  it('that does not fit the board', async () => {
    const memory = join(folder, 'board.bin');
    const backup = join(folder, 'backup.json');
    const small = file('small.json', {
      ...comfort(),
      feedback: { rule: 'label' },
      training: { mode: 'manual' },
    });
    const rows = Array.from({ length: 8 }, (_, at) => `${10 + 2 * at},40,0.7,${at < 4 ? 'heat' : 'cool'}`);
    const data = file('votes.csv', ['air temperature,humidity,clothing,vote', ...rows].join('\n'));
    const board = ['--virtual', memory];
    for (const args of [
      ['deploy', small],
      ['teach', data, '--definition', small],
      ['train'],
      ['backup', backup],
    ])
      assert.deepEqual(await said(...args, ...board), { code: 0, err: '' });
    const less = file('less.json', { ...comfort(), features: comfort().features?.slice(1) });
    assert.equal((await said('deploy', less, ...board, '--discard', '--backups', folder)).code, 0);
    const { code, err } = await said('restore', backup, ...board);
    assert.equal(code, 1);
    assert.ok(err.startsWith(`edge-trainer: ${backup}: unit 1`), err);
    assert.match(err, /model refused: made for another definition/);
  });
});

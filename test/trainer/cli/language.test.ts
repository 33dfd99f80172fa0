/** The command line speaks the language of the environment. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { languageFor } from '../../../trainer/cli/language';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

describe('the language of the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-language-'));
  const empty = join(folder, 'empty.json');
  before(() => writeFileSync(empty, '{}'));
  after(() => rmSync(folder, { recursive: true }));

  /** What a command says that goes wrong; default: about a definition that is none. */
  function saidIn(
    environment: Readonly<Record<string, string>>,
    command: readonly string[] = ['plan', empty],
  ): Promise<string> {
    const env = { PATH: process.env.PATH, ...environment };
    return new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...command], { env }, (_error, _out, err) => resolve(err));
    });
  }

  it('is that of LANG, and of LC_ALL before it; English where there is no catalogue or no wish', async () => {
    const english = await saidIn({});
    assert.match(
      english,
      /^edge-trainer: .*\.json: definition refused: model is missing; the running model is untouched$/m,
    );
    const german = await saidIn({ LANG: 'de_AT.UTF-8' });
    assert.match(german, /^edge-trainer: .*\.json: Definition abgelehnt: model fehlt; /);
    assert.equal(await saidIn({ LANG: 'fr_FR.UTF-8', LC_ALL: 'de_DE.UTF-8' }), german);
    for (const LANG of ['C', 'C.UTF-8', 'POSIX', 'en_GB.UTF-8', 'xx_YY', '../../etc'])
      assert.equal(await saidIn({ LANG }), english, LANG);
  });

  it('is that of what a command says against its own options, too', async () => {
    const command = ['evaluate', empty, 'data.csv', '--virtual', '--split', '7'];
    assert.match(await saidIn({}, command), /--split must be between 0 and 1, got 7$/m);
    assert.match(
      await saidIn({ LANG: 'de_DE.UTF-8' }, command),
      /--split muss zwischen 0 und 1 liegen, nicht 7$/m,
    );
    assert.match(
      await saidIn({ LANG: 'ja_JP.UTF-8' }, command),
      /--splitは0より大きく1より小さい値にしてください/,
    );
  });

  it('is that of what a command says of a file, too', async () => {
    const command = ['plan', join(folder, 'none.json')];
    assert.match(await saidIn({}, command), /none\.json: no such file$/m);
    assert.match(await saidIn({ LANG: 'fr_FR.UTF-8' }, command), /none\.json : ce fichier n'existe pas$/m);
    assert.match(await saidIn({ LANG: 'zh_CN.UTF-8' }, command), /none\.json：没有这个文件$/m);
  });

  it('is of the country where there is a catalogue for it, else of the language', () => {
    const folders = ['de', 'en-US', 'fr', 'zh-CN'];
    assert.equal(languageFor('zh_CN.UTF-8', folders), 'zh-CN');
    assert.equal(languageFor('fr_CA@euro', folders), 'fr');
    assert.equal(languageFor('de', folders), 'de');
    assert.equal(languageFor('zh_TW.UTF-8', folders), undefined);
    assert.equal(languageFor('C.UTF-8', folders), undefined);
  });
});

/** What docs/protocol.md shows is what a board does. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encodeDefinition, parseDefinition } from '../../../trainer';
import { boardFacts } from '../../../trainer/contract/boards.generated';
import { VirtualBoard } from '../../../trainer/virtual';
import { comfort } from '../definition/examples';
import { deployTo } from '../virtual/raw_deploy';

const root = resolve(__dirname, '../../../..');
const text = readFileSync(join(root, 'docs/protocol.md'), 'utf8');
/** Two slots take turns; a tenth of the saves is free; ten years of 365 days. */
const [SLOTS, FREE, DAYS] = [2, 0.1, 3650];

describe('the protocol document', () => {
  it('shows requests and answers of a real board, with their checksums', () => {
    const board = new VirtualBoard({ clock: 'manual' });
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(comfort()))));
    board.runUntilIdle();
    const lines = [...text.matchAll(/^([<>]) ((?:[0-9A-F]{2} )*[0-9A-F]{2})/gm)];
    assert.equal(lines.length, 12);
    for (let i = 0; i < lines.length; i += 2) {
      const request = Buffer.from((lines[i]?.[2] ?? '').replace(/ /g, ''), 'hex');
      const answer = Buffer.from(board.exchange(request) ?? [])
        .toString('hex')
        .toUpperCase();
      assert.equal(answer, lines[i + 1]?.[2]?.replace(/ /g, ''), lines[i]?.[2]);
    }
    board.close();
  });

  it('gives the saves of each board as its facts and its firmware have them', () => {
    const folder = join(root, 'firmware/ports');
    const ports = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.c'))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const number = (cell = ''): number => Number(cell.replace(/[\s ]/g, ''));
    let rows = 0;
    for (const { name, ...facts } of boardFacts) {
      const row = text
        .split('\n')
        .find((line) => line.startsWith('|') && line.includes(`\`${name}\``) && line.split('|').length === 7);
      assert.ok(row, name);
      const [cycles, all, free, aDay] = row.split('|').slice(2, 6).map(number) as [
        number,
        number,
        number,
        number,
      ];
      assert.equal(cycles, facts.eraseCycles, name);
      assert.equal(all, SLOTS * cycles, name);
      assert.equal(free, FREE * all, name);
      const interval = Math.ceil((DAYS * 86_400) / ((1 - FREE) * all));
      assert.equal(aDay, Number((86_400 / interval).toFixed(1)), name);
      assert.match(ports, new RegExp(`#define STORE_CYCLES ${cycles}u`), name);
      rows++;
    }
    assert.equal(rows, boardFacts.length);
  });
});

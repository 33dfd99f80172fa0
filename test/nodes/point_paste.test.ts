/** Address lists as spreadsheets have them -> rows of a list of registers. The compiled code of the editor runs here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { KINDS, ORDERS, TYPES } from '../../trainer/registers';
import { ROOT } from './real_node_red';

type Row = Record<string, string>;
const code = readFileSync(join(ROOT, 'build/editor/editor/point_paste.js'), 'utf8');
type LookUp = (key: string) => string;
const parse = runInNewContext(`${code}; EdgeTrainer.pastedPoints`) as (
  text: string,
  lookUp: LookUp,
) => unknown;
/** A word of the dialog in a language. */
const wordsIn = (language: string): LookUp => {
  const file = join(ROOT, 'locales', language, 'device.json');
  const catalogue = JSON.parse(readFileSync(file, 'utf8')) as object;
  return (key) => key.split('.').reduce<unknown>((at, part) => at?.[part as never], catalogue) as string;
};
/** As an object of this realm. */
const pasted = (text: string, language = 'en-US'): { rows: Row[]; left: number[] } =>
  JSON.parse(JSON.stringify(parse(text, wordsIn(language)))) as { rows: Row[]; left: number[] };
/** What is not empty in each row. */
const rowsOf = (text: string, language?: string): Row[] =>
  pasted(text, language).rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')),
  );

describe('an address list that is pasted', () => {
  it('has the tables, types and byte orders that can be read, and no others', () => {
    const choices = JSON.parse(
      runInNewContext(`${code}; JSON.stringify(EdgeTrainer.pointChoices)`) as string,
    ) as object;
    assert.deepEqual(choices, { kind: KINDS, type: TYPES, order: ORDERS });
  });

  it('has its columns by their names, in any order and in German too', () => {
    const wanted = [
      {
        name: 'room',
        kind: 'input',
        address: '3',
        type: 'float32',
        order: 'CDAB',
        divisor: '0.1',
        unit: '4',
      },
      { name: 'open', kind: 'discrete', address: '0', type: 'bit' },
    ];
    assert.deepEqual(
      rowsOf(
        'Address\tName\tTable\tData type\tWord order\tDivisor\tSlave\tComment\n3\troom\tInput register\tREAL\tcdab\t0.1\t4\tsouth\n0\topen\tDI\tBOOL\t\t\t\t\n',
      ),
      wanted,
    );
    assert.deepEqual(
      rowsOf(
        'Name;Art;Adresse;Typ;Reihenfolge;Teiler;Gerät\r\nroom;3x;3;float;CDAB;0,1;4\r\nopen;1x;0;bool;;;\r\n',
      ),
      wanted,
    );
  });

  for (const language of readdirSync(join(ROOT, 'locales')))
    it(`may have the words of the dialog in ${language}`, () => {
      const word = wordsIn(language);
      const head = ['name', 'kind', 'address', 'type', 'order', 'bit', 'divisor', 'offset', 'unit'];
      const row = { name: 'room', kind: '', address: '3', type: 'bit', order: 'CDAB', bit: '7' };
      const rest = { divisor: '10', offset: '1', unit: '4' };
      for (const kind of KINDS) {
        const cells = Object.values({ ...row, ...rest, kind: word(`points.kind.${kind}`) });
        const list = [head.map((column) => word(`points.label.${column}`)), cells];
        assert.deepEqual(rowsOf(list.map((line) => line.join('\t')).join('\n'), language), [
          { ...row, ...rest, kind },
        ]);
      }
    });

  it('without a head line has the usual columns', () => {
    assert.deepEqual(rowsOf('"room",7,int,10\n'), [
      { name: 'room', address: '7', type: 'int16', divisor: '10' },
    ]);
  });

  it('may have traditional numbers, where no column says the kind', () => {
    assert.deepEqual(
      rowsOf('a\t40101\nb\t300005\nc\t10001\nd\t00002').map(({ kind, address }) => [kind, address]),
      [
        ['holding', '100'],
        ['input', '4'],
        ['discrete', '0'],
        ['coil', '1'],
      ],
    );
    assert.equal(rowsOf('kind\taddress\nholding\t40101')[0]?.address, '40101');
  });

  it('names the lines that have no address', () => {
    const { rows, left } = pasted('name\taddress\nroom\t1\n\nother\t\n');
    assert.deepEqual([rows.length, left], [1, [4]]);
  });
});

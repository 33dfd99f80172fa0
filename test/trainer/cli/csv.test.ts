import assert from 'node:assert/strict';
import { parseDefinition } from '../../../trainer';
import { CsvError, parseRows } from '../../../trainer/cli/csv';
import { splitRows } from '../../../trainer/cli/evaluation';
import { comfort } from '../definition/examples';

const definition = parseDefinition(comfort());
const parse = (
  text: string,
  label?: string,
): { features: readonly number[]; classIndex: number; line: number }[] =>
  parseRows('data.csv', text, definition, label);

describe('samples from a CSV file', () => {
  it('are matched by the header, in any order, with other columns beside them', () => {
    const rows = parse(
      'time,Humidity (%),clothing,Air_Temperature,vote\n1,40,0.7,21.5,heat\n2,50,0.5,25,cool\n',
    );
    assert.deepEqual(rows, [
      { line: 2, features: [21.5, 40, 0.7], classIndex: 0 },
      { line: 3, features: [25, 50, 0.5], classIndex: 2 },
    ]);
  });

  it('take the label column by name', () => {
    const rows = parse('vote,air temperature,humidity,clothing\nhold,21,40,1\n', 'vote');
    assert.deepEqual(rows[0], { line: 2, features: [21, 40, 1], classIndex: 1 });
  });

  it('come in order when there is no header; semicolons, quotes, blank lines and CRLF are taken', () => {
    const rows = parse('21;40;1;"hold"\r\n\r\n22;41;1;"cool"\r\n');
    assert.deepEqual(
      rows.map(({ line, classIndex }) => [line, classIndex]),
      [
        [1, 1],
        [3, 2],
      ],
    );
  });

  it('take numbers as labels, with or without sign', () => {
    const signed = parseDefinition({
      ...comfort(),
      classes: [{ label: '-1' }, { label: '1' }],
      defaultClass: '-1',
      feedback: { rule: 'label' },
    });
    assert.equal(parseRows('d', '21,40,1,+1\n', signed)[0]?.classIndex, 1);
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['', 'empty', /line 1: the file is empty/],
    [
      'air temperature,humidity,vote\n21,40,heat\n',
      'a missing column',
      /line 1: no column for feature "clothing"/,
    ],
    [
      'vote,air temperature,humidity,clothing\nhold,21,40,1\n',
      'no label column',
      /line 1, column 4: the last column, "clothing", is a feature/,
    ],
    [
      'air temperature,humidity,clothing,vote\n21,warm,1,heat\n',
      'no number',
      /line 2, column 2: "warm" is no number \(feature "humidity"\)/,
    ],
    [
      'air temperature,humidity,clothing,vote\n21,40,1,heat\n21,40,1,mild\n',
      'no class',
      /line 3, column 4: "mild" is no class; the definition has heat/,
    ],
    [
      'air temperature,humidity,clothing,vote\n21,40,heat\n',
      'a short line',
      /line 2: 3 columns, the first line has 4/,
    ],
    [
      '21,40,heat\n',
      'too few columns and no header',
      /line 1: no header, and 3 columns instead of 3 features and a label/,
    ],
    [
      'air temperature,humidity,clothing,vote\n21,40,,heat\n',
      'an empty field',
      /line 2, column 3: "" is no number/,
    ],
    ['air temperature,humidity,clothing,vote\n', 'only a header', /line 1: only a header/],
    ['a,"b\n', 'an open quote', /line 1: a quote is not closed/],
  ];
  for (const [text, what, says] of wrong) {
    it(`name line and column: ${what}`, () => {
      assert.throws(
        () => parse(text),
        (error: unknown) => error instanceof CsvError && says.test(error.message),
      );
    });
  }
});

describe('splitting samples', () => {
  const rows = Array.from({ length: 10 }, (_, i) => ({
    line: i + 1,
    features: [i],
    classIndex: i < 4 ? 0 : 1,
  }));
  const lines = (part: readonly { line: number }[]): number[] => part.map((row) => row.line);

  it('takes the first share of all', () => {
    const { train, test } = splitRows(rows, 0.7, false);
    assert.deepEqual(lines(train), [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(lines(test), [8, 9, 10]);
  });

  it('takes the first share of each class', () => {
    const { train, test } = splitRows(rows, 0.5, true);
    assert.deepEqual(lines(train), [1, 2, 5, 6, 7]);
    assert.deepEqual(lines(test), [3, 4, 8, 9, 10]);
  });
});

import assert from 'node:assert/strict';
import { parseDefinition } from '../../../trainer';
import { CsvError } from '../../../trainer/cli/data/csv_error';
import { type LabelledRow, labelledRows, type RowOptions, type Rows } from '../../../trainer/cli/data/rows';
import { shuffleRows, splitRows, untaughtClasses } from '../../../trainer/cli/data/split';
import { parseTable } from '../../../trainer/cli/data/table';
import { sheetOf } from '../../../trainer/cli/sheet';
import { datasetCsv } from '../../../trainer/device';
import { comfort } from '../definition/examples';

const definition = parseDefinition(comfort());
const rowsOf = (text: string, options: RowOptions = {}, from = definition): Rows<LabelledRow> =>
  labelledRows(parseTable('data.csv', text), from, options);
const parse = (text: string, label?: string): readonly LabelledRow[] => rowsOf(text, { label }).rows;

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

  it('take a column for each continuous output, and give them back as they came', () => {
    const { classes: _classes, defaultClass: _default, ...rest } = comfort();
    const values = parseDefinition({
      ...rest,
      outputs: [
        { name: 'valve', unit: '%', min: 0, max: 100, scale: 10 },
        { name: 'fan', min: 0, max: 3 },
      ],
      model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
      feedback: { rule: 'label' },
      startRule: { rule: 'default-class' },
      storage: 'int8',
      scaling: 'range',
      stitching: {},
    });
    const text = 'fan,humidity,clothing,air temperature,valve\n2.5,40,0.7,21.5,33\n';
    const { rows } = rowsOf(text, {}, values);
    assert.deepEqual(rows, [{ line: 2, features: [21.5, 40, 0.7], classIndex: 0, targets: [33, 2.5] }]);
    assert.throws(
      () => rowsOf('21.5,40,0.7,101,2\n', {}, values),
      /101 is outside the range 0 to 100 of output "valve"/,
    );
    assert.throws(
      () => rowsOf('air temperature,humidity,clothing,valve\n', {}, values),
      /no column for output "fan"/,
    );
    const stored = { label: 'values', classIndex: 0, heldOut: false, judged: false, age: 1 };
    assert.match(
      datasetCsv(values, [{ ...stored, features: [21.5, 40, 0.7], targets: [33, 2.5] }]),
      /clothing,valve,fan,held_out,age\n21.5,40,0.7,33,2.5,0,1\n$/,
    );
    const { registers, classes } = sheetOf(values);
    assert.deepEqual(
      registers
        .filter(({ name }) => /valve|fan/.test(name))
        .map(({ address, name, scale }) => [address, name, scale]),
      [
        [135, 'valve', '10'],
        [136, 'fan', '1000'],
        [342, 'valve, target', '10'],
        [343, 'fan, target', '1000'],
      ],
    );
    assert.deepEqual(classes, []);
    assert.ok(!sheetOf(definition).registers.some(({ name }) => name === 'targets' || name === 'outputs'));
  });

  it('take a column for each value of an array, as they are exported', () => {
    const camera = parseDefinition({
      name: 'camera',
      features: [{ name: 'image', count: 6, min: 0, max: 255 }],
      classes: [{ label: 'dark' }, { label: 'bright' }],
      model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
      feedback: { rule: 'label' },
    });
    const features = [0, 255, 7, 8, 9, 10];
    const stored = { label: 'bright', classIndex: 1, heldOut: false, judged: false, age: 1, features };
    const text = datasetCsv(camera, [stored]);
    assert.deepEqual(rowsOf(text, {}, camera).rows, [{ line: 2, features, classIndex: 1 }]);
    assert.deepEqual(rowsOf('0,255,7,8,9,10,bright\n', {}, camera).rows, [
      { line: 1, features, classIndex: 1 },
    ]);
    assert.throws(
      () => rowsOf(text.replace('image[4]', 'image'), {}, camera),
      /no column for value "image\[4\]"; the header has 9 columns/,
    );
    assert.throws(
      () => rowsOf('0,255,7,bright\n', {}, camera),
      /no header, and 4 columns instead of 6 values and a label/,
    );
    assert.throws(() => rowsOf('0,256,7,8,9,10,bright\n', {}, camera), /256 is outside the range 0 to 255/);
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
    assert.equal(rowsOf('21,40,1,+1\n', {}, signed).rows[0]?.classIndex, 1);
  });

  it('take a decimal comma where semicolons separate', () => {
    const [row] = parse('air temperature;humidity;clothing;vote\n21,5;40;0,7;heat\n');
    assert.deepEqual(row?.features, [21.5, 40, 0.7]);
    // A table with points in it has commas for something else.
    assert.throws(
      () => parse('air temperature;humidity;clothing;vote\n21,5;40;0.7;heat\n'),
      /"21,5" is no number/,
    );
  });

  it('count lines of the file past quoted line breaks', () => {
    const text = 'note,air temperature,humidity,clothing,vote\n"two\nlines",21,40,1,heat\nx,22,40,1,cool\n';
    assert.deepEqual(
      parse(text).map(({ line }) => line),
      [2, 4],
    );
  });

  it('come back after features and classes were renamed, by their identity', () => {
    const { features = [], classes } = comfort();
    const renamed = parseDefinition({
      ...comfort(),
      features: features.map((feature) => ({ ...feature, id: feature.name, name: `new ${feature.name}` })),
      classes: classes.map((entry) => ({ ...entry, id: entry.label, label: entry.label.toUpperCase() })),
      defaultClass: 'HOLD',
      feedback: { rule: 'label' },
    });
    const sample = {
      label: 'cool',
      classIndex: 2,
      heldOut: false,
      judged: false,
      age: 1,
      features: [25, 50, 0.5],
    };
    assert.deepEqual(rowsOf(datasetCsv(definition, [sample]), {}, renamed).rows, [
      { line: 2, features: [25, 50, 0.5], classIndex: 2 },
    ]);
  });

  it('come back from the file that the data set was written to', () => {
    const sample = {
      label: 'cool',
      classIndex: 2,
      heldOut: true,
      judged: false,
      age: 3,
      features: [25, 50, 0.5],
    };
    assert.deepEqual(parse(datasetCsv(definition, [sample])), [
      { line: 2, features: [25, 50, 0.5], classIndex: 2 },
    ]);
  });

  it('come back too when a name would be a formula in a spreadsheet, where it is text', () => {
    const named = parseDefinition({
      ...comfort(),
      features: [{ name: '=cmd()', min: 0, max: 50 }],
      classes: [{ label: '-1' }, { label: '@home, "now"' }],
      defaultClass: '-1',
      feedback: { rule: 'label' },
    });
    const csv = datasetCsv(named, [
      { label: '-1', classIndex: 0, heldOut: false, judged: false, age: 2, features: [1] },
      { label: '@home, "now"', classIndex: 1, heldOut: false, judged: false, age: 1, features: [2] },
    ]);
    assert.equal(csv, `'=cmd(),label,held_out,age\n1,-1,0,2\n2,"'@home, ""now""",0,1\n`);
    assert.deepEqual(
      rowsOf(csv, {}, named).rows.map(({ classIndex }) => classIndex),
      [0, 1],
    );
  });

  it('never match two features to one column', () => {
    const twins = parseDefinition({
      ...comfort(),
      features: [
        { name: 'T (in)', min: 0, max: 50 },
        { name: 'T (out)', min: 0, max: 50 },
      ],
    });
    assert.deepEqual(rowsOf('T (out),T (in),vote\n1,2,heat\n', {}, twins).rows[0]?.features, [2, 1]);
    assert.throws(
      () => rowsOf('T,vote\n1,heat\n', {}, twins),
      /features "T \(in\)" and "T \(out\)" both match column "T"/,
    );
    const single = parseDefinition({ ...comfort(), features: [{ name: 'T', min: 0, max: 50 }] });
    assert.throws(
      () => rowsOf('T (in),T (out),vote\n1,2,heat\n', {}, single),
      /the columns "T \(in\)", "T \(out\)" could all be "T"/,
    );
  });

  it('take other words for classes and for numbers, as a mapping says', () => {
    const text = 'air temperature,humidity,clothing,vote\n21,40,light,colder please\n25,50,heavy,heat\n';
    const mapped = rowsOf(text, {
      labels: new Map([['colder please', 'cool']]),
      categories: new Map([
        [
          'clothing',
          new Map([
            ['light', 0.5],
            ['heavy', 1],
          ]),
        ],
      ]),
    });
    assert.deepEqual(
      mapped.rows.map(({ features, classIndex }) => [features[2], classIndex]),
      [
        [0.5, 2],
        [1, 0],
      ],
    );
    assert.throws(() => rowsOf(text, { labels: new Map([['x', 'chill']]) }), /--alias: "chill" is no class/);
    assert.throws(
      () => rowsOf(text, { categories: new Map([['x', new Map()]]) }),
      /--category: "x" is no feature/,
    );
  });

  it('are refused with every bad row counted, or leave those out when told to', () => {
    const text = `air temperature,humidity,clothing,vote\n${'99,40,1,heat\n'.repeat(12)}21,40,1,heat\n`;
    assert.throws(
      () => rowsOf(text),
      /12 rows cannot be used: line 2, column 1: 99 is outside the range .* of feature "air temperature"; line 3.*and 2 more. Nothing was sent/,
    );
    const kept = rowsOf(text, { skipBad: true });
    assert.deepEqual([kept.rows.length, kept.skipped.length], [1, 12]);
    const clamping = parseDefinition({ ...comfort(), outOfRange: 'clamp' });
    assert.equal(rowsOf(text, {}, clamping).rows.length, 13);
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
  it('shuffles by a seed, keeps every row, and leaves the order to it', () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const once = shuffleRows(numbers, 7);
    assert.deepEqual(shuffleRows(numbers, 7), once);
    assert.notDeepEqual(shuffleRows(numbers, 8), once);
    assert.notDeepEqual(once, numbers);
    assert.deepEqual(
      [...once].sort((a, b) => a - b),
      numbers,
    );
  });

  it('names the classes that are asked for and were never taught', () => {
    const sorted = Array.from({ length: 10 }, (_, i) => ({
      line: i,
      features: [i],
      classIndex: i < 7 ? 0 : 1,
    }));
    assert.deepEqual(untaughtClasses(splitRows(sorted, 0.7, false), ['a', 'b']), ['b']);
    assert.deepEqual(untaughtClasses(splitRows(sorted, 0.7, true), ['a', 'b']), []);
  });

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

/** Files of strangers: a right result, or an error that names file, line and column. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { problemOf } from '../../bench/classify/problems';
import { rowsOf } from '../../bench/comfort/votes';
import { filesGiven, InputError, numbersOf, readTable } from '../../bench/data';
import { digitsOf } from '../../bench/dnn/data';
import { weatherOf } from '../../bench/hvac/weather';
import { Report } from '../../bench/stream/figures';
import { checkRecording, fitted, KINDS } from '../../bench/stream/machines';
import { bearingFiles, fan, gearboxFiles, moving, samplesOf } from '../../bench/stream/recordings';
import type { TrainerDefinition } from '../../trainer';

const COLUMNS = ['ta', 'tr', 'rh', 'vel', 'met', 'clo', 'pmv', 'thermal_preference'];
const VOTES = ['warmer', 'no change', 'cooler'];
const vote = (i: number): string[] => [
  `${22 + (i % 5)}.5`,
  '23.25',
  '45',
  '0.1',
  '1.2',
  '0.6',
  '-0.25',
  VOTES[i % 3] as string,
];
const ROWS = Array.from({ length: 30 }, (_, i) => vote(i));

describe('files that a bench is given', () => {
  let folder: string;
  const said: string[] = [];
  const { log } = console;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-'));
    said.length = 0;
    console.log = (line: string) => said.push(line);
  });
  afterEach(() => {
    console.log = log;
    rmSync(folder, { recursive: true });
  });

  const put = (name: string, content: string | Buffer): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const csv = (rows: readonly (readonly string[])[], separator = ',', end = '\n'): string =>
    rows.map((row) => row.join(separator)).join(end);
  const refused = (what: () => unknown, pattern: RegExp): void => {
    assert.throws(what, (error) => error instanceof Error && pattern.test(error.message));
  };

  it('are read whatever the order of columns, capitals, separators and ends of lines', () => {
    const plain = rowsOf(put('a.csv', csv([COLUMNS, ...ROWS])));
    const other = [COLUMNS.map((name) => name.toUpperCase()), ...ROWS].map((row) => [...row].reverse());
    assert.deepEqual(rowsOf(put('b.csv', `\uFEFF${csv(other, ',', '\r\n')}\r\n\r\n`)), plain);
    const commas = other.map((row) => row.map((cell) => cell.replace('.', ',')));
    assert.deepEqual(rowsOf(put('c.csv.gz', gzipSync(csv(commas, ';')))), plain);
    assert.deepEqual(said, []);
  });

  it('say which rows are not complete, and are judged by the others', () => {
    const holes = ROWS.map((row, i) => (i === 3 ? row.with(6, '') : i === 9 ? row.with(7, 'NA') : row));
    assert.equal(rowsOf(put('a.csv', csv([COLUMNS, ...holes]))).length, 28);
    assert.match(said.join(), /a\.csv: 2 of 30 rows are left out; the first is line 5: no number in "pmv"/);
  });

  it('are refused in words when they cannot be judged', () => {
    refused(() => rowsOf(put('few.csv', csv([COLUMNS, ...ROWS.slice(0, 10)]))), /few\.csv: 10 votes/);
    refused(() => rowsOf(put('head.csv', csv([COLUMNS]))), /head\.csv: there are no rows/);
    refused(() => rowsOf(put('empty.csv', '')), /empty\.csv.*empty/);
    refused(() => rowsOf(join(folder, 'not.csv')), /not\.csv: there is no such file/);
    refused(() => rowsOf(put('odd.csv', csv([COLUMNS, ...ROWS, ['1']]))), /odd\.csv: line 32 has 1 cells/);
    const without = [COLUMNS, ...ROWS].map((row) => row.slice(1));
    refused(() => rowsOf(put('col.csv', csv(without))), /col\.csv: no column "ta"; its columns are tr, rh/);
    const digit = (...changed: readonly string[]): string[] => [
      ...changed,
      ...Array<string>(65 - changed.length).fill('3'),
    ];
    assert.equal(digitsOf(put('digits.csv', csv([digit(), digit('16')]))).length, 2);
    refused(
      () => digitsOf(put('hole.csv', csv([digit(), digit('1', '')]))),
      /hole\.csv: line 2 has nothing in column "2"/,
    );
    refused(
      () => digitsOf(put('bright.csv', csv([digit(), digit('17')]))),
      /line 2 has 17 in column "1" .* 0 to 16/,
    );
    refused(() => digitsOf(put('short.csv', csv([digit().slice(1)]))), /short\.csv: a row has 64 cells/);
    refused(() => filesGiven([folder, join(folder, 'gone')]), /gone: there is no such file or folder/);
    mkdirSync(join(folder, 'bare'));
    refused(() => filesGiven([join(folder, 'bare')]), /bare: the folder has no \.csv/);
    const hole = put('hole.csv', 'a,b\n1,2\n3,\n');
    refused(() => numbersOf(readTable(hole)), /hole\.csv: line 3 has nothing in column "b"/);
  });

  it('of classify: the truth is found beside the features, and what the definition forbids is said', () => {
    const definition: TrainerDefinition = {
      features: [{ name: 'Light', min: 0, max: 10 }],
      classes: [{ label: '0' }, { label: '1' }],
      model: { type: 'svm-linear' },
    };
    const file = put('a.csv', 'date,truth,LIGHT\nx,0,3\nx,1,\nx,1,7\n');
    const { train } = problemOf('given', file, file, definition);
    assert.deepEqual(train, [
      { features: [3], truth: 0 },
      { features: [7], truth: 1 },
    ]);
    const wide = put('wide.csv', 'truth,light\n0,3\n1,70\n');
    refused(() => problemOf('given', file, wide, definition), /wide\.csv: line 3: "Light" is beyond 0 to 10/);
    const none = put('none.csv', 'truth,light\n0,3\nyes,7\n');
    refused(
      () => problemOf('given', none, file, definition),
      /none\.csv: no column holds only 0, 1.*line 3 has "yes" in column "truth"/,
    );
  });

  it('of stream: the configuration is a column by its name, pairs are needed, and enough of a healthy signal', () => {
    const recording = fan(put('speed-061.csv', 'X;CONFIGURATION\n0,5;1\n0,75;1\n0,5;1\n0,25;2\n'));
    assert.deepEqual(
      [recording.speed, recording.healthy, recording.faults],
      [61, [[0.5], [0.75], [0.5]], [{ name: '2', samples: [[0.25]] }]],
    );
    refused(() => fan(put('sick.csv', 'configuration,x\n2,1\n')), /sick\.csv: no row has configuration 1/);
    const gears = join(folder, 'gears');
    mkdirSync(gears);
    for (const name of ['healthy-load-00', 'broken-tooth-load-00', 'healthy-load-20', 'notes'])
      put(`gears/${name}.csv`, 'a\n1\n');
    assert.deepEqual(
      gearboxFiles([gears]).map(({ load }) => load),
      ['00'],
    );
    assert.match(said.join(' '), /load 20: left out, there is no broken-tooth-load-20/);
    assert.match(said.join(' '), /notes\.csv: left out/);
    refused(() => bearingFiles([gears]), /one file of the folder is named normal or healthy/);
    rmSync(join(gears, 'broken-tooth-load-00.csv'));
    refused(() => gearboxFiles([gears]), /no load with files/);
    assert.ok(new InputError('x') instanceof Error);
  });

  it('of stream: what is no channel is left out and said; too short, another number of channels or no sensor is an error', () => {
    const file = put(
      'speed-070.csv',
      'time,wconfid,pctid,x\n10:00,1,70,0.5\n10:01,1,70,0.25\n10:02,1,70,0.5\n10:03,2,70,-0.5\n',
    );
    const recording = fan(file);
    assert.deepEqual([recording.healthy, recording.faults[0]?.samples], [[[0.5], [0.25], [0.5]], [[-0.5]]]);
    assert.match(
      said.join(' '),
      /speed-070\.csv: no channels: "time".*left out, for they stand still or count: channel 1/,
    );
    const clock = [0.1, 0.7, 0.2].map((value, i) => [0.02 * i, value]);
    assert.deepEqual(moving('clock.csv', clock), [[[0.1], [0.7], [0.2]]]);
    refused(() => moving('still.csv', [[1], [1]]), /still\.csv: no channel of the healthy signal moves/);
    refused(
      () => samplesOf(put('one.csv', 'a\n1\n'), 2),
      /one\.csv: 1 channels; the healthy recording has 2/,
    );
    const signal = (samples: number): number[][] => Array.from({ length: samples }, (_, i) => [Math.sin(i)]);
    const check = (healthy: number, fault: number): void =>
      checkRecording(
        {
          name: 'well.csv',
          healthy: signal(healthy),
          faults: [{ name: 'sick.csv', samples: signal(fault) }],
        },
        KINDS.fan,
        0.6,
        ['correlation'],
      );
    check(3000, 3000);
    refused(() => check(2, 3000), /well\.csv: 2 healthy samples/);
    refused(() => check(3000, 3), /sick\.csv: 3 samples; to be judged it needs two windows/);
  });

  it('of stream: another unit gets the range that its signal needs, at the same number of steps', () => {
    assert.equal(fitted(KINDS.bearing, [[-5.9]]), KINDS.bearing);
    const { range, scale } = fitted(KINDS.bearing, [[1], [-9.81]]);
    assert.ok(range >= 4 * 9.81 && range < 8 * 9.81);
    assert.equal(range * scale, KINDS.bearing.range * KINDS.bearing.scale);
  });

  it('of hvac: a year of weather in any order of columns; a missing hour, a hole or a mark for one is named', () => {
    const names = [
      'month',
      'day',
      'hour',
      'dry_bulb_c',
      'relative_humidity_percent',
      'global_horizontal_wh_m2',
    ];
    const header = [...names, 'direct_normal_wh_m2', 'diffuse_horizontal_wh_m2'];
    const year = Array.from({ length: 8760 }, (_, i) => {
      const date = new Date(Date.UTC(2015, 0, 1, i));
      const when = [date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours() + 1];
      return [...when, i % 30, 50, 100, 80, 60].map(String);
    });
    const plain = weatherOf(put('a.csv', csv([header, ...year])));
    assert.deepEqual([plain.at(1).temperature, plain.at(40).globalHorizontal], [0, 100]);
    const odd = [header.map((name) => `"${name.toUpperCase()}"`), ...year].map((row) => [...row].reverse());
    assert.deepEqual(weatherOf(put('b.csv.gz', gzipSync(csv(odd, ';', '\r\n')))), plain);
    const changed = (row: number, column: number, to: string): string =>
      csv([header, ...year.map((cells, i) => (i === row ? cells.with(column, to) : cells))]);
    refused(
      () => weatherOf(put('hole.csv', changed(7, 4, ''))),
      /hole\.csv: line 9 has nothing in column "rel/,
    );
    refused(
      () => weatherOf(put('mark.csv', changed(7, 3, '99.9'))),
      /mark\.csv: line 9 has 99\.9 in column "dry/,
    );
    const gap = csv([header, ...year.slice(0, 30), ...year.slice(31)]);
    refused(() => weatherOf(put('gap.csv', gap)), /gap\.csv: line 32 is not month 1, day 2, hour 7/);
    refused(
      () => weatherOf(put('end.csv', csv([header, ...year.slice(0, 3)]))),
      /end\.csv: it ends before month 1, day 1, hour 4/,
    );
    const bare = [header, ...year.slice(0, 3)].map((row) => row.slice(3));
    refused(() => weatherOf(put('few.csv', csv(bare))), /few\.csv: 3 hours instead of 8760/);
  });

  it('give no figure where there is none, and never NaN', () => {
    const lines: string[] = [];
    const report = new Report((line) => lines.push(line));
    report.note('delay', Number.NaN, 2);
    report.note('auc', 0.5, 2);
    assert.deepEqual(report.figures, { auc: 0.5 });
    assert.doesNotMatch(lines.join(), /NaN/);
  });
});

/** A network of another tool on its way to a board, by the command line. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as command } from '../../../trainer/cli/main';
import { reference } from '../../support/int8_reference';
import { picture, pictures } from '../../support/networks';
import { randomBelow } from '../../support/random';
import { Operator, tfliteFile } from '../../support/tflite';

const INPUTS = 48;
const net = pictures();

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A virtual trainer starts in a thread, and may wait for a processor. */
const PATIENCE = ['--timeout', '20000'];

/** The command in this process: a process of its own for each of twenty takes longer than what they do. */
async function run(...args: string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const { log } = console;
  const { write } = process.stderr;
  console.log = (line: unknown) => void out.push(`${String(line)}\n`);
  process.stderr.write = ((line: string) => err.push(line) > 0) as typeof write;
  try {
    const code = await command(
      args.includes('--virtual') ? [...args.slice(0, 1), ...PATIENCE, ...args.slice(1)] : args,
    );
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    console.log = log;
    process.stderr.write = write;
  }
}

const measured = (bytes: Int8Array): number[] =>
  Array.from(bytes, (byte) => net.range.scale * (byte - net.range.zero));

/** Pictures whose upper half is bright, or dark; every other row has the first label, the rest take turns. */
function csv(rows: number, [bright, ...others]: readonly string[]): string {
  const random = randomBelow(11);
  const lines = [[...Array.from({ length: INPUTS }, (_, i) => `x${i + 1}`), 'label'].join(',')];
  for (let i = 0; i < rows; i++) {
    const values = measured(picture(random, i % 2 === 0)).map((value) => value.toFixed(4));
    lines.push([...values, i % 2 === 0 ? bright : others[((i - 1) / 2) % others.length]].join(','));
  }
  return `${lines.join('\n')}\n`;
}

describe('edge-trainer import', function () {
  this.timeout(180_000);
  let folder: string;
  const place = (name: string): string => join(folder, name);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-import-'));
    writeFileSync(place('pictures.tflite'), tfliteFile(net));
    writeFileSync(place('pictures.csv'), csv(240, ['bright', 'dark']));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function done(...args: string[]): Promise<string> {
    const { code, out, err } = await run(...args);
    assert.equal(code, 0, `${args[0]}: ${err}`);
    return out;
  }

  it('takes the network to a board that decides as the original, and keeps what the board makes of it', async () => {
    const [definition, memory] = [place('own.json'), place('board.nvm')];
    const labels = ['a', 'b', 'c', 'd', 'e'];
    const said = await done('import', place('pictures.tflite'), '-o', definition, '--labels', labels.join());
    assert.match(said, /own\.json: 48 features, 9 layers, 5 classes/);
    assert.match(said, /head +kept/);
    const weights = place('own.weights.json');
    const deploy = ['deploy', definition, '--virtual', memory, '--weights', weights];
    assert.match(await done(...deploy), /generation +1, from the weights/);
    const input = picture(randomBelow(2), true);
    const values = measured(input).map((value) => value.toFixed(4));
    const bytes = reference(net, input);
    const wanted = labels[bytes.indexOf(Math.max(...bytes))];
    const decided = await done(
      'infer',
      '--virtual',
      memory,
      '--definition',
      definition,
      '--json',
      '--',
      ...values,
    );
    assert.equal((JSON.parse(decided) as { label: string }).label, wanted);
    assert.match(await done(...deploy), /generation +1, kept: the weights were not sent; --force sends them/);
    assert.match(
      await done(...deploy, '--force'),
      /generation +2, from the weights; generation 1 is kept as the previous one/,
    );
  });

  it('does what the document shows, command by command', async () => {
    writeFileSync(place('model.tflite'), tfliteFile(pictures(-20, 3)));
    writeFileSync(place('samples.csv'), csv(90, ['idle', 'walking', 'running']));
    const text = readFileSync(join(__dirname, '../../../../docs/command-line.md'), 'utf8');
    const section = text.split('\n## ').find((part) => part.startsWith('import\n')) ?? '';
    const commands = section.split('\n').filter((line) => line.startsWith('edge-trainer '));
    assert.equal(commands.length, 5);
    for (const line of commands) {
      const words = line.replace('--port /dev/ttyUSB0', '--virtual').split(' ').slice(1);
      await done(...words.map((word) => (/\.(tflite|json|csv)$/.test(word) ? place(word) : word)));
    }
    assert.match(readFileSync(place('sparse.json'), 'utf8'), /"update"/);
  });

  it('gives it a new head that the board learns', async () => {
    const definition = place('new.json');
    await done(
      ...['import', place('pictures.tflite'), '-o', definition, '--weights', place('w.json')],
      ...['--classes', 'dark,bright', '--board', 'rp2040'],
    );
    assert.match(await done('plan', definition), /8 +dense +1 x 1 x 2 +18 +18/);
    const report = JSON.parse(
      await done(
        ...['evaluate', definition, place('pictures.csv'), '--weights', place('w.json')],
        ...['--virtual', '--json'],
      ),
    ) as { accuracy: number; generation: number };
    assert.equal(report.generation, 2, 'the weights were the first one');
    assert.ok(report.accuracy > 0.9, `accuracy ${report.accuracy}`);
  });

  it('chooses what is trained of it, and prints what it chose from', async () => {
    const [definition, chosen] = [place('whole.json'), place('sparse.json')];
    await done('import', place('pictures.tflite'), '-o', definition, '--classes', 'dark,bright');
    const fit = ['plan', definition, '--fit', '--data', place('pictures.csv')];
    const weights = ['--weights', place('whole.weights.json')];
    const said = await done(...fit, ...weights, '--board', 'stm32f405', '-o', chosen);
    assert.match(said, /4 +depthwise +all +[\d ]+ +\d\.\d{3} +-?\d\.\d{3}/);
    assert.match(said, /1-4 frozen, 8 all +[\d ]+ +[\d ]+ +\d\.\d{3} +\d\.\d{3} +[\d.]+ %/);
    assert.equal(said.match(/chosen/g)?.length, 1);
    assert.match(await done('plan', chosen), /8 +dense +1 x 1 x 2 +18 +18/);
    await done('deploy', chosen, '--virtual', ...weights);
    for (const wrong of [fit, [...fit.slice(0, 3), ...weights]]) {
      const { code, err } = await run(...wrong);
      assert.equal(code, 2);
      assert.match(err, /--fit wants --(weights|data)/);
    }
  });

  it('takes over a network of continuous values', async () => {
    const values = { ...net, steps: net.steps.slice(0, -1) };
    writeFileSync(place('values.tflite'), tfliteFile(values));
    const said = await done(
      ...['import', place('values.tflite'), '-o', place('values.json')],
      ...['--outputs', 'a,b,c,d,e'],
    );
    assert.match(said, /48 features, 8 layers, 5 continuous outputs/);
    await done('deploy', place('values.json'), '--virtual', '--weights', place('values.weights.json'));
  });

  it('writes nothing that a board does not hold, and says what would fit', async () => {
    const output = place('never.json');
    const importTo = (...more: string[]): Promise<Ended> =>
      run('import', place('pictures.tflite'), '-o', output, ...more);
    const none = await importTo('--board', 'stm32f103');
    assert.equal(none.code, 1);
    assert.match(
      none.err,
      /stm32f103 leaves out models of type dnn; boards that have them: virtual, stm32f405/,
    );
    const much = await importTo('--board', 'stm32f405', '--samples', '4000');
    assert.equal(much.code, 1);
    assert.match(much.err, /needs [\d ]+ bytes, board has [\d ]+; reduce the data set below \d+ samples/);
    assert.match(much.err, /Nothing was written/);
    assert.ok(!existsSync(output));
  });

  it('ends with 1 and one line when the file is none, or the network cannot be imported', async () => {
    const steps = [
      ...net.steps.slice(0, 1),
      { code: Operator.LOGISTIC, shape: [1, 6, 4, 4], range: net.range },
      { code: Operator.PAD, shape: [1, 6, 4, 4], range: net.range },
    ];
    writeFileSync(place('other.tflite'), tfliteFile({ ...net, steps }));
    writeFileSync(place('cut.tflite'), readFileSync(place('pictures.tflite')).subarray(0, 500));
    for (const [file, says] of [
      ['none.tflite', /none\.tflite: no such file/],
      [
        'cut.tflite',
        /cut\.tflite: the network cannot be imported: .*truncated or is no TensorFlow Lite file/,
      ],
      ['pictures.csv', /truncated or is no TensorFlow Lite file/],
      ['other.tflite', /operator 1, LOGISTIC, is not supported; operator 2, PAD, is not supported/],
    ] as const) {
      const { code, out, err } = await run('import', place(file), '-o', place('never.json'));
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, says);
      assert.equal(err.trim().split('\n').length, 1);
    }
    const damaged = place('damaged.json');
    await done('import', place('pictures.tflite'), '-o', place('d.json'), '--weights', damaged);
    writeFileSync(damaged, readFileSync(damaged, 'utf8').replace('"zero": -20', '"zero": -21'));
    const { code, err } = await run('deploy', place('d.json'), '--virtual', '--weights', damaged);
    assert.equal(code, 1);
    assert.match(
      err,
      /damaged\.json: the weights cannot be used: the file is damaged.*the running model is untouched/,
    );
    writeFileSync(damaged, readFileSync(damaged).subarray(0, 900));
    const cut = await run('deploy', place('d.json'), '--virtual', '--weights', damaged);
    assert.deepEqual([cut.code, cut.out], [1, '']);
    assert.match(cut.err, /damaged\.json.*JSON/);
  });
});

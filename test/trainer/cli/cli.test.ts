import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TrainerDefinition } from '../../../trainer';
import { comfort, motor } from '../definition/examples';

const MAIN = join(__dirname, '../../../trainer/cli/main.js');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(...args: string[]): Promise<Ended> {
  return runWith({}, ...args);
}

/** Runs with variables of the environment; there is no terminal to ask on. */
function runWith(variables: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...variables };
    execFile(process.execPath, [MAIN, ...args], { timeout: 60_000, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Runs and takes the JSON it prints. */
async function json<T>(...args: string[]): Promise<T> {
  const ended = await run(...args, '--json');
  assert.equal(ended.code, 0, ended.err);
  return JSON.parse(ended.out) as T;
}

const definition = { ...comfort(), feedback: { rule: 'label', tickets: 8 } };
const labelOf = (temperature: number): string =>
  temperature < 20 ? 'heat' : temperature > 24 ? 'cool' : 'hold';

/** Votes that a linear model can learn. */
function votes(rows: number): string {
  const lines = ['humidity,clothing,air temperature,vote'];
  for (let i = 0; i < rows; i++) {
    const temperature = 12 + ((i * 7.3) % 26);
    lines.push(`${30 + (i % 40)},0.7,${temperature.toFixed(2)},${labelOf(temperature)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A network over a window of two channels. */
const WINDOW: TrainerDefinition = {
  features: [{ name: 'x', unit: 'g', min: -2, max: 2, scale: 1000, count: 64, streamChannels: 2 }],
  classes: [{ label: 'healthy' }, { label: 'faulty' }],
  model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
  feedback: { rule: 'label' },
};

describe('edge-trainer on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-cli-'));
  const file = (name: string, content?: string): string => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
  let definitionFile: string;
  let dataFile: string;

  before(() => {
    definitionFile = file('definition.json', JSON.stringify(definition));
    dataFile = file('votes.csv', votes(120));
  });
  after(() => rmSync(folder, { recursive: true }));

  describe('called the wrong way', () => {
    const usage: readonly (readonly [string, string[], RegExp])[] = [
      ['an unknown command', ['dploy'], /unknown command 'dploy'/],
      ['an unknown option', ['status', '--prot', 'x'], /unknown option '--prot'/],
      [
        'no way to the trainer',
        ['status'],
        /say how to reach the trainer: --port, --tcp, --rtu-tcp, --virtual or --board/,
      ],
      [
        'no way, before any file is read',
        ['evaluate', 'd', 'c'],
        /^edge-trainer: say how to reach the trainer/,
      ],
      ['two ways to the trainer', ['status', '--virtual', '--tcp', 'x:1'], /cannot be used with/],
      ['a missing argument', ['deploy', '--virtual'], /missing required argument 'definition.json'/],
      ['units that are none', ['clone', '--to', '2,a', '--virtual'], /--to.*'2,a' is invalid.*1 to 247/],
      ['a unit that does not exist', ['status', '--virtual', '--unit', '248'], /whole number from 1 to 247/],
      ['a wrong address', ['status', '--tcp', 'a b'], /give HOST:PORT/],
      [
        'a wrong share',
        ['evaluate', 'd', 'c', '--virtual', '--split', '70'],
        /--split must be between 0 and 1/,
      ],
    ];
    for (const [what, args, says] of usage) {
      it(`ends with 2 and says what is wrong: ${what}`, async () => {
        const { code, out, err } = await run(...args);
        assert.equal(code, 2);
        assert.equal(out, '');
        assert.match(err, says);
      });
    }
  });

  it('names the regimes of a stream model in the definition, and finds one by its name', async () => {
    const machine = file('machine.json', JSON.stringify(motor()));
    const names = async (...args: string[]): Promise<string[]> =>
      (await json<{ name: string }[]>('regimes', machine, ...args)).map(({ name }) => name);
    assert.deepEqual(await names(), ['', '', '']);
    assert.deepEqual(await names('--name', '1=idle', '--name', '3=full load'), ['idle', '', 'full load']);
    assert.deepEqual(await names('--name', '1='), ['', '', 'full load']);
    const wrong = await run('regimes', machine, '--name', '4=x');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /"4=x": give NUMBER=NAME with a number from 1 to 3/);
    const board = ['--virtual', join(folder, 'machine.bin')];
    assert.equal((await run('deploy', machine, ...board)).code, 0);
    const learn = await run('train', '--definition', machine, ...board);
    assert.equal(learn.code, 2);
    assert.match(learn.err, /nobody else can send any to a trainer in this process/);
    const other = ['--virtual', join(folder, 'votes.bin')];
    await run('deploy', definitionFile, ...other);
    assert.match((await run('train', '--regime', '1', ...other)).err, /--regime is for stream models/);
  });

  describe('with something wrong', () => {
    it('ends with 1 and one line, without a stack trace', async () => {
      const wrong: readonly (readonly [string[], RegExp])[] = [
        [['deploy', join(folder, 'none.json'), '--virtual'], /none\.json: no such file/],
        [['deploy', file('broken.json', '{'), '--virtual'], /broken\.json: no JSON/],
        [
          ['deploy', file('wrong.json', JSON.stringify({ ...definition, seed: 'x' })), '--virtual'],
          /wrong\.json: definition refused: seed must be a whole number, got "x"; the running model is untouched/,
        ],
        [
          [
            'evaluate',
            definitionFile,
            file('bad.csv', 'air temperature,humidity,clothing,vote\n21,x,1,heat\n'),
            '--virtual',
          ],
          /bad\.csv, line 2, column 2: "x" is no number \(feature "humidity"\)/,
        ],
        [['restore', file('other.json', '{}'), '--virtual'], /other\.json: backup refused: format/],
        [['compare', file('first.json', '{}'), file('second.json', '{}')], /first\.json: backup refused/],
        [['infer', '1', '--virtual'], /no definition is deployed; deploy one first/],
        [['status', '--tcp', '127.0.0.1:1', '--timeout', '100'], /ECONNREFUSED/],
      ];
      for (const [args, says] of wrong) {
        const { code, out, err } = await run(...args);
        assert.equal(code, 1, err);
        assert.equal(out, '');
        assert.match(err, says);
        assert.equal(err.trim().split('\n').length, 1, err);
        assert.match(err, /^edge-trainer: /);
      }
    });

    it('shows the stack trace when asked to', async () => {
      assert.match((await run('--debug', 'infer', '1', '--virtual')).err, /\n {4}at /);
    });
  });

  describe('evaluating a file of samples', () => {
    it('teaches a share of the rows and decides on the rest', async () => {
      const report = await json<Record<string, number>>(
        'evaluate',
        definitionFile,
        dataFile,
        '--virtual',
        '--split',
        '0.7',
      );
      assert.equal(report.taught, 84);
      assert.equal(report.samples, 36);
      assert.ok((report.accuracy as number) > 0.8, `accuracy ${report.accuracy}`);
      assert.equal(report.trainings, 1);
      assert.ok(
        (report.trainWork as number) > 0 &&
          (report.datasetBytes as number) > 0 &&
          (report.memoryBytes as number) > 0,
      );
      for (const key of ['balancedAccuracy', 'macroF1', 'matthews', 'confusion'])
        assert.ok(key in report, key);
    });

    it('streams row by row and trains by itself', async () => {
      const report = await json<Record<string, number>>(
        'evaluate',
        definitionFile,
        dataFile,
        '--virtual',
        '--stream',
      );
      assert.equal(report.samples, 120);
      assert.ok((report.trainings as number) > 0);
      assert.ok((report.accuracy as number) > 0.5, `accuracy ${report.accuracy}`);
    });

    it('decides on a file of its own, and warns of classes that were never taught', async () => {
      const sorted = votes(120).split('\n');
      const rows = sorted
        .slice(1, -1)
        .sort((a, b) => (a.split(',')[3] as string).localeCompare(b.split(',')[3] as string));
      const sortedFile = file('sorted.csv', `${[sorted[0], ...rows].join('\n')}\n`);
      const { err } = await run('evaluate', definitionFile, sortedFile, '--virtual');
      assert.match(err, /no row to teach has these classes, and rows to decide have them: (hold|heat)\./);
      const tested = await json<{ taught: number; samples: number }>(
        ...['evaluate', definitionFile, sortedFile, '--test', dataFile, '--virtual'],
      );
      assert.deepEqual([tested.taught, tested.samples], [120, 120]);
      assert.equal(
        (await run('evaluate', definitionFile, sortedFile, '--virtual', '--shuffle', '3')).err,
        '',
      );
      const frozen = await json<{ taught: number; samples: number }>(
        ...['evaluate', definitionFile, dataFile, '--virtual', '--stream', '--split', '0.5'],
      );
      assert.deepEqual([frozen.taught, frozen.samples], [60, 60]);
    });

    it('leaves continuous outputs to teach and train, which says how far off they are', async () => {
      const document = {
        name: 'valve',
        features: [{ name: 'cold', min: 0, max: 1 }],
        outputs: [{ name: 'valve', unit: '%', min: 0, max: 100 }],
        model: { type: 'dnn', layers: [{ kind: 'dense', units: 1 }] },
      };
      const valve = file('valve.json', JSON.stringify(document));
      const rows = Array.from({ length: 40 }, (_, i) => `${((i * 7) % 40) / 40},${((i * 7) % 40) * 2}`);
      const values = file('valve.csv', `cold,valve\n${rows.join('\n')}\n`);
      const { err } = await run('evaluate', valve, values, '--virtual');
      assert.match(err, /continuous outputs; use "edge-trainer teach"/);
      const board = ['--virtual', join(folder, 'valve.bin')];
      await run('deploy', valve, ...board);
      await run('teach', values, '--definition', valve, ...board);
      assert.match(
        (await run('train', ...board)).out,
        /held-out +8 samples; output 1 off by [\d.]+, the mean by \d+/,
      );
      const { outputs } = await json<{ outputs: { valve: number } }>(
        ...['infer', '0.5', '--definition', valve, ...board],
      );
      assert.ok(Math.abs(outputs.valve - 40) < 15, String(outputs.valve));
    });

    it('claims nothing of held-out samples that there are not, or of a training that it has forgotten', async () => {
      const few = file(
        'few.json',
        JSON.stringify({
          ...definition,
          training: { mode: 'manual', minSamples: 6 },
          stitching: { holdOutEvery: 0 },
        }),
      );
      const board = ['--virtual', join(folder, 'few.bin')];
      await run('deploy', few, ...board);
      await run('teach', file('few.csv', votes(12)), '--definition', few, ...board);
      assert.match((await run('train', ...board)).out, /held-out +no samples yet/);
      const { out } = await run('status', ...board);
      assert.match(out, /trainings +1: 1 promoted/);
      assert.doesNotMatch(out, /last training/);
    });

    it('says what a data set that is too small costs, and what room for all takes', async () => {
      const small = file('small.json', JSON.stringify({ ...definition, stitching: { capacity: 40 } }));
      const { capacity } = await json<{ capacity: Record<string, number> }>(
        ...['evaluate', small, dataFile, '--virtual'],
      );
      assert.deepEqual([capacity.samples, capacity.rows], [40, 84]);
      assert.ok((capacity.bytesForAll as number) > (capacity.bytes as number));
      assert.match(
        (await run('evaluate', small, dataFile, '--virtual')).out,
        /84 rows taught, the data set holds 40: 44 gave way/,
      );
    });

    it('refuses on a virtual trainer what the board of the definition has no room for', async () => {
      const named = file(
        'named.json',
        JSON.stringify({ ...definition, board: 'nrf51', stitching: { capacity: 4096 } }),
      );
      assert.match((await run('deploy', named, '--virtual')).err, /needs [\d ]+ bytes, board has [\d ]+/);
    });

    it('prints a table for people', async () => {
      const { out } = await run('evaluate', definitionFile, dataFile, '--virtual', '--per-class');
      assert.match(out, /balanced accuracy +\d+\.\d %/);
      assert.match(out, /truth \\ decided +heat +hold +cool +recall/);
    });
  });

  describe('the address list for a PLC', () => {
    it('names every feature with its register, scale and range, and every class with its code', async () => {
      const { out } = await run('sheet', definitionFile);
      assert.match(out, /\| 1 \| 40002 \| 1 \| air temperature \| i16 \| rw \| \d+ \|/);
      assert.match(out, /\| 0 \| heat \| -?\d+ \| 16 \|/);
      const csv = file('sheet.csv');
      assert.equal((await run('sheet', definitionFile, '--format', 'csv', '--output', csv)).code, 0);
      assert.match(readFileSync(csv, 'utf8'), /^Address,Register,Words,Name/);
    });

    it('lists a window as the samples that are streamed and the number that a decision names', async () => {
      const { out } = await run('sheet', file('vibration.json', JSON.stringify(WINDOW)));
      assert.match(
        out,
        /\| 1 \| 40002 \| 1 \| x, newest sample \| u16 \| .* newest 32 samples of 2 channels \|/,
      );
      assert.match(out, /\| 162 \| 40163 \| 120 \| x \| i16 \| rw \| 1000 \| g \| -2 to 2 \|/);
      assert.match(out, /\| 160 \| 40161 \| 1 \| sampleSequence \|/);
      assert.doesNotMatch(out, /bulkObject/);
    });

    it('lists an array as the pages that it travels in and the check sum that names it', async () => {
      const camera = file('camera.json');
      writeFileSync(
        camera,
        JSON.stringify({
          features: [{ name: 'image', count: 1024, min: 0, max: 5, unit: 'V' }],
          classes: [{ label: 'left' }, { label: 'right' }],
          model: { type: 'dnn', height: 32, width: 32, layers: [{ kind: 'dense', units: 2 }] },
          feedback: { rule: 'label' },
        }),
      );
      const { out } = await run('sheet', camera);
      assert.match(
        out,
        /\| 1 \| 40002 \| 2 \| image, check sum \| u32 \| rw \| .*CRC-32.* of all 1024 bytes/,
      );
      assert.match(out, /\| 1536 \| 41537 \| 1 \| bulkObject \| .* 12: the array "image" \|/);
      assert.match(out, /\| 1537 \| .* page of the array, 0 to 4, in order \|/);
      assert.match(out, /\| 1542 \| 41543 \| 112 \| image \| .* \| V \| 0 to 5 \| 1024 values, a byte each/);
    });
  });

  describe('with a trainer on a TCP port', () => {
    let server: ChildProcess;
    let way: string[];

    before(async () => {
      server = spawn(process.execPath, [MAIN, 'virtual', '--tcp', '127.0.0.1:0', '--unit', '5'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(
        createInterface({ input: server.stdout as NodeJS.ReadableStream }),
        'line',
      )) as [string];
      way = ['--tcp', (/127\.0\.0\.1:\d+/.exec(line) as RegExpExecArray)[0], '--unit', '5'];
    });
    after(async () => {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      await exited;
    });

    it('goes the whole way: identify, deploy, teach, train, back up, restore, compare', async () => {
      const identity = await json<{ board: string; unit: number }>('identify', ...way);
      assert.equal(identity.unit, 5);
      assert.equal(identity.board, 'virtual');
      assert.equal((await json<{ changed: boolean }>('deploy', definitionFile, ...way)).changed, true);

      const named = ['air temperature=15', 'humidity=40', 'clothing=0.7'];
      const decision = await json<{ ticket: number; label: string }>(
        'infer',
        ...named,
        '--definition',
        definitionFile,
        ...way,
      );
      assert.equal(decision.label, 'hold');
      const verdict = await json<{ judgement: string; truth: string }>(
        'feedback',
        String(decision.ticket),
        '--label',
        'heat',
        '--definition',
        definitionFile,
        ...way,
      );
      assert.deepEqual([verdict.judgement, verdict.truth], ['unsatisfied', 'heat']);

      await json('teach', dataFile, '--definition', definitionFile, ...way);
      await json('train', ...way);
      assert.equal((await json<{ generation: number }>('status', ...way)).generation, 1);
      const trained = await json<{ label: string }>(
        'infer',
        ...named,
        '--definition',
        definitionFile,
        ...way,
      );
      assert.equal(trained.label, 'heat');

      const csv = file('stored.csv');
      await run('dataset', '--csv', csv, '--definition', definitionFile, ...way);
      assert.match(readFileSync(csv, 'utf8'), /^air temperature,humidity,clothing,label,held_out,age\n/);

      const backup = file('backup.json');
      assert.match((await run('backup', backup, ...way)).out, /svm-linear, generation 1/);
      assert.match((await run('restore', backup, ...way)).out, /restored as generation 2/);
      const comparison = await json<{ identical: boolean }>('compare', ...way);
      assert.equal(comparison.identical, true);
      assert.match((await run('rollback', ...way)).out, /generation 1 runs/);
      const log = await json<{ event: string }[]>('log', ...way);
      assert.ok(log.some((record) => record.event === 'model-restored'));
    });

    it('says that a port is taken, and what to choose', async () => {
      const { code, err } = await run('virtual', '--tcp', way[1] as string);
      assert.equal(code, 1);
      assert.match(err, /another program has this port; choose another one/);
    });

    it('locks and unlocks, and takes no key from the command line', async () => {
      const [key, other] = ['0f0e0d0c0b0a09080706050403020100', '000102030405060708090a0b0c0d0e0f'];
      const keyFile = file('key.txt', `${key}\n`);
      assert.equal((await run('set-key', ...way)).code, 2); // no file, no variable, no terminal
      assert.match((await run('set-key', '--new-key-file', keyFile, ...way)).out, /^the key is set\n$/);
      assert.match((await run('lock', ...way)).out, /management is locked/);
      const short = await runWith({ EDGE_TRAINER_KEY: 'abc' }, 'status', ...way);
      assert.deepEqual([short.code, /key must be 32 hexadecimal digits/.test(short.err)], [1, true]);
      const refused = await run('mode', '--set', 'manual', ...way);
      assert.match(
        refused.err,
        /management is locked; give the key \(--key-file FILE, or the variable EDGE_TRAINER_KEY\)/,
      );
      assert.equal((await run('mode', '--set', 'manual', '--key-file', keyFile, ...way)).code, 0);
      assert.match((await run('unlock', '--key-file', keyFile, ...way)).out, /the key is right/);
      await run('lock', ...way);
      const both = { EDGE_TRAINER_KEY: key, EDGE_TRAINER_NEW_KEY: other };
      assert.equal((await runWith(both, 'set-key', ...way)).code, 0);
      await run('lock', ...way);
      assert.equal((await runWith({ EDGE_TRAINER_KEY: key }, 'unlock', ...way)).code, 1);
      const help = await runWith(both, 'unlock', '--help');
      assert.ok(!`${help.out}${help.err}`.includes(key));
      assert.equal((await runWith({ EDGE_TRAINER_KEY: other }, 'set-key', '--remove', ...way)).code, 0);
      assert.equal((await json<{ lock: string }>('status', ...way)).lock, 'none');
    });

    it('deploys what discards something learned only when told to, and writes a backup first', async () => {
      const before = await json<Record<string, unknown>>('status', ...way);
      const features = definition.features?.slice(1);
      const smaller = file('smaller.json', JSON.stringify({ ...definition, features }));
      const backups = mkdtempSync(join(folder, 'backups-'));
      const dry = await run('deploy', smaller, '--dry-run', ...way);
      assert.match(dry.out, /Discards samples: 121\..*features of the board that are missing: 1/s);
      const refused = await run('deploy', smaller, '--backups', backups, ...way);
      assert.equal(refused.code, 1);
      assert.match(
        refused.err,
        /not deployed, nothing was changed: this .* discards something learned\. Discards samples: 121/,
      );
      assert.equal(
        (await json<Record<string, unknown>>('status', ...way)).modelFingerprint,
        before.modelFingerprint,
      );

      const done = await run('deploy', smaller, '--discard', '--backups', backups, ...way);
      assert.equal(done.code, 0, done.err);
      const [backup = ''] = readdirSync(backups).map((name) => join(backups, name));
      assert.ok(done.err.includes(`backup: ${backup}`), done.err);
      const restored = await run('restore', backup, '--deploy', '--samples', '--backups', backups, ...way);
      assert.equal(restored.code, 0, restored.err);
      assert.match(restored.out, /121 samples taught/);
      const after = await json<Record<string, unknown>>('status', ...way);
      for (const key of ['definitionFingerprint', 'modelFingerprint', 'samplesStored'])
        assert.equal(after[key], before[key], key);
    });

    it('evaluates a board that has learned only when told to, and gives it back as it was', async () => {
      const before = await json<Record<string, unknown>>('status', ...way);
      const stored = async (): Promise<string[]> => {
        const csv = file('before.csv');
        await run('dataset', '--csv', csv, '--definition', definitionFile, ...way);
        // Without age and held-out mark: samples that come back are new ones to the board.
        return readFileSync(csv, 'utf8')
          .split('\n')
          .map((line) => line.split(',').slice(0, 4).join(','))
          .sort();
      };
      const samples = await stored();
      const refused = await run('evaluate', definitionFile, dataFile, ...way);
      assert.equal(refused.code, 1);
      assert.match(
        refused.err,
        /this board holds a trained model \(generation \d+\) and \d+ samples; nothing was changed/,
      );

      const backup = file('aside.json');
      const other = file('other.json', JSON.stringify({ ...definition, seed: 99 }));
      const replace = ['--replace', '--backup', backup, ...way];
      const report = await json<{ taught: number }>('evaluate', other, dataFile, ...replace);
      assert.equal(report.taught, 84);
      const bad = file('bad-late.csv', `${votes(5)}30,0.7,21,mild\n`);
      assert.equal((await run('evaluate', other, bad, ...replace)).code, 1);

      const stopping = spawn(process.execPath, [MAIN, 'evaluate', other, dataFile, '--stream', ...replace]);
      stopping.stderr.setEncoding('utf8');
      await once(stopping.stderr, 'data'); // the backup is written, the board is in use
      stopping.kill('SIGINT');
      assert.deepEqual(await once(stopping, 'exit'), [1, null]);

      const after = await json<Record<string, unknown>>('status', ...way);
      for (const key of ['definitionFingerprint', 'modelFingerprint', 'mode', 'samplesStored'])
        assert.equal(after[key], before[key], key);
      assert.deepEqual(await stored(), samples);
    });

    it('streams the window of a network from a file, and decides about it without values', async () => {
      const definition = file('window.json', JSON.stringify(WINDOW));
      const samples = file('samples.csv', `x 1,x 2\n${'0.5,-0.25\n'.repeat(20)}`);
      assert.equal(
        (await json<{ changed: boolean }>('deploy', definition, '--discard', '--backups', folder, ...way))
          .changed,
        true,
      );
      const early = await run('infer', '--definition', definition, ...way);
      assert.match(early.err, /the window has 0 of 32 samples/);
      const stream = (): Promise<unknown> => json('stream', samples, '--definition', definition, ...way);
      assert.deepEqual(await stream(), { samples: 20, held: 20, needed: 32 });
      assert.deepEqual(await stream(), { samples: 20, held: 32, needed: 32 });
      const { label, ticket } = await json<{ label: string; ticket: number }>(
        'infer',
        '--definition',
        definition,
        ...way,
      );
      assert.equal(label, 'healthy');
      await run('feedback', String(ticket), '--label', 'faulty', '--definition', definition, ...way);
      assert.equal((await json<{ stored: number }>('dataset', '--definition', definition, ...way)).stored, 1);
    });
  });
});

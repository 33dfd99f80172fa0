/** History in real databases: the monitor's records in InfluxDB through the example flow, and in PostgreSQL by the SQL of docs/history.md. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type HistoryRecord, RECORD_COLUMNS } from '../../nodes/monitor/record';
import { launch, pictureOf } from '../browser/editor_page';
import { needs } from '../support/needs';
import { freePort } from '../support/ports';
import { exampleFlows, makeUserDir, RealNodeRed, ROOT, removeUserDir } from './real_node_red';

const run = promisify(execFile);
const UP_MS = 60_000;
const HOUR_MS = 3_600_000;
type Node = Record<string, unknown>;

/** Asks again until `look` finds something; a database tells nobody that a row has come. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + UP_MS; Date.now() < end; await wait(200)) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`no ${what} within ${UP_MS / 1000} s`);
}

class Influx {
  readonly port: number;
  private readonly folder: string;
  private readonly child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.folder = folder;
    this.child = child;
  }

  static async start(): Promise<Influx> {
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-influx-'));
    const port = await freePort();
    const config = join(folder, 'influxdb.conf');
    writeFileSync(
      config,
      `reporting-disabled = true
bind-address = "127.0.0.1:${await freePort()}"
[meta]
  dir = "${join(folder, 'meta')}"
[data]
  dir = "${join(folder, 'data')}"
  wal-dir = "${join(folder, 'wal')}"
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
`,
    );
    const child = spawn('influxd', ['run', '-config', config], { stdio: 'ignore' });
    const influx = new Influx(port, folder, child);
    await until('InfluxDB', async () => ((await fetch(`${influx.url}/ping`)).ok ? true : undefined));
    return influx;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async write(lines: readonly string[]): Promise<void> {
    const response = await fetch(`${this.url}/write?db=edge_trainer&precision=ms`, {
      method: 'POST',
      body: lines.join('\n'),
    });
    assert.ok(response.ok, await response.text());
  }

  /** Rows of the first series, by column; undefined = there is none. */
  async rows(query: string): Promise<Record<string, unknown>[] | undefined> {
    const response = await fetch(`${this.url}/query?db=edge_trainer&epoch=ms&q=${encodeURIComponent(query)}`);
    const { results } = (await response.json()) as {
      results: { series?: { columns: string[]; values: unknown[][] }[] }[];
    };
    const series = results[0]?.series?.[0];
    return series?.values.map((row) =>
      Object.fromEntries(series.columns.map((column, index) => [column, row[index]])),
    );
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A cluster of its own, as a user that may run one, on a socket in its folder. */
class Postgres {
  private readonly folder: string;
  private readonly bin: string;

  private constructor(folder: string, bin: string) {
    this.folder = folder;
    this.bin = bin;
  }

  static async start(): Promise<Postgres> {
    const { stdout } = await run('pg_config', ['--bindir']);
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-postgres-'));
    const postgres = new Postgres(folder, stdout.trim());
    // PostgreSQL refuses to run as root; Debian's package brings the user.
    if (process.getuid?.() === 0) await run('chown', ['postgres', folder]);
    await postgres.as(join(postgres.bin, 'initdb'), [
      '-D',
      join(folder, 'data'),
      '-U',
      'trainer',
      '-A',
      'trust',
      // Not that of the environment: another test of this process may have set one that is not installed.
      ...['--locale', 'C', '--encoding', 'UTF8'],
    ]);
    const options = `-c listen_addresses='' -c unix_socket_directories='${folder}'`;
    await postgres.as(join(postgres.bin, 'pg_ctl'), [
      ...['-D', join(folder, 'data'), '-l', join(folder, 'log'), '-o', options, '-w', 'start'],
    ]);
    return postgres;
  }

  /** Rows as JSON. */
  async sql<T>(statement: string, variables: Readonly<Record<string, string>> = {}): Promise<T> {
    const child = spawn(
      join(this.bin, 'psql'),
      ['-h', this.folder, '-U', 'trainer', '-d', 'postgres', '-qtA', '-v', 'ON_ERROR_STOP=1'],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let out = '';
    let error = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      error += text.toString();
    });
    const set = Object.entries(variables).map(
      ([name, value]) => `\\set ${name} '${value.replace(/'/g, "''")}'\n`,
    );
    child.stdin.end(`${set.join('')}${statement}`);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0, error);
    return (out.trim() === '' ? undefined : JSON.parse(out)) as T;
  }

  async stop(): Promise<void> {
    await this.as(join(this.bin, 'pg_ctl'), ['-D', join(this.folder, 'data'), '-m', 'fast', '-w', 'stop']);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async as(command: string, args: readonly string[]): Promise<void> {
    const root = process.getuid?.() === 0;
    await run(root ? 'runuser' : command, root ? ['-u', 'postgres', '--', command, ...args] : [...args], {
      cwd: this.folder,
    });
  }
}

/** The SQL of docs/history.md: the blocks between its fences, in their order. */
function documentedSql(): string[] {
  const text = readFileSync(join(ROOT, 'docs', 'history.md'), 'utf8');
  return [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql as string);
}

describe('history in a database', function () {
  this.timeout(240_000);
  const [example] = exampleFlows(['history - weeks in InfluxDB.json']);
  const flow = (example as { flow: Node[] }).flow;
  const named = (name: string): Node => flow.find((node) => node.name === name) as Node;
  let userDir: string;
  let nodeRed: RealNodeRed;
  let influx: Influx;

  before(async function () {
    if (!needs('influxd') || !needs('chromium')) this.skip();
    influx = await Influx.start();
    ({ folder: userDir } = await makeUserDir(['node-red-contrib-influxdb', '@flowfuse/node-red-dashboard']));
    const settings: Readonly<Record<string, object>> = {
      influxdb: { port: String(influx.port) },
      'edge-trainer-monitor': { interval: '1' },
    };
    // A debug node shows the records as they are, each on one line.
    const { z } = named('record the trainer');
    const text = { id: 'text', type: 'change', z, x: 300, y: 600, wires: [['shown']] };
    const rules = [{ t: 'set', p: 'payload', pt: 'msg', to: '$string(payload)', tot: 'jsonata' }];
    const shown = {
      id: 'shown',
      type: 'debug',
      z,
      name: 'record',
      active: true,
      console: true,
      x: 500,
      y: 600,
    };
    nodeRed = await RealNodeRed.start(userDir, [
      ...flow.map((node) => {
        const wires = node.wires as string[][] | undefined;
        const more =
          node.type === 'edge-trainer-monitor'
            ? { wires: [[], [], [], [...(wires?.[3] ?? []), 'text']] }
            : {};
        return { ...node, ...settings[String(node.type)], ...more };
      }),
      { ...text, rules },
      { ...shown, complete: 'payload', targetType: 'msg', tosidebar: false, wires: [] },
    ]);
  });

  after(async () => {
    await nodeRed?.stop();
    await influx?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  /** Records so far, as the monitor sent them. */
  const records = (): HistoryRecord[] =>
    nodeRed.output.flatMap((line) => {
      const json = /\[debug:record\] (\{.*\})/.exec(line)?.[1];
      return json === undefined ? [] : [JSON.parse(json) as HistoryRecord];
    });

  it('the example stores statuses and events, told apart by tags, at their times', async () => {
    const [row] = await until('status with a model', () =>
      influx.rows(
        `SELECT * FROM trainer WHERE record = 'status' AND accuracy_model > 0 ORDER BY time DESC LIMIT 1`,
      ),
    );
    assert.equal(row?.device, 'room');
    assert.equal(row?.unit, 1);
    assert.equal(row?.answers, true);
    assert.ok(Math.abs(Number(row?.time) - Date.now()) < UP_MS);
    const promoted = await until('promotion', () =>
      influx.rows(`SELECT event_text, generation FROM trainer WHERE record = 'event' AND event = 'promoted'`),
    );
    assert.match(String(promoted[0]?.event_text), /^generation 1 installed/);
  });

  it('every record has the documented columns only, and flat values', async () => {
    await until('event', async () => records().find(({ event }) => event !== undefined));
    for (const record of records())
      for (const [column, value] of Object.entries(record)) {
        assert.ok(column in RECORD_COLUMNS, column);
        assert.ok(['string', 'number', 'boolean'].includes(typeof value), column);
      }
    const help = readFileSync(join(ROOT, 'locales', 'en-US', 'monitor.html'), 'utf8');
    for (const column of Object.keys(RECORD_COLUMNS))
      assert.ok(help.includes(`<code>${column}</code>`), `the help does not say ${column}`);
  });

  it('the page plots four weeks', async () => {
    const now = Date.now();
    const weeks = Array.from({ length: 4 * 7 * 24 - 2 }, (_, hour) => hour + 1).map((hour) => {
      const share = 0.95 - 0.4 * (hour / 672) + 0.03 * Math.sin(hour);
      return `trainer,device=room,record=status accuracy=${share},accuracy_model=${share + 0.02},accuracy_start_rule=0.5,generation=${Math.ceil((680 - hour) / 100)} ${now - hour * HOUR_MS}`;
    });
    await influx.write(weeks);
    const response = await fetch(`${nodeRed.url}/inject/${named('every minute').id}`, { method: 'POST' });
    assert.equal(response.status, 200);
    const chart = flow.find(({ label }) => label === 'Share of right decisions') as Node;
    interface Point {
      readonly _datapoint: { readonly x: string; readonly y: readonly number[] };
    }
    const points = await until('four weeks of points', async () => {
      const kept = await (await fetch(`${nodeRed.url}/dashboard/_debug/datastore/${chart.id}`)).json();
      return (kept as Point[]).length > 600 ? (kept as Point[]) : undefined;
    });
    const times = points.map(({ _datapoint: { x } }) => Date.parse(x));
    assert.ok(Math.max(...times) - Math.min(...times) > 27 * 24 * HOUR_MS);
    assert.ok(points.every(({ _datapoint: { y } }) => y[0] !== undefined && y[0] > 0));
    const browser = await launch();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto(`${nodeRed.url}/dashboard/history`);
      await page.locator('canvas, svg').first().waitFor();
      await pictureOf(page, 'history');
    } finally {
      await browser.close();
    }
  });

  it('PostgreSQL takes the same records by the SQL of the documentation, and gives the weeks back', async function () {
    if (!needs('pg_config') || !needs('psql')) this.skip();
    const [table, insert, weeks] = documentedSql() as [string, string, string];
    const columns = [...table.matchAll(/^ {2}(\w+) +(\w+)/gm)].map(([, name, type]) => [name, type]);
    assert.deepEqual(Object.fromEntries(columns), RECORD_COLUMNS);
    const postgres = await Postgres.start();
    try {
      await postgres.sql(table);
      await until('status with decisions', async () =>
        records().find(({ record, accuracy }) => record === 'status' && Number(accuracy) > 0),
      );
      const kept = records();
      for (const record of kept)
        await postgres.sql(insert.replace('$1', ":'record'"), { record: JSON.stringify(record) });
      const rows = await postgres.sql<HistoryRecord[]>(
        'SELECT json_agg(json_strip_nulls(row_to_json(one)) ORDER BY time) FROM edge_trainer AS one;',
      );
      assert.equal(rows.length, kept.length);
      const sorted = [...kept].sort((a, b) => Number(a.time) - Number(b.time));
      assert.deepEqual(
        rows.map(({ time, event, generation }) => [time, event, generation]),
        sorted.map(({ time, event, generation }) => [time, event, generation]),
      );
      const plotted = await postgres.sql<{ hour: string; decisions: number }[]>(
        `SELECT json_agg(one) FROM (${weeks.trim().replace(/;$/, '')}) AS one;`,
      );
      assert.ok(plotted.some(({ decisions }) => decisions > 0));
    } finally {
      await postgres.stop();
    }
  });
});

/** History in real databases, through the example flows: the monitor's records in InfluxDB, and in PostgreSQL with the SQL of docs/history.md. */
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
    await postgres.up();
    return postgres;
  }

  /** What a client needs to find it. */
  get environment(): Record<string, string> {
    return { PGHOST: this.folder, PGUSER: 'trainer', PGDATABASE: 'postgres' };
  }

  /** Rows as JSON. */
  async sql<T>(statement: string): Promise<T> {
    const child = spawn(join(this.bin, 'psql'), ['-qtA', '-v', 'ON_ERROR_STOP=1'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...this.environment },
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      error += text.toString();
    });
    child.stdin.end(statement);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0, error);
    return (out.trim() === '' ? undefined : JSON.parse(out)) as T;
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async up(): Promise<void> {
    const { folder } = this;
    const options = `-c listen_addresses='' -c unix_socket_directories='${folder}'`;
    await this.as(join(this.bin, 'pg_ctl'), [
      ...['-D', join(folder, 'data'), '-l', join(folder, 'log'), '-o', options, '-w', 'start'],
    ]);
  }

  private async down(): Promise<void> {
    await this.as(join(this.bin, 'pg_ctl'), ['-D', join(this.folder, 'data'), '-m', 'fast', '-w', 'stop']);
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

type Flow = readonly Node[];

const named = (flow: Flow, name: string): Node => flow.find((node) => node.name === name) as Node;

/** The flow as the test runs it: the monitor looks once a second, and a debug node shows its records, each on one line. */
function watched(flow: Flow, settings: Readonly<Record<string, object>> = {}): Node[] {
  const { z } = named(flow, 'record the trainer');
  const rules = [{ t: 'set', p: 'payload', pt: 'msg', to: '$string(payload)', tot: 'jsonata' }];
  return [
    ...flow.map((node) => {
      const wires = node.wires as string[][] | undefined;
      const more =
        node.type === 'edge-trainer-monitor'
          ? { interval: '1', wires: [[], [], [], [...(wires?.[3] ?? []), 'text']] }
          : {};
      return { ...node, ...settings[String(node.type)], ...more };
    }),
    { id: 'text', type: 'change', z, x: 300, y: 600, wires: [['shown']], rules },
    {
      ...{ id: 'shown', type: 'debug', z, name: 'record', active: true, console: true, x: 500, y: 600 },
      ...{ complete: 'payload', targetType: 'msg', tosidebar: false, wires: [] },
    },
  ];
}

/** Records so far, as the monitor sent them. */
function recordsOf(nodeRed: RealNodeRed): HistoryRecord[] {
  return nodeRed.output.flatMap((line) => {
    const json = /\[debug:record\] (\{.*\})/.exec(line)?.[1];
    return json === undefined ? [] : [JSON.parse(json) as HistoryRecord];
  });
}

/** Asks for four weeks, and waits until the chart of the page has them. */
async function chartOfWeeks(nodeRed: RealNodeRed, flow: Flow): Promise<void> {
  await nodeRed.inject(String(named(flow, 'every minute').id));
  const chart = flow.find(({ label }) => label === 'Share of right decisions') as Node;
  interface Point {
    readonly _datapoint: { readonly x: string; readonly y: readonly number[] };
  }
  const points = await until('four weeks of points', async () => {
    const kept = await nodeRed.json<Point[]>(`/dashboard/_debug/datastore/${String(chart.id)}`);
    return kept.length > 600 ? kept : undefined;
  });
  const times = points.map(({ _datapoint: { x } }) => Date.parse(x));
  assert.ok(Math.max(...times) - Math.min(...times) > 27 * 24 * HOUR_MS);
  assert.ok(points.every(({ _datapoint: { y } }) => y[0] !== undefined && y[0] > 0));
}

describe('history in InfluxDB', function () {
  this.timeout(240_000);
  const [example] = exampleFlows(['history - weeks in InfluxDB.json']);
  const flow = (example as { flow: Node[] }).flow;
  let userDir: string;
  let nodeRed: RealNodeRed;
  let influx: Influx;

  before(async function () {
    if (!needs('influxd') || !needs('chromium')) this.skip();
    influx = await Influx.start();
    ({ folder: userDir } = await makeUserDir(['node-red-contrib-influxdb', '@flowfuse/node-red-dashboard']));
    nodeRed = await RealNodeRed.start(userDir, watched(flow, { influxdb: { port: String(influx.port) } }));
  });

  after(async () => {
    await nodeRed?.stop();
    await influx?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
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
    await until('event', async () => recordsOf(nodeRed).find(({ event }) => event !== undefined));
    for (const record of recordsOf(nodeRed))
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
    await chartOfWeeks(nodeRed, flow);
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
});

describe('history in PostgreSQL', function () {
  this.timeout(240_000);
  const [example] = exampleFlows(['history - weeks in PostgreSQL.json']);
  const flow = (example as { flow: Node[] }).flow;
  let userDir: string;
  let nodeRed: RealNodeRed;
  let postgres: Postgres;

  before(async function () {
    if (!needs('pg_config') || !needs('psql')) this.skip();
    postgres = await Postgres.start();
    ({ folder: userDir } = await makeUserDir(['pg', '@flowfuse/node-red-dashboard']));
    nodeRed = await RealNodeRed.start(userDir, watched(flow), postgres.environment);
  });

  after(async () => {
    await nodeRed?.stop();
    await postgres?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('the documentation has the SQL of the example, and the table has the columns of a record', () => {
    const [insert] = named(flow, 'insert the record').rules as { to: string }[];
    const inExample = [
      named(flow, 'make the table').template,
      insert?.to,
      named(flow, 'four weeks, hour by hour').template,
    ];
    const documented = documentedSql().map((sql) => sql.trim());
    assert.deepEqual(documented, inExample);
    const columns = [...(documented[0] as string).matchAll(/^ {2}(\w+) +(\w+)/gm)];
    assert.deepEqual(Object.fromEntries(columns.map(([, name, type]) => [name, type])), RECORD_COLUMNS);
  });

  it('the example stores every record as it is', async () => {
    await until('a generation', async () =>
      recordsOf(nodeRed).find(({ event, generation }) => event === 'promoted' && generation === 1),
    );
    const sent = recordsOf(nodeRed).filter(({ event }) => event === undefined);
    const last = Math.max(...sent.map(({ time }) => Number(time)));
    const stored = await until('the records that were sent', async () => {
      const rows = await postgres.sql<HistoryRecord[]>(
        `SELECT json_agg(json_strip_nulls(row_to_json(one)) ORDER BY time) FROM edge_trainer AS one
         WHERE record = 'status';`,
      );
      return rows.some(({ time }) => time === last) ? rows : undefined;
    });
    const find = (when: unknown): HistoryRecord | undefined => stored.find(({ time }) => time === when);
    // The first may come before there is a table; what is stored is whole.
    const kept = sent.filter(({ time }) => find(time) !== undefined);
    assert.ok(kept.length >= sent.length - 2, `${kept.length} of ${sent.length}`);
    for (const record of kept) {
      const row = find(record.time) ?? {};
      assert.deepEqual(Object.keys(row).sort(), Object.keys(record).sort());
      for (const [column, value] of Object.entries(record))
        if (RECORD_COLUMNS[column as keyof HistoryRecord] !== 'real')
          assert.equal(row[column as keyof HistoryRecord], value, column);
    }
    const promoted = await until('the promotion', () =>
      postgres.sql<HistoryRecord>(
        `SELECT row_to_json(one) FROM edge_trainer AS one WHERE event = 'promoted' AND generation = 1;`,
      ),
    );
    assert.match(String(promoted.event_text), /^generation 1 installed/);
  });

  it('the page plots four weeks', async () => {
    await postgres.sql(
      `INSERT INTO edge_trainer (time, device, unit, record, accuracy, accuracy_model, accuracy_start_rule, generation)
       SELECT ${Date.now()} - ${HOUR_MS}::bigint * hour, 'room', 1, 'status', 0.9 - 0.4 * hour / 672, 0.8, 0.5, 1
       FROM generate_series(1, 670) AS hour;`,
    );
    await chartOfWeeks(nodeRed, flow);
  });

  it('goes on when the database was away', async () => {
    await postgres.restart();
    const back = Date.now();
    await until('a record after that', async () =>
      (await postgres.sql<number>(`SELECT count(*) FROM edge_trainer WHERE time > ${back};`)) > 0
        ? true
        : undefined,
    );
  });
});

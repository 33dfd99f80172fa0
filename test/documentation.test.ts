/** The guides can be followed: their files and commands are tried as they stand, and what needs hardware is at least parsed. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Models } from '../trainer/contract/definition.generated';
import { EditorPage, launch } from './browser/editor_page';
import { exampleFlows, makeUserDir, RealNodeRed, ROOT, removeUserDir } from './nodes/real_node_red';
import { needs } from './support/needs';
import { freePort } from './support/ports';

const run = promisify(execFile);
const CLI = join(ROOT, 'dist', 'trainer', 'cli', 'main.js');
const DOCS = join(ROOT, 'docs');
const GUIDES = ['tutorial', 'plc', 'choosing', 'troubleshooting'];
const read = (guide: string): string => readFileSync(join(DOCS, `${guide}.md`), 'utf8');

interface Block {
  readonly kind: string;
  /** What follows the kind: the name of a file, or `background`. */
  readonly more: string;
  readonly text: string;
}

function blocks(guide: string): Block[] {
  return [...read(guide).matchAll(/^```(\w*) ?(\S*)\n(.*?)^```/gms)].map(([, kind, more, text]) => ({
    kind: kind as string,
    more: more as string,
    text: text as string,
  }));
}
const commands = ({ text }: Block): string[] => text.split('\n').filter((line) => line.trim() !== '');

describe('the guides', function () {
  this.timeout(400_000);
  let folder: string;
  let port: number;
  const background: ChildProcess[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-guides-'));
    port = await freePort();
  });
  after(async () => {
    for (const child of background) {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Program and arguments; the port of the guide is a free one here. */
  const parts = (line: string): [string, string[]] => {
    const [program = '', ...rest] = line.replaceAll('1502', String(port)).split(/\s+/);
    if (program !== 'npx') return [program, rest];
    assert.equal(rest[0], 'edge-trainer', line);
    return [process.execPath, [CLI, ...rest.slice(1)]];
  };

  async function start(line: string): Promise<void> {
    const [program, args] = parts(line);
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    background.push(child);
    await once(createInterface({ input: child.stdout }), 'line');
  }

  it('write their files and run their commands, in their order', async function () {
    if (!needs('mbpoll')) this.skip();
    const said: Record<string, string> = {};
    for (const guide of GUIDES)
      for (const block of blocks(guide)) {
        if (block.more !== '' && block.more !== 'background')
          writeFileSync(join(folder, block.more), block.text);
        if (block.kind !== 'sh') continue;
        for (const line of commands(block)) {
          if (block.more === 'background') await start(line);
          else {
            const [program, args] = parts(line);
            said[line] = (await run(program, args, { cwd: folder })).stdout;
          }
        }
      }
    assert.match(said['npx edge-trainer infer 17 5 --definition room.json --virtual room.bin'] ?? '', /heat/);
    // The decision of the PLC: its own ticket, class 0, 100 %, a generation.
    const decision = said['mbpoll -m tcp -p 1502 -0 -t 4 -1 -a 1 -r 128 -c 5 127.0.0.1'] ?? '';
    const words = [...decision.matchAll(/^\[(\d+)\]:\s+(-?\d+)/gm)].map(([, , value]) => Number(value));
    assert.deepEqual([words[0], words[1], words[2], words[4]], [7, 0, 100, 1], decision);
    const verdict = said['mbpoll -m tcp -p 1502 -0 -t 4 -1 -a 1 -r 144 -c 7 127.0.0.1'] ?? '';
    assert.match(verdict, /\[147\]:\s+1\b/);
  });

  it('name commands and options that exist where they need hardware', async () => {
    let checked = 0;
    for (const guide of GUIDES)
      for (const line of blocks(guide)
        .filter(({ kind }) => kind === '')
        .flatMap(commands)) {
        const [, command, rest] = /^npx edge-trainer (\S+) ?(.*)$/.exec(line) ?? [];
        if (command === undefined) continue;
        const { stdout } = await run(process.execPath, [CLI, command, '--help']);
        for (const [option] of (rest ?? '').matchAll(/--[a-z-]+/g)) assert.ok(stdout.includes(option), line);
        checked++;
      }
    assert.ok(checked >= 8, `${checked} commands`);
  });

  it('name statuses as the nodes show them', () => {
    const catalogue = (node: string): Record<string, { status: object }> & { status: object } =>
      JSON.parse(readFileSync(join(ROOT, `locales/en-US/${node}.json`), 'utf8'));
    const texts = JSON.stringify([catalogue('device').status, catalogue('loop').loop?.status]);
    for (const [, status] of read('troubleshooting').matchAll(/^\| \*([^*]+)\*/gm)) {
      const words = (status as string).split(/,|:| \d+|"/)[0] as string;
      const known = texts.includes(words.trim()) || ['machine off', 'no unit'].includes(words.trim());
      assert.ok(known || words === 'unit', status);
    }
  });

  it('name types of models that exist', () => {
    const table = read('choosing').split('## Which board')[0] ?? '';
    const named = [...table.matchAll(/`(svm-\w+|dnn|correlation|process|esn|autoencoder)`/g)].map(
      ([, type]) => type,
    );
    assert.deepEqual([...new Set(named)].sort(), Object.keys(Models).sort());
  });

  it('say of every package that is installed with this one what it is for; six at most', () => {
    const [, section = ''] = /^## Runtime dependencies$(.*?)^## /ms.exec(read('design')) ?? [];
    const listed = [...section.matchAll(/^\| `(.+?)` \|/gm)].map(([, name]) => name as string);
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    assert.deepEqual(listed.sort(), Object.keys(dependencies).sort());
    assert.ok(listed.length <= 6);
  });

  it('link to pages, sections and pictures that are there', () => {
    const pages = [
      ...readdirSync(DOCS)
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(DOCS, name)),
      join(ROOT, 'README.md'),
      join(ROOT, 'dashboard', 'README.md'),
    ];
    const anchors = (file: string): string[] =>
      [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        (title as string)
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      );
    for (const page of pages)
      for (const [, target] of readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
        const [path = '', anchor] = (target as string).split('#');
        if (/^https?:/.test(target as string)) continue;
        const file = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(file), `${page}: ${target}`);
        if (anchor !== undefined && file.endsWith('.md'))
          assert.ok(anchors(file).includes(anchor), `${page}: ${target}`);
      }
  });
});

describe('the pictures of the tutorial', function () {
  this.timeout(180_000);
  let userDir: string | undefined;
  let nodeRed: RealNodeRed | undefined;

  after(async () => {
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('show the example as somebody meets it: flow, sidebar, device', async function () {
    if (!needs('chromium')) this.skip();
    ({ folder: userDir } = await makeUserDir());
    const [example] = exampleFlows(['feedback - a room that learns.json']);
    const flow = (example as { flow: Record<string, unknown>[] }).flow;
    nodeRed = await RealNodeRed.start(userDir, flow);
    const browser = await launch();
    try {
      const editor = await EditorPage.open(browser, nodeRed.url);
      const { page } = editor;
      await page
        .getByText(/^generation [1-9]/)
        .first()
        .waitFor({ timeout: 90_000 });
      await editor.picture('tutorial-flow');
      await page.evaluate(() => {
        const { RED } = globalThis as unknown as { RED: { sidebar: { show(id: string): void } } };
        RED.sidebar.show('edge-trainer-sidebar');
      });
      await page.locator('.edge-trainer-card').first().waitFor();
      await editor.picture('tutorial-sidebar');
      await editor.edit(
        String(flow.find(({ type }) => type === 'edge-trainer-device')?.id),
        'edge-trainer-device',
        true,
      );
      await editor.memoryText(/\d/);
      await editor.picture('tutorial-device');
      assert.deepEqual(editor.errors, []);
    } finally {
      await browser.close();
    }
  });
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeUserDir, nodeSets, PACKAGE, RealNodeRed, ROOT, removeUserDir } from './real_node_red';

interface ListedSet {
  readonly id: string;
  readonly module?: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
  readonly err?: string;
}

const examples = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.json'));
const languages = readdirSync(join(ROOT, 'locales'));

/** The words of both; where both have a part, what stands in it. */
function joined(left: unknown, right: unknown): unknown {
  if (typeof left !== 'object' || typeof right !== 'object') return right ?? left;
  const keys = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
  const part = (words: unknown, key: string): unknown => (words as Record<string, unknown>)[key];
  return Object.fromEntries([...keys].map((key) => [key, joined(part(left, key), part(right, key))]));
}

describe('the packed package in a real Node-RED', function () {
  this.timeout(180_000);
  let userDir: string;
  let files: string[];
  let nodeRed: RealNodeRed;

  before(async () => {
    ({ folder: userDir, files } = await makeUserDir());
    nodeRed = await RealNodeRed.start(userDir);
  });

  after(async () => {
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('carries what runs and nothing that only builds or tests', () => {
    for (const needed of ['package.json', 'LICENSE', 'dist/trainer/index.js', 'resources/edge-trainer.css'])
      assert.ok(files.includes(needed), `${needed} is missing`);
    const stray = files.filter((path) =>
      /^(test|bench|build|node_modules|demo)\/|\.test\.|dist\/(test|bench|demo)\//.test(path),
    );
    assert.deepEqual(stray, []);
  });

  it('loads every node set without an error', async () => {
    const sets = (await nodeRed.json<ListedSet[]>('/nodes')).filter(({ module }) => module === PACKAGE);
    assert.deepEqual(sets.map(({ name }) => name).sort(), nodeSets().sort());
    for (const { name, types, enabled, err } of sets) {
      assert.equal(err, undefined, `${name}: ${err}`);
      assert.equal(enabled, true, name);
      assert.deepEqual(types, [`edge-trainer-${name}`]);
    }
  });

  it('serves a dialog with a literal registration for every type', async () => {
    const html = await (await nodeRed.get('/nodes', { accept: 'text/html' })).text();
    for (const name of nodeSets()) {
      assert.ok(
        html.includes(`RED.nodes.registerType('edge-trainer-${name}', {`),
        `${name} is not registered`,
      );
      assert.ok(html.includes(`data-template-name="edge-trainer-${name}"`), `${name} has no dialog`);
    }
  });

  for (const language of languages) {
    it(`serves catalogues and help in ${language}`, async () => {
      const headers = { 'accept-language': language };
      const catalogues = await nodeRed.json<Record<string, unknown>>(
        `/nodes/messages?lng=${language}`,
        headers,
      );
      const html = await (await nodeRed.get('/nodes', { accept: 'text/html', ...headers })).text();
      const part = (name: string): unknown =>
        JSON.parse(readFileSync(join(ROOT, 'locales', language, `${name}.json`), 'utf8'));
      const [errors, sidebar, definition] = [part('errors'), part('sidebar'), part('definition')];
      for (const name of nodeSets()) {
        const file = join(ROOT, 'locales', language, name);
        const words = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as object;
        // Errors and the words of definition and sidebar go along with those that nodes share.
        const expected =
          name === 'device' ? { ...(joined(words, definition) as object), errors, sidebar } : words;
        assert.deepEqual(catalogues[`${PACKAGE}/${name}`], expected);
        assert.ok(
          html.includes(readFileSync(`${file}.html`, 'utf8').trim()),
          `${name} has no help in ${language}`,
        );
      }
    });
  }

  it('serves every icon', async () => {
    const listed = await nodeRed.json<Record<string, string[]>>('/icons');
    const icons = readdirSync(join(ROOT, 'icons'));
    assert.deepEqual([...(listed[PACKAGE] ?? [])].sort(), icons.sort());
    for (const icon of icons) {
      const response = await nodeRed.get(`/icons/${PACKAGE}/${icon}`);
      assert.equal(response.status, 200);
      assert.match(await response.text(), /<svg /);
    }
  });

  it('serves every example, with nodes that it knows', async () => {
    const listed = await nodeRed.json<{ fn: string }[]>(`/library/examples/flows/${PACKAGE}`);
    const types = new Set((await nodeRed.json<ListedSet[]>('/nodes')).flatMap((set) => set.types));
    for (const name of examples) {
      const title = name.replace(/\.json$/, '');
      assert.ok(
        listed.some(({ fn }) => fn === title),
        `${title} is not listed`,
      );
      const response = await nodeRed.get(`/library/examples/flows/${PACKAGE}/${encodeURIComponent(title)}`);
      assert.equal(response.status, 200, title);
      const flow = (await response.json()) as { type: string; info?: string }[];
      assert.deepEqual(flow, JSON.parse(readFileSync(join(ROOT, 'examples', name), 'utf8')));
      const unknown = flow.filter(({ type }) => type !== 'tab' && !types.has(type)).map(({ type }) => type);
      // An example that needs other packages says so.
      const { info } = flow.find(({ type }) => type === 'tab') ?? {};
      if (!/Needs .*node-red/.test(info ?? '')) assert.deepEqual(unknown, [], title);
    }
  });

  it('serves the style sheet', async () => {
    const response = await nodeRed.get(`/resources/${PACKAGE}/edge-trainer.css`);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /edge-trainer-memory-bar/);
  });

  it('answers the admin routes of the dialogs', async () => {
    assert.ok(Array.isArray(await nodeRed.json('/edge-trainer/serial-ports')));
    const { schema, boards } = await nodeRed.json<{
      schema: { properties: object };
      boards: { name: string }[];
    }>('/edge-trainer/definition-schema');
    assert.ok('model' in schema.properties);
    assert.ok(boards.some(({ name }) => name === 'virtual'));
  });
});

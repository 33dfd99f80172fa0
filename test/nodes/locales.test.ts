/** Every text of nodes, widgets and demo in every language, and every key that the nodes and their dialogs ask for. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionSchema, families } from '../../trainer/definition';
import { ROOT } from './real_node_red';

const REFERENCE = 'en-US';
/** Of the nodes, of the widgets, and of the pages of the demo. */
const CATALOGUES = ['locales', 'dashboard/locales', 'demo/locales'] as const;

type Catalogue = { readonly [key: string]: string | Catalogue };

/** A number and a noun behind it that would have to agree; Japanese and Chinese nouns do not. */
const NOUNS: Readonly<Record<string, RegExp>> = {
  'en-US': /__(\w+?)__ (?!is\b|shows\b)(?:[a-z-]+ )?[a-z-]+s\b/g,
  de: /__(\w+?)__ (?!zum\b)(?:[a-zäöüß]+ )?[A-ZÄÖÜ]\w+/g,
  fr: /__(\w+?)__ (?!dans\b|de plus\b)(?:\p{Ll}+ )?\p{Ll}+s\b/gu,
};
/** Places of numbers that may be 1. */
const MAY_BE_ONE = new Set(
  'a b bytes channels count crc gone got held lags layers limit more new reconnects rows samples seen stored truths waiting'.split(
    ' ',
  ),
);
/** Texts that are said only of more: sizes of files, numbers above a limit, fixed ones. */
const NEVER_ONE = new Set([
  'bus.config.dataBits',
  'definition.advice.dataset',
  'file.large',
  'form.import.large',
  'form.layers.plan',
  'form.passed.array',
  'form.passed.network',
  'input.keyBytes',
  'line.notFound',
  'network.file',
  'network.layers',
]);

/** Dotted keys with their texts. */
function words(catalogue: Catalogue, path = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : words(value, `${path}${key}.`),
  );
}

const parsedFile = (folder: string, language: string, file: string): Catalogue =>
  JSON.parse(readFileSync(join(ROOT, folder, language, file), 'utf8')) as Catalogue;

/** Dotted keys of the texts with the names of their placeholders. */
function texts(catalogue: Catalogue, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    if (typeof value === 'string') {
      const names = [...value.matchAll(/__(\w+)__|\{\{(\w+)\}\}/g)].map(([, a, b]) => a ?? b);
      found.set(path + key, names.sort().join(' '));
    } else for (const [inner, names] of texts(value, `${path}${key}.`)) found.set(inner, names);
  }
  return found;
}

const read = (folder: string, language: string, file: string): Map<string, string> =>
  texts(parsedFile(folder, language, file));

/** Tags of a help text in order: a translation has the same sections, lists and fields. */
const skeleton = (folder: string, language: string, file: string): string[] =>
  [...readFileSync(join(ROOT, folder, language, file), 'utf8').matchAll(/<(\/?[a-z][a-z0-9]*)/g)].map(
    ([, tag]) => tag as string,
  );

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|html)$/.test(name))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));
}

describe('locales', () => {
  for (const folder of CATALOGUES) {
    const files = readdirSync(join(ROOT, folder, REFERENCE));
    const languages = readdirSync(join(ROOT, folder));
    for (const language of languages.filter((candidate) => candidate !== REFERENCE)) {
      it(`${folder}/${language} has the files of ${REFERENCE}`, () => {
        assert.deepEqual(readdirSync(join(ROOT, folder, language)).sort(), [...files].sort());
      });
      for (const file of files) {
        if (file.endsWith('.json'))
          it(`${folder}/${language}/${file} has the same keys and placeholders`, () => {
            assert.deepEqual(
              Object.fromEntries(read(folder, language, file)),
              Object.fromEntries(read(folder, REFERENCE, file)),
            );
          });
        else
          it(`${folder}/${language}/${file} has the same sections`, () => {
            assert.deepEqual(skeleton(folder, language, file), skeleton(folder, REFERENCE, file));
          });
      }
    }
  }

  it('agree with every number: no noun stands behind one that may be 1', () => {
    const found: string[] = [];
    for (const folder of CATALOGUES)
      for (const [language, noun] of Object.entries(NOUNS))
        for (const file of readdirSync(join(ROOT, folder, language)).filter((name) => name.endsWith('.json')))
          for (const [key, text] of words(parsedFile(folder, language, file)))
            for (const [place, name] of text.matchAll(noun))
              if (MAY_BE_ONE.has(name as string) && !NEVER_ONE.has(key))
                found.push(`${folder}/${language}/${file} ${key}: ${place}`);
    assert.deepEqual(found, []);
  });

  it('speak five languages; those of the widgets are those of the demo, and the nodes have them all', () => {
    const [nodes, widgets, demo] = CATALOGUES.map((folder) => readdirSync(join(ROOT, folder)));
    assert.deepEqual(demo, widgets);
    for (const language of ['de', 'en-US', 'fr', 'ja', 'zh-CN'])
      assert.ok(nodes?.includes(language) && demo?.includes(language), language);
    assert.deepEqual(
      demo?.filter((language) => !nodes?.includes(language)),
      [],
    );
  });

  it('say what stands between names and facts: no source joins what it shows with a comma of its own', () => {
    const folders = ['nodes', 'editor', 'dashboard/ui'];
    const sources = folders.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|vue)$/.test(name))
        .map((name) => join(folder, name)),
    );
    assert.ok(sources.length > 60, String(sources.length));
    const comma = /join\('[,;:] '\)|\}[,;] \$\{/;
    const own = sources.flatMap((name) =>
      readFileSync(join(ROOT, name), 'utf8')
        .split('\n')
        .filter((line) => comma.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
    assert.deepEqual(own, []);
  });

  it('have every key that dialogs and nodes ask for by name', () => {
    const known = new Set<string>();
    for (const file of readdirSync(join(ROOT, 'locales', REFERENCE)))
      if (file.endsWith('.json')) for (const key of read('locales', REFERENCE, file).keys()) known.add(key);
    const asked = new Set<string>();
    for (const text of [...sources('nodes'), ...sources('editor')]) {
      for (const [, keys] of text.matchAll(/data-i18n="([^"$]+)"/g))
        for (const key of (keys as string).split(';'))
          asked.add(key.replace(/^\[[a-z]+\]/, '').replace('{{shared}}', ''));
      for (const [, key] of text.matchAll(/(?:\._|\btext)\('([a-z][^'$ ]*\.[^'$ ]+)'/g))
        asked.add((key as string).replace(/^[^:]*:/, ''));
    }
    assert.ok(asked.size > 50, `${asked.size} keys found`);
    assert.deepEqual(
      [...asked].filter((key) => !known.has(key)),
      [],
    );
  });

  it('have the pages and headings of every family, and label, tip and name of every start rule', () => {
    const known = new Set(
      ['device.json', 'definition.json'].flatMap((file) => [...read('locales', REFERENCE, file).keys()]),
    );
    const needed = families.flatMap(({ pages, learning }) => [
      ...pages.map((page) => `form.tab.${page}`),
      ...learning.map((section) => `form.heading.${section}`),
    ]);
    for (const { properties = {} } of definitionSchema.properties.startRule.oneOf ?? []) {
      needed.push(`field.startRule.rule.${properties.rule?.const}`);
      for (const [name, { type, const: tag, enum: choices = [], 'x-unit': unit }] of Object.entries(
        properties,
      )) {
        // Lists and objects are written on the JSON page.
        if (tag !== undefined || type === 'array' || type === 'object') continue;
        needed.push(`field.startRule.${name}.label`, `field.startRule.${name}.tip`);
        needed.push(...choices.map((choice) => `choice.${choice}`));
        if (unit !== undefined) needed.push(`unit.${unit}`);
      }
    }
    assert.deepEqual(
      needed.filter((key) => !known.has(key)),
      [],
    );
  });
});

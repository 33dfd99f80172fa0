/** Every text of nodes, widgets and demo in every language, and every key that the nodes and their dialogs ask for. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionSchema, familyOf, type ModelType, type SchemaNode } from '../../trainer/definition';
import { ROOT } from './real_node_red';

const REFERENCE = 'en-US';
/** Of the nodes, of the widgets, and of the pages of the demo. */
const CATALOGUES = ['locales', 'dashboard/locales', 'demo/locales'] as const;

type Catalogue = { readonly [key: string]: string | Catalogue };

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
  texts(JSON.parse(readFileSync(join(ROOT, folder, language, file), 'utf8')) as Catalogue);

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
    for (const language of languages.filter((one) => one !== REFERENCE)) {
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

  it('have label, tip and choices of every field that the form of a definition shows', () => {
    const known = read('locales', REFERENCE, 'device.json');
    const missing = new Set<string>();
    const need = (key: string): void => {
      if (!known.has(key)) missing.add(key);
    };
    const fields = (words: string, node: SchemaNode, shown = Object.keys(node.properties ?? {})): void => {
      for (const name of shown) {
        const property = node.properties?.[name];
        if (property === undefined || property.const !== undefined) continue;
        if (property.items?.oneOf !== undefined) layers(words, name, property.items.oneOf);
        // Other lists and objects are written on the JSON page.
        if (property.type === 'array' || property.type === 'object') continue;
        need(`field.${words}.${name}.label`);
        need(`field.${words}.${name}.tip`);
        for (const value of property.enum ?? []) need(`choice.${value}`);
        if (property['x-unit'] !== undefined) need(`unit.${property['x-unit']}`);
      }
    };
    const layers = (words: string, name: string, kinds: readonly SchemaNode[]): void => {
      need(`field.${words}.${name}.label`);
      for (const kind of kinds) {
        need(`choice.layer.${kind.properties?.kind?.const}`);
        for (const [field, property] of Object.entries(kind.properties ?? {})) {
          if (property.const !== undefined) continue;
          need(`field.layer.${field}.label`);
          need(`field.layer.${field}.tip`);
          for (const value of property.enum ?? []) need(`choice.layer.${value}`);
        }
      }
    };
    const properties: Readonly<Record<string, SchemaNode>> = definitionSchema.properties ?? {};
    for (const section of ['feedback', 'stitching', 'training', 'save', 'startRule'])
      for (const branch of properties[section]?.oneOf ?? [properties[section] as SchemaNode])
        fields(section, branch);
    // Tables, and the channels of a board.
    const rows = (words: string, node: SchemaNode | undefined): void => {
      for (const [name, property] of Object.entries(node?.properties ?? {})) {
        if (name === 'id' || name === 'opposed') continue;
        need(`field.${words}.${name}.label`);
        need(`field.${words}.${name}.tip`);
        if (property['x-unit'] !== undefined) need(`unit.${property['x-unit']}`);
      }
    };
    rows('feature', properties.features?.items);
    rows('class', properties.classes?.items);
    rows('output', properties.outputs?.items);
    rows('io', properties.io);
    rows('io', properties.io?.properties?.inputs?.items);
    for (const branch of properties.model?.oneOf ?? []) {
      const type = branch.properties?.type?.const as ModelType;
      const { words, pages, general, learning } = familyOf(type);
      fields(words, branch);
      need(`choice.${type}`);
      need(`form.about.${type}`);
      for (const page of pages) need(`form.tab.${page}`);
      for (const name of ['name', 'board', ...general]) need(`field.trainer.${name}.label`);
      for (const section of learning) need(`form.heading.${section}`);
    }
    for (const branch of properties.startRule?.oneOf ?? [])
      need(`field.startRule.rule.${branch.properties?.rule?.const}`);
    assert.deepEqual([...missing], []);
  });
});

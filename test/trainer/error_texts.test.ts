/** Every error that can reach a person, in every language: no English in German, no place left open, no key that nobody asks for. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TrainerErrors } from '../../trainer/contract/contract.generated';
import { filled, type LookUp, type Text, worded } from '../../trainer/text';

const ROOT = join(__dirname, '..', '..', '..');
const LOCALES = join(ROOT, 'locales');

type Catalogue = { readonly [key: string]: string | Catalogue };

function entries(catalogue: Catalogue, path = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : entries(value, `${path}${key}.`),
  ) as [string, string][];
}

function catalogueOf(language: string): Map<string, string> {
  return new Map(entries(JSON.parse(readFileSync(join(LOCALES, language, 'errors.json'), 'utf8'))));
}

const places = (template: string): string[] =>
  [...template.matchAll(/__(\w+?)__/g)].map(([, name]) => name as string);

interface Source {
  readonly path: string;
  readonly code: string;
}

const SOURCES: readonly Source[] = ['trainer', 'nodes'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('.generated.') && !name.endsWith('editor.ts'))
    .map((name) => ({ path: join(folder, name), code: readFileSync(join(ROOT, folder, name), 'utf8') })),
);

/**
 * Errors whose text is no catalogue's: they end inside this software and become another error, or only the command line, which is
 * English, and the programs of tests can get them.
 */
const PLAIN: readonly string[] = [
  'TransportAbandoned', // inside the bus
  'PowerCut', // inside the virtual board
  'RestartRequest',
  'LeaveRequest',
  'FlatbufferError', // becomes a NetworkImportError
  'Refusal',
  'VerifyError', // becomes a flash error
  'PtyUnsupportedError', // command line
  'UsageError',
  'BoardInUseError',
  'BadRow',
  'CsvError',
  'EmulatorMissingError',
  'MessageError', // has a key of the node's own catalogue
];

describe('texts of errors', () => {
  const english = catalogueOf('en-US');

  it('come from the catalogue: no class that leaves the software has a text of its own', () => {
    const classes = SOURCES.flatMap(({ code }) =>
      [...code.matchAll(/class (\w+) extends (\w*Error)\b/g)].map(([, name, base]) => ({ name, base })),
    );
    assert.ok(classes.length > 30, `${classes.length} classes`);
    const own = classes.filter(({ base }) => base === 'Error').map(({ name }) => name as string);
    assert.deepEqual(own.sort(), [...PLAIN, 'WordedError'].sort());
  });

  it('get a value for every place of theirs', () => {
    let looked = 0;
    for (const { path, code } of SOURCES)
      for (const [, key = '', values = ''] of code.matchAll(
        /\btext\(\s*'([a-z]\w*\.[\w.-]+)'(?:,\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*)?,?\s*\)/g,
      )) {
        const template = english.get(key);
        if (template === undefined) continue; // a key of another catalogue
        if (values.includes('...')) continue;
        looked++;
        const given = [...values.matchAll(/(?:^|,)\s*(\w+)\s*(?=[:,]|$)/g)].map(([, name]) => name);
        for (const place of places(template))
          assert.ok(given.includes(place), `${path}: ${key} has no value for ${place}`);
      }
    assert.ok(looked > 200, `${looked} texts found`);
  });

  it('are all asked for', () => {
    const code = SOURCES.map((source) => source.code).join('\n');
    const asked = (key: string): boolean => {
      if (code.includes(`'${key}'`)) return true;
      const [last = '', ...before] = key.split('.').reverse();
      const folder = before.reverse().join('.');
      if (key.startsWith('client.task.') && code.includes(`task('${last}')`)) return true;
      // A name that is put together: text(`bus.advice.${wire}`).
      return [folder, before.slice(0, -1).join('.')].some(
        (part) => part !== '' && code.includes(`\`${part}.\${`),
      );
    };
    assert.deepEqual(
      [...english.keys()].filter((key) => !asked(key)),
      [],
    );
  });

  it('exist for every error code of the contract', () => {
    for (const name of Object.keys(TrainerErrors))
      assert.ok(english.get(`client.error.${name}`), `client.error.${name}`);
  });

  for (const language of readdirSync(LOCALES).filter((locale) => locale !== 'en-US'))
    it(`${language} shows no English, and leaves no place open`, () => {
      const catalogue = catalogueOf(language);
      const lookUp: LookUp = (key, values) => filled(catalogue.get(key) ?? key, values);
      const words = (template: string): string => template.replace(/__\w+?__|"[^"]*"/g, '');
      for (const [key, template] of english) {
        const values = Object.fromEntries(places(template).map((name) => [name, `<${name}>`]));
        const said = worded({ key, values } as Text, lookUp);
        assert.doesNotMatch(said, /__\w+?__/, key);
        // Names and single words may be the same in both; a sentence is not.
        if (/[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(words(template)))
          assert.notEqual(said, worded({ key, values } as Text), key);
        assert.doesNotMatch(said, /\b(the|must|with|which|of|and|not)\b(?![^„"]*[“"])/, `${key}: ${said}`);
      }
    });
});

/** What the sources promise about themselves; `npm run bench -- house` prints the same as figures. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionField, formField, language, node, register } from '../bench/house/additions';
import { family } from '../bench/house/family';
import { circles, includes, upward } from '../bench/house/includes';
import { deadExports, deadFunctions, longestFunctions } from '../bench/house/text';
import { needs } from './support/needs';

const ROOT = join(__dirname, '../..');
const LONGEST = 60;
const LANGUAGES = readdirSync(join(ROOT, 'locales')).length;
/** The contract has the English words of what it states. */
const OTHER_LANGUAGES = LANGUAGES - 1;
/** Runtime, dialog and its page, icon, and the line in package.json; each language has words and help besides. */
const NODE_FILES = 5;
/** Of the additions that need no compiler for a board. */
const FILES = {
  'a field of the definition': [definitionField, 1],
  'a field that the form shows': [formField, 1 + OTHER_LANGUAGES],
  register: [register, 1],
  language: [language, 1],
  node: [node, NODE_FILES + 2 * LANGUAGES],
} as const;

describe('house', () => {
  const all = includes();

  it('has no file of the firmware that includes a higher floor', () => {
    assert.ok(all.length > 100, `${all.length} includes found`);
    assert.deepEqual(
      upward(all).map(({ from, to }) => `${from} includes ${to}`),
      [],
    );
  });

  for (const [what, [add, files]] of Object.entries(FILES))
    it(`takes ${what} in ${files} ${files === 1 ? 'place' : 'places'}, as CONTRIBUTING.md says`, function () {
      this.timeout(300_000);
      if (!needs('gcc')) this.skip();
      assert.equal(add(), files);
    });

  it('takes a family of models in 2 files and its words in each language but English, and the family passes its tests', function () {
    this.timeout(600_000);
    if (!needs('gcc')) this.skip();
    assert.equal(family(), 2 + OTHER_LANGUAGES);
  });

  it('shows the types of the tests to the tests alone', () => {
    for (const project of ['trainer', 'nodes', 'bench']) {
      const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, project, 'tsconfig.json'), 'utf8')) as {
        compilerOptions: { types: string[] };
      };
      assert.ok(!compilerOptions.types.includes('mocha'), project);
    }
  });

  it('says in one header what a build may leave out', () => {
    const switches = join('include', 'edge_trainer', 'switches.h');
    const others = ['include', 'src'].flatMap((folder) =>
      readdirSync(join(ROOT, 'firmware', folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((name) => /\.[ch]$/.test(name) && name !== switches)
        .filter((name) => /#define ET_WITH_/.test(readFileSync(join(ROOT, 'firmware', name), 'utf8'))),
    );
    assert.deepEqual(others, []);
  });

  it('has no circle of includes', () => {
    assert.deepEqual(circles(all), []);
  });

  it('exports nothing that nobody uses', () => {
    assert.deepEqual([...deadExports(), ...deadFunctions()], []);
  });

  it(`has no function of more than ${LONGEST} lines`, () => {
    const long = longestFunctions().filter(({ lines }) => lines > LONGEST);
    assert.deepEqual(
      long.map(({ path, line, lines }) => `${path}:${line} has ${lines} lines`),
      [],
    );
  });
});

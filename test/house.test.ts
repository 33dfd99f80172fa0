/** What the sources promise about themselves; `npm run bench -- house` prints the same as figures. */
import assert from 'node:assert/strict';
import { definitionField, language, register } from '../bench/house/additions';
import { circles, includes, upward } from '../bench/house/includes';
import { deadExports, deadFunctions, longestFunctions } from '../bench/house/text';
import { needs } from './support/needs';

const LONGEST = 60;
/** Of the additions that need no compiler for a board. */
const FILES = {
  'a field of the definition': [definitionField, 1],
  register: [register, 2],
  language: [language, 1],
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
      if (!needs('gcc')) this.skip();
      assert.equal(add(), files);
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

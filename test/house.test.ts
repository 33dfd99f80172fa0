/** What the sources promise about themselves; `npm run bench -- house` prints the same as figures. */
import assert from 'node:assert/strict';
import { circles, includes, upward } from '../bench/house/includes';
import { deadExports, deadFunctions, longestFunctions } from '../bench/house/text';

const LONGEST = 60;

describe('house', () => {
  const all = includes();

  it('has no file of the firmware that includes a higher floor', () => {
    assert.ok(all.length > 100, `${all.length} includes found`);
    assert.deepEqual(
      upward(all).map(({ from, to }) => `${from} includes ${to}`),
      [],
    );
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

import assert from 'node:assert/strict';
import { runProgram } from '../../support/c';

describe('Store (C)', function () {
  this.timeout(180_000);

  it('has the state before or the state after, wherever the power is cut in 50 saves, on flash and on EEPROM', async () => {
    const output = await runProgram('store-power-cut');
    const found = /^points=(\d+) lost=(\d+) old=(\d+) new=(\d+)$/m.exec(output);
    assert.ok(found, output);
    const [points = 0, lost = Number.NaN, old = 0, fresh = 0] = found.slice(1).map(Number);
    assert.equal(lost, 0);
    assert.equal(old + fresh, points);
    assert.ok(points > 10_000, `${points} cuts`);
  });

  it('keeps the last whole note behind a slot, wherever the power is cut and whatever lies there already', async () => {
    assert.match(await runProgram('store-journal'), /all checks passed/);
  });

  it('keeps the older state when a write, an erase or the memory itself fails, told or silently', async () => {
    assert.match(await runProgram('store-faults'), /all checks passed/);
  });
});

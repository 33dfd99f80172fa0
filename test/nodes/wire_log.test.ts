import assert from 'node:assert/strict';
import { WireLog } from '../../nodes/bus/wire_log';

describe('the log of a wire', () => {
  const said: string[] = [];
  const log = (): WireLog => {
    said.length = 0;
    return new WireLog({
      lost: (reason, more) => said.push(`lost: ${reason}, ${more} more`),
      back: () => said.push('back'),
    });
  };

  it('says a loss and the return', () => {
    const wire = log();
    wire.open();
    wire.lost('a', 'cable', 0);
    wire.open();
    assert.deepEqual(said, ['lost: cable, 0 more', 'back']);
  });

  it('says a cause once a minute, however often it happens, and how often that was', () => {
    const wire = log();
    for (let second = 0; second < 90; second++) {
      wire.lost('a', 'cable', 1000 * second);
      wire.open();
    }
    assert.deepEqual(said, ['lost: cable, 0 more', 'back', 'lost: cable, 59 more', 'back']);
  });

  it('does not let one cause hide another', () => {
    const wire = log();
    wire.lost('a', 'cable', 0);
    wire.lost('b', 'refused', 1);
    assert.deepEqual(said, ['lost: cable, 0 more', 'lost: refused, 0 more']);
  });
});

import assert from 'node:assert/strict';
import { crc16 } from '../../../trainer/bus';
import {
  BAD_CRC,
  confusable,
  INCOMPLETE,
  matchAt,
  NO_MATCH,
  shapeOfReply,
  standaloneIdentification,
} from '../../../trainer/bus/reply_shape';
import { rtuFrame } from './simulated_units';

describe('frame check sum', () => {
  it('is that of the Modbus specification', () => {
    // CRC-16/MODBUS check value.
    assert.equal(crc16(Buffer.from('123456789')), 0x4b37);
    assert.equal(crc16(Buffer.from([0x02, 0x07])), 0x1241);
  });
});

describe('recognising an answer', () => {
  const request = rtuFrame(1, 3, 0, 10, 0, 2);
  const reply = rtuFrame(1, 3, 4, 0, 1, 0, 2);
  const shape = shapeOfReply(request);

  it('wants the whole frame before it says yes', () => {
    for (let length = 1; length < reply.length; length++) {
      assert.equal(matchAt(reply, 0, length, shape), INCOMPLETE, `${length} bytes`);
    }
    assert.equal(matchAt(reply, 0, reply.length, shape), reply.length);
  });

  it('tells every single damaged bit', () => {
    for (let bit = 0; bit < 8 * reply.length; bit++) {
      const damaged = Buffer.from(reply);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.ok(matchAt(damaged, 0, damaged.length, shape) <= NO_MATCH, `bit ${bit}`);
    }
    const damaged = Buffer.from(reply);
    damaged[4] = 9;
    assert.equal(matchAt(damaged, 0, damaged.length, shape), BAD_CRC);
  });

  it('takes no answer to a request for another quantity, function, unit or address', () => {
    for (const other of [
      rtuFrame(1, 3, 2, 0, 1),
      rtuFrame(1, 4, 4, 0, 1, 0, 2),
      rtuFrame(2, 3, 4, 0, 1, 0, 2),
      rtuFrame(1, 0x84, 2),
    ]) {
      assert.equal(matchAt(other, 0, other.length, shape), NO_MATCH);
    }
    const write = shapeOfReply(rtuFrame(1, 16, 0, 10, 0, 2, 4, 0, 0, 0, 0));
    const echo = rtuFrame(1, 16, 0, 11, 0, 2);
    assert.equal(matchAt(echo, 0, echo.length, write), NO_MATCH);
    assert.equal(confusable(write, shapeOfReply(rtuFrame(1, 16, 0, 11, 0, 2, 4, 0, 0, 0, 0))), false);
    assert.equal(confusable(shape, shapeOfReply(rtuFrame(1, 3, 0, 99, 0, 2))), true);
  });

  it('cuts an identification whose object count is that of all answers together where its check sum fits', () => {
    const text = [0, 3, 65, 66, 67];
    const answer = rtuFrame(1, 43, 14, 1, 1, 0xff, 1, 3, ...text);
    const identify = shapeOfReply(rtuFrame(1, 43, 14, 1, 0));
    assert.equal(matchAt(answer, 0, answer.length, identify), answer.length);
    const part = standaloneIdentification(answer);
    assert.equal(part.nextObject, 1);
    assert.deepEqual([...part.frame.subarray(5, 8)], [0, 0, 1]);
    assert.equal(matchAt(part.frame, 0, part.frame.length, identify), part.frame.length);
  });

  it('an identification with an empty object is whole', () => {
    const answer = rtuFrame(1, 43, 14, 1, 1, 0, 0, 2, 0, 0, 1, 1, 65);
    const identify = shapeOfReply(rtuFrame(1, 43, 14, 1, 0));
    assert.equal(matchAt(answer, 0, answer.length, identify), answer.length);
  });
});

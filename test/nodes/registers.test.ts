import assert from 'node:assert/strict';
import { MessageError } from '../../nodes/shared/message_error';
import { type RegisterReading, valuesFromRegisters } from '../../nodes/shared/registers';

const named = [
  { name: 'room', scale: 100 },
  { name: 'outdoor', scale: 100 },
  { name: 'humidity', scale: 1 },
];
const reading: RegisterReading = { signed: true, offset: 0, more: false, divisor: undefined };

function refusal(payload: unknown, how: Partial<RegisterReading> = {}): Record<string, unknown> {
  try {
    valuesFromRegisters(payload, named, { ...reading, ...how });
  } catch (error) {
    if (error instanceof MessageError) return { key: error.key, ...error.values };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('register words as values', () => {
  it('are one word each, scaled and signed', () => {
    assert.deepEqual(valuesFromRegisters([2150, 65_436, 40], named, reading), [21.5, -1, 40]);
    assert.deepEqual(
      valuesFromRegisters(Buffer.from([8, 102, 0, 0, 0, 40]), named, { ...reading, divisor: 10 }),
      [215, 0, 4],
    );
  });

  it('name the values for which no word came', () => {
    assert.deepEqual(refusal([2150]), {
      key: 'error.fewRegisters',
      needed: 3,
      got: 1,
      missing: 'outdoor, humidity',
    });
    assert.equal(refusal([0, 0, 0], { offset: 4 }).missing, 'room, outdoor, humidity');
  });

  it('refuse words that belong to no value: two for each would pass for others', () => {
    assert.deepEqual(refusal([0, 2150, 0, 500, 0, 40]), {
      key: 'error.manyRegisters',
      needed: 3,
      got: 6,
      names: 'room, outdoor, humidity',
      first: 4,
    });
  });

  it('may be part of a larger block when that is set', () => {
    assert.deepEqual(
      valuesFromRegisters([1, 2, 2150, 500, 40, 9, 9], named, { ...reading, offset: 2, more: true }),
      [21.5, 5, 40],
    );
  });
});

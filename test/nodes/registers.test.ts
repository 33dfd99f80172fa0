import assert from 'node:assert/strict';
import { MessageError } from '../../nodes/shared/message_error';
import { featuresFrom, type RegisterReading, valuesFromRegisters } from '../../nodes/shared/registers';
import { parseDefinition } from '../../trainer/definition';

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
      missing: ['outdoor', 'humidity'],
    });
    assert.deepEqual(refusal([0, 0, 0], { offset: 4 }).missing, ['room', 'outdoor', 'humidity']);
  });

  it('refuse words that belong to no value: two for each would pass for others', () => {
    assert.deepEqual(refusal([0, 2150, 0, 500, 0, 40]), {
      key: 'error.manyRegisters',
      needed: 3,
      got: 6,
      names: ['room', 'outdoor', 'humidity'],
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

describe('the input of a network in a message', () => {
  const image = parseDefinition({
    features: Array.from({ length: 6 }, (_, i) => ({ name: `pixel ${i + 1}`, min: 0, max: 255 })),
    classes: [{ label: 'a' }, { label: 'b' }],
    model: { type: 'dnn', height: 2, width: 3, layers: [{ kind: 'dense', units: 2 }] },
  });
  const row = parseDefinition({
    features: image.features,
    classes: image.classes,
    model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
  });
  const values = [1, 2, 3, 4, 5, 6];
  const refused = (payload: unknown, definition = image): Record<string, unknown> => {
    try {
      featuresFrom(payload, definition);
    } catch (error) {
      if (error instanceof MessageError) return { key: error.key, ...error.values };
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it('is an array, rows of pixels with or without their channel, a typed array, or a byte a feature', () => {
    for (const payload of [
      values,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
      Float32Array.from(values),
      Int16Array.from(values),
      Uint8Array.from(values),
      Buffer.from(values),
    ])
      assert.deepEqual(featuresFrom(payload, image), values);
    assert.deepEqual(featuresFrom([values], row), values);
    assert.deepEqual(featuresFrom({ 'pixel 1': 1 }, image), { 'pixel 1': 1 });
  });

  it('is refused by its length or shape', () => {
    const wanted = { needed: 6, shape: '2 x 3 x 1' };
    assert.deepEqual(refused([1, 2, 3]), { key: 'error.inputShape', ...wanted, got: '3' });
    assert.deepEqual(refused(new Float64Array(7)), { key: 'error.inputShape', ...wanted, got: '7' });
    assert.deepEqual(
      refused([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      { key: 'error.inputShape', ...wanted, got: '3 x 2' },
    );
    assert.deepEqual(
      refused([
        [1, 2, 3],
        [4, 5],
      ]),
      { key: 'error.inputRagged', ...wanted },
    );
    assert.deepEqual(refused([[1, 2, 3], 4]), { key: 'error.inputRagged', ...wanted });
    assert.deepEqual(refused(Buffer.alloc(12)), { key: 'error.inputBytes', ...wanted, got: 12 });
  });

  it('is refused by its type, and bytes are no features of another model', () => {
    for (const payload of [
      new ArrayBuffer(6),
      new DataView(new ArrayBuffer(6)),
      new BigInt64Array(6),
      '123456',
      null,
    ])
      assert.equal(refused(payload).key, 'error.noFeatures');
    assert.equal(refused(new DataView(new ArrayBuffer(6))).got, 'DataView');
    const others = parseDefinition({
      ...{ features: image.features, classes: image.classes },
      model: { type: 'svm-linear' },
    });
    assert.deepEqual(refused(Buffer.from(values), others), { key: 'error.noFeatures', got: 'Buffer' });
    assert.deepEqual(featuresFrom(Uint16Array.from(values), others), values);
  });
});

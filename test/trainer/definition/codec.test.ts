import assert from 'node:assert/strict';
import {
  BlobError,
  type CompleteDefinition,
  decodeDefinition,
  encodeDefinition,
  fieldAtOffset,
  fingerprintOf,
  parseDefinition,
  type TrainerDefinition,
} from '../../../trainer';
import { crc32 } from '../../../trainer/definition/crc32';
import { comfort, kernel, smallest, vibration } from './examples';

const EVERY: readonly (() => TrainerDefinition)[] = [
  comfort,
  smallest,
  kernel,
  vibration,
  () => ({
    ...smallest(),
    feedback: {
      rule: 'limit',
      limit: 0.25,
      side: 'below',
      truth: 'yes',
      settleSeconds: 1.5,
      expireSeconds: 90,
    },
    training: { accuracyThreshold: 'always', rollbackMargin: 0.05 },
    model: { type: 'svm-linear', classWeights: 'explicit' },
    classes: [
      { label: 'no', weight: 0.5 },
      { label: 'yes', weight: 2 },
    ],
  }),
];

/** In register units, as the blob has it. */
function inRegisterUnits(definition: CompleteDefinition): CompleteDefinition {
  return decodeDefinition(encodeDefinition(definition));
}

describe('definition codec', () => {
  it('computes the CRC-32 of IEEE 802.3', () => {
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  });

  for (const make of EVERY) {
    const complete = parseDefinition(make());
    it(`reads back what it wrote (${complete.model.type}, ${complete.feedback.rule})`, () => {
      const blob = encodeDefinition(complete);
      assert.deepEqual(encodeDefinition(decodeDefinition(blob)), blob);
      assert.equal(fingerprintOf(blob), crc32(blob.subarray(0, -4)));
    });
  }

  it('keeps every setting, in register units', () => {
    const decoded = inRegisterUnits(parseDefinition(comfort()));
    assert.deepEqual(
      decoded.features.map(({ min, max }) => [min, max]),
      [
        [1000, 4000],
        [0, 10_000],
        [0, 2000],
      ],
    );
    assert.deepEqual(
      decoded.classes.map((one) => one.actuation),
      [100, 0, -100],
    );
    assert.deepEqual(decoded.feedback, {
      rule: 'dead-band',
      setPoint: 2200,
      band: 50,
      tooLow: 'class 0',
      tooHigh: 'class 2',
      scale: 1,
      unit: '',
      settleSeconds: 0,
      expireSeconds: 0,
      tickets: 8,
    });
    assert.equal(decoded.defaultClass, 'class 1');
    assert.equal(decoded.seed, 7);
    assert.equal(decoded.training.mode, 'manual');
  });

  it('refuses every blob with one byte changed', () => {
    const blob = encodeDefinition(parseDefinition(comfort()));
    for (let at = 0; at < blob.length; at++) {
      const damaged = blob.slice();
      damaged[at] = (damaged[at] as number) ^ 0x55;
      assert.throws(() => decodeDefinition(damaged), BlobError, `byte ${at}`);
    }
    for (let length = 0; length < blob.length; length++) {
      assert.throws(() => decodeDefinition(blob.subarray(0, length)), BlobError, `${length} bytes`);
    }
  });

  it('names the field at an offset as a person wrote it', () => {
    const definition = parseDefinition(comfort());
    assert.equal(fieldAtOffset(definition, 12), 'stitching.capacity');
    assert.equal(fieldAtOffset(definition, 60), 'model.cost');
    assert.equal(fieldAtOffset(definition, 68), 'model.maxEpochs');
    assert.equal(fieldAtOffset(definition, 108), 'classes[0].actuation');
    assert.equal(fieldAtOffset(definition, 108 + 12), 'features[0].min');
    assert.equal(fieldAtOffset(definition, 108 + 12 + 6), 'features[1].max');
    assert.equal(fieldAtOffset(parseDefinition(vibration()), 108), 'channels[0].min');
  });
});

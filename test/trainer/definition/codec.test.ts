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
import type { DefinitionSectionName } from '../../../trainer/contract/definition.generated';
import { readBlob } from '../../../trainer/definition/blob';
import { crc32 } from '../../../trainer/definition/crc32';
import type { StartRule } from '../../../trainer/definition/start_rule';
import { comfort, kernel, motor, plant, reconstructed, smallest, vibration } from './examples';

const EVERY: readonly (() => TrainerDefinition)[] = [
  comfort,
  smallest,
  kernel,
  vibration,
  reconstructed,
  motor,
  plant,
  () => ({ ...smallest(), model: { type: 'svm-both', gamma: 0.5, cost: 2 } }),
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
    training: { accuracyThreshold: 'always' },
    model: { type: 'svm-linear', classWeights: 'explicit' },
    classes: [
      { label: 'no', weight: 0.5 },
      { label: 'yes', weight: 2 },
    ],
  }),
];

/** The sections of a blob without the hash of the names, which only a hash of the names gives again. */
function withoutNames(blob: Uint8Array): unknown {
  return [...readBlob(blob).values()].map(({ name, bytes }) => [
    name,
    Buffer.from(name === 'identity' ? bytes.subarray(4) : bytes).toString('hex'),
  ]);
}

/** The same definition with entries in another order, as a person may have it. */
function turned(definition: TrainerDefinition): TrainerDefinition {
  const turn = <T>(list: readonly T[] | undefined): T[] => [...(list ?? [])].reverse();
  return { ...definition, features: turn(definition.features), classes: turn(definition.classes) };
}

describe('definition codec', () => {
  it('computes the CRC-32 of IEEE 802.3', () => {
    assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  });

  for (const make of EVERY) {
    const complete = parseDefinition(make());
    it(`reads back what it wrote (${complete.model.type}, ${complete.feedback.rule})`, () => {
      const blob = encodeDefinition(complete);
      const again = encodeDefinition(decodeDefinition(blob));
      assert.deepEqual(withoutNames(again), withoutNames(blob));
      assert.equal(fingerprintOf(blob), crc32(blob.subarray(0, -4)));
    });
  }

  it('stores entries in the order of their identities, whatever the order and the names', () => {
    const complete = parseDefinition(comfort());
    const [blob, other] = [encodeDefinition(complete), encodeDefinition(parseDefinition(turned(comfort())))];
    assert.notEqual(fingerprintOf(other), fingerprintOf(blob));
    const stored = (bytes: Uint8Array) =>
      [...readBlob(bytes).values()].filter(({ name }) => name !== 'identity');
    assert.deepEqual(stored(other), stored(blob));
    const renamed = comfort();
    for (const feature of renamed.features ?? [])
      Object.assign(feature, { id: feature.name, name: `${feature.name} 2` });
    const third = encodeDefinition(parseDefinition(renamed));
    assert.notEqual(fingerprintOf(third), fingerprintOf(blob));
    assert.deepEqual(withoutNames(third), withoutNames(blob));
  });

  it('keeps every setting, in engineering units', () => {
    const decoded = decodeDefinition(encodeDefinition(parseDefinition(comfort())));
    assert.deepEqual(
      decoded.features.map(({ min, max }) => [min, max]),
      [
        [10, 40],
        [0, 100],
        [0, 2],
      ],
    );
    assert.deepEqual(
      decoded.classes.map((entry) => entry.actuation),
      [100, 0, -100],
    );
    assert.deepEqual(decoded.feedback, {
      rule: 'dead-band',
      setPoint: 22,
      band: 0.5,
      tooLow: 'class 0',
      tooHigh: 'class 2',
      scale: 100,
      unit: '',
      settleSeconds: 0,
      expireSeconds: 0,
      tickets: 8,
      suspicion: 'pause',
    });
    assert.equal(decoded.defaultClass, 'class 1');
    assert.equal(decoded.seed, 7);
    assert.equal(decoded.training.mode, 'manual');
  });

  it('keeps start rules and limits of the plant, whatever order the entries are stored in', () => {
    const full = (startRule: StartRule): TrainerDefinition => ({
      ...comfort(),
      startRule,
      classes: [
        { label: 'heat', holdSeconds: 600, opposed: ['cool'] },
        { label: 'hold' },
        { label: 'cool', holdSeconds: 300 },
      ],
    });
    const [air, humidity] = (comfort().features ?? []).map(({ name }) => name) as [string, string];
    const rules: StartRule[] = [
      { rule: 'choice', feature: humidity },
      {
        rule: 'dead-band',
        feature: air,
        setPoint: 22,
        band: 1,
        tooLow: 'heat',
        within: 'hold',
        tooHigh: 'cool',
      },
      { rule: 'table', feature: air, steps: [{ upTo: 18, class: 'heat' }], above: 'cool', follow: 0.5 },
      {
        rule: 'table',
        feature: air,
        steps: [{ upTo: 18, class: 'heat' }],
        above: 'cool',
        follow: 0.5,
        followBy: [humidity],
        hysteresis: 1.5,
      },
      {
        rule: 'pmv',
        steps: [
          { upTo: -0.5, class: 'heat' },
          { upTo: 0.5, class: 'hold' },
        ],
        above: 'cool',
        air: { feature: air },
        humidity: { feature: humidity },
        clothing: { feature: air, value: 1.1, slope: -0.02 },
      },
    ];
    for (const rule of rules) {
      const blob = encodeDefinition(parseDefinition(full(rule)));
      const decoded = decodeDefinition(blob);
      assert.deepEqual(
        decoded.classes.map(({ holdSeconds, opposed }) => [holdSeconds, opposed]),
        [
          [600, ['class 2']],
          [0, []],
          [300, ['class 0']],
        ],
      );
      assert.equal(decoded.startRule.rule, rule.rule === 'dead-band' ? 'table' : rule.rule);
      if (decoded.startRule.rule === 'pmv') {
        assert.equal(decoded.startRule.above, 'class 2');
        assert.equal(decoded.startRule.radiant.feature, 'feature 1');
        assert.equal(decoded.startRule.metabolicRate.feature, undefined);
        assert.ok(Math.abs(decoded.startRule.clothing.slope + 0.02) < 1e-6);
      }
      if (decoded.startRule.rule === 'table') {
        const { feature, follow, followBy, hysteresis, leads } = decoded.startRule;
        assert.equal(feature, 'feature 1');
        const led = 'hysteresis' in rule;
        assert.deepEqual([followBy.length, hysteresis, leads], led ? [1, 1.5, true] : [0, 0, false]);
        assert.ok(follow > 0 && followBy[0] !== feature);
      }
      // But for the hash of the names, which it has not, it is the same blob.
      const again = encodeDefinition(decoded);
      assert.deepEqual(withoutNames(again), withoutNames(blob));
    }
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
    const of = (document: CompleteDefinition) => (section: DefinitionSectionName, at: number) => {
      const place = readBlob(encodeDefinition(document)).get(section);
      return fieldAtOffset(document, (place?.at ?? Number.NaN) + at);
    };
    const named = of(definition);
    assert.equal(named('core', 8), 'stitching.capacity');
    assert.equal(named('core', 1), 'features');
    assert.equal(named('svm', 0), 'model.cost');
    assert.equal(named('svm', 8), 'model.maxEpochs');
    assert.equal(named('classes', 0), 'classes[2].actuation');
    assert.equal(named('features', 0), 'features[0].min');
    assert.equal(named('features', 6), 'features[2].max');
    assert.equal(named('feedback', 8), 'feedback.setPoint');
    assert.equal(of(parseDefinition(vibration()))('features', 0), 'channels[0].min');
    assert.match(fieldAtOffset(definition, 0), /byte 0/);
  });
});

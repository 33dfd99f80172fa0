import assert from 'node:assert/strict';
import { DefinitionError, findIssues, parseDefinition, type TrainerDefinition } from '../../../trainer';
import { worded } from '../../../trainer/text';
import { comfort, kernel, reconstructed, smallest, vibration } from './examples';

type Change = (definition: Record<string, unknown>) => void;

/** Sets the value at a path such as "features.0.min"; undefined removes it. */
function set(path: string, value: unknown): Change {
  return (definition) => {
    const names = path.split('.');
    let target = definition;
    for (const name of names.slice(0, -1)) target = target[name] as Record<string, unknown>;
    const last = names.at(-1) as string;
    if (value === undefined) delete target[last];
    else target[last] = value;
  };
}

interface Wrong {
  readonly change: Change;
  /** Where the message must point. */
  readonly path: string;
  /** What it must say. */
  readonly says: RegExp;
  readonly from?: () => TrainerDefinition;
}

/** One row for each kind of mistake. */
const WRONG: readonly Wrong[] = [
  { change: set('model', undefined), path: 'model', says: /is missing/ },
  {
    change: set('model.type', 'svm'),
    path: 'model.type',
    says: /must be one of svm-linear, svm-kernel, svm-both, esn, correlation, process, dnn, autoencoder, got "svm"/,
  },
  { change: set('model.type', undefined), path: 'model.type', says: /is missing; use one of svm-linear/ },
  { change: set('model.cost', 0), path: 'model.cost', says: /must be from 0.0001 to 10000, got 0/ },
  { change: set('model.cost', '1'), path: 'model.cost', says: /must be a number, got "1"/ },
  { change: set('model.cost', Number.NaN), path: 'model.cost', says: /must be a number, got NaN/ },
  { change: set('model.maxEpochs', 1.5), path: 'model.maxEpochs', says: /must be a whole number, got 1.5/ },
  { change: set('model.kernel', 'rbf'), path: 'model.kernel', says: /is not a field here/ },
  { change: set('model.warmStart', 1), path: 'model.warmStart', says: /must be true or false, got 1/ },
  { from: kernel, change: set('model.degree', 6), path: 'model.degree', says: /must be from 1 to 5, got 6/ },
  {
    from: kernel,
    change: set('model.gamma', 1e-9),
    path: 'model.gamma',
    says: /must be 0 \(1 \/ number of features\) or from 0.000001/,
  },
  {
    from: kernel,
    change: set('model.svBudget', 1),
    path: 'model.svBudget',
    says: /must be 0 or at least 2, got 1/,
  },
  {
    from: kernel,
    change: set('model.kernel', 'sigmoid'),
    path: 'model.kernel',
    says: /must be one of rbf, polynomial, linear/,
  },
  { change: set('capacity', 100), path: 'capacity', says: /is not a field here/ },
  { change: set('stitching.capacty', 100), path: 'stitching.capacty', says: /did you mean "capacity"\?/ },
  {
    change: set('stitching.capacity', 5000),
    path: 'stitching.capacity',
    says: /must be from 2 to 4096, got 5000/,
  },
  {
    change: set('stitching.satisfactoryShare', 20),
    path: 'stitching.satisfactoryShare',
    says: /must be from 0 to 1, got 20/,
  },
  {
    change: set('stitching.holdOutEvery', 1),
    path: 'stitching.holdOutEvery',
    says: /must be 0 or from 2 to 255/,
  },
  {
    change: set('startRule', { rule: 'choice', feature: 'nowhere' }),
    path: 'startRule.feature',
    says: /"nowhere" is no feature; use one of /,
  },
  {
    change: set('startRule', {
      rule: 'pmv',
      steps: [{ upTo: 0.5, class: 'hold' }],
      above: 'freeze',
      air: { value: 22 },
    }),
    path: 'startRule.above',
    says: /"freeze" is no class; use one of heat, hold, cool/,
  },
  {
    change: set('startRule', {
      rule: 'pmv',
      steps: [{ upTo: 0.5, class: 'hold' }],
      above: 'cool',
      air: { value: 22 },
      followBy: ['season'],
    }),
    path: 'startRule.followBy[0]',
    says: /"season" is no feature; use one of /,
  },
  {
    change: set('classes.0.opposed', ['hold', 'cool']),
    path: 'classes[0].opposed',
    says: /leaves no class to go to from "heat"/,
  },
  {
    change: set('classes.0.opposed', ['heat']),
    path: 'classes[0].opposed[0]',
    says: /cannot be opposed to itself/,
  },
  { change: set('stitching', []), path: 'stitching', says: /must be an object/ },
  {
    change: set('training.minSamples', 181),
    path: 'training.minSamples',
    says: /can never be reached: the data set holds 180/,
  },
  {
    change: set('training.accuracyThreshold', 90),
    path: 'training.accuracyThreshold',
    says: /number from 0 to 1 or "always", got 90/,
  },
  {
    change: set('training.mode', 'off'),
    path: 'training.mode',
    says: /must be one of auto, manual, frozen, got "off"/,
  },
  {
    change: set('features', undefined),
    path: 'features',
    says: /is missing; give what the decision is made from/,
  },
  { change: set('features', []), path: 'features', says: /too few entries: at least 1, got 0/ },
  { change: set('features.1.name', undefined), path: 'features[1].name', says: /is missing/ },
  { change: set('features.1.name', ''), path: 'features[1].name', says: /must not be empty/ },
  {
    change: set('features.1.name', 'air temperature'),
    path: 'features[1].name',
    says: /already used by features\[0\]/,
  },
  {
    change: set('features.1.id', 'air temperature'),
    path: 'features[1].id',
    says: /already used by features\[0\]/,
  },
  { change: set('classes.2.id', 'heat'), path: 'classes[2].id', says: /already used by classes\[0\]/ },
  {
    change: set('features.0.min', 41),
    path: 'features[0].min',
    says: /must be below max \(40\), got 41; swap them/,
  },
  {
    change: set('features.0.scale', 1000),
    path: 'features[0].max',
    says: /does not fit a register: 40 \* scale 1000 = 40000/,
  },
  { change: set('features.0.scale', 0.01), path: 'features[0].scale', says: /is too coarse/ },
  { change: set('features.0.max', 'hot'), path: 'features[0].max', says: /must be a number, got "hot"/ },
  { change: set('classes', undefined), path: 'classes', says: /is missing; give what can be decided/ },
  {
    change: set('classes', [{ label: 'only' }]),
    path: 'classes',
    says: /too few entries: at least 2, got 1/,
  },
  { change: set('classes.2.label', 'heat'), path: 'classes[2].label', says: /already used by classes\[0\]/ },
  {
    change: set('classes.0.actuation', 40_000),
    path: 'classes[0].actuation',
    says: /must be from -32768 to 32767, got 40000/,
  },
  {
    change: set('classes.0.weight', 3),
    path: 'classes[0].weight',
    says: /has no effect; set model.classWeights to "explicit"/,
  },
  {
    change: set('defaultClass', 'off'),
    path: 'defaultClass',
    says: /"off" is no class; use one of heat, hold, cool/,
  },
  {
    change: set('feedback.rule', 'deadband'),
    path: 'feedback.rule',
    says: /must be one of label, dead-band, limit, tracking, got "deadband"/,
  },
  {
    change: set('feedback.setPoint', undefined),
    path: 'feedback.setPoint',
    says: /is missing/,
  },
  { change: set('feedback.setPoint', 400), path: 'feedback.setPoint', says: /does not fit a register/ },
  { change: set('feedback.band', -1), path: 'feedback.band', says: /must be from 0/ },
  { change: set('feedback.tooHigh', 'warm'), path: 'feedback.tooHigh', says: /"warm" is no class/ },
  { change: set('feedback.limit', 3), path: 'feedback.limit', says: /is not a field here/ },
  { change: set('feedback.tickets', 65), path: 'feedback.tickets', says: /must be from 1 to 64, got 65/ },
  {
    change: (definition) => {
      set('feedback.settleSeconds', 60)(definition);
      set('feedback.expireSeconds', 30)(definition);
    },
    path: 'feedback.expireSeconds',
    says: /must be longer than the settling time \(60 s\), got 30/,
  },
  { change: set('board', 'z80'), path: 'board', says: /"z80" is not a known board; use one of virtual, / },
  { change: set('seed', -1), path: 'seed', says: /must be from 0 to 4294967295, got -1/ },
  {
    from: vibration,
    change: set('channels', undefined),
    path: 'channels',
    says: /is missing; give what the stream model listens to/,
  },
  {
    from: vibration,
    change: set('features', [{ name: 'x', min: 0, max: 1 }]),
    path: 'features',
    says: /name it "channels"/,
  },
  {
    from: vibration,
    change: set('classes', [{ label: 'a' }, { label: 'b' }]),
    path: 'classes',
    says: /is not used by a stream model/,
  },
  {
    from: vibration,
    change: set('model.hop', 51),
    path: 'model.hop',
    says: /must divide the window \(50\) evenly, at most 32 times; got 51/,
  },
  {
    from: reconstructed,
    change: set('model.window', 96),
    path: 'model.window',
    says: /must be at most 85 \(channels: 3\), got 96: the network has at most 256 inputs/,
  },
  {
    from: reconstructed,
    change: set('model.learningWindows', 200),
    path: 'model.learningWindows',
    says: /must be at least 204 with a window of 32 and a hop of 8, got 200/,
  },
  {
    from: () => ({ ...reconstructed(), channels: [{ name: 'x', min: 0, max: 1 }] }),
    change: set('model.code', 32),
    path: 'model.code',
    says: /must be below the inputs of the network, window times channels \(32\), got 32/,
  },
  {
    from: vibration,
    change: set('model.units', 8),
    path: 'model.units',
    says: /must be from 16 to 200, got 8/,
  },
  {
    from: vibration,
    change: set('model.leak', 0),
    path: 'model.leak',
    says: /must be from 0.01 to 1, got 0/,
  },
  {
    from: smallest,
    change: set('channels', [{ name: 'x', min: 0, max: 1 }]),
    path: 'channels',
    says: /name it "features"/,
  },
];

describe('definition validation', () => {
  for (const { change, path, says, from = comfort } of WRONG) {
    it(`names ${path}: ${says.source}`, () => {
      const definition = from() as unknown as Record<string, unknown>;
      change(definition);
      assert.throws(
        () => parseDefinition(definition),
        (error: unknown) => {
          assert.ok(error instanceof DefinitionError);
          const issue = error.issues.find((candidate) => candidate.path === path);
          assert.ok(issue, `no issue for ${path}: ${JSON.stringify(error.issues)}`);
          assert.match(worded(issue.problem), says);
          assert.match(error.message, /^definition refused: .*; the running model is untouched$/);
          return true;
        },
      );
    });
  }

  it('refuses what is no document at all', () => {
    for (const document of [null, 3, 'x', []]) {
      assert.match(worded(findIssues(document)[0]?.problem ?? ''), /must be an object/);
    }
  });

  it('tells every mistake, not only the first', () => {
    const definition = comfort() as unknown as Record<string, unknown>;
    set('seed', 'one')(definition);
    set('features.0.min', 'cold')(definition);
    set('model.cost', -1)(definition);
    assert.deepEqual(
      findIssues(definition)
        .map((issue) => issue.path)
        .sort(),
      ['features[0].min', 'model.cost', 'seed'],
    );
  });

  it('never shows the raw sentences of the schema validator', () => {
    for (const { change, from = comfort } of WRONG) {
      const definition = from() as unknown as Record<string, unknown>;
      change(definition);
      for (const { problem } of findIssues(definition))
        assert.doesNotMatch(worded(problem), /must NOT|must match|schema|property name/);
    }
  });

  it('accepts the examples, and does not change what it is given', () => {
    for (const make of [comfort, smallest, kernel, vibration]) {
      const definition = make();
      parseDefinition(definition);
      assert.deepEqual(definition, make());
    }
  });
});

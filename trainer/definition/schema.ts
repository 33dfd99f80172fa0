/**
 * JSON schema of the trainer definition: every field with its range, unit, default and meaning, written once. Validation
 * (validate.ts), the defaults (complete.ts), docs/definition.md and the editor's form all read it from here.
 *
 * Defaults that depend on other fields are marked with `x-default` (a sentence); complete.ts computes them.
 */
import { Limits } from '../contract/contract.generated';
import { START_RULE } from './start_rule_schema';

/** The part of JSON schema that is used here. */
export interface SchemaNode {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly discriminator?: { readonly propertyName: string };
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly 'x-unit'?: string;
  readonly 'x-default'?: string;
}

const U16_MAX = 65_535;
/** ET_CAPACITY_MAX of firmware/src/loop/core/limits.h. */
const CAPACITY_MAX = 4096;
const U32_MAX = 4_294_967_295;
/** A time kept in milliseconds in 32 bits, in whole seconds. */
const MS32_MAX_SECONDS = 4_294_967;

const text = (description: string, maxLength: number, fallback?: string): SchemaNode => ({
  type: 'string',
  minLength: fallback === '' ? 0 : 1,
  maxLength,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
});

const identity = (name: string): SchemaNode => ({
  ...text(
    `identity, unique in the definition: keep it when the ${name} changes, and what was learned stays; two entries may change places at any time`,
    64,
  ),
  'x-default': `the ${name}`,
});

const number = (
  description: string,
  minimum: number,
  maximum: number,
  fallback?: number,
  unit?: string,
): SchemaNode => ({
  type: 'number',
  minimum,
  maximum,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
  ...(unit === undefined ? {} : { 'x-unit': unit }),
});

const integer = (
  description: string,
  minimum: number,
  maximum: number,
  fallback?: number,
  unit?: string,
): SchemaNode => ({
  ...number(description, minimum, maximum, fallback, unit),
  type: 'integer',
});

const choice = (description: string, values: readonly string[], fallback?: string): SchemaNode => ({
  type: 'string',
  enum: values,
  description,
  ...(fallback === undefined ? {} : { default: fallback }),
});

const flag = (description: string, fallback: boolean): SchemaNode => ({
  type: 'boolean',
  description,
  default: fallback,
});

const tag = (value: string, description: string): SchemaNode => ({
  type: 'string',
  const: value,
  description,
});

function section(
  description: string,
  properties: Readonly<Record<string, SchemaNode>>,
  required: readonly string[] = [],
): SchemaNode {
  return { type: 'object', description, properties, required, additionalProperties: false };
}

const SCALE: SchemaNode = {
  type: 'number',
  minimum: 1e-6,
  maximum: 1e6,
  description: 'register units per engineering unit: the register holds round(value * scale)',
};

const feature = (what: string): SchemaNode =>
  section(
    what,
    {
      name: text('name, unique in the definition', 64),
      id: identity('name'),
      unit: text('engineering unit', 16, ''),
      min: number('smallest value that is expected', -1e9, 1e9),
      max: number('largest value that is expected', -1e9, 1e9),
      scale: {
        ...SCALE,
        'x-default':
          'the largest power of ten, at most 1000, that keeps min and max within a register; more where the range would have fewer than 1000 steps',
      },
    },
    ['name', 'min', 'max'],
  );

const ACTUATION: SchemaNode = {
  ...integer('value of the actuation register when this class is decided', -32_768, 32_767),
  'x-default': 'the index of the class',
};

const SVM_FIELDS = {
  cost: number('C, the price of a violated margin: larger fits the samples closer', 1e-4, 1e4, 1),
  tolerance: number(
    'training stops when the largest violation of the optimality conditions is below this',
    1e-6,
    1,
    0.01,
  ),
  maxEpochs: integer(
    'iteration bound: passes over the data (linear) or thousands of working sets (kernel)',
    1,
    U16_MAX,
    1000,
  ),
  classWeights: choice(
    'weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (classes[].weight)',
    ['none', 'balanced', 'explicit'],
    'balanced',
  ),
  warmStart: flag('start each training from what the last one found', true),
};

const SVM_LINEAR = section(
  'linear support vector machine, trained in integers by dual coordinate descent',
  { type: tag('svm-linear', 'linear support vector machine'), ...SVM_FIELDS },
  ['type'],
);

const SVM_KERNEL = section(
  'kernel support vector machine, trained by sequential minimal optimisation',
  {
    type: tag('svm-kernel', 'kernel support vector machine'),
    ...SVM_FIELDS,
    kernel: choice('kernel function', ['rbf', 'polynomial', 'linear'], 'rbf'),
    gamma: number(
      'width of the RBF and polynomial kernels, on features scaled to -1..1; 0 = 1 / number of features',
      0,
      1000,
      0,
    ),
    coef0: number('constant term of the polynomial kernel', -1000, 1000, 1),
    degree: integer('degree of the polynomial kernel', 1, 5, 3),
    svBudget: integer(
      'most support vectors kept per pair of classes; 0 = as many as the data set holds',
      0,
      U16_MAX,
      0,
    ),
  },
  ['type'],
);

const ESN = section(
  'echo state network: learns the healthy signal, raises an alarm when it is not',
  {
    type: tag('esn', 'echo state network'),
    units: integer('units of the reservoir', 16, 200, 64),
    reservoir: choice('topology: a simple cycle, or sparse random connections', ['cycle', 'sparse'], 'cycle'),
    readout: choice(
      'how the readout learns: ridge regression at once, or recursive least squares sample by sample',
      ['ridge', 'rls'],
      'ridge',
    ),
    cycleWeight: number('weight of the cycle, or spectral radius of a sparse reservoir', 0, 1, 0.9),
    inputWeight: number('magnitude of every input weight', 1e-3, 1.99, 0.25),
    leak: number('leak rate of the units; 1 = no leak', 0.01, 1, 1),
    ridge: number('regularisation, relative to the mean diagonal of the Gram matrix', 1e-6, 1, 1e-4),
    washout: integer('samples ignored after a start or a gap', 0, 4096, 50, 'sample'),
    window: integer('samples per score', 8, 1024, 50, 'sample'),
    hop: {
      ...integer('samples between two scores; the window is 1 to 32 of them', 1, 1024, undefined, 'sample'),
      'x-default': 'the window',
    },
    calibration: integer('windows that the threshold is calibrated on', 100, U16_MAX, 200, 'window'),
    falseAlarm: number('design probability that a healthy window is over the threshold', 1e-5, 0.2, 0.01),
    alarmOn: integer('windows in a row over the threshold that raise the alarm', 1, 255, 3, 'window'),
    alarmOff: integer('windows in a row under it that end the alarm', 1, 255, 3, 'window'),
    patterns: integer('places for anomaly patterns', 0, Limits.PATTERNS_MAX, 8),
    decimation: integer('samples averaged into one; 1 = every sample', 1, 255, 1),
    forgetting: {
      ...number('forgetting factor of recursive least squares', 0.9, 1, 0.999),
      minimum: undefined,
      exclusiveMinimum: 0.9,
    },
    learningSamples: integer(
      'samples of a learning phase, before calibration',
      145,
      1_000_000,
      2000,
      'sample',
    ),
  },
  ['type'],
);

const CORRELATION = section(
  'correlation features: learns the healthy signal by its level, its autocorrelation and how its channels move together, raises an alarm when they change',
  {
    type: tag('correlation', 'correlation features'),
    window: integer('samples per score', 8, 1024, 64, 'sample'),
    hop: {
      ...integer(
        'samples between two windows that are learned; the window is 1 to 32 of them',
        1,
        1024,
        undefined,
        'sample',
      ),
      'x-default': 'a quarter of the window, or the window when it has no whole quarter',
    },
    scoreEvery: {
      ...integer('hops between two windows that are scored', 1, 32, undefined),
      'x-default': 'as many as a window has: scored windows share no sample',
    },
    lags: integer('lags of the autocorrelation', 1, 16, 12),
    learningWindows: integer(
      'windows to learn the healthy signal from, a hop apart',
      64,
      U16_MAX,
      240,
      'window',
    ),
    covariance: choice(
      'how features are judged together: by their full covariance, or each by its own deviation (a tenth of the memory, for small boards)',
      ['full', 'diagonal'],
      'full',
    ),
    regimes: integer('places for operating regimes (speeds, loads) that are learned one by one', 1, 8, 1),
    context: text(
      'name of the channel that tells the operating point and is not judged itself; empty = none',
      32,
      '',
    ),
    contextTolerance: {
      ...number('how far outside what a regime learned the context may be, in its unit', 0, 65_535, 0),
    },
    falseAlarm: number('design probability that a healthy window is over the threshold', 1e-5, 0.2, 0.01),
    offShare: number(
      'the machine counts as off below this share of the level (RMS) that was learned: neither judged nor learned',
      1e-6,
      0.5,
      0.05,
    ),
    alarmOn: integer(
      'windows that raise the alarm at the fewest, when they are far from healthy',
      1,
      255,
      3,
      'window',
    ),
    alarmOff: integer('windows in a row under the threshold that end the alarm', 1, 255, 3, 'window'),
    patterns: integer('places for anomaly patterns', 0, Limits.PATTERNS_MAX, 8),
    decimation: integer('samples averaged into one; 1 = every sample', 1, 255, 1),
  },
  ['type'],
);

const PROCESS = section(
  'slow process: learns how temperatures, pressures, flows follow each other, raises an alarm when they no longer do',
  {
    type: tag('process', 'slow process'),
    window: integer('samples that the residuals are averaged over', 1, 64, 10, 'sample'),
    lags: integer('samples back that a prediction is made from: order of the vector autoregression', 1, 8, 3),
    learningSamples: integer('samples to learn from', 100, 1_000_000, 2000, 'sample'),
    ridge: number('regularisation, relative to the mean diagonal of the Gram matrix', 1e-6, 1, 0.01),
    margin: number('threshold, as a multiple of the largest score learned', 1, 10, 2),
    alarmOn: integer(
      'windows that raise the alarm at the fewest, when they are far from healthy',
      1,
      255,
      3,
      'window',
    ),
    alarmOff: integer('windows in a row under the threshold that end the alarm', 1, 255, 3, 'window'),
    patterns: integer('places for anomaly patterns', 0, Limits.PATTERNS_MAX, 8),
    decimation: integer('samples averaged into one; 1 = every sample', 1, 255, 1),
  },
  ['type'],
);

const TICKET_FIELDS = {
  settleSeconds: number(
    'an outcome sooner than this after its decision is discarded; 0 = none is',
    0,
    MS32_MAX_SECONDS,
    0,
    's',
  ),
  expireSeconds: number(
    'a decision older than this can no longer be judged; 0 = never',
    0,
    MS32_MAX_SECONDS,
    0,
    's',
  ),
  tickets: integer('decisions that may wait for their outcome at a time', 1, Limits.TICKETS_MAX, 8),
  suspicion: choice(
    'when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look',
    ['pause', 'report', 'off'],
    'pause',
  ),
};

const OUTCOME_FIELDS = {
  scale: {
    ...SCALE,
    'x-default':
      'the largest power of ten, at most 1000, that leaves room for four times the set point and band',
  },
  unit: text('engineering unit of the outcome', 16, ''),
};

const LABEL_RULE = section(
  'the outcome is the right class itself',
  { rule: tag('label', 'the outcome is the right class'), ...TICKET_FIELDS },
  ['rule'],
);

const DEAD_BAND_RULE = section(
  'the outcome is a process value that should stay around a set point',
  {
    rule: tag('dead-band', 'process value around a set point'),
    setPoint: number('set point', -1e9, 1e9),
    band: number(
      'half width of the dead band: within setPoint - band .. setPoint + band the outcome is satisfactory',
      0,
      1e9,
    ),
    tooLow: text('label of the class that would have been right when the outcome is too low', 64),
    tooHigh: text('label of the class that would have been right when the outcome is too high', 64),
    ...OUTCOME_FIELDS,
    ...TICKET_FIELDS,
  },
  ['rule', 'setPoint', 'band', 'tooLow', 'tooHigh'],
);

const LIMIT_RULE = section(
  'the outcome is a process value that should stay on one side of a limit',
  {
    rule: tag('limit', 'process value on one side of a limit'),
    limit: number('the limit', -1e9, 1e9),
    side: choice('the unsatisfactory side of the limit', ['above', 'below']),
    truth: text('label of the class that would have been right when the outcome is beyond the limit', 64),
    ...OUTCOME_FIELDS,
    ...TICKET_FIELDS,
  },
  ['rule', 'limit', 'side', 'truth'],
);

/** The whole schema; a valid JSON schema (draft 7 and later) on its own. */
export const definitionSchema = {
  $id: 'https://edge-trainer.github.io/definition-1.json',
  title: 'Edge Trainer definition',
  type: 'object',
  additionalProperties: false,
  required: ['model'],
  properties: {
    $schema: { type: 'string', description: 'for editors; not used' },
    name: text('name of the trainer, for people', 64, 'trainer'),
    board: text('board that it runs on, see the table of boards', 32, 'virtual'),
    features: {
      type: 'array',
      minItems: 1,
      maxItems: Limits.FEATURES_MAX,
      items: feature('one measured value'),
      description: 'what the decision is made from, in the order of the registers (support vector machines)',
    },
    channels: {
      type: 'array',
      minItems: 1,
      maxItems: Limits.CHANNELS_MAX,
      items: feature('one channel of the stream'),
      description:
        'what the stream model listens to, in the order of the registers (correlation, process, esn)',
    },
    classes: {
      type: 'array',
      minItems: 2,
      maxItems: Limits.CLASSES_MAX,
      items: section(
        'one class that can be decided',
        {
          label: text('label, unique in the definition', 64),
          id: identity('label'),
          actuation: ACTUATION,
          holdSeconds: integer('least time that the plant stays in this class; 0 = none', 0, U16_MAX, 0, 's'),
          opposed: {
            type: 'array',
            maxItems: Limits.CLASSES_MAX,
            items: { type: 'string', maxLength: 64, description: 'label of a class' },
            description: 'classes that never follow this one directly, nor this one them',
            default: [],
          },
          weight: {
            ...number(
              'weight in the loss, in steps of 1/256; with model.classWeights "explicit" only',
              0,
              255,
              1,
            ),
            minimum: 1 / 256,
          },
        },
        ['label'],
      ),
      description: 'what can be decided, in the order of the class index (support vector machines)',
    },
    defaultClass: {
      ...text('label of the class that is decided while nothing was learned yet', 64),
      'x-default': 'the first class',
    },
    startRule: START_RULE,
    storage: choice(
      'how a stitched sample is stored: int8 takes half the room, int16 keeps finer steps',
      ['int8', 'int16'],
      'int8',
    ),
    scaling: choice(
      'how features reach the model: by their range, or standardised by the mean and deviation of the stored samples',
      ['range', 'standard'],
      'range',
    ),
    outOfRange: choice(
      'a feature outside min..max: refuse the request, or clamp the value',
      ['refuse', 'clamp'],
      'refuse',
    ),
    seed: integer('of every random choice on the board', 0, U32_MAX, 1),
    model: {
      type: 'object',
      description: 'what learns',
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: [SVM_LINEAR, SVM_KERNEL, ESN, CORRELATION, PROCESS],
    },
    feedback: {
      type: 'object',
      description:
        'closed-loop feedback: how an outcome becomes satisfactory or not, and what would have been right',
      discriminator: { propertyName: 'rule' },
      required: ['rule'],
      oneOf: [LABEL_RULE, DEAD_BAND_RULE, LIMIT_RULE],
      default: { rule: 'label' },
    },
    stitching: {
      ...section('data stitching: which decisions become training samples', {
        capacity: integer('samples that the data set holds', 2, CAPACITY_MAX, 180, 'sample'),
        satisfactoryShare: number(
          'share of satisfactory decisions stitched too, so that they are not forgotten',
          0,
          1,
          1,
        ),
        holdOutEvery: integer(
          'every k-th sample of a class is kept out of training, for reports; 0 = none, else 2 or more',
          0,
          255,
          0,
        ),
      }),
      default: {},
    },
    training: {
      ...section('train-on-demand: when a candidate is trained and when it takes over', {
        mode: choice(
          'who starts a training: the board itself, only a command, or nobody',
          ['auto', 'manual', 'frozen'],
          'auto',
        ),
        minNewSamples: integer('samples stitched since the last training', 1, U16_MAX, 10, 'sample'),
        minSamples: integer('samples in all, at most the capacity', 2, CAPACITY_MAX, 20, 'sample'),
        accuracyWindow: integer('judged outcomes that the accuracy is taken over', 1, 256, 30),
        accuracyThreshold: {
          description:
            'trains when the accuracy over the window is below this; "always" = whenever there are enough samples',
          anyOf: [
            { type: 'number', minimum: 0, maximum: 1 },
            { type: 'string', const: 'always' },
          ],
          default: 0.9,
        },
        cooldownSeconds: integer(
          'least time between two trainings that the board starts itself',
          0,
          U16_MAX,
          0,
          's',
        ),
        driftTrainings: integer(
          'drift alarm after so many trainings in a row that did not reach the threshold; 0 = off',
          0,
          U16_MAX,
          0,
        ),
      }),
      default: {},
    },
    save: {
      ...section('non-volatile memory', {
        intervalSeconds: integer(
          'least time between two saves, against wear; 0 = after promotions only',
          0,
          U16_MAX,
          600,
          's',
        ),
      }),
      default: {},
    },
    patternNames: {
      type: 'array',
      maxItems: Limits.PATTERNS_MAX,
      items: { type: 'string', maxLength: 64, description: 'name of a pattern; empty = none' },
      description:
        'names of the anomaly patterns 1, 2, ... (stream models); kept on the host and in backups, the board never sees them',
      'x-default': 'none has a name',
    },
  },
} as const satisfies SchemaNode & { $id: string; title: string };

// First inputs of the fuzzer: a life of every kind of model, and of every section that a definition may have.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './zig.mjs';

const require = createRequire(import.meta.url);
const LAYER_BYTES = 16;
const OUTPUT_BYTES = 20;
/** Sections that a definition may lack, in the order of their bits. */
const OPTIONAL = [
  ...['identity', 'start_rule', 'plant_limits', 'outputs'],
  ...['tracking', 'local_io', 'array', 'array_stream'],
];
/** Of the first byte: what the board has. */
const CHANNELS = 2;
const OWN_SENSOR = 4;
const LINE_AND_LOADER = 32;
const CLOCKS_WRAP = 64;
/** The second byte: its store. */
const [FLASH, EEPROM, FLASH_OF_EIGHT] = [0, 2, 3];
/** Of an operation. */
const VARIANT = 16;
/** Behind a section's bytes: it is as it should be. */
const AS_IT_IS = 1;

/** The byte that calls an operation of the target. */
const operations = [
  ...readFileSync(join(root, 'test/firmware/fuzz/trainer_fuzz.c'), 'utf8')
    .split('operations[])(bool variant) = {')[1]
    .split('}')[0]
    .matchAll(/\w+/g),
].map(([name]) => name);
function op(name, ...bytes) {
  const number = operations.indexOf(name);
  if (number < 0) throw new Error(`the target has no operation ${name}`);
  return [(number & 15) | ((number >> 4) << 5), ...bytes];
}
function variant(name, ...bytes) {
  const [first, ...rest] = op(name, ...bytes);
  return [first | VARIANT, ...rest];
}
function repeated(count, each) {
  return Array.from({ length: count }, (_, i) => each(i)).flat();
}

/** A definition as the target takes it, section by section. */
function uploaded(blob) {
  const { readBlob } = require(join(root, 'dist/trainer/definition/blob.js'));
  const sections = [...readBlob(blob).values()];
  const present = OPTIONAL.reduce(
    (bits, name, bit) => bits | (sections.some((section) => section.name === name) ? 1 << bit : 0),
    0,
  );
  const base = sections.filter(({ name }) => !OPTIONAL.includes(name));
  const optional = OPTIONAL.flatMap((name) => sections.filter((section) => section.name === name));
  return [...base, ...optional].flatMap(({ name, bytes }) => [
    ...(name === 'layers' ? [bytes.length / LAYER_BYTES - 1] : []),
    ...(name === 'outputs' ? [bytes.length / OUTPUT_BYTES - 1] : []),
    AS_IT_IS,
    ...bytes,
    ...(name === 'core' ? [present] : []),
  ]);
}

const features = [
  { name: 'a', min: -100, max: 100, scale: 1 },
  { name: 'b', min: -100, max: 100, scale: 1 },
];
const small = {
  features,
  classes: [{ label: 'x' }, { label: 'y' }, { label: 'z' }],
  stitching: { capacity: 24, holdOutEvery: 4 },
  training: { mode: 'auto', minNewSamples: 4, minSamples: 6, accuracyWindow: 8, driftTrainings: 2 },
};
const channels = [{ name: 'v', min: -1000, max: 1000, scale: 1 }];
const reservoir = {
  type: 'esn',
  units: 16,
  window: 8,
  hop: 4,
  learningSamples: 200,
  calibration: 100,
  patterns: 2,
};
const dense = { type: 'dnn', epochs: 2, patience: 1, layers: [{ kind: 'dense', units: 3 }] };

const LIVES = {
  linear: { ...small, model: { type: 'svm-linear' }, feedback: { rule: 'label' } },
  standard: {
    ...small,
    storage: 'int16',
    scaling: 'standard',
    model: { type: 'svm-linear' },
    feedback: { rule: 'dead-band', setPoint: 20, band: 2, scale: 1, tooLow: 'x', tooHigh: 'z' },
  },
  rbf: { ...small, model: { type: 'svm-kernel', kernel: 'rbf', svBudget: 8 }, feedback: { rule: 'label' } },
  polynomial: {
    ...small,
    model: { type: 'svm-kernel', kernel: 'polynomial' },
    feedback: { rule: 'limit', limit: 50, side: 'above', truth: 'y', scale: 1 },
    stitching: { ...small.stitching, keepOutcomes: true },
  },
  both: { ...small, model: { type: 'svm-both', svBudget: 8 } },
  network: {
    ...small,
    model: {
      ...{ type: 'dnn', epochs: 2, patience: 1 },
      layers: [
        { kind: 'conv', filters: 3, kernelWidth: 2, padding: 'same', activation: 'relu' },
        { kind: 'dense', units: 3, activation: 'relu6' },
        { kind: 'add', other: 2, input: 2 },
        { kind: 'dense', units: 3 },
        { kind: 'softmax' },
      ],
    },
  },
  'network-f32': {
    ...small,
    model: {
      ...{ type: 'dnn', format: 'f32', epochs: 2, lambdaMin: 0.5 },
      layers: [
        { kind: 'depthwise', multiplier: 2, kernelWidth: 2, activation: 'relu' },
        { kind: 'average-pool', kernelWidth: 1 },
        { kind: 'dense', units: 3 },
      ],
    },
  },
  image: {
    ...small,
    features: [{ name: 'image', min: 0, max: 255, scale: 1, count: 64 }],
    model: {
      ...{ type: 'dnn', epochs: 1, patience: 1, height: 8, width: 8 },
      layers: [
        { kind: 'conv', filters: 4, kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' },
        { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 },
        { kind: 'depthwise', multiplier: 2, kernelHeight: 3, kernelWidth: 3 },
        { kind: 'global-average-pool' },
        { kind: 'dense', units: 3, format: 'f32' },
      ],
    },
  },
  'image-f32': {
    ...small,
    features: [{ name: 'image', min: 0, max: 255, scale: 1, count: 36 }],
    model: {
      ...{ type: 'dnn', format: 'f32', epochs: 1, patience: 1, height: 6, width: 6 },
      layers: [
        { kind: 'conv', filters: 2, kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' },
        { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 },
        { kind: 'dense', units: 3 },
      ],
    },
  },
  'rows-trained': {
    ...small,
    model: {
      ...dense,
      layers: [
        { kind: 'dense', units: 4, trainedRows: 2, activation: 'relu' },
        { kind: 'dense', units: 3 },
      ],
    },
  },
  few: {
    ...small,
    model: { type: 'svm-kernel', kernel: 'rbf', svBudget: 8 },
    stitching: { capacity: 8, holdOutEvery: 3, satisfactoryShare: 1, keepOutcomes: true },
    training: { ...small.training, accuracyThreshold: 0.9 },
    feedback: { tickets: 3, rule: 'limit', limit: 50, side: 'above', truth: 'y', scale: 1 },
  },
  rule: {
    ...small,
    classes: [
      { label: 'x', holdSeconds: 5, opposed: ['z'] },
      { label: 'y', holdSeconds: 2 },
      { label: 'z', actuation: 50 },
    ],
    model: { type: 'svm-linear' },
    startRule: {
      ...{ rule: 'table', feature: 'a', follow: 10, followBy: ['b'], hysteresis: 5, leads: true },
      steps: [
        { upTo: -30, class: 'x' },
        { upTo: 30, class: 'y' },
      ],
      above: 'z',
    },
  },
  choice: {
    ...small,
    model: { type: 'svm-linear' },
    startRule: { rule: 'choice', feature: 'a' },
    feedback: { rule: 'limit', limit: 50, side: 'above', truth: 'y', scale: 1 },
  },
  comfort: {
    ...small,
    model: { type: 'svm-linear' },
    startRule: {
      ...{ rule: 'pmv', follow: 0.2, radiant: { feature: 'b' }, air: { feature: 'a' } },
      ...{
        humidity: { value: 50 },
        airSpeed: { value: 0.1 },
        metabolicRate: { value: 1.2 },
        clothing: { value: 0.7 },
      },
      steps: [
        { upTo: -0.5, class: 'x' },
        { upTo: 0.5, class: 'y' },
      ],
      above: 'z',
    },
  },
  outputs: {
    features,
    outputs: [
      { name: 'valve', min: 0, max: 100, scale: 10, maxChange: 20 },
      { name: 'fan', min: -50, max: 50, scale: 1 },
    ],
    stitching: small.stitching,
    training: small.training,
    model: { ...dense, format: 'f32', epochs: 100, patience: 50, layers: [{ kind: 'dense', units: 2 }] },
  },
  tracking: {
    features,
    outputs: [{ name: 'valve', min: 0, max: 100, scale: 10 }],
    feedback: { rule: 'tracking', setPoint: 20, band: 1, scale: 1, gain: 2 },
    stitching: { ...small.stitching, keepOutcomes: true },
    training: small.training,
    model: { ...dense, format: 'f32', epochs: 100, patience: 50, layers: [{ kind: 'dense', units: 1 }] },
  },
  array: { ...small, features: [{ name: 'image', min: 0, max: 255, scale: 1, count: 300 }], model: dense },
  window: {
    ...small,
    features: [{ name: 'window', min: -1000, max: 1000, scale: 1, count: 64, streamChannels: 2 }],
    model: dense,
  },
  local: {
    ...small,
    model: { type: 'svm-linear' },
    feedback: { rule: 'dead-band', setPoint: 20, band: 2, scale: 1, tooLow: 'x', tooHigh: 'z' },
    io: {
      intervalMs: 100,
      inputs: [
        { feature: 'a', channel: 0 },
        { feature: 'b', channel: 1 },
      ],
      outcome: { channel: 2 },
      output: 1,
      failSafe: 'y',
    },
  },
  'local-window': {
    ...small,
    features: [{ name: 'window', min: -1000, max: 1000, scale: 1, count: 32, streamChannels: 2 }],
    model: dense,
    io: { intervalMs: 100, inputs: [], output: 1, failSafe: 'y' },
  },
  ridge: { channels, model: reservoir },
  rls: { channels, model: { ...reservoir, readout: 'rls' } },
  correlation: {
    channels: [...channels, { name: 'w', min: -1000, max: 1000, scale: 1 }],
    model: { type: 'correlation', window: 8, hop: 2, lags: 2, learningWindows: 64, regimes: 2, patterns: 2 },
  },
  process: {
    channels: [...channels, { name: 'w', min: -1000, max: 1000, scale: 1 }],
    model: { type: 'process', window: 4, lags: 2, learningSamples: 100, patterns: 2 },
  },
  autoencoder: {
    channels,
    model: { type: 'autoencoder', window: 8, hop: 1, code: 2, learningWindows: 216, epochs: 1, patterns: 2 },
  },
};

/** What each kind of definition learns from. */
const STREAMED = repeated(6, () => op('stream', 0, 20));
function taught(definition) {
  if ('channels' in definition) return repeated(9, () => op('stream', 0, 20));
  if (definition.features[0].streamChannels !== undefined) {
    return repeated(10, (i) => [...op('stream', 0, 1 + 4 * i), ...op('lesson', i % 3)]);
  }
  if (definition.features[0].count !== undefined) {
    return repeated(10, (i) => [...op('lesson', i * 20, i % 3), ...op('work')]);
  }
  return repeated(26, (i) => {
    const at = (i * 53) & 255;
    const truth = definition.outputs?.map((_, output) => (output === 0 ? at : 240 - at)) ?? [
      at < 128 ? 0 : 2,
    ];
    return [
      ...op('lesson', at, (i * 97) & 255, ...truth),
      ...(definition.outputs === undefined ? [] : op('work')),
    ];
  });
}
function asked(definition) {
  if ('channels' in definition) {
    return [
      ...repeated(3, () => op('stream', 0, 63)),
      ...op('judge', 4, 0),
      ...op('work'),
      ...op('stream', 251, 20),
      ...repeated(3, () => op('stream', 0, 127)),
      ...variant('write_coil', 4),
      ...variant('any_command', 15, 0, 0, 1, 2),
      ...op('any_command', 16, 1),
      ...op('any_command', 14, 2),
    ];
  }
  if (definition.features[0].streamChannels !== undefined) {
    return [...STREAMED, ...op('infer'), ...op('judge', 1, 1), ...variant('infer', 2), ...op('call', 0)];
  }
  if (definition.features[0].count !== undefined) {
    return [...op('infer', 30), ...op('judge', 1, 1), ...variant('infer', 90), ...op('call', 0, 40)];
  }
  return repeated(10, (i) => [
    ...op('infer', i * 20, 200 - i * 10),
    ...(definition.outputs === undefined ? op('judge', 1, i % 3) : op('judge_targets', 2, 50, 100)),
    ...op('judge', 0, i * 9),
    ...op('live', 1, 0, 2),
  ]);
}

/** Where a section lies in a definition of that kind. */
function placeOf(definition, name) {
  const fixed = ['core', 'classes', 'features', 'feedback', 'stitching', 'training', 'parameters'];
  const all = [...fixed, ...('layers' in definition.model ? ['layers'] : []), ...OPTIONAL];
  return all.indexOf(name);
}

/** Learn, train, decide, judge, be moved, backed up and changed, save, lose the power, start again, be read. */
function lifeOf(definition, blob) {
  const streams = 'channels' in definition || definition.features[0].streamChannels !== undefined;
  const kind = (definition.io === undefined ? 0 : CHANNELS) | (streams ? OWN_SENSOR : LINE_AND_LOADER);
  return [
    'layers' in definition.model ? kind | CLOCKS_WRAP : kind,
    streams ? EEPROM : definition.outputs === undefined ? FLASH : FLASH_OF_EIGHT,
    ...op('upload_definition', ...uploaded(blob)),
    ...op('work'),
    ...taught(definition),
    ...op('train'),
    ...op('work'),
    ...op('any_command', 3, 0),
    ...op('work'),
    ...op('change_channel', 0, 0, 40),
    ...op('live', 0, 100, 15),
    ...variant('change_channel', 0),
    ...op('live', 0, 100, 15),
    ...variant('change_channel', 5),
    ...op('live', 0, 100, 15),
    ...variant('change_channel', 0),
    ...variant('change_channel', 5),
    ...asked(definition),
    ...op('again'),
    ...op('word_by_word', 60, 60),
    ...variant('word_by_word', 1, 1, 1),
    ...op('write_and_read', 60, 60, 9),
    ...op('infer', 60, 60),
    ...op('again'),
    ...op('move_set_point', 33),
    ...variant('write_coil', 2),
    ...op('call', 2, 0),
    ...op('upload_model', 2, 0, 3, 9, 0, 1, 9),
    ...repeated(8, (i) => [
      ...op('back_up', 3 + i),
      ...(i % 2 === 0 ? op('restore') : variant('restore', 0, 9, 1)),
    ]),
    ...op('change_definition', 0, placeOf(definition, 'features'), 0, 0, 1, 0),
    ...variant('change_definition', 0, placeOf(definition, 'stitching'), 0, 2, 1, 0),
    ...op('change_definition', 0, placeOf(definition, 'identity'), 0, 7, 0, 0x40), // scale of the outcome: 2
    ...op('change_definition', 0, placeOf(definition, 'feedback'), 0, 12, 1, 0), // its rule: the next one
    ...op('infer', 100, 60),
    ...op('judge', 0, 40),
    ...op('own_samples', 200),
    ...op('any_command', 6, 0),
    ...op('work'),
    ...op('power_cycle'),
    ...variant('lose_power', 3),
    ...op('any_command', 6, 0),
    ...op('work'),
    ...op('lose_power', 1, 200),
    ...op('any_command', 6, 0),
    ...op('work'),
    ...op('power_cycle'),
    ...op('start_from_state_1'),
    ...op('use_lock', 4),
    ...op('use_lock', 1),
    ...op('any_command', 5, 2),
    ...op('raw_read', 6, 0, 120),
    ...op('raw_frame', 3, 43, 14, 1, 0), // who are you?
    ...variant('any_command', 23, 0, 1, 0, 96),
    ...op('live', 0, 255, 15),
    ...op('any_command', 24, 0),
    ...op('live', 0, 255, 15),
    ...op('any_command', 18, 0),
    ...op('any_command', 13, 0),
  ];
}

/** More samples wait for a training to end than there are tickets, and the board is asked at once each time. */
function hasteOf(definition, blob) {
  return [
    0,
    FLASH,
    ...op('upload_definition', ...uploaded(blob)),
    ...op('work'),
    ...taught(definition),
    ...op('hurry', 0),
    ...repeated(6, (i) => [
      ...op('train'),
      ...repeated(6, (k) => [...op('infer', i * 40, k * 40), ...op('judge', 1, k % 3)]),
    ]),
    ...op('hurry', 3),
  ];
}

/** Many decisions in a row: what became of them looks right, then does not. */
function shiftOf(definition, blob) {
  return [
    0,
    FLASH,
    ...op('upload_definition', ...uploaded(blob)),
    ...op('work'),
    ...taught(definition),
    ...op('work_shift', 40, 30, 0),
    ...variant('work_shift', 40, 255, 0),
    ...op('work_shift', 30, 130, 1),
    ...op('any_command', 21, 0),
  ];
}

/** An upload stalls, a learning phase begins, and the upload goes on where it works. */
function stalledUpload(blob) {
  return [
    0,
    FLASH,
    ...op('upload_definition', ...uploaded(blob)),
    ...repeated(9, () => op('stream', 0, 20)),
    ...op('train'),
    ...op('work'),
    ...op('upload_model', 2, 0, 0x8a, 0x8a, 0x8a, 0x8a, 0x8a),
    ...op('wait', 0x8a, 0),
    ...op('any_command', 14, 0),
    ...op('stream', 0, 63),
    ...op('upload_model', 0),
  ];
}

/** Writes them into the folder. */
export function writeSeeds(folder) {
  const { encodeDefinition, parseDefinition } = require(join(root, 'dist/trainer'));
  mkdirSync(folder, { recursive: true });
  const write = (name, bytes) => writeFileSync(join(folder, name), Uint8Array.from(bytes));
  const blobOf = (name) => encodeDefinition(parseDefinition({ name, ...LIVES[name] }));
  for (const [name, definition] of Object.entries(LIVES))
    write(`life-${name}`, lifeOf(definition, blobOf(name)));
  write('haste-few', hasteOf(LIVES.few, blobOf('few')));
  for (const name of ['standard', 'polynomial']) write(`shift-${name}`, shiftOf(LIVES[name], blobOf(name)));
  write('stalled-upload-then-learning', stalledUpload(blobOf('rls')));
  write('memory-blank', [1, FLASH, 0, 0, 7]);
  write('memory-sections', [1, FLASH, 0, 0, 7, 1, 0, 1, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
}

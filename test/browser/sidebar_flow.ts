/** A flow for the tests of the sidebar: a room that learns, and devices each of which is down for a reason of its own. */
export type Json = Record<string, unknown>;

export const ROOM = 'b1b2c3d4e5f60011';
const TAB = 'b1b2c3d4e5f60000';
const BUS = {
  type: 'edge-trainer-bus',
  version: 2,
  wire: 'virtual',
  baudRate: '115200',
  parity: 'none',
  dataBits: '8',
  stopBits: '1',
  virtualUnit: '1',
  keep: false,
  memory: '',
  port: '502',
  responseTimeout: '',
  settle: '',
};
const DEVICE = { type: 'edge-trainer-device', version: 1, unit: '1', definition: {} };

/** A name that would be HTML, if anybody took it for that. */
export const STRANGE = 'No <img src=x> port';

export const DEFINITION = {
  name: 'room',
  features: [
    { name: 'room', unit: '°C', min: 0, max: 45 },
    { name: 'outdoor', unit: '°C', min: -20, max: 45 },
  ],
  classes: [{ label: 'heat' }, { label: 'off' }, { label: 'cool' }],
  defaultClass: 'off',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label', settleSeconds: 0 },
  stitching: { capacity: 96, satisfactoryShare: 1, holdOutEvery: 5 },
  training: { minSamples: 16, minNewSamples: 8, accuracyThreshold: 'always', accuracyWindow: 32 },
};

/** Features that come in order, and what is right for them. */
const PLANT = `
const at = context.get('at') || 0;
context.set('at', at + 1);
const room = 15 + (at * 7) % 16, outdoor = -5 + (at * 11) % 35;
const need = 22 - room + (12 - outdoor) / 10;
msg.truth = need > 1.5 ? 'heat' : need < -1.5 ? 'cool' : 'off';
msg.payload = { room, outdoor };
return msg;`;

export function roomFlow(repeatSeconds: number): Json[] {
  const id = (n: number): string => `b1b2c3d4e5f600${n}`;
  const node = (n: number, type: string, wires: string[][], more: Json = {}): Json => ({
    id: id(n),
    type,
    z: TAB,
    x: 120 + 160 * (n % 10),
    y: 100 + 60 * Math.floor((n - 20) / 10),
    wires,
    ...more,
  });
  return [
    { id: TAB, type: 'tab', label: 'rooms' },
    { ...BUS, id: id(10), name: 'hall' },
    { ...DEVICE, id: ROOM, name: 'Meeting room', bus: id(10), definition: DEFINITION },
    node(20, 'edge-trainer-deploy', [[], []], { version: 1, device: ROOM, source: 'device', onStart: true }),
    node(21, 'inject', [[id(22)]], {
      repeat: String(repeatSeconds),
      once: true,
      onceDelay: 1,
      props: [{ p: 'payload' }],
      payload: '',
      payloadType: 'date',
    }),
    node(22, 'function', [[id(23)]], { func: PLANT, outputs: 1 }),
    node(23, 'edge-trainer-infer', [[id(24)]], {
      version: 1,
      device: ROOM,
      property: 'payload',
      input: 'values',
      output: 'decision',
    }),
    node(24, 'function', [[id(25)]], { func: 'msg.payload = { label: msg.truth }; return msg;', outputs: 1 }),
    node(25, 'edge-trainer-feedback', [[]], { version: 1, device: ROOM, property: 'payload' }),
  ];
}

/** The same room once more, on a bus of its own. */
export const TWIN = ROOM.replace('b1b2', 'e1b2');
export const TWIN_BUS = TWIN.replace(/11$/, '10');
/** The inject node that gives the twin its key. */
export const TWIN_KEY = TWIN.replace(/11$/, '99');

/** @param key of the device; the board gets it when TWIN_KEY is pressed */
export function twinFlow(key: string): Json[] {
  const text = JSON.stringify(roomFlow(0.1)).replaceAll(ROOM.slice(0, 12), TWIN.slice(0, 12));
  const flow = JSON.parse(text.replace('"hall"', '"roof"')) as Json[];
  const deploy = flow.find(({ type }) => type === 'edge-trainer-deploy');
  return [
    ...flow.map((node) => (node.id === TWIN ? { ...node, credentials: { key } } : node)),
    {
      ...{ id: TWIN_KEY, type: 'inject', z: deploy?.z, x: 120, y: 400, wires: [[deploy?.id]] },
      ...{ props: [{ p: 'setKey', v: 'true', vt: 'bool' }], repeat: '', once: false },
    },
  ];
}

export const AIR = 'd1b2c3d4e5f60011';
const OUTPUTS = [
  { name: 'valve', unit: '%', min: 0, max: 100, tolerance: 5 },
  { name: 'fan', unit: 'm/s', min: 1, max: 3 },
];

/** A network with two continuous outputs, on a bus of its own, as a deploy node leaves it. */
export function networkFlow(): Json[] {
  const id = (n: number): string => `d1b2c3d4e5f600${n}`;
  const definition = {
    name: 'air handling',
    features: [
      { name: 'outside', unit: '°C', min: -20, max: 20 },
      { name: 'guests', min: 0, max: 30 },
    ],
    outputs: OUTPUTS,
    model: {
      type: 'dnn',
      epochs: 40,
      layers: [
        { kind: 'dense', units: 12, activation: 'relu' },
        { kind: 'dense', units: 2 },
      ],
    },
    feedback: { rule: 'label' },
    stitching: { capacity: 100, holdOutEvery: 5 },
    training: { mode: 'manual', minSamples: 20 },
  };
  return [
    { ...BUS, id: id(10), name: 'plant' },
    { ...DEVICE, id: AIR, name: 'Air handling', bus: id(10), definition },
    {
      ...{ id: id(20), type: 'edge-trainer-deploy', z: TAB, x: 120, y: 400, wires: [[], []] },
      ...{ version: 1, device: AIR, source: 'device', onStart: true },
    },
    {
      ...{ id: id(21), type: 'inject', z: TAB, x: 120, y: 460, wires: [[id(22)]] },
      ...{ props: [{ p: 'payload' }], payload: '', payloadType: 'date', repeat: '', once: false },
    },
    {
      ...{ id: id(22), type: 'function', z: TAB, x: 280, y: 460, wires: [[id(23)]], outputs: 1 },
      func: `msg.payload = Array.from({ length: 80 }, (_, at) => {
  const outside = -20 + (at * 13) % 41, guests = (at * 7) % 31;
  return { features: { outside, guests }, targets: { valve: 50 - 2 * outside, fan: 1 + guests / 15 } };
});
return msg;`,
    },
    {
      ...{ id: id(23), type: 'edge-trainer-dataset', z: TAB, x: 440, y: 460, wires: [[], []] },
      ...{ version: 1, device: AIR, action: 'add' },
    },
  ];
}

/** The inject node that teaches it. */
export const TEACH_AIR = 'd1b2c3d4e5f60021';

/** Devices that are down; by name, the words that say why. */
export const FAULTS: Readonly<Record<string, RegExp>> = {
  [STRANGE]: /port missing/,
  'Nobody listens': /connection refused/,
  'Nobody answers': /nothing answers/,
  'Wrong number': /no unit 9, others answer/,
};

/** Each with a node on it, whose status says it, too. */
export function faultFlow(): Json[] {
  const id = (n: number): string => `c1b2c3d4e5f600${n}`;
  const buses: Json[] = [
    { ...BUS, id: id(10), name: 'cellar', wire: 'serial', path: '/dev/tty-is-not-there' },
    { ...BUS, id: id(11), name: 'roof', wire: 'tcp', host: '127.0.0.1', port: '1' },
    { ...BUS, id: id(12), name: 'shed', virtualUnit: '5' },
  ];
  const places: readonly (readonly [string, string, string])[] = [
    [STRANGE, id(10), '1'],
    ['Nobody listens', id(11), '1'],
    ['Nobody answers', id(12), '1'],
    ['Wrong number', 'b1b2c3d4e5f60010', '9'],
  ];
  return [
    ...buses,
    ...places.map(([name, bus, unit], index) => ({ ...DEVICE, id: id(20 + index), name, bus, unit })),
    ...places.map(([name], index) => ({
      id: id(30 + index),
      type: 'edge-trainer-train',
      version: 1,
      z: TAB,
      name,
      device: id(20 + index),
      action: 'train',
      x: 200,
      y: 300 + 60 * index,
      wires: [[], []],
    })),
  ];
}

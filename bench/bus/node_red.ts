/**
 * One real Node-RED with the packed package: messages a second through an infer node, one at a time, against the typed client in a
 * process of its own and against the Flex-Getter of node-red-contrib-modbus; and ten thousand messages at once.
 *
 * The node alone is wired to itself: what comes out of it goes in again. With a function node in the loop, as a flow would have one,
 * the function node costs more than the infer node; that figure stands beside it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { makeUserDir, RealNodeRed, removeUserDir } from '../../test/nodes/real_node_red';
import { openBus, Trainer } from '../../trainer';
import { Blocks } from '../../trainer/contract/contract.generated';
import { DEFINITION, FEATURES, median, rate, startServer, UNIT, values } from './server';

const ROUNDS = 10;
const ROUND_MS = 800;
const WARM_UP_MS = 3000;
/** Registers that the Flex-Getter reads. */
const GETTER_WORDS = 5;
const FLOOD = 10_000;
const FLOOD_WAIT_MS = 120_000;

interface Counted {
  readonly count: number;
  readonly elapsedMs: number;
}

interface Flooded {
  readonly decided: number;
  readonly refused: number;
  readonly other: number;
}

const step = (id: string, type: string, wires: string[][], settings: object = {}): object => ({
  id,
  type,
  z: 'flow',
  x: 100,
  y: 100,
  wires,
  ...settings,
});

const FEATURES_OF_SEED = `Array.from({ length: ${FEATURES} }, (_, i) => ((seed * (i + 3)) % 200) / 10 - 10)`;

/** GET /NAME?ms=N starts a loop: `next` is the payload of message `seed`, `through` a node, and what comes out of it makes the next one. */
function loop(name: string, through: string, next: string): object[] {
  return [
    step(`${name}-start`, 'http in', [[`${name}-loop`, `${name}-started`]], {
      url: `/${name}`,
      method: 'get',
    }),
    step(`${name}-started`, 'http response', [], { statusCode: '202' }),
    step(`${name}-loop`, 'function', [[through]], {
      // Everything travels with the message: in a function node, names outside of it cost more than a decision.
      func: `let run = msg.run;
if (msg.req) {
  run = { count: 0, began: Date.now(), ms: Number(msg.req.query.ms), payloads: [] };
  for (let seed = 0; seed < 64; seed++) run.payloads.push(${next});
  flow.set('result', undefined);
  return { run, payload: run.payloads[0] };
}
if (++run.count % 64 === 0) {
  const elapsedMs = Date.now() - run.began;
  if (elapsedMs >= run.ms) {
    flow.set('result', { count: run.count, elapsedMs });
    return null;
  }
}
msg.payload = run.payloads[run.count % 64];
return msg;`,
      outputs: 1,
    }),
  ];
}

/**
 * GET /alone sends one message round and round through an infer node, until GET /enough makes its features one too many: the node
 * refuses the message, and the time is noted.
 */
const alone: readonly object[] = [
  step('alone-start', 'http in', [['alone-first', 'alone-started']], { url: '/alone', method: 'get' }),
  step('alone-started', 'http response', [], { statusCode: '202' }),
  step('alone-first', 'function', [['alone-node']], {
    func: `const seed = 7;
const features = ${FEATURES_OF_SEED};
flow.set('features', features);
flow.set('began', Date.now());
flow.set('result', undefined);
return { features };`,
    outputs: 1,
  }),
  step('alone-node', 'edge-trainer-infer', [['alone-node']], {
    device: 'device',
    property: 'features',
    output: 'decision',
  }),
  step('alone-stop', 'http in', [['alone-enough', 'alone-stopped']], { url: '/enough', method: 'get' }),
  step('alone-stopped', 'http response', [], { statusCode: '202' }),
  step('alone-enough', 'function', [], { func: `flow.get('features').push(0);`, outputs: 0 }),
  step('alone-catch', 'catch', [['alone-ended']], { scope: ['alone-node'] }),
  step('alone-ended', 'function', [], {
    func: `flow.set('result', { count: 0, elapsedMs: Date.now() - flow.get('began') });`,
    outputs: 0,
  }),
];

function flow(port: number): object[] {
  const { address } = Blocks.decision;
  const tcp = { tcpHost: '127.0.0.1', tcpPort: String(port) };
  return [
    { id: 'flow', type: 'tab', label: 'bench' },
    { id: 'bus', type: 'edge-trainer-bus', version: 2, wire: 'tcp', host: '127.0.0.1', port: String(port) },
    { id: 'device', type: 'edge-trainer-device', bus: 'bus', unit: String(UNIT), definition: DEFINITION },
    {
      id: 'client',
      type: 'modbus-client',
      clienttype: 'tcp',
      bufferCommands: true,
      ...tcp,
      tcpType: 'DEFAULT',
      unit_id: UNIT,
      commandDelay: 1,
      clientTimeout: 1000,
      reconnectOnTimeout: true,
      reconnectTimeout: 500,
      parallelUnitIdsAllowed: true,
    },
    ...loop('infer', 'infer-node', FEATURES_OF_SEED),
    step('infer-node', 'edge-trainer-infer', [['infer-loop']], { device: 'device', output: 'decision' }),
    ...alone,
    ...loop(
      'getter',
      'getter-node',
      `{ fc: 3, unitid: ${UNIT}, address: ${address}, quantity: ${GETTER_WORDS} }`,
    ),
    step('getter-node', 'modbus-flex-getter', [['getter-loop'], []], {
      server: 'client',
      keepMsgProperties: true,
      emptyMsgOnFail: false,
    }),
    step('flood-start', 'http in', [['flood', 'flood-started']], { url: '/flood', method: 'get' }),
    step('flood-started', 'http response', [], { statusCode: '202' }),
    step('flood', 'function', [['flood-node']], {
      func: `flow.set('flooded', { decided: 0, refused: 0, other: 0 });
return [Array.from({ length: ${FLOOD} }, (_, seed) => ({ payload: ${FEATURES_OF_SEED} }))];`,
      outputs: 1,
    }),
    step('flood-node', 'edge-trainer-infer', [['decided']], { device: 'device', output: 'decision' }),
    step('decided', 'function', [], { func: `flow.get('flooded').decided++;`, outputs: 0 }),
    step('catch', 'catch', [['failed']], { scope: ['flood-node'] }),
    step('failed', 'function', [], {
      func: `const flooded = flow.get('flooded');
if (/requests waiting/.test(msg.error.message)) flooded.refused++;
else flooded.other++;`,
      outputs: 0,
    }),
    ...['result', 'flooded'].flatMap((name) => [
      step(`${name}-ask`, 'http in', [[`${name}-get`]], { url: `/${name}`, method: 'get' }),
      step(`${name}-get`, 'function', [[`${name}-tell`]], {
        func: `msg.payload = flow.get('${name}') || {}; return msg;`,
        outputs: 1,
      }),
      step(`${name}-tell`, 'http response', []),
    ]),
  ];
}

/** What a loop has noted at its end. */
async function noted(nodeRed: RealNodeRed, name: string): Promise<Counted> {
  for (const until = Date.now() + 20_000; Date.now() < until; await pause(10)) {
    const { count, elapsedMs } = await nodeRed.json<Partial<Counted>>('/result');
    if (count !== undefined && elapsedMs !== undefined) return { count, elapsedMs };
  }
  throw new Error(`no end of "${name}"; Node-RED said:\n${nodeRed.output.slice(-20).join('\n')}`);
}

/** Runs one of the loops in Node-RED; messages a second. */
async function loopRate(nodeRed: RealNodeRed, name: string, ms: number): Promise<number> {
  await nodeRed.get(`/${name}?ms=${ms}`);
  await pause(ms);
  const { count, elapsedMs } = await noted(nodeRed, name);
  return (1000 * count) / elapsedMs;
}

/** Messages a second through the infer node that is wired to itself, counted by the board. */
async function aloneRate(nodeRed: RealNodeRed, trainer: Trainer, ms: number): Promise<number> {
  const before = (await trainer.status()).inferences;
  await nodeRed.get('/alone');
  await pause(ms);
  await nodeRed.get('/enough');
  const { elapsedMs } = await noted(nodeRed, 'alone');
  return (1000 * ((await trainer.status()).inferences - before)) / elapsedMs;
}

async function flood(nodeRed: RealNodeRed): Promise<Flooded> {
  await nodeRed.get('/flood');
  for (const until = Date.now() + FLOOD_WAIT_MS; Date.now() < until; await pause(50)) {
    // A Node-RED that is busy with the flood may not answer.
    const answer = await nodeRed.json<Partial<Flooded>>('/flooded').catch(() => ({}));
    const { decided = 0, refused = 0, other = 0 }: Partial<Flooded> = answer;
    if (decided + refused + other === FLOOD) return { decided, refused, other };
  }
  throw new Error(`the flood never ended; Node-RED said:\n${nodeRed.output.slice(-20).join('\n')}`);
}

export async function benchNodeRed(): Promise<object> {
  const server = await startServer();
  const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: server.port });
  const { folder } = await makeUserDir(['node-red-contrib-modbus']);
  let nodeRed: RealNodeRed | undefined;
  try {
    const trainer = new Trainer(bus, { unit: UNIT });
    await trainer.deploy(DEFINITION);
    nodeRed = await RealNodeRed.start(folder, flow(server.port));
    const red = nodeRed;
    const client = (ms: number): Promise<number> =>
      rate(ms, async (count) => {
        await trainer.infer(values(count));
      });
    const node = (ms: number): Promise<number> => aloneRate(red, trainer, ms);
    const infer = (ms: number): Promise<number> => loopRate(red, 'infer', ms);
    const getter = (ms: number): Promise<number> => loopRate(red, 'getter', ms);
    for (const measure of [client, node, infer, getter]) await measure(WARM_UP_MS);
    const rounds: Record<'client' | 'node' | 'infer' | 'getter', number>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await client(ROUND_MS);
      const byNode = await node(ROUND_MS);
      const byFlow = await infer(ROUND_MS);
      const after = await client(ROUND_MS);
      rounds.push({
        client: (before + after) / 2,
        node: byNode,
        infer: byFlow,
        getter: await getter(ROUND_MS),
      });
    }
    const overClient = median(rounds.map((round) => round.node / round.client));
    const withFunction = median(rounds.map((round) => round.infer / round.client));
    const overContrib = median(rounds.map((round) => round.node / round.getter));
    const flooded = await flood(red);
    const perSecond = (name: 'client' | 'node' | 'infer' | 'getter'): string =>
      median(rounds.map((round) => round[name])).toFixed(0);
    console.log(
      [
        `Node-RED: one message at a time in one real Node-RED, ${ROUNDS} rounds of ${ROUND_MS} ms each, in turns; medians`,
        `decisions per second, typed client alone     ${perSecond('client')}`,
        `messages per second through an infer node    ${perSecond('node')}, over the client ${overClient.toFixed(3)}`,
        `the same with a function node in the loop    ${perSecond('infer')}, over the client ${withFunction.toFixed(3)}`,
        `messages per second through a Flex-Getter    ${perSecond('getter')}, infer over it ${overContrib.toFixed(1)}`,
        `${FLOOD} messages at once: ${flooded.decided} decided, ${flooded.refused} refused, ${flooded.other} failed otherwise`,
        '',
      ].join('\n'),
    );
    return {
      node_red_infer_over_client_ratio: Number(overClient.toFixed(3)),
      node_red_infer_and_function_over_client_ratio: Number(withFunction.toFixed(3)),
      node_red_infer_over_contrib_modbus_ratio: Number(overContrib.toFixed(2)),
      flood_10000_decided_of_accepted: Number((flooded.decided / (FLOOD - flooded.refused)).toFixed(4)),
    };
  } finally {
    await nodeRed?.stop();
    await bus.close();
    await server.stop();
    removeUserDir(folder);
  }
}

/** The palette's own Modbus nodes as masters of a trainer: no code of ours between the flow and the firmware. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { openBus, Trainer } from '../../trainer';
import { serveTcp, VirtualTrainer } from '../../trainer/virtual';
import { makeUserDir, RealNodeRed, removeUserDir } from './real_node_red';

const ANSWER_MS = 15_000;

const client = (port: number): object => ({
  id: 'client',
  type: 'modbus-client',
  name: 'trainer',
  clienttype: 'tcp',
  bufferCommands: true,
  failureLogEnabled: true,
  showWarnings: true,
  showErrors: true,
  tcpHost: '127.0.0.1',
  tcpPort: String(port),
  tcpType: 'DEFAULT',
  unit_id: 1,
  commandDelay: 1,
  clientTimeout: 1000,
  reconnectOnTimeout: true,
  reconnectTimeout: 500,
  parallelUnitIdsAllowed: true,
});
const step = (id: string, type: string, to: string[][], settings: object): object => ({
  id,
  type,
  z: 'flow',
  x: 100,
  y: 100,
  wires: to,
  ...settings,
});
const modbus = { server: 'client', keepMsgProperties: false, showErrors: true, emptyMsgOnFail: false };

/**
 * GET /ask?registers=a,b,..&at=N writes the registers by one Flex-Write, then reads the decision and the feedback block by a
 * Flex-Getter each; GET /answers tells what was read. The nodes do not carry the HTTP response along, so asking and telling are apart.
 */
const flow = (port: number): object[] => [
  { id: 'flow', type: 'tab', label: 'PLC' },
  client(port),
  step('ask', 'http in', [['request', 'asked']], { url: '/ask', method: 'get' }),
  step('asked', 'http response', [], { statusCode: '202' }),
  step('request', 'function', [['write']], {
    func: `const value = msg.req.query.registers.split(',').map(Number);
return { payload: { value, fc: 16, unitid: 1, address: Number(msg.req.query.at), quantity: value.length } };`,
    outputs: 1,
  }),
  step('write', 'modbus-flex-write', [['question'], []], modbus),
  step('question', 'function', [['read']], {
    func: `return [[{ payload: { fc: 3, unitid: 1, address: 128, quantity: 5 } }, { payload: { fc: 3, unitid: 1, address: 144, quantity: 5 } }]];`,
    outputs: 1,
  }),
  step('read', 'modbus-flex-getter', [['answer'], []], modbus),
  step('answer', 'function', [[]], {
    func: `const answers = flow.get('answers') || [];
answers.push(msg.payload);
flow.set('answers', answers);`,
    outputs: 1,
  }),
  step('tell', 'http in', [['told']], { url: '/answers', method: 'get' }),
  step('told', 'function', [['telling']], {
    func: `msg.payload = flow.get('answers') || [];
return msg;`,
    outputs: 1,
  }),
  step('telling', 'http response', [], {}),
];

const DEFINITION = {
  name: 'room',
  features: [
    { name: 'room', unit: '°C', min: 0, max: 45, scale: 100 },
    { name: 'outdoor', unit: '°C', min: -30, max: 45, scale: 100 },
  ],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'cool', actuation: -100 },
  ],
  defaultClass: 'heat',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
  stitching: { capacity: 40 },
  training: { mode: 'manual', minSamples: 6 },
} as const;

/** Asks through the flow, one question at a time; the two blocks that were read after the write. */
function master(nodeRed: RealNodeRed): {
  ask: (at: number, registers: readonly number[]) => Promise<number[][]>;
} {
  const answers = (): Promise<number[][]> => nodeRed.json<number[][]>('/answers');
  return {
    ask: async (at, registers) => {
      const before = (await answers()).length;
      for (const until = Date.now() + ANSWER_MS; Date.now() < until; ) {
        // A client that has not connected yet loses what it is given; asking again is always safe.
        await nodeRed.get(`/ask?at=${at}&registers=${registers.join(',')}`);
        for (let look = 0; look < 50; look++) {
          const all = await answers();
          if (all.length >= before + 2) return all.slice(before, before + 2);
          await wait(20);
        }
      }
      throw new Error(
        `no answer within ${ANSWER_MS} ms; Node-RED said:\n${nodeRed.output.slice(-20).join('\n')}`,
      );
    },
  };
}

describe('node-red-contrib-modbus against a trainer', function () {
  this.timeout(120_000);

  it('asks, reads the decision and judges it with Flex-Write and Flex-Getter alone', async () => {
    const board = await VirtualTrainer.start({ unit: 1 });
    const server = await serveTcp(board, { host: '127.0.0.1', port: 0 });
    const bus = openBus({ kind: 'tcp', host: '127.0.0.1', port: server.port });
    const { folder } = await makeUserDir(['node-red-contrib-modbus']);
    let nodeRed: RealNodeRed | undefined;
    try {
      const trainer = new Trainer(bus, { unit: 1 });
      await trainer.deploy(DEFINITION as unknown as Parameters<Trainer['deploy']>[0]);
      for (const room of [14, 15, 16, 17, 18, 26, 27, 28, 29, 30])
        await trainer.dataset.add([room, 10], room < 22 ? 'heat' : 'cool');
      await trainer.model.train();

      nodeRed = await RealNodeRed.start(folder, flow(server.port));
      const { ask } = master(nodeRed);
      const [warm] = await ask(0, [4711, 2900, 1000]);
      assert.deepEqual(warm, [4711, 1, 65_536 - 100, (warm as number[])[3], 1]);
      const [cold] = await ask(0, [4712, 1500, 1000]);
      assert.deepEqual(cold, [4712, 0, 100, (cold as number[])[3], 1]);
      // The same question again changes nothing and gets the same answer.
      const { inferences } = await trainer.status();
      assert.deepEqual((await ask(0, [4712, 1500, 1000]))[0], cold);
      assert.equal((await trainer.status()).inferences, inferences);

      // Feedback: ticket 4711 was judged by a label, and it was the right one; 4712 was not.
      const before = await trainer.status();
      assert.deepEqual((await ask(144, [4711, 1, 1]))[1], [4711, 1, 1, 1, 1]);
      assert.deepEqual((await ask(144, [4712, 1, 1]))[1], [4712, 1, 1, 2, 1]);
      const after = await trainer.status();
      assert.deepEqual([after.judged - before.judged, after.satisfied - before.satisfied], [2, 1]);
    } finally {
      await nodeRed?.stop();
      await bus.close();
      await server.close();
      await board.close();
      removeUserDir(folder);
    }
  });
});

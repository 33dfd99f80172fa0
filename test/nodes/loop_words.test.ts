/** What stands under a loop node, word by word. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, NodeAPI, NodeStatus } from 'node-red';
import { statusOfLoop } from '../../nodes/loop/words';
import { StatusLine } from '../../nodes/shared/runtime';
import {
  BusClosedError,
  type BusError,
  BusTimeoutError,
  FrameError,
  ModbusExceptionError,
  UnitUnreachableError,
} from '../../trainer/bus';
import type { Decision } from '../../trainer/device';
import type { LoopState } from '../../trainer/loop';
import { ReadError, type RegisterPoint } from '../../trainer/registers';
import { filled, text, WordedError, worded } from '../../trainer/text';
import { ROOT } from './real_node_red';

type Catalogue = { readonly [key: string]: string | Catalogue };
/** Node-RED in some language: the words of the loop, and the errors that several nodes share. */
function speaking(language: string): NodeAPI {
  const read = (file: string): Catalogue =>
    JSON.parse(readFileSync(join(ROOT, 'locales', language, `${file}.json`), 'utf8')) as Catalogue;
  const catalogue = { ...read('loop'), errors: read('errors') };
  const _ = (key: string, values: Record<string, string>): string => {
    const parts = (key.split(':').at(-1) as string).split('.');
    const found = parts.reduce<string | Catalogue>((at, part) => (at as Catalogue)[part] ?? '', catalogue);
    return filled(String(found), values);
  };
  return { _ } as unknown as NodeAPI;
}
const RED = speaking('en-US');

const RUNNING: Extract<LoopState, { kind: 'running' }> = {
  kind: 'running',
  decision: { label: 'heat' } as Decision,
  value: 100,
  heldBy: undefined,
  measured: 21.512,
  unit: '°C',
  held: true,
  learning: { generation: 0, samples: 14, needed: 20, onlyClass: 'heat' },
};
const says = (state: LoopState): string => statusOfLoop(RED, state, (fault) => fault.message).text ?? '';
/** What stands under the node, before it is cut. */
const shows = (state: LoopState): string =>
  statusOfLoop(RED, state, (fault) => (fault instanceof WordedError ? worded(fault.brief) : fault.message))
    .text ?? '';

describe('the status of a node', () => {
  it('is cut where it is too long to stand under the node, whoever shows it, and told once', () => {
    const told: NodeStatus[] = [];
    const line = new StatusLine({ status: (status: NodeStatus) => told.push(status) } as unknown as Node);
    const problem =
      'This node has no working device: none is chosen, it is disabled, or its settings are wrong.';
    for (const text of ['ready', problem, problem]) line.show({ fill: 'red', shape: 'ring', text });
    const [short, long, ...more] = told.map(({ text = '' }) => text);
    assert.deepEqual([short, more], ['ready', []]);
    assert.equal(long?.length, 60);
    assert.match(long ?? '', /^This node has no working device: none is chosen.*…$/);
  });
});

describe('the status of a loop', () => {
  it('says what it holds, what it decided, how far it has learned and what it still needs', () => {
    assert.equal(says(RUNNING), 'holding 21.5 °C, heat, 14 of 20 samples, needs one that is not "heat"');
    const learned = { generation: 3, samples: 40, needed: 20, onlyClass: undefined };
    assert.equal(says({ ...RUNNING, held: false, learning: learned }), 'at 21.5 °C, heat, generation 3');
  });

  it('joins what it says as its language does', () => {
    const learning = { generation: 0, samples: 14, needed: 20, onlyClass: undefined };
    const said = (language: string): string | undefined =>
      statusOfLoop(speaking(language), { ...RUNNING, learning }, String).text;
    assert.match(said('ja') ?? '', /、heat、/);
    assert.match(said('zh-CN') ?? '', /，heat，/);
    for (const language of ['ja', 'zh-CN']) assert.doesNotMatch(said(language) ?? '', /, /);
  });

  it('says which decision waits, and for what', () => {
    const held = {
      ...RUNNING,
      value: 0,
      learning: { ...RUNNING.learning, samples: 25, onlyClass: undefined },
    };
    assert.equal(says({ ...held, heldBy: 'hold' }), 'holding 21.5 °C, heat waits: 0 is held, samples: 25');
    assert.match(says({ ...held, heldBy: 'off' }), /heat waits: off for the least time/);
  });

  it('says why it is at its fail-safe value, and whether that reached the plant', () => {
    const state = { kind: 'fail-safe', why: 'plant', error: new Error('no answer'), written: false } as const;
    assert.equal(says(state), 'plant away, nothing written: no answer');
    assert.equal(says({ ...state, why: 'trainer', written: true }), 'fail-safe: no answer');
    assert.equal(says({ kind: 'by-hand', away: undefined }), 'by hand; not learned from');
  });

  it('says beside a plant that is by hand or interlocked why the trainer could not decide', () => {
    const away = new Error('not deployed');
    assert.equal(says({ kind: 'by-hand', away }), 'by hand; not learned from; not deployed');
    assert.match(
      says({ kind: 'interlocked', written: true, away }),
      /^the plant is interlocked.*; not deployed$/,
    );
  });

  it('has room for the reason when a PLC with many registers is away: it names no request and gives no advice', () => {
    const block = {
      unit: 1,
      fc: 3 as const,
      address: 0,
      quantity: 40,
      points: ['air temperature', 'set point', 'outdoor temperature', 'hour', 'humidity', 'vote'].map(
        (name) => ({ name }) as RegisterPoint,
      ),
    };
    const target = { unit: 1, functionCode: 3, address: 0, quantity: 40 };
    const refused = text('bus.reason.refused', { problem: 'ECONNREFUSED' });
    const reasons: readonly (readonly [BusError, RegExp])[] = [
      [new BusTimeoutError(target, 'reply', 1000), /: unit 1 does not answer$/],
      [new UnitUnreachableError(target, 3, 2000), /: unit 1 does not answer$/],
      [new BusTimeoutError(target, 'connect', 2500, undefined, refused), /refused the connection/],
      [new BusTimeoutError(target, 'connect', 2500), /: the wire is not open$/],
      [new BusTimeoutError(target, 'queue', 2500), /: the wire is busy$/],
      [new BusClosedError('tcp', { lost: refused }), /refused the connection/],
      [new ModbusExceptionError(target, 2), /: unit 1: exception 2, illegal data address$/],
      [new FrameError(target, 'crc', text('bus.frame.crc')), /: the answer of unit 1 is unusable$/],
    ];
    for (const [cause, reason] of reasons) {
      const error = new ReadError(block, cause);
      const shown = shows({ kind: 'fail-safe', why: 'plant', error, written: false });
      assert.match(shown, reason);
      assert.ok(shown.length <= 110, shown);
      assert.ok(error.message.length > shown.length, 'the log has more');
    }
  });
});

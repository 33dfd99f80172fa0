/** What is remembered of messages that passed, and what the dialog of a device gets of it. */
import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { type PassedReport, passedReport, passedRoute } from '../../nodes/device/passed_route';
import { forget, guessedRange, remember } from '../../nodes/shared/passing';

const node = { id: 'taker' };
const report = (): PassedReport => passedReport([node.id], Date.now());
const seen = (...payloads: unknown[]): PassedReport => {
  forget(node.id);
  for (const payload of payloads) remember(node.id, payload);
  return report();
};

describe('what passed last', () => {
  it('is offered by name, with a range that is wider than what was seen', () => {
    const { features, array, messages, ...others } = seen(
      { room: 21.5, door: true, label: 'warm', deep: { x: 1 }, missing: Number.NaN },
      { room: 23, door: false },
    );
    assert.deepEqual(features, [
      { name: 'room', min: 10, max: 40 },
      { name: 'door', min: 0, max: 1 },
    ]);
    assert.deepEqual([array, messages, others.node], [undefined, 2, 'taker']);
  });

  it('of an array is offered value by value and as one array; of a long one as an array alone', () => {
    const short = seen([-1, 2.5, 3]);
    assert.deepEqual(short.features?.length, 3);
    assert.deepEqual(short.array?.count, 3);
    const bytes = seen(Buffer.alloc(3072, 200));
    assert.deepEqual([bytes.features, bytes.array?.count], [[], 3072]);
    const image = seen(Array.from({ length: 8 }, () => Array.from({ length: 200 }, () => 7)));
    assert.deepEqual([image.rows, image.features, image.array?.count], [8, [], 1600]);
  });

  it('of rows is offered by column: samples of a stream', () => {
    const { rows, features } = seen([
      [0.5, 100],
      [-0.5, 300],
    ]);
    assert.equal(rows, 2);
    assert.deepEqual(features, [
      { min: -2, max: 2 },
      { min: 0, max: 500 },
    ]);
  });

  it('begins anew with a message of another form, and keeps nothing of one that holds no numbers', () => {
    assert.equal(seen([1, 2], [1, 2, 3]).messages, 1);
    for (const payload of [undefined, null, 'warm', {}, [], [1, 'x'], [[1, 2], [3]], Number.NaN, 10n, [[]]])
      assert.deepEqual(seen(payload), {}, String(payload));
    assert.deepEqual(seen(Array.from({ length: 40_000 }, () => 1)), {});
    assert.deepEqual(seen({ ['x'.repeat(65)]: 1 }), {});
    assert.equal(
      seen(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`v${i}`, i]))).features?.length,
      120,
    );
  });

  it('is that of the latest of several nodes, until the node is removed', () => {
    seen({ a: 1 });
    remember('other', { b: 2 });
    assert.equal(passedReport([node.id, 'other'], Date.now()).features?.[0]?.name, 'b');
    forget('other');
    assert.equal(passedReport([node.id, 'other'], Date.now()).features?.[0]?.name, 'a');
  });

  it('has ranges in round numbers that hold what was seen', () => {
    assert.deepEqual(guessedRange({ least: 0.1, most: 0.30000000000000004 }), { min: 0, max: 0.6 });
    assert.deepEqual(guessedRange({ least: -1e12, most: 1e12 }), { min: -1e9, max: 1e9 });
    for (const least of [-7, 0, 0.001, 3, 12_345]) {
      const { min, max } = guessedRange({ least, most: least });
      assert.ok(min <= least && max >= least && min < max, `${least}: ${min} to ${max}`);
    }
  });

  it('is told to those who may read, for a bounded list of nodes', () => {
    seen({ a: 1 });
    let [permission, code] = ['', 200];
    let body: PassedReport = {};
    let ask: (request: object, response: object) => void = () => undefined;
    const response = {
      status(given: number) {
        code = given;
        return response;
      },
      json(given: PassedReport) {
        body = given;
      },
    };
    passedRoute({
      auth: { needsPermission: (name: string) => name },
      httpAdmin: {
        post: (_path: string, needed: string, handler: typeof ask) => {
          [permission, ask] = [needed, handler];
        },
      },
      _: (key: string) => key,
    } as unknown as NodeAPI);
    assert.equal(permission, 'edge-trainer.read');
    ask({ body: { nodes: [node.id] } }, response);
    assert.deepEqual([code, body.node], [200, 'taker']);
    for (const wrong of [undefined, [], {}, { nodes: 'a' }, { nodes: [7] }, { nodes: ['../x'] }]) {
      code = 200;
      ask({ body: wrong }, response);
      assert.equal(code, 400, JSON.stringify(wrong));
    }
    ask({ body: { nodes: Array.from({ length: 1001 }, () => 'a') } }, response);
    assert.equal(code, 400);
  });
});

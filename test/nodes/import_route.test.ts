/** The route that makes a definition and weights of a network file: what it takes, and what it refuses. */
import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { IMPORT_MOST, importRoute } from '../../nodes/device/import_route';
import { parseDefinition, type TrainerDefinition } from '../../trainer/definition';
import { openWeights } from '../../trainer/network';
import { generationOf } from '../../trainer/virtual';
import { pictures } from '../support/networks';
import { Operator, tfliteFile } from '../support/tflite';

interface Answer {
  readonly code: number;
  readonly body: { message?: string; definition?: TrainerDefinition; weights?: unknown };
}

describe('the route that imports a network', () => {
  let permission = '';
  let answer: (request: object, response: object) => void = () => undefined;
  const RED = {
    auth: { needsPermission: (name: string) => name },
    httpAdmin: {
      post: (_path: string, needed: string, handler: typeof answer) => {
        permission = needed;
        answer = handler;
      },
    },
    _: (key: string) => key,
  };
  importRoute(RED as unknown as NodeAPI);

  const asked = (body: unknown): Promise<Answer> =>
    new Promise((resolve) => {
      let code = 200;
      const response = {
        status(given: number) {
          code = given;
          return response;
        },
        json(given: Answer['body']) {
          resolve({ code, body: given });
        },
      };
      answer({ body }, response);
    });
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const file = base64(tfliteFile(pictures()));

  it('needs a permission to write, and gives a definition with weights that fit it', async () => {
    assert.equal(permission, 'edge-trainer.write');
    const { code, body } = await asked({ file, name: 'pictures', trained: 'biases' });
    assert.equal(code, 200);
    const definition = parseDefinition(body.definition);
    assert.deepEqual([definition.name, definition.features.length], ['pictures', 48]);
    const model = await generationOf(definition, openWeights(JSON.parse(JSON.stringify(body.weights))));
    assert.ok(model.length > 0);
  });

  it('gives the network a new head for other classes', async () => {
    const { body } = await asked({ file, trained: 'head', classes: ['good', 'bad'] });
    const { classes, model } = parseDefinition(body.definition);
    assert.deepEqual(
      classes.map(({ label }) => label),
      ['good', 'bad'],
    );
    assert.ok(
      model.type === 'dnn' &&
        model.layers.some((layer) => layer.kind === 'conv' && layer.update === 'frozen'),
    );
  });

  it('refuses what is no upload', async () => {
    for (const body of [
      undefined,
      [],
      'file',
      {},
      { file: 7 },
      { file: 'no base64!' },
      { file, trained: 'most' },
      { file, name: '' },
      { file, classes: 'a,b' },
      { file, classes: ['a', 7] },
      { file, classes: Array.from({ length: 99 }, (_, i) => `class ${i}`) },
    ])
      assert.equal((await asked(body)).code, 400, JSON.stringify(body)?.slice(0, 60));
  });

  it('refuses a file that is too large, damaged, or has operators that it does not know, all by name', async () => {
    const said = async (bytes: Uint8Array): Promise<string> => {
      const { code, body } = await asked({ file: base64(bytes) });
      assert.equal(code, 422);
      return String(body.message);
    };
    assert.match(await said(new Uint8Array(IMPORT_MOST + 3)), /1048576/);
    assert.match(await said(tfliteFile(pictures()).subarray(0, 600)), /truncated/);
    const net = pictures();
    const strange = net.steps.map((step, at) => (at === 4 ? { ...step, code: Operator.PAD } : step));
    assert.match(await said(tfliteFile({ ...net, steps: strange })), /operator \d+, PAD, is not supported/);
  });
});

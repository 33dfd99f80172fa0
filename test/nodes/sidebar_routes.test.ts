/** The routes of the sidebar: each needs a permission, each action one of its own, and what is no question gets no answer. */
import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { ACTIONS, bodyOf } from '../../nodes/sidebar/actions';
import { sidebarRoutes } from '../../nodes/sidebar/routes';

interface Route {
  readonly path: string;
  readonly permission: string;
  readonly answer: (request: object, response: object) => void;
}

function routes(): Route[] {
  const found: Route[] = [];
  const add = (path: string, permission: unknown, answer: Route['answer']): void => {
    found.push({ path, permission: String(permission), answer });
  };
  const RED = {
    auth: { needsPermission: (name: string) => name },
    httpAdmin: { get: add, post: add },
    nodes: { getNode: () => null },
    comms: { publish: () => assert.fail('nobody looks') },
    settings: {},
    _: (key: string) => key,
  };
  sidebarRoutes(RED as unknown as NodeAPI);
  return found;
}

/** What a route answers: status and body. */
function asked({ answer }: Route, body: unknown, id = 'nobody'): Promise<[number, unknown]> {
  return new Promise((resolve) => {
    let code = 200;
    const response = {
      status(given: number) {
        code = given;
        return response;
      },
      json(given: unknown) {
        resolve([code, given]);
      },
    };
    answer({ body, params: { id } }, response);
  });
}

describe('the routes of the sidebar', () => {
  it('need a permission, and every action one of its own', () => {
    const all = routes();
    for (const { path, permission } of all)
      assert.match(permission, /^edge-trainer\.([\w-]+\.write|read)$/, path);
    for (const name of [...Object.keys(ACTIONS), 'backup'])
      assert.equal(
        all.find(({ path }) => path === `/edge-trainer/trainers/:id/${name}`)?.permission,
        `edge-trainer.${name}.write`,
      );
  });

  it('refuse what is no question, and say that a device is not there', async () => {
    const all = routes();
    const cards = all.find(({ path }) => path === '/edge-trainer/cards') as Route;
    for (const body of [undefined, [], {}, { editor: '<b>', open: [] }, { editor: 'a', open: 'all' }])
      assert.equal((await asked(cards, body))[0], 400, JSON.stringify(body));
    for (const route of all.filter(({ path }) => path.includes(':id')))
      assert.equal((await asked(route, {}))[0], 500, route.path);
  });

  it('take no body that is larger than anything that belongs there', () => {
    const large = { features: new Array(5000).fill(1) };
    assert.deepEqual(bodyOf(large, 'teach'), {});
    assert.deepEqual(bodyOf({ backup: large }, 'restore'), { backup: large });
    assert.deepEqual(bodyOf({ backup: new Array(700_000).fill(1) }, 'restore'), {});
    assert.deepEqual(bodyOf('text', 'teach'), {});
  });
});

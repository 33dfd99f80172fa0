/** What stands under a loop node, word by word. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { statusOfLoop } from '../../nodes/loop/words';
import type { Decision } from '../../trainer/device';
import type { LoopState } from '../../trainer/loop';
import { filled } from '../../trainer/text';
import { ROOT } from './real_node_red';

type Catalogue = { readonly [key: string]: string | Catalogue };
const catalogue = JSON.parse(readFileSync(join(ROOT, 'locales/en-US/loop.json'), 'utf8')) as Catalogue;
const RED = {
  _: (key: string, values: Record<string, string>) => {
    const found = key
      .split('.')
      .reduce<string | Catalogue>((at, part) => (at as Catalogue)[part] ?? '', catalogue);
    return filled(String(found), values);
  },
} as unknown as NodeAPI;

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
const says = (state: LoopState): string => statusOfLoop(RED, state).text ?? '';

describe('the status of a loop', () => {
  it('says what it holds, what it decided, how far it has learned and what it still needs', () => {
    assert.equal(says(RUNNING), 'holding 21.5 °C, heat, 14 of 20 samples, needs one that is not "heat"');
    const learned = { generation: 3, samples: 40, needed: 20, onlyClass: undefined };
    assert.equal(says({ ...RUNNING, held: false, learning: learned }), 'at 21.5 °C, heat, generation 3');
  });

  it('says which decision waits, and for what', () => {
    const held = {
      ...RUNNING,
      value: 0,
      learning: { ...RUNNING.learning, samples: 25, onlyClass: undefined },
    };
    assert.equal(says({ ...held, heldBy: 'hold' }), 'holding 21.5 °C, heat waits: 0 is held, 25 samples');
    assert.match(says({ ...held, heldBy: 'off' }), /heat waits: off for the least time/);
  });

  it('says why it is at its fail-safe value, and whether that reached the plant', () => {
    const state = { kind: 'fail-safe', why: 'plant', error: new Error('no answer'), written: false } as const;
    assert.equal(says(state), 'plant away, nothing written: no answer');
    assert.equal(says({ ...state, why: 'trainer', written: true }), 'fail-safe: no answer');
    assert.equal(says({ kind: 'by-hand' }), 'by hand; not learned from');
  });
});

/** The pages of the demo: what they are sent. The functions of the flow run here as Node-RED runs them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../nodes/real_node_red';

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly func?: string;
  readonly wires?: readonly (readonly string[])[];
  readonly [property: string]: unknown;
}
type Out = { readonly payload: unknown } | null;

const flow = JSON.parse(readFileSync(join(ROOT, 'demo', 'flow.json'), 'utf8')) as FlowNode[];
const named = (name: string): FlowNode => {
  const found = flow.find((node) => node.name === name);
  assert.ok(found, name);
  return found;
};

/** A function node with a context of its own and a clock that stands until it is set. */
function runner(node: FlowNode): {
  run: (payload: unknown, topic?: string) => readonly Out[] | null;
  clock: { now: number };
} {
  const kept = new Map<string, unknown>();
  const context = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: unknown) => kept.set(key, value),
  };
  const clock = { now: 1_000_000 };
  const body = new Function('msg', 'context', 'flow', 'Date', node.func ?? '') as (
    ...given: unknown[]
  ) => readonly Out[] | null;
  return {
    run: (payload, topic) => body({ payload, topic }, context, context, { now: () => clock.now }),
    clock,
  };
}

describe('the pages of the demo', () => {
  it('texts get only what has changed', () => {
    const { run } = runner(named('new samples'));
    const registers = [1, 60, 1, 0, 0, 0, ...Array.from({ length: 117 }, () => 0)];
    const [, first] = run(registers) ?? [];
    assert.notEqual(first, null);
    assert.equal((run(registers) ?? [])[1], null);
  });

  it('every button of the operator has an answer on the page', () => {
    const answer = flow.find(({ type, label }) => type === 'ui-text' && label === 'Answer')?.id as string;
    const reaches = (from: FlowNode, seen = new Set<string>()): boolean =>
      (from.wires ?? []).flat().some((id) => {
        if (id === answer) return true;
        if (seen.has(id)) return false;
        seen.add(id);
        const next = flow.find((node) => node.id === id);
        return next !== undefined && reaches(next, seen);
      });
    const group = flow.find((node) => node.type === 'ui-group' && node.name === 'Operator')?.id;
    const buttons = flow.filter(
      ({ type, group: of }) => of === group && ['ui-button', 'ui-text-input'].includes(type),
    );
    assert.ok(buttons.length >= 5);
    // The buttons of the alarms are the widget's: it shows the answer, and why there is none.
    const widget = flow.find(({ type }) => type === 'ui-edge-trainer-motor')?.id as string;
    for (const name of ['the operator knows', 'refused'])
      assert.ok(named(name).wires?.flat().includes(widget), name);
    for (const button of buttons) assert.ok(reaches(button), String(button.label));
    assert.ok(reaches(flow.find(({ type, name }) => type === 'catch' && name === 'refused') as FlowNode));
  });

  it('the loop of the room is one node: nothing feeds it, and what it gives goes to the page alone', () => {
    const loop = flow.find(({ type }) => type === 'edge-trainer-loop') as FlowNode;
    assert.deepEqual(
      flow.filter(({ wires }) => wires?.flat().includes(loop.id)),
      [],
    );
    const functions = flow.filter(({ type, z }) => type === 'function' && z === loop.z);
    assert.deepEqual(
      functions.map(({ name }) => name),
      ['for the page'],
    );
    assert.deepEqual(loop.wires, [[], [functions[0]?.id]]);
  });

  it('the page of the rooms has two days of points, tells figures by the working day, and begins anew with the plant', () => {
    const { run } = runner(named('for the page'));
    /** Registers of a room (demo/README.md) at a minute of the run. */
    const words = (minutes: number): number[] => {
      const occupied = 600;
      return [
        2510,
        2350,
        3000,
        Math.round(((minutes % 1440) / 60) * 100),
        65_496,
        40,
        0,
        3,
        0,
        9000,
        0,
        300,
        0,
        occupied,
        0,
        8,
        0,
        minutes,
        Math.floor(minutes / 1440),
      ];
    };
    const say = (minutes: number): Record<string, unknown> | undefined => {
      let out: unknown;
      for (const topic of ['learned', 'frozen', 'lastVote']) out = run(words(minutes), topic) ?? undefined;
      return (out as { payload: Record<string, unknown> } | undefined)?.payload;
    };
    assert.equal((say(5) as { present: string }).present, 'nobody is there');
    assert.equal(say(6), undefined, 'a point every ten minutes');
    let page: Record<string, unknown> | undefined;
    for (let minutes = 20; minutes < 4000; minutes += 10) page = say(minutes);
    const { points, rooms } = page as {
      points: { occupied: boolean }[];
      rooms: { discomfort: string; energy: string; switches: string; present: string }[];
    };
    assert.equal(points.length, 288);
    assert.deepEqual(points.filter(({ occupied }) => occupied).length, 120, 'two working days');
    assert.deepEqual(
      rooms.map(({ discomfort, energy, switches, present }) => [discomfort, energy, switches, present])[0],
      [
        '5.0 h a working day',
        '9.0 kWh a working day',
        '8.0 times a working day',
        '25.1 °C, set point 23.5 °C, cooling',
      ],
    );
    assert.equal((say(100) as { points: object[] }).points.length, 1);
  });
});

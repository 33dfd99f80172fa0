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
    const operator = named('operator');
    const choice = named('which button');
    const reaches = (from: readonly string[], seen = new Set<string>()): boolean =>
      from.some((id) => {
        if (id === operator.id) return true;
        if (seen.has(id)) return false;
        seen.add(id);
        return reaches((flow.find((node) => node.id === id)?.wires ?? []).flat(), seen);
      });
    assert.deepEqual(operator.wires, [[choice.id]]);
    const topics = [...(operator.format as string).matchAll(/\btopic: '(\w+)'/g)].map(([, topic]) => topic);
    assert.equal(topics.length, 5);
    const rules = (choice.rules as { v: string }[]).map(({ v }) => v);
    assert.deepEqual(new Set(topics), new Set(rules));
    for (const [at, rule] of rules.entries()) assert.ok(reaches(choice.wires?.[at] ?? []), rule);
    // The buttons of the alarms are the widget's: it shows the answer, and why there is none.
    const widget = flow.find(({ type }) => type === 'ui-edge-trainer-motor')?.id as string;
    for (const name of ['the operator knows', 'refused'])
      assert.ok(named(name).wires?.flat().includes(widget), name);
    assert.ok(
      reaches(flow.find(({ type, name }) => type === 'catch' && name === 'refused')?.wires?.flat() ?? []),
    );
  });

  it('a page of the motor that is opened later gets the drive and the last answer together', () => {
    const { run } = runner(named("for the motor's page"));
    run({ word: 'running', speed: 60 }, 'drive');
    assert.deepEqual(run({ word: 'learning', percent: 30 }, 'answer'), {
      payload: { drive: { word: 'running', speed: 60 }, answer: { word: 'learning', percent: 30 } },
    });
  });

  it('are sent no words: what they show is in the catalogues, and every word that they ask for is there', () => {
    const catalogue = JSON.parse(
      readFileSync(join(ROOT, 'demo', 'locales', 'en-US', 'pages.json'), 'utf8'),
    ) as Record<string, object>;
    /** A key that is put together, `say('loop.' + state)`, begins with its folder. */
    const known = (page: string, key: string): boolean =>
      key
        .split('.')
        .reduce<unknown>((at, part) => (part === '' ? at : at?.[part as never]), catalogue[page]) !==
      undefined;
    for (const [page, name] of [
      ['rooms', 'three rooms'],
      ['motor', 'operator'],
    ] as const) {
      const format = named(name).format as string;
      const keys = [...format.matchAll(/\bsay\('([\w.]+)'/g)].map(([, key]) => key as string);
      assert.ok(keys.length >= 5, name);
      for (const key of keys) assert.ok(known(page, key), `${page}.${key}`);
      const markup = /<template>([\s\S]*)<\/template>/.exec(format)?.[1] ?? '';
      assert.doesNotMatch(markup.replace(/\{\{.*?\}\}/g, ''), />[^<]*[A-Za-z]{2}[^<]*</, name);
    }
    const { answer, button } = catalogue.motor as Record<string, Record<string, string>>;
    const words = (text: unknown): string[] =>
      [...String(text).matchAll(/\bword: '(\w+)'/g)].map(([, word]) => word as string);
    for (const word of words(named('operator').format)) assert.ok(button?.[word], word);
    for (const name of ['start', 'what came of it'])
      for (const word of words(named(name).func)) assert.ok(answer?.[word], word);
    for (const word of ['healthy', 'first', 'second', 'promoted', 'rejected'])
      assert.ok(answer?.[word], word);
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
    const words = (minutes: number, occupied = 600): number[] => {
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
    const say = (minutes: number, occupied?: number): Record<string, unknown> | undefined => {
      let out: unknown;
      for (const topic of ['learned', 'frozen', 'lastVote'])
        out = run(words(minutes, occupied), topic) ?? undefined;
      return (out as { payload: Record<string, unknown> } | undefined)?.payload;
    };
    assert.equal((say(5) as { present: string }).present, 'nobody');
    assert.equal(say(6), undefined, 'a point every ten minutes');
    let page: Record<string, unknown> | undefined;
    for (let minutes = 20; minutes < 4000; minutes += 10) page = say(minutes);
    const { points, rooms } = page as {
      points: { occupied: boolean }[];
      rooms: object[];
    };
    assert.equal(points.length, 288);
    assert.deepEqual(points.filter(({ occupied }) => occupied).length, 120, 'two working days');
    assert.deepEqual(rooms[0], {
      room: 'learned',
      per: 'aDay',
      figures: { discomfort: 5, energy: 9, switches: 8 },
      air: 25.1,
      set: 23.5,
      power: 'cooling',
    });
    const begun = say(100, 60) as { points: object[]; rooms: { per: string; figures: object }[] };
    assert.equal(begun.points.length, 1);
    assert.equal(begun.rooms[0]?.per, 'soFar', 'an hour is not made up to a day');
    assert.deepEqual(begun.rooms[0]?.figures, { discomfort: 5, energy: 9, switches: 8 });
  });
});

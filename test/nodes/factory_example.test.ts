/** The factory example as somebody imports it: it learns, stops the motor for a fault, takes the operator's name, and knows it again. */
import assert from 'node:assert/strict';
import { exampleFlows, makeUserDir, RealNodeRed, removeUserDir } from './real_node_red';

type Flow = Record<string, unknown>[];

describe('example: a motor known by its sound', function () {
  this.timeout(120_000);
  let userDir: string;
  let nodeRed: RealNodeRed;

  const [example] = exampleFlows(['factory - a motor known by its sound.json']);
  const flow = (example as { flow: Flow }).flow;
  const named = (name: string): string => {
    const found = flow.find((node) => node.name === name);
    assert.ok(found, name);
    return String(found.id);
  };
  const press = async (name: string): Promise<void> => {
    const response = await fetch(`${nodeRed.url}/inject/${named(name)}`, { method: 'POST' });
    assert.equal(response.status, 200, name);
  };
  /** A line that comes from now on. */
  const next = (pattern: RegExp): Promise<string> => {
    nodeRed.output.length = 0;
    return nodeRed.untilLine(pattern, 40_000);
  };

  before(async () => {
    ({ folder: userDir } = await makeUserDir());
    // What the debug nodes show in the sidebar goes to the log; the replay is eight times as fast.
    const watched = flow.map((node) => ({
      ...node,
      ...(node.type === 'debug' && node.name !== 'score and baseline' ? { console: true } : {}),
      ...(node.repeat === '0.2' ? { repeat: '0.025' } : {}),
    }));
    nodeRed = await RealNodeRed.start(userDir, watched);
  });
  after(async () => {
    await nodeRed?.stop();
    if (userDir !== undefined) removeUserDir(userDir);
  });

  it('learns, stops the motor, is taught a name and says it the next time', async () => {
    await nodeRed.untilLine(/\] healthy$/, 60_000);

    let stopped = next(/value: true/);
    const told = nodeRed.untilLine(/\] ALARM: new, pattern \d$/, 40_000);
    await press('blades: weight, second arrangement');
    await told;
    await stopped;

    let judged = next(/satisfied/);
    await press('confirmed: loose blade');
    await judged;
    const healthy = next(/\] healthy$/);
    await press('blades: balanced');
    await press('start the motor');
    await healthy;

    stopped = next(/value: true/);
    const again = nodeRed.untilLine(/\] ALARM: loose blade, time 2$/, 40_000);
    await press('blades: weight, second arrangement');
    await again;
    await stopped;

    judged = next(/name: 'loose blade'/);
    await press('list patterns');
    await judged;
  });
});

/** The examples that promise to learn, as somebody imports and watches them, at their own pace. */
import assert from 'node:assert/strict';
import { exampleFlows, makeUserDir, RealNodeRed, removeUserDir } from './real_node_red';
import { type FlowNode, watched } from './watched';

const [feedback, monitor, valve] = exampleFlows([
  'feedback - a room that learns.json',
  'monitor - status, events and bus health.json',
  'feedback - a valve learned from an operator.json',
]).map(({ flow }) => flow as FlowNode[]) as [FlowNode[], FlowNode[], FlowNode[]];

describe('examples that learn', function () {
  this.timeout(480_000);
  let userDir: string;
  let nodeRed: RealNodeRed | undefined;

  beforeEach(async () => {
    ({ folder: userDir } = await makeUserDir());
  });
  afterEach(async () => {
    await nodeRed?.stop();
    nodeRed = undefined;
    removeUserDir(userDir);
  });

  it('feedback: from always hold to a room that stays within its band', async () => {
    nodeRed = await RealNodeRed.start(userDir, watched(feedback));
    // What a person sees under the nodes: nothing learned, then a generation.
    await nodeRed.untilLine(/\[debug:shown\] generation [1-9]/, 60_000);
    await nodeRed.untilLine(/\[debug:satisfied\] (1[6-9]|20) of the last 20 decisions satisfied/, 300_000);
    // Each class is right now and then: the trainer has something to learn.
    for (const label of ['heat', 'hold', 'cool'])
      await nodeRed.untilLine(new RegExp(`\\[debug:shown\\] ${label}, \\d+\\s% sure`), 30_000);
    assert.ok(!nodeRed.output.some((line) => /\[error\]/.test(line)), nodeRed.output.join('\n'));
  });

  it('monitor: tells of trainings and of the generations they made', async () => {
    nodeRed = await RealNodeRed.start(userDir, watched(monitor));
    await nodeRed.untilLine(/event: 'train-begin'/, 60_000);
    await nodeRed.untilLine(/event: 'promoted'/, 60_000);
    await nodeRed.untilLine(/generation: [1-9]/, 60_000);
    await nodeRed.untilLine(/answers: true/, 60_000);
  });

  it("feedback: a valve's position, continuous, from an operator's corrections", async () => {
    nodeRed = await RealNodeRed.start(userDir, watched(valve));
    await nodeRed.untilLine(/\[debug:shown\] valve 50 %/, 60_000);
    await nodeRed.untilLine(
      /\[debug:agrees\] the operator agrees with (1[6-9]|20) of the last 20 positions/,
      300_000,
    );
    assert.ok(!nodeRed.output.some((line) => /\[error\]/.test(line)), nodeRed.output.join('\n'));
  });

  it('a loop in which one class is always right says so', async () => {
    // Always winter: heat is right whenever anything is wrong.
    const winter = feedback.map((node) =>
      node.name === 'room' && node.type === 'function'
        ? { ...node, func: String(node.func).replace('22 + 14 * Math.sin(step / 8)', '2') }
        : node,
    );
    assert.notDeepEqual(winter, feedback);
    nodeRed = await RealNodeRed.start(userDir, watched(winter));
    await nodeRed.untilLine(/\[debug:shown\] (generation \d+, )?only "heat" seen so far/, 60_000);
  });
});

/** The examples of whole scenarios, as somebody imports, presses and watches them, at their own pace. */
import assert from 'node:assert/strict';
import { exampleFlows, makeUserDir, RealNodeRed, removeUserDir } from './real_node_red';
import { type FlowNode, watched } from './watched';

describe('examples of whole scenarios', function () {
  this.timeout(400_000);
  let userDir: string;
  let nodeRed: RealNodeRed;
  let flow: FlowNode[];

  const start = async (file: string): Promise<void> => {
    flow = exampleFlows([file])[0]?.flow as FlowNode[];
    nodeRed = await RealNodeRed.start(userDir, watched(flow));
  };
  const press = async (name: string | RegExp): Promise<void> => {
    const found = flow.find(
      (node) =>
        node.type === 'inject' &&
        (name instanceof RegExp ? name.test(String(node.name)) : node.name === name),
    );
    assert.ok(found, String(name));
    const response = await fetch(`${nodeRed.url}/inject/${String(found.id)}`, { method: 'POST' });
    assert.equal(response.status, 200, String(name));
  };

  beforeEach(async () => {
    ({ folder: userDir } = await makeUserDir());
  });
  afterEach(async () => {
    await nodeRed?.stop();
    const wrong = nodeRed?.output.filter((line) => /\[error\]|debug:what went wrong/.test(line)) ?? [];
    removeUserDir(userDir);
    assert.deepEqual(wrong, []);
  });

  it('loop: holds and collects, then a generation takes over and the room stays at its set point', async () => {
    await start('loop - a room that learns.json');
    await nodeRed.untilLine(/\[debug:shown\] (holding|at) [\d.]+ °C, hold, \d of 10 samples/, 60_000);
    await nodeRed.untilLine(
      /\[debug:shown\] (holding|at) 2[123][\d.]* °C, (heat|hold|cool), generation [1-9]/,
      120_000,
    );
    for (const label of ['heat', 'cool'])
      await nodeRed.untilLine(
        new RegExp(`\\[debug:shown\\] holding [\\d.]+ °C, ${label}, generation`),
        200_000,
      );
    await press('by hand');
    await nodeRed.untilLine(/\[debug:shown\] by hand; not learned from/, 30_000);
    nodeRed.output.length = 0;
    await press('by the trainer again');
    await nodeRed.untilLine(/\[debug:shown\] (holding|at) /, 30_000);
  });

  it('quality station: passes everything at first, then rejects, and is right most of the time', async () => {
    await start('loop - quality station.json');
    await nodeRed.untilLine(/\[debug:shown\] .*good, \d+ of 20 samples/, 60_000);
    await nodeRed.untilLine(/\[debug:reject coil\] 1$/, 120_000);
    await nodeRed.untilLine(/\[debug:shown\] .*reject, generation [1-9]/, 120_000);
    await nodeRed.untilLine(/\[debug:right\] (3[6-9]|40) of the last 40 parts right/, 200_000);
  });

  it('bearing faults: a network learns four conditions from raw windows, and names each of them', async () => {
    await start('infer - bearing faults from raw vibration.json');
    await nodeRed.untilLine(/\[debug:right\] (3[8-9]|40) of the last 40 bearings right/, 300_000);
    assert.ok(nodeRed.output.some((line) => /\[debug:shown\] generation [1-9]/.test(line)));
    for (const label of ['healthy', 'inner race', 'ball', 'outer race'])
      await nodeRed.untilLine(new RegExp(`\\[debug:shown\\] ${label}, \\d+\\s% sure`), 60_000);
  });

  it('bearing stream: a network learns the same from windows of a stream, by verdicts on what was streamed before', async () => {
    await start('infer - bearing faults from a stream.json');
    await nodeRed.untilLine(/\[debug:right\] (3[8-9]|40) of the last 40 bearings right/, 300_000);
    assert.ok(nodeRed.output.some((line) => /\[debug:shown\] generation [1-9]/.test(line)));
    assert.ok(nodeRed.output.some((line) => /\[debug:shown\] window: \d+ of 512/.test(line)));
    assert.ok(!nodeRed.output.some((line) => /\[debug:what went wrong\]/.test(line)));
  });

  it('PLC alone: Node-RED deploys once and watches the trainer learn', async () => {
    await start('plc - a trainer that a PLC runs alone.json');
    await nodeRed.untilLine(/\[debug:event\] .*deployed/, 60_000);
    await nodeRed.untilLine(/\[debug:generation\] [1-9]/, 120_000);
  });

  it('first steps: deploy, teach, train, decide, save, one button after the other', async () => {
    await start('device - first steps with a board.json');
    await press(/^1\./);
    await nodeRed.untilLine(/\[debug:shown\] deployed/, 60_000);
    await press(/^2\./);
    await nodeRed.untilLine(/\[debug:shown\] 8 of \d+ samples/, 60_000);
    await press(/^3\./);
    await nodeRed.untilLine(/\[debug:shown\] generation 1/, 60_000);
    await press(/^4\./);
    await nodeRed.untilLine(/\[debug:decided\] warm$/, 60_000);
    await press(/^5\./);
    await nodeRed.untilLine(/\[debug:shown\] saved/, 60_000);
  });

  it('one line: a model that was learned on the first trainer decides on the third', async () => {
    await start('model - one line, three trainers, clone.json');
    await nodeRed.untilLine(/\[debug:shown\] (deployed|already deployed)/, 60_000);
    await press('teach and train 1');
    await nodeRed.untilLine(/\[debug:shown\] generation 1/, 60_000);
    await press('back up 1');
    await nodeRed.untilLine(/\[debug:backed up\] .*\.json/, 60_000);
    await press('copy 1 to 2 and 3');
    await nodeRed.untilLine(/\[debug:shown\] copied to 2 of 2/, 60_000);
    await press('ask 3: 29 °C');
    await nodeRed.untilLine(/\[debug:trainer 3 says\] cool$/, 60_000);
  });
});

import assert from 'node:assert/strict';
import type { Node, NodeAPI, NodeStatus } from 'node-red';
import type { DeviceNode } from '../../nodes/device/device';
import { DeviceStatus } from '../../nodes/shared/status';
import { Session } from '../../trainer';
import { older } from '../support/older_firmware';
import { comfort } from '../trainer/definition/examples';
import { openBoard } from '../trainer/device/board';

describe('status of a node whose board has an old firmware', () => {
  it('says what the firmware lacks, and is like any other once the board was flashed', async () => {
    const board = await openBoard();
    await board.trainer.deploy(comfort());
    let old = true;
    const session = new Session(
      older(board.bus, () => old),
      { unit: 1 },
    );
    const shown: NodeStatus[] = [];
    const node = { status: (status: NodeStatus) => shown.push(status) } as unknown as Node;
    const RED = { _: (key: string) => key.split(':').at(-1) } as unknown as NodeAPI;
    const status = new DeviceStatus(RED, node, { link: session } as DeviceNode);
    const ready = (): Promise<void> =>
      new Promise((resolve) => {
        const stop = session.onState(({ kind }) => {
          if (kind !== 'ready') return;
          stop();
          resolve();
        });
      });
    const first = ready();
    await session.refresh();
    await first;
    assert.deepEqual(shown.at(-1), { fill: 'yellow', shape: 'dot', text: 'status.firmwareLacks' });

    // Flashed: the wire was lent, and comes back.
    old = false;
    const again = ready();
    await board.bus.lend({ key: 'bus.reason.flashing', values: {} }, async () => undefined);
    // A virtual board without a memory file starts empty.
    await board.trainer.deploy(comfort());
    await session.refresh();
    await again;
    assert.equal(session.oldFirmware, undefined);
    assert.equal(shown.at(-1)?.text, 'status.untrained');
    status.close();
    await session.close();
    await board.close();
  });
});

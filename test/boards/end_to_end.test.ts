import assert from 'node:assert/strict';
import { Models } from '../../trainer/contract/definition.generated';
import { boardOf } from '../../trainer/definition';
import { needs } from '../support/needs';
import { imagesBuilt } from './images';
import type { IrisResult } from './iris_run';
import { type OpenPeer, PEERS } from './peers';
import { Fingerprints, wholeRun } from './whole_run';

const LEAST_STACK_FREE = 64;
/** svm-both is the linear and the kernel machine, which both run here. */
const FAMILIES = Object.keys(Models)
  .filter((type) => type !== 'svm-both')
  .flatMap((type) => (type === 'dnn' ? ['dnn q8', 'dnn f32', 'dnn window'] : [type]));

describe('the same trainer on every board', function () {
  this.timeout(300_000);
  const linear = new Map<string, IrisResult>();
  const fingerprints = new Fingerprints();

  for (const peer of PEERS) {
    it(`${peer.name}: identify, deploy, learn Iris, evaluate, decide, back up and restore`, async function () {
      if (peer.tool !== undefined && !needs(peer.tool)) this.skip();
      if (peer.key !== 'virtual' && !imagesBuilt()) this.skip();
      let open: OpenPeer | undefined;
      try {
        open = await peer.open();
        const { iris: result, kernel } = await wholeRun(open.trainer, peer.name, fingerprints);
        linear.set(peer.name, result);
        assert.equal(result.identity.board, peer.board);
        const { arena: promised, lacks } = boardOf(peer.key);
        const built: readonly string[] = result.identity.models;
        assert.deepEqual(
          Object.keys(Models).filter((type) => !built.includes(type)),
          Object.keys(Models).filter((type) => lacks.some((each) => each === type)),
          'what its build leaves out is known',
        );
        assert.ok(
          result.identity.arenaBytes >= promised,
          `${result.identity.arenaBytes} of ${promised} bytes`,
        );
        assert.equal(result.restarted !== undefined, peer.hasStore);
        assert.ok(result.accuracy >= 0.93, `accuracy ${result.accuracy}`);
        // An emulator beside other work tears frames apart: its clock goes on while it does not run. The bus sends them again.
        if (peer.key === 'virtual') assert.equal(result.status.framesBad, 0);

        if (kernel !== undefined) assert.ok(kernel.right >= 70, `${kernel.right} of 75 right with a kernel`);
        if (peer.key !== 'virtual') {
          const { stackFreeBytes } = kernel ?? result.status;
          assert.ok((stackFreeBytes ?? 0) >= LEAST_STACK_FREE, `${stackFreeBytes} bytes of stack never used`);
        }
      } finally {
        await open?.close();
      }
    });
  }

  it('trains the same models, bit for bit, on every core', () => {
    assert.ok(linear.size >= 2, 'fewer than two boards came through');
    const [first, ...others] = [...linear];
    assert.ok(first !== undefined);
    for (const [name, result] of others)
      assert.deepEqual(result.decisions, first[1].decisions, `${name} decides unlike ${first[0]}`);
    const { families } = fingerprints;
    assert.deepEqual([...families].sort(), [...FAMILIES].sort());
    for (const family of families) assert.equal(fingerprints.fault(family), undefined);
  });
});

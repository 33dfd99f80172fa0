import assert from 'node:assert/strict';
import { Models } from '../../trainer/contract/definition.generated';
import { boardOf } from '../../trainer/definition';
import { needs } from '../support/needs';
import { imagesBuilt } from './images';
import { type IrisResult, irisRun, type KernelResult, kernelRun, networkRun } from './iris_run';
import { type OpenPeer, PEERS } from './peers';
import { streamRun } from './stream_run';

const LEAST_STACK_FREE = 64;

describe('the same trainer on every board', function () {
  this.timeout(300_000);
  const linear = new Map<string, IrisResult>();
  const kernels = new Map<string, KernelResult>();
  /** Per number format: the network of each board. */
  const networks = new Map<string, Map<string, number>>();
  /** Per stream family: the model of each board. */
  const streams = new Map<string, Map<string, number>>();

  for (const peer of PEERS) {
    it(`${peer.name}: identify, deploy, learn Iris, evaluate, decide, back up and restore`, async function () {
      if (peer.tool !== undefined && !needs(peer.tool)) this.skip();
      if (peer.key !== 'virtual' && !imagesBuilt()) this.skip();
      let open: OpenPeer | undefined;
      try {
        open = await peer.open();
        const result = await irisRun(open.trainer);
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

        const kernel = await kernelRun(open.trainer);
        if (kernel !== undefined) {
          kernels.set(peer.name, kernel);
          assert.ok(kernel.right >= 70, `${kernel.right} of 75 right with a kernel`);
        }
        for (const [format, fingerprint] of (await networkRun(open.trainer)) ?? []) {
          const known = networks.get(format) ?? new Map<string, number>();
          networks.set(format, known.set(peer.name, fingerprint));
        }
        if (peer.key !== 'virtual') {
          const { stackFreeBytes } = kernel ?? result.status;
          assert.ok((stackFreeBytes ?? 0) >= LEAST_STACK_FREE, `${stackFreeBytes} bytes of stack never used`);
        }
        for (const [family, fingerprint] of await streamRun(open.trainer)) {
          const known = streams.get(family) ?? new Map<string, number>();
          streams.set(family, known.set(peer.name, fingerprint));
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
    for (const [name, result] of others) {
      assert.deepEqual(result.decisions, first[1].decisions, `${name} decides unlike ${first[0]}`);
      assert.equal(result.modelFingerprint, first[1].modelFingerprint, `${name} unlike ${first[0]}`);
    }
    const fingerprints = [...kernels.values()].map((kernel) => kernel.modelFingerprint);
    assert.ok(fingerprints.length >= 2, 'fewer than two boards with a kernel came through');
    assert.equal(new Set(fingerprints).size, 1, `kernel models differ: ${fingerprints.join(', ')}`);
    for (const format of ['q8', 'f32']) {
      const boards = [...(networks.get(format) ?? [])];
      assert.ok(boards.length >= 2, 'fewer than two boards with networks came through');
      assert.equal(
        new Set(boards.map(([, fingerprint]) => fingerprint)).size,
        1,
        `${format} networks differ: ${boards.join('; ')}`,
      );
    }
    for (const family of ['esn', 'correlation', 'process', 'autoencoder']) {
      const boards = [...(streams.get(family) ?? [])];
      assert.ok(boards.length >= 2, `fewer than two boards with ${family} came through`);
      assert.equal(
        new Set(boards.map(([, fingerprint]) => fingerprint)).size,
        1,
        `${family} differs: ${boards.join('; ')}`,
      );
    }
  });
});

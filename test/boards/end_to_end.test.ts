import assert from 'node:assert/strict';
import { boardOf } from '../../trainer/definition';
import { needs } from '../support/needs';
import { imagesBuilt } from './images';
import { type IrisResult, irisRun } from './iris_run';
import { type OpenPeer, PEERS } from './peers';

describe('the same trainer on every board', function () {
  this.timeout(300_000);
  const results = new Map<string, IrisResult>();

  for (const peer of PEERS) {
    it(`${peer.name}: identify, deploy, learn Iris, evaluate, decide, back up and restore`, async function () {
      if (peer.tool !== undefined && !needs(peer.tool)) this.skip();
      if (peer.board !== 'virtual' && !imagesBuilt()) this.skip();
      let open: OpenPeer | undefined;
      try {
        open = await peer.open();
        const result = await irisRun(open.trainer);
        results.set(peer.name, result);
        assert.equal(result.identity.board, peer.board);
        const promised = boardOf(peer.key).arena;
        assert.ok(
          result.identity.arenaBytes >= promised,
          `arena ${result.identity.arenaBytes}, boards.json ${promised}`,
        );
        assert.equal(result.restarted !== undefined, peer.hasStore);
        assert.ok(result.accuracy >= 0.93, `accuracy ${result.accuracy}`);
        if (peer.board !== 'virtual')
          assert.ok((result.status.stackFreeBytes ?? 0) >= 64, 'stack nearly used up');
      } finally {
        await open?.close();
      }
    });
  }

  it('trains the same model, bit for bit, on every core', () => {
    assert.ok(results.size >= 2, 'fewer than two boards came through');
    const [first, ...others] = [...results];
    assert.ok(first !== undefined);
    for (const [name, result] of others) {
      assert.deepEqual(result.decisions, first[1].decisions, `${name} decides unlike ${first[0]}`);
      assert.equal(result.modelFingerprint, first[1].modelFingerprint, `${name} unlike ${first[0]}`);
    }
  });
});

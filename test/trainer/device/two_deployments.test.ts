/** Two programs that send to one board at the same time: one of them is first, the other one waits and then says what has happened. */
import assert from 'node:assert/strict';
import {
  OtherDeploymentError,
  type Trainer,
  type TrainerDefinition,
  TrainerError,
  UploadMixedError,
} from '../../../trainer';
import { BulkObject, TrainerErrors } from '../../../trainer/contract/contract.generated';
import type { UnitAccess } from '../../../trainer/device/access';
import { upload } from '../../../trainer/device/bulk';
import type { Lock } from '../../../trainer/device/lock';
import { deployGuarded, type Guard } from '../../../trainer/session';
import { text } from '../../../trainer/text';
import { firmwarePlanner } from '../../../trainer/virtual';
import { comfort } from '../definition/examples';
import { type Board, openBoard } from './board';

/** Some pages long. */
const room = (seed: number): TrainerDefinition => ({
  ...comfort(),
  features: Array.from({ length: 40 }, (_, at) => ({ name: `t${at}`, unit: '°C', min: 0, max: 45 })),
  seed,
});
const GUARD: Guard = { discard: 'refuse', keepBackup: async () => assert.fail('nothing is discarded') };

describe('two deployments at the same time', () => {
  let board: Board;
  let other: Trainer;

  beforeEach(async () => {
    board = await openBoard();
    other = board.another();
  });
  afterEach(() => board.close());

  const runs = async (): Promise<number> => (await board.trainer.status()).definitionFingerprint;
  const isOther =
    (found: number) =>
    (error: unknown): boolean =>
      error instanceof OtherDeploymentError &&
      error.found === found &&
      /another program has deployed a definition \([0-9a-f]{8}\) while this one was under way\. Nothing of this/.test(
        error.message,
      );

  it('the second waits for the first, is refused with what happened and what to do, and the board keeps the first', async () => {
    let second: Promise<unknown> | undefined;
    const first = await board.trainer.deploy(room(1), {
      onProgress: () => {
        second ??= other.deploy(room(2), { expecting: 0 }).catch((error: unknown) => error);
      },
    });
    assert.ok(second !== undefined);
    assert.ok(isOther(first.fingerprint)(await second));
    assert.equal(await runs(), first.fingerprint);
    // Who has seen that deploys after it.
    const { fingerprint } = await other.deploy(room(2));
    assert.equal(await runs(), fingerprint);
  });

  it('wherever the two meet, one is installed whole and the other one is told', async () => {
    let met = 0;
    for (let frames = 0; met === frames; frames++) {
      const fresh = await openBoard();
      try {
        let sent = 0;
        let late: Promise<unknown> | undefined;
        const begin = fresh.another();
        fresh.faults.request = () => {
          if (sent++ === frames)
            late = begin.deploy(room(2), { expecting: 0 }).catch((error: unknown) => error);
          return 'pass';
        };
        const early = await fresh.trainer.deploy(room(1), { expecting: 0 }).catch((error: unknown) => error);
        if (late === undefined) break; // the first one was done before so many frames
        met++;
        const both = [early, await late];
        const refused = both.filter((outcome) => outcome instanceof OtherDeploymentError);
        const [done] = both.filter((outcome) => !(outcome instanceof Error)) as { fingerprint: number }[];
        assert.equal(refused.length, 1, `frame ${frames}: ${both.map(String).join('; ')}`);
        const status = await fresh.trainer.status();
        assert.equal(status.definitionFingerprint, done?.fingerprint);
        assert.equal((refused[0] as OtherDeploymentError).found, done?.fingerprint);
      } finally {
        await fresh.close();
      }
    }
    assert.ok(met > 8, `${met} frames`);
  });

  it('of the same definition both are done', async () => {
    const [first, second] = await Promise.all([board.trainer.deploy(room(1)), other.deploy(room(1))]);
    assert.equal(first.fingerprint, second.fingerprint);
    assert.equal(await runs(), first.fingerprint);
  });

  it('what another program has deployed since somebody was asked is not replaced unasked', async () => {
    const planner = await firmwarePlanner();
    let found = 0;
    const guard: Guard = {
      ...GUARD,
      onReport: () => undefined,
      discard: async () => {
        found = (await other.deploy(room(2))).fingerprint;
        return true;
      },
      keepBackup: async () => 'a file',
    };
    await board.trainer.deploy(room(1));
    await board.trainer.setMode('manual');
    for (let at = 0; at < 4; at++)
      await board.trainer.dataset.add(
        Array.from({ length: 40 }, (_, i) => (at + i) % 40),
        'hold',
      );
    const less = { ...room(3), features: room(3).features?.slice(1) } as TrainerDefinition;
    await assert.rejects(deployGuarded(board.trainer, less, planner, guard), (error) =>
      isOther(found)(error),
    );
    assert.equal(await runs(), found);
  });

  it('an upload that somebody has left behind is taken over', async () => {
    const giveUp = new AbortController();
    await assert.rejects(
      other.deploy(room(2), { signal: giveUp.signal, onProgress: () => giveUp.abort() }),
      /what was running goes on untouched/,
    );
    const { fingerprint } = await board.trainer.deploy(room(1));
    assert.equal(await runs(), fingerprint);
  });

  it('pages that another program keeps disturbing are given up with what goes on and what to do', async () => {
    const refusing = {
      unit: 1,
      writeRead: async () => undefined,
      write: async () => {
        throw new TrainerError(1, text('client.task.deploy'), TrainerErrors.PAGE.code, 0);
      },
    } as unknown as UnitAccess;
    const lock = { upload: (_doing: unknown, action: () => Promise<void>) => action() } as unknown as Lock;
    await assert.rejects(
      upload(refusing, lock, BulkObject.DEFINITION_STAGED, new Uint8Array(300)),
      (error) =>
        error instanceof UploadMixedError &&
        /3 attempts were mixed with its pages\. Nothing of this one was installed; what ran goes on\. Wait/.test(
          error.message,
        ),
    );
  });
});

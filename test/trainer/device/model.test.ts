import assert from 'node:assert/strict';
import { BackupError, cloneModel, compareModels, readModelHead, TrainerError } from '../../../trainer';
import { comfort, smallest } from '../definition/examples';
import { type Board, openBoard } from './board';

const definition = { ...comfort(), feedback: { rule: 'label' as const, tickets: 8 } };

async function trained(board: Board, offset = 0): Promise<void> {
  await board.trainer.deploy(definition);
  for (let i = 0; i < 60; i++) {
    const temperature = 12 + ((i * 7.3 + offset) % 26);
    await board.trainer.dataset.add(
      [temperature, 40, 0.7],
      temperature < 20 ? 'heat' : temperature > 24 ? 'cool' : 'hold',
    );
  }
  await board.trainer.model.train();
}

const decisions = async (board: Board): Promise<string[]> => {
  const labels: string[] = [];
  for (let temperature = 11; temperature < 40; temperature += 1.5)
    labels.push((await board.trainer.infer([temperature, 40, 0.7])).label);
  return labels;
};

describe('typed client: life of a model', () => {
  let a: Board;
  let b: Board;
  beforeEach(async () => {
    a = await openBoard();
    b = await openBoard();
    await trained(a);
  });
  afterEach(async () => {
    await a.close();
    await b.close();
  });

  it('backs up to a document with a head for people, and restores it on another board', async () => {
    const backup = await a.trainer.backup.take();
    assert.match(backup.about, /^zone comfort: svm-linear, generation 1, balanced accuracy [\d.]+ %; from /);
    assert.equal(backup.definition.document?.name, 'zone comfort');
    const document: unknown = JSON.parse(JSON.stringify(backup));
    const status = await b.trainer.backup.restore(document, { deploy: true });
    assert.equal(status.generation, 1);
    assert.deepEqual(await decisions(b), await decisions(a));
    assert.equal(b.trainer.definition?.name, 'zone comfort');
    assert.ok((await b.trainer.log.read()).some((record) => record.event === 'model-restored'));
  });

  it('refuses a backup of another definition, and leaves the model', async () => {
    const backup = await a.trainer.backup.take();
    await b.trainer.deploy(smallest());
    await assert.rejects(
      b.trainer.backup.restore(backup),
      (error: unknown) => error instanceof TrainerError && error.code === 'MODEL_SHAPE',
    );
    assert.equal((await b.trainer.infer([0.5])).label, 'no');
  });

  it('refuses damaged backups by field', async () => {
    const backup = JSON.parse(JSON.stringify(await a.trainer.backup.take())) as Record<
      string,
      Record<string, string>
    >;
    const data = backup.model?.data as string;
    const damaged = (change: (document: typeof backup) => void): typeof backup => {
      const copy = structuredClone(backup);
      change(copy);
      return copy;
    };
    const flipped = Buffer.from(data, 'base64');
    flipped[30] = (flipped[30] as number) ^ 1;
    const wrong: readonly (readonly [unknown, string])[] = [
      [null, 'the file'],
      [{ format: 'something' }, 'format'],
      [{ ...backup, version: 9 }, 'version'],
      [{ ...backup, model: undefined, voices: undefined }, 'model'],
      [damaged((document) => Object.assign(document.model as object, { data: '***' })), 'model.data'],
      [
        damaged((document) => Object.assign(document.model as object, { data: data.slice(0, 40) })),
        'model.data',
      ],
      [
        damaged((document) => Object.assign(document.model as object, { data: flipped.toString('base64') })),
        'model.data',
      ],
      [
        damaged((document) => Object.assign(document.definition as object, { data: 'AAAA' })),
        'definition.data',
      ],
    ];
    const before = await a.trainer.status();
    for (const [document, field] of wrong) {
      await assert.rejects(
        a.trainer.backup.restore(document),
        (error: unknown) => error instanceof BackupError && error.field === field,
        field,
      );
    }
    assert.equal((await a.trainer.status()).generation, before.generation);
  });

  it('is refused by the board itself when its numbers were changed and the checksums made to fit', async () => {
    const backup = await a.trainer.backup.take();
    assert.ok(backup.model !== undefined);
    const bytes = Buffer.from(backup.model.data, 'base64');
    // A shape fingerprint that is not this definition's; the header carries no checksum of its own.
    bytes.writeUInt32LE(0xdeadbeef, 4);
    const forged = { ...backup, model: { ...backup.model, data: bytes.toString('base64') } };
    await assert.rejects(
      a.trainer.backup.restore(forged),
      (error: unknown) => error instanceof TrainerError && error.code === 'MODEL_SHAPE',
    );
    assert.equal((await a.trainer.status()).generation, 1);
  });

  it('clones to others and says for each how it went', async () => {
    await b.trainer.deploy(definition);
    const c = await openBoard();
    try {
      const results = await cloneModel(a.trainer, [b.trainer, c.trainer]);
      assert.equal(results[0]?.status?.generation, 1);
      assert.ok(results[1]?.error instanceof TrainerError);
    } finally {
      await c.close();
    }
    assert.equal((await b.trainer.status()).modelFingerprint, (await a.trainer.status()).modelFingerprint);
  });

  it('compares two models', async () => {
    await trained(b, 1.1);
    const [first, second] = [await a.trainer.model.read(), await b.trainer.model.read()];
    assert.equal(readModelHead(first).fingerprint, (await a.trainer.status()).modelFingerprint);
    const same = compareModels(first, first);
    assert.ok(same.identical && same.sameShape && same.differingShare === 0 && same.accuracyChange === 0);
    const different = compareModels(first, second);
    assert.ok(different.sameShape && !different.identical);
    assert.ok((different.differingShare as number) > 0);
  });

  it('says that there is nothing to back up', async () => {
    await b.trainer.deploy(definition);
    await assert.rejects(b.trainer.backup.take(), /no model is trained yet; there is nothing to back up/);
    await assert.rejects(a.trainer.backup.take('previous'), /there is no previous generation/);
  });
});

describe('typed client: the lock', () => {
  const KEY = '000102030405060708090a0b0c0d0e0f';
  let board: Board;
  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy(definition);
    await board.trainer.lock.setKey(KEY);
    await board.trainer.lock.close();
  });
  afterEach(() => board.close());

  const locked = (error: unknown): boolean => error instanceof TrainerError && error.code === 'LOCKED';

  it('refuses management and leaves the loop open', async () => {
    assert.equal((await board.trainer.status()).lock, 'locked');
    await assert.rejects(board.trainer.model.train(), locked);
    await assert.rejects(board.trainer.setMode('frozen'), locked);
    await assert.rejects(board.trainer.setUnitId(9), locked);
    await assert.rejects(board.trainer.deploy(smallest()), locked);
    const { ticket } = await board.trainer.infer([21, 40, 0.7]);
    assert.equal((await board.trainer.feedback(ticket, { label: 'hold' })).judgement, 'satisfied');
    assert.equal((await board.trainer.log.read()).length > 0, true);
  });

  it('takes each command and each upload with the right key, and leaves no door open behind a command', async () => {
    const owner = board.another(definition, KEY);
    await owner.setMode('frozen');
    assert.equal((await owner.status()).lock, 'locked');
    await owner.deploy(smallest());
    await owner.dataset.clear();
    await owner.setMode('manual');
    await assert.rejects(board.trainer.setMode('auto'), locked);
    const stranger = board.another(definition, 'ff'.repeat(16));
    await assert.rejects(
      stranger.setMode('auto'),
      (error: unknown) => error instanceof TrainerError && error.code === 'KEY_WRONG',
    );
    assert.equal((await owner.status()).mode, 'manual');
    await owner.setMode('auto'); // after the stranger's back-off
    assert.equal((await owner.status()).mode, 'auto');
  });

  it('takes lessons from the owner, and from nobody else', async () => {
    const owner = board.another(definition, KEY);
    const closed = (error: unknown): boolean =>
      error instanceof TrainerError && error.code === 'PROCESS_CLOSED';
    await assert.rejects(board.trainer.dataset.add([21, 40, 0.7], 'hold'), closed);
    await owner.dataset.add([21, 40, 0.7], 'hold');
    assert.equal((await owner.status()).samplesStored, 1);
  });

  it('works for two owners at the same time: a challenge that the other one has used up is no wrong key', async () => {
    const owners = [board.another(definition, KEY), board.another(definition, KEY)];
    await Promise.all(
      owners.map(async (owner) => {
        for (let i = 0; i < 5; i++) await owner.setMode(i % 2 === 0 ? 'manual' : 'auto');
      }),
    );
    assert.equal((await board.trainer.status()).mode, 'manual');
  }).timeout(60_000);

  it('changes the key only with the old one, and the new one never travels in clear', async () => {
    const NEXT = '101112131415161718191a1b1c1d1e1f';
    const refused = (error: unknown): boolean =>
      error instanceof TrainerError && error.code === 'KEY_RESPONSE';
    await assert.rejects(board.trainer.lock.setKey(NEXT), refused);
    await assert.rejects(board.trainer.lock.setKey(undefined), refused);
    const seen: string[] = [];
    board.faults.request = (frame) => {
      seen.push(Buffer.from(frame).toString('hex'));
      return 'pass';
    };
    const owner = board.another(definition, KEY);
    await owner.lock.setKey(NEXT);
    board.faults.reset();
    assert.equal(seen.filter((frame) => frame.includes(NEXT) || frame.includes(KEY)).length, 0);
    await owner.setMode('manual'); // it knows the new one
    await board.another(definition, NEXT).setMode('auto');
    await assert.rejects(board.another(definition, KEY).setMode('manual'), TrainerError);
  });

  it('says that a key is wrong, and that it has to wait', async () => {
    await assert.rejects(
      board.trainer.lock.open('ff'.repeat(16)),
      (error: unknown) => error instanceof TrainerError && error.code === 'KEY_WRONG',
    );
    assert.equal((await board.trainer.status()).lock, 'locked');
    await board.trainer.lock.open(KEY); // it waits for the back-off by itself
    assert.equal((await board.trainer.status()).lock, 'unlocked');
  });

  it('opens with the key even when the answer to it is lost', async () => {
    let lost = 0;
    board.faults.reply = (frame) => (frame[1] === 16 && lost++ === 0 ? 'drop' : 'pass');
    await board.trainer.lock.open(KEY);
    assert.equal(lost, 1);
    board.faults.reset();
    assert.equal((await board.trainer.status()).lock, 'unlocked');
    await board.trainer.setMode('frozen');
    await board.trainer.lock.setKey(undefined);
    assert.equal((await board.trainer.status()).lock, 'none');
  });
});

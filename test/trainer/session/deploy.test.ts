import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BackupNotKeptError,
  ChangeRefusedError,
  type ChangeReport,
  deployGuarded,
  firmwarePlanner,
  type Guard,
  type MemoryPlanner,
  restoreGuarded,
  type TrainerDefinition,
  worded,
  writeBackup,
} from '../../../trainer';
import { type Board, openBoard } from '../device/board';

const ROOM: TrainerDefinition = {
  name: 'room',
  features: [
    { name: 'temperature', min: 0, max: 40 },
    { name: 'humidity', min: 0, max: 100 },
  ],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'cool', actuation: -100 },
  ],
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 0.5, tooLow: 'heat', tooHigh: 'cool' },
  training: { mode: 'manual', minSamples: 3 },
};
const SAMPLES = 20;

describe('deploying with the change told first', () => {
  let board: Board;
  let planner: MemoryPlanner;
  let folder: string;
  before(async () => {
    planner = await firmwarePlanner();
    folder = await mkdtemp(join(tmpdir(), 'backups-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    board = await openBoard();
    await board.trainer.deploy(ROOM);
  });
  afterEach(() => board.close());

  const learn = async (): Promise<void> => {
    for (let i = 0; i < SAMPLES; i++)
      await board.trainer.dataset.add([2 * i, 5 * i], 2 * i < 20 ? 'heat' : 'cool');
    await board.trainer.model.train();
  };
  const guard = (discard: Guard['discard'] = 'refuse'): Guard => ({
    discard,
    keepBackup: (backup) => writeBackup(folder, backup),
  });
  const told = ({ lines }: ChangeReport): string => lines.map((line) => worded(line)).join(' ');
  const other = { ...ROOM, features: [...(ROOM.features ?? []), { name: 'sun', min: 0, max: 1 }] };

  it('says nothing is lost while nothing was learned, and asks nobody', async () => {
    const { report, changed } = await deployGuarded(board.trainer, other, planner, guard());
    assert.deepEqual([report.verdict, changed], ['first', true]);
    assert.equal((await deployGuarded(board.trainer, other, planner, guard())).report.verdict, 'same');
  });

  it('tells in numbers what stays, and what the PLC must follow', async () => {
    await learn();
    await board.trainer.infer([10, 10]);
    const [temperature, humidity] = ROOM.features ?? [];
    assert.ok(temperature && humidity);
    const definition = { ...ROOM, features: [humidity, { ...temperature, id: 'temperature', name: 'room' }] };
    const { report, status } = await deployGuarded(board.trainer, definition, planner, guard());
    assert.equal(report.verdict, 'keeps');
    assert.deepEqual(report.kept, { samples: SAMPLES, generation: 1, previousGeneration: 0, waiting: 1 });
    assert.deepEqual(report.moved, ['humidity', 'room']);
    assert.equal(report.renamed, true);
    assert.deepEqual([status.samplesStored, status.generation, status.ticketsPending], [SAMPLES, 1, 1]);
    assert.match(told(report), /Keeps samples: 20\..*Other registers or class codes: humidity, room/);
  });

  it('says when another class is decided while nothing is known: the first one, unless one is named', async () => {
    await learn();
    const classes = [...(ROOM.classes ?? [])].reverse();
    const { report } = await deployGuarded(board.trainer, { ...ROOM, classes }, planner, guard());
    assert.equal(report.verdict, 'keeps');
    const before = ROOM.defaultClass ?? ROOM.classes?.[0]?.label;
    const after = ROOM.defaultClass ?? classes[0]?.label;
    assert.equal(report.defaultClass, before === after ? undefined : after);
    assert.equal(/Until it knows better, it decides/.test(told(report)), before !== after);
    assert.notEqual(before, after, 'this test needs a definition that names no default class');
  });

  it('refuses to discard something learned, and says what and why; nothing is changed', async () => {
    await learn();
    const before = await board.trainer.status();
    await assert.rejects(deployGuarded(board.trainer, other, planner, guard()), (error: unknown) => {
      assert.ok(error instanceof ChangeRefusedError);
      assert.deepEqual(error.report.discarded, {
        samples: SAMPLES,
        generation: 1,
        previousGeneration: 0,
        waiting: 0,
      });
      assert.match(error.message, /Discards samples: 20\. Discards the model, generation 1\. Reason: .*sun/);
      return true;
    });
    const after = await board.trainer.status();
    assert.equal(after.definitionFingerprint, before.definitionFingerprint);
    assert.deepEqual([after.samplesStored, after.generation], [SAMPLES, 1]);
  });

  it('keeps a backup before it discards, and gives it back: model and samples, by identity', async () => {
    await learn();
    const asked: ChangeReport[] = [];
    const { backup, report } = await deployGuarded(
      board.trainer,
      other,
      planner,
      guard((change) => {
        asked.push(change);
        return Promise.resolve(true);
      }),
    );
    assert.deepEqual(asked, [report]);
    assert.equal((await board.trainer.status()).samplesStored, 0);
    const document = JSON.parse(await readFile(backup ?? '', 'utf8')) as unknown;
    const { status } = await restoreGuarded(board.trainer, document, planner, { deploy: true, ...guard() });
    assert.equal(status.generation, 1);
    assert.deepEqual(await board.trainer.backup.restoreSamples(document), { taught: SAMPLES, left: 0 });
    assert.equal((await board.trainer.infer([4, 10])).label, 'heat');
    const { perClass } = await board.trainer.dataset.summary();
    assert.deepEqual(
      perClass.map(({ label, count }) => [label, count]),
      [
        ['heat', 10],
        ['cool', 10],
      ],
    );
  });

  it('teaches the samples of a backup to a definition that lists and names things otherwise', async () => {
    await learn();
    const backup = await board.trainer.backup.take('running', { samples: true });
    const [temperature, humidity] = ROOM.features ?? [];
    const [heat, cool] = ROOM.classes ?? [];
    assert.ok(temperature && humidity && heat && cool);
    await deployGuarded(
      board.trainer,
      {
        ...ROOM,
        model: { type: 'svm-kernel' },
        features: [humidity, { ...temperature, max: 30 }],
        classes: [{ ...cool, id: 'cool', label: 'chill' }, heat],
        feedback: { rule: 'label' },
      },
      planner,
      guard('replace'),
    );
    // 32, 34, 36 and 38 degrees are out of the new range.
    assert.deepEqual(await board.trainer.backup.restoreSamples(backup), { taught: 16, left: 4 });
    const samples = await board.trainer.dataset.read();
    for (const { label, features } of samples)
      assert.equal(label, (features[1] ?? 0) < 19 ? 'heat' : 'chill', String(features));
  });

  it('deploys nothing when the backup cannot be kept', async () => {
    await learn();
    const failing: Guard = { discard: 'replace', keepBackup: () => Promise.reject(new Error('disk full')) };
    await assert.rejects(deployGuarded(board.trainer, other, planner, failing), (error: unknown) => {
      assert.ok(error instanceof BackupNotKeptError);
      assert.match(error.message, /disk full/);
      return true;
    });
    assert.equal((await board.trainer.status()).samplesStored, SAMPLES);
  });

  it('refuses a backup whose definition would discard what the board has learned', async () => {
    await learn();
    const source = await openBoard();
    try {
      await source.trainer.deploy(other);
      await source.trainer.dataset.add([1, 1, 1], 'heat');
      await source.trainer.dataset.add([30, 1, 1], 'cool');
      await source.trainer.dataset.add([31, 1, 1], 'cool');
      await source.trainer.model.train();
      const backup = await source.trainer.backup.take();
      await assert.rejects(
        restoreGuarded(board.trainer, backup, planner, { deploy: true, ...guard() }),
        ChangeRefusedError,
      );
      assert.equal((await board.trainer.status()).samplesStored, SAMPLES);
    } finally {
      await source.close();
    }
  });

  it('says that a wider range is converted and a smaller one discards', async () => {
    await learn();
    const range = (max: number): TrainerDefinition => ({
      ...ROOM,
      features: (ROOM.features ?? []).map((feature) =>
        feature.name === 'temperature' ? { ...feature, max } : feature,
      ),
    });
    const { report } = await deployGuarded(board.trainer, range(51), planner, guard());
    assert.deepEqual(report.converted, { samples: SAMPLES, models: true });
    assert.match(told(report), /range of temperature is wider/);
    await assert.rejects(
      deployGuarded(board.trainer, range(50), planner, guard()),
      /range of temperature is smaller/,
    );
  });

  it('says that the shift of a start rule goes, and keeps it in the backup', async () => {
    const following = (setPoint: number): TrainerDefinition => ({
      ...ROOM,
      classes: [...(ROOM.classes ?? []), { label: 'hold', actuation: 0 }],
      feedback: { rule: 'label' },
      startRule: {
        rule: 'dead-band',
        feature: 'temperature',
        setPoint,
        band: 1,
        tooLow: 'heat',
        within: 'hold',
        tooHigh: 'cool',
        follow: 0.5,
      },
    });
    await board.trainer.deploy(following(22));
    for (let i = 0; i < 6; i++) {
      const { ticket } = await board.trainer.infer([22, 50]);
      await board.trainer.feedback(ticket, { label: 'heat' });
    }
    let report: ChangeReport | undefined;
    const refused = deployGuarded(board.trainer, following(23), planner, {
      ...guard(),
      onReport: (change) => {
        report = change;
      },
    });
    await assert.rejects(refused, ChangeRefusedError);
    assert.match(told(report as ChangeReport), /the shift of the start rule \(learned from truths: 6\)/);
    const { backup } = await deployGuarded(board.trainer, following(23), planner, guard('replace'));
    assert.ok(JSON.parse(await readFile(backup as string, 'utf8')).voices.bytes > 0);
    assert.equal((await board.trainer.voices.read()).voices[1]?.truths, 0);
  });
});

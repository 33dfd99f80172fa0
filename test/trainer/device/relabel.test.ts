import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type ChangeReport,
  deployGuarded,
  firmwarePlanner,
  type TrainerDefinition,
  worded,
} from '../../../trainer';
import { type Board, openBoard } from './board';

/** So many tickets that every sample can wait while the board saves, however long a loaded machine takes for that. */
const ROOM: TrainerDefinition = {
  name: 'room',
  features: [{ name: 'outdoor', min: 0, max: 40 }],
  classes: [
    { label: 'heat', actuation: 100 },
    { label: 'hold', actuation: 0 },
    { label: 'cool', actuation: -100 },
  ],
  defaultClass: 'hold',
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 22, band: 0.5, tooLow: 'heat', tooHigh: 'cool', tickets: 16 },
  stitching: { satisfactoryShare: 1 },
  training: { mode: 'manual', minSamples: 3 },
};
type DeadBand = Extract<TrainerDefinition['feedback'], { rule: 'dead-band' }>;
const withRule = (change: Partial<DeadBand>, more: Partial<TrainerDefinition> = {}): TrainerDefinition => ({
  ...ROOM,
  ...more,
  feedback: { ...(ROOM.feedback as DeadBand), ...change },
});
/** Too cold, right and too warm for 22 degrees. */
const OUTCOMES = [18, 19.2, 20.1, 21, 21.8, 22.3, 23, 25];

describe('typed client: samples are judged again by another set point', () => {
  let board: Board;
  /** What was decided before each of the outcomes. */
  let decided: string[];
  const openWith = async (definition: TrainerDefinition): Promise<void> => {
    decided = [];
    board = await openBoard(definition);
    await board.trainer.deploy(definition);
    for (const [index, outcome] of OUTCOMES.entries()) {
      const { ticket, label } = await board.trainer.infer([2 * index]);
      decided.push(label);
      await board.trainer.feedback(ticket, { outcome });
    }
    await board.trainer.dataset.add([39], 'heat'); // a lesson: right whatever the set point
  };
  afterEach(() => board.close());

  /** Labels of the outcomes in their order, then that of the lesson. */
  const labels = async (): Promise<string[]> => {
    const samples = await board.trainer.dataset.read();
    return [...samples].sort((a, b) => b.age - a.age).map(({ label }) => label);
  };
  /** What is right for an outcome: where cooling made it too cold or heating too warm, what lies between them. */
  const right = (outcome: number, by: string, setPoint: number, band: number): string => {
    if (Math.abs(outcome - setPoint) <= band) return by;
    const [named, opposite] = outcome < setPoint ? ['heat', 'cool'] : ['cool', 'heat'];
    return by === opposite ? 'hold' : named;
  };
  const expected = (setPoint: number, band = 0.5): string[] => [
    ...OUTCOMES.map((outcome, index) => right(outcome, decided[index] ?? '', setPoint, band)),
    'heat',
  ];
  const settledTo = async (wanted: string[]): Promise<void> => {
    for (let i = 0; i < 1000 && JSON.stringify(await labels()) !== JSON.stringify(wanted); i++)
      await wait(10);
    assert.deepEqual(await labels(), wanted);
    const { perClass } = await board.trainer.dataset.summary();
    for (const { label, count } of perClass)
      assert.equal(count, wanted.filter((other) => other === label).length, label);
  };

  it('when a definition brings it, also with another scale of the outcome; the lesson stays', async () => {
    await openWith(ROOM);
    await settledTo(expected(22));
    const planner = await firmwarePlanner();
    let report: ChangeReport | undefined;
    const guard = {
      discard: 'refuse',
      keepBackup: () => Promise.reject(new Error('nothing is discarded')),
      onReport: (change: ChangeReport) => {
        report = change;
      },
    } as const;
    await deployGuarded(board.trainer, withRule({ setPoint: 20 }), planner, guard);
    await settledTo(expected(20));
    assert.equal(report?.relabelled, OUTCOMES.length);
    assert.match(
      report?.lines.map((line) => worded(line)).join(' ') ?? '',
      /judges stored samples again: 8\./,
    );
    await deployGuarded(board.trainer, withRule({ setPoint: 21, band: 1.5, scale: 37 }), planner, guard);
    await settledTo(expected(21, 1.5));
    await deployGuarded(board.trainer, ROOM, planner, guard);
    await settledTo(expected(22));
  });

  it('when a PLC writes it, and the samples that changed count as new', async () => {
    await openWith(ROOM);
    await board.trainer.model.train();
    assert.equal((await board.trainer.status()).samplesNew, 0);
    await board.trainer.process.setPoint(20);
    await settledTo(expected(20));
    const changed = expected(20).filter((label, index) => label !== expected(22)[index]).length;
    assert.equal((await board.trainer.status()).samplesNew, changed);
    // It survives a reorder, which is another definition with the set point that it had.
    const [heat, hold, cool] = ROOM.classes ?? [];
    assert.ok(heat && hold && cool);
    await board.trainer.deploy({ ...ROOM, classes: [cool, hold, heat] });
    await settledTo(expected(20));
  });

  it('by another rule too', async () => {
    await openWith(ROOM);
    await board.trainer.deploy({
      ...ROOM,
      feedback: { rule: 'limit', limit: 20, side: 'above', truth: 'cool' },
    });
    await settledTo([
      ...OUTCOMES.map((outcome, index) => (outcome > 20 ? 'cool' : (decided[index] ?? ''))),
      'heat',
    ]);
  });

  it('not where outcomes are not kept: the report says that labels stay', async () => {
    const sparing: Partial<TrainerDefinition> = { stitching: { satisfactoryShare: 1, keepOutcomes: false } };
    await openWith(withRule({}, sparing));
    const { report } = await deployGuarded(
      board.trainer,
      withRule({ setPoint: 20 }, sparing),
      await firmwarePlanner(),
      { discard: 'refuse', keepBackup: () => Promise.reject(new Error('nothing is discarded')) },
    );
    await settledTo(expected(22));
    assert.deepEqual([report.relabelled, report.labelledBefore], [0, OUTCOMES.length + 1]);
  });
});

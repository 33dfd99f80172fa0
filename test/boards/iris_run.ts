/**
 * What every board has to do, from one description: identify itself, take a definition, learn Iris over its UART, evaluate,
 * decide, give its model away and take it back, and find it again after a restart if it has a store.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledRow } from '../../trainer/cli/data/rows';
import { splitRows } from '../../trainer/cli/data/split';
import { evaluateSplit } from '../../trainer/cli/evaluation';
import type { TrainerDefinition } from '../../trainer/definition';
import type { Identity, Trainer, TrainerStatus } from '../../trainer/device';

const SPECIES = ['setosa', 'versicolor', 'virginica'];

/** Rows that are taught: what the smallest store, the EEPROM of an ATmega2560, holds with everything else of a state. */
const TAUGHT = 75;

export const IRIS: TrainerDefinition = {
  name: 'iris',
  features: [
    { name: 'sepal length', unit: 'cm', min: 4, max: 8, scale: 10 },
    { name: 'sepal width', unit: 'cm', min: 2, max: 5, scale: 10 },
    { name: 'petal length', unit: 'cm', min: 1, max: 7, scale: 10 },
    { name: 'petal width', unit: 'cm', min: 0, max: 3, scale: 10 },
  ],
  classes: SPECIES.map((label, index) => ({ label, actuation: index })),
  defaultClass: 'setosa',
  storage: 'int8',
  outOfRange: 'clamp',
  model: { type: 'svm-linear', cost: 10, tolerance: 0.01, maxEpochs: 1000 },
  feedback: { rule: 'label', tickets: 4 },
  stitching: { capacity: TAUGHT, satisfactoryShare: 1, holdOutEvery: 5 },
  training: { mode: 'manual', accuracyWindow: 30 },
};

/** Rows of the UCI file, in its order: 50 of each species. */
export function irisRows(): LabelledRow[] {
  const text = readFileSync(join(__dirname, '../../../test/data/iris/iris.csv'), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line, index) => {
      const values = line.split(',').map(Number);
      return { line: index + 2, features: values.slice(0, 4), classIndex: values[4] as number };
    });
}

export interface IrisResult {
  readonly identity: Identity;
  readonly status: TrainerStatus;
  /** Share of the 75 rows it had not seen. */
  readonly accuracy: number;
  /** Classes decided for them. */
  readonly decisions: readonly number[];
  /** CRC-32 of the trained model. */
  readonly modelFingerprint: number;
  /** Status after a restart; undefined = the board has no store. */
  readonly restarted: TrainerStatus | undefined;
}

/** Waits for a board that restarts; each unanswered question is a time-out of the bus. */
async function back(trainer: Trainer): Promise<TrainerStatus> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await trainer.status();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Runs the description; what a board does not do throws. */
export async function irisRun(trainer: Trainer): Promise<IrisResult> {
  const identity = await trainer.identify();
  assert.ok(identity.models.includes('svm-linear'), `models built: ${identity.models.join(', ')}`);
  assert.ok(identity.arenaBytes > 0);

  const deployed = await trainer.deploy(IRIS);
  assert.notEqual(deployed.fingerprint, 0);
  const { train, test } = splitRows(irisRows(), TAUGHT / 150, true);
  assert.deepEqual([train.length, test.length], [TAUGHT, 75]);

  const untrained = await trainer.infer(test[44]?.features as number[]);
  assert.deepEqual([untrained.label, untrained.generation], ['setosa', 0]);

  const report = await evaluateSplit(trainer, train, test);
  assert.equal(report.taught, TAUGHT);
  const trained = await trainer.status();
  assert.equal(trained.samplesStored, TAUGHT);
  assert.equal(trained.samplesHeldOut, TAUGHT / 5);
  assert.ok(trained.trainWork > 0);

  const evaluation = await trainer.model.evaluate();
  assert.equal(evaluation.samples, TAUGHT / 5);
  assert.ok(evaluation.accuracy >= 0.8, `held-out accuracy ${evaluation.accuracy}`);

  const decide = async (): Promise<number[]> => {
    const decided: number[] = [];
    for (const row of test) decided.push((await trainer.infer(row.features)).classIndex);
    return decided;
  };
  const decisions = await decide();

  const backup = await trainer.backup.take();
  await trainer.model.reset();
  const forgotten = await trainer.infer(test[44]?.features as number[]);
  assert.deepEqual([forgotten.label, forgotten.generation], ['setosa', 0]);
  const restored = await trainer.backup.restore(JSON.parse(JSON.stringify(backup)));
  assert.equal(restored.modelFingerprint, trained.modelFingerprint);
  assert.deepEqual(await decide(), decisions);

  let restarted: TrainerStatus | undefined;
  if (identity.storeBytes > 0) {
    await trainer.save();
    await trainer.restart();
    restarted = await back(trainer);
    assert.equal(restarted.startReason, 'slot-newest');
    assert.equal(restarted.modelFingerprint, trained.modelFingerprint);
    assert.equal(restarted.samplesStored, TAUGHT);
    assert.deepEqual(await decide(), decisions);
  }
  return {
    identity,
    status: await trainer.status(),
    accuracy: report.accuracy,
    decisions,
    modelFingerprint: trained.modelFingerprint,
    restarted,
  };
}

/** Iris with a convolution and dense layers in both number formats; undefined = not in this board's build. */
export async function networkRun(trainer: Trainer): Promise<Map<string, number> | undefined> {
  const { models } = await trainer.identify();
  if (!models.includes('dnn')) return undefined;
  const { train, test } = splitRows(irisRows(), 0.7, true);
  const fingerprints = new Map<string, number>();
  for (const format of ['q8', 'f32'] as const) {
    await trainer.deploy({
      ...IRIS,
      model: {
        ...{ type: 'dnn', format, rate: 0.02, epochs: 20 },
        layers: [
          { kind: 'conv', filters: 4, kernelWidth: 2, activation: 'relu' },
          { kind: 'dense', units: 8, activation: 'relu' },
          { kind: 'dense', units: 3 },
        ],
      },
    });
    await trainer.dataset.clear();
    for (const row of train) await trainer.dataset.add(row.features, SPECIES[row.classIndex] as string);
    const { result } = await trainer.model.train();
    assert.equal(result, 'promoted');
    let right = 0;
    for (const row of test) if ((await trainer.infer(row.features)).classIndex === row.classIndex) right++;
    assert.ok(right >= 40, `${right} of 45 right with a network in ${format}`);
    fingerprints.set(format, (await trainer.status()).modelFingerprint);
  }
  return fingerprints;
}

export interface KernelResult {
  /** Rows of 75 classified right. */
  readonly right: number;
  readonly modelFingerprint: number;
  readonly stackFreeBytes: number | undefined;
}

/**
 * Iris with an RBF kernel, and questions without a pause while it trains (how long a slice takes is measured in instructions, elsewhere);
 * undefined = not in this board's build. */
export async function kernelRun(trainer: Trainer): Promise<KernelResult | undefined> {
  const { models } = await trainer.identify();
  if (!models.includes('svm-kernel')) return undefined;
  await trainer.deploy({
    ...IRIS,
    model: { type: 'svm-kernel', kernel: 'rbf', gamma: 0.5, cost: 10, tolerance: 0.001 },
  });
  const { train, test } = splitRows(irisRows(), TAUGHT / 150, true);
  for (const row of train) await trainer.dataset.add(row.features, SPECIES[row.classIndex] as string);
  let training = true;
  const trained = trainer.model.train().finally(() => {
    training = false;
  });
  trained.catch(() => undefined); // it is awaited below; until then its failure only ends the loop
  while (training) await trainer.isTraining();
  await trained;
  let right = 0;
  for (const row of test) if ((await trainer.infer(row.features)).classIndex === row.classIndex) right++;
  const { modelFingerprint, stackFreeBytes } = await trainer.status();
  return { right, modelFingerprint, stackFreeBytes };
}
